/* Packages, advisories, facts and records out of the files (the writing side is encode.c and encode_cve.c). */
#include "io/file.h"
#include "vuln/build.h"
#include "vuln/database.h"
#include "vuln/ecosystem.h"
#include "vuln/facts.h"
#include "vuln/output.h"

/* A count that is followed by at least one byte an element: more cannot be there. */
static size_t count(struct vuln_bytes *b)
{
	uint64_t n = vuln_varint(b);

	if (n > (uint64_t)(b->end - b->at)) {
		b->bad = true;
		return 0;
	}
	return (size_t)n;
}

static struct str text(struct vuln_file *f, struct vuln_bytes *b)
{
	uint64_t ref = vuln_varint(b);

	return b->bad ? STR_NONE : vuln_text(f, ref);
}

static void read_range(struct vuln_file *f, struct arena *a, struct vuln_bytes *b, struct vuln_range *r)
{
	uint64_t type = vuln_varint(b);

	b->bad |= type > RANGE_GIT;
	r->type = type == RANGE_GIT ? RANGE_GIT : type == RANGE_SEMVER ? RANGE_SEMVER : RANGE_ECOSYSTEM;
	if (r->type == RANGE_GIT)
		r->repo = text(f, b);
	r->nevents = count(b);
	r->events = arena_array(a, r->nevents, sizeof *r->events);
	for (size_t i = 0; i < r->nevents; i++) {
		uint64_t v = vuln_varint(b);
		r->events[i].kind = (enum event_kind)(v & 3);
		r->events[i].version = b->bad ? STR_NONE : vuln_text(f, v >> 2);
	}
}

/* introduced "0" and nothing else: a malicious package, mostly. */
static void set_all(struct arena *a, struct vuln_affected *x)
{
	x->nranges = 1;
	x->ranges = ARENA_NEW(a, struct vuln_range);
	x->ranges[0] = (struct vuln_range){ .type = RANGE_ECOSYSTEM, .nevents = 1, .events = ARENA_NEW(a, struct vuln_event) };
	x->ranges[0].events[0] = (struct vuln_event){ EVENT_INTRODUCED, STR("0") };
}

static void read_entry(struct vuln_file *f, struct arena *a, struct vuln_bytes *b, struct str name, struct vuln_affected *x)
{
	uint64_t advisory = vuln_varint(b), flags = vuln_varint(b);

	b->bad |= advisory >= f->counts[1];
	x->advisory = (uint32_t)advisory;
	x->malformed = flags & ENTRY_MALFORMED;
	x->git = flags & ENTRY_GIT;
	x->package = flags & ENTRY_DISPLAY ? text(f, b) : name;
	if (flags & ENTRY_ALL) {
		set_all(a, x);
		return;
	}
	x->nranges = count(b);
	x->ranges = arena_array(a, x->nranges, sizeof *x->ranges);
	for (size_t i = 0; i < x->nranges; i++)
		read_range(f, a, b, &x->ranges[i]);
	x->nversions = count(b);
	x->versions = arena_array(a, x->nversions, sizeof *x->versions);
	for (size_t i = 0; i < x->nversions; i++)
		x->versions[i] = text(f, b);
}

bool vuln_lookup(struct vuln_db *db, struct arena *a, struct str ecosystem, struct str key, struct vuln_hits *out)
{
	struct map_entry *e = map_get(&db->by_ecosystem, ecosystem);
	struct vuln_file *f = e ? vuln_db_file(db, e->value.num, VULN_KIND_ADVISORIES) : NULL;
	uint32_t hash = vuln_hash(key), found, packages = f ? f->counts[0] : 0;

	*out = (struct vuln_hits){ .file = f, .ecosystem = e ? e->key : STR_NONE };
	if (!f)
		return false;
	for (uint32_t i = vuln_lower_bound(f, SECTION_HASHES, packages, hash); i < packages; i++) {
		uint32_t at;
		if (!vuln_u32(f, SECTION_HASHES, i, &found) || found != hash || !vuln_u32(f, SECTION_PACKAGES, i, &at))
			break;
		struct vuln_bytes b = vuln_sized(f, SECTION_BLOBS, at);
		struct str name = text(f, &b);
		if (!b.bad && !str_eq(name, key))
			continue;
		out->n = count(&b);
		out->items = arena_array(a, out->n, sizeof *out->items);
		for (size_t k = 0; k < out->n && !b.bad; k++)
			read_entry(f, a, &b, name, &out->items[k]);
		if (b.bad || f->damaged) {
			vuln_damage(f, "a package in it cannot be read");
			out->n = 0;
		}
		break;
	}
	return true;
}

static struct str time_of(struct arena *a, uint64_t seconds)
{
	return seconds ? timestamp_text(a, (int64_t)(uint32_t)seconds) : STR_NONE;
}

static size_t texts(struct vuln_file *f, struct arena *a, struct vuln_bytes *b, struct str **out)
{
	size_t n = count(b);

	*out = arena_array(a, n, sizeof **out);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = text(f, b);
	return n;
}

bool vuln_advisory(struct vuln_hits *hits, struct arena *a, uint32_t index, struct vuln_advisory *out)
{
	struct vuln_file *f = hits->file;
	struct vuln_bytes b = vuln_blob(f, SECTION_RECORDS, SECTION_BODIES, index);
	uint64_t flags = vuln_varint(&b);

	*out = (struct vuln_advisory){ .malicious = flags & ADVISORY_MALICIOUS };
	out->id = text(f, &b);
	out->modified = time_of(a, vuln_varint(&b));
	out->published = time_of(a, vuln_varint(&b));
	out->ngroup = texts(f, a, &b, &out->group);
	out->ncves = texts(f, a, &b, &out->cves);
	if (flags & ADVISORY_SEVERITY)
		out->severity = text(f, &b);
	if (flags & ADVISORY_INFORMATIONAL)
		out->informational = text(f, &b);
	return (!b.bad && !f->damaged && out->id.len) || vuln_damage(f, "an advisory in it cannot be read");
}

static struct vuln_file *file_of_kind(struct vuln_db *db, const char *kind, enum vuln_kind k)
{
	for (size_t i = 0; i < db->info.files.n; i++)
		if (str_is(db->info.files.items[i].kind, kind))
			return vuln_db_file(db, i, k);
	return NULL;
}

static void read_facts(struct vuln_file *f, struct arena *a, struct vuln_bytes *b, struct cve_facts *out)
{
	uint64_t flags = vuln_varint(b);

	out->rejected = flags & FACT_REJECTED;
	out->kev = flags & FACT_KEV;
	out->kev_catalogue = flags & FACT_CATALOGUE;
	out->kev_ransomware = flags & FACT_RANSOMWARE;
	out->ssvc = flags & FACT_SSVC;
	out->ssvc_unreadable = flags & FACT_UNREADABLE;
	if (flags & FACT_KEV) {
		out->kev_added = text(f, b);
		out->kev_due = text(f, b);
	}
	if (flags & FACT_SSVC) {
		uint64_t bits = vuln_varint(b);
		out->exploitation = bits & 7;
		out->automatable = bits >> 3 & 3;
		out->technical_impact = bits >> 5 & 3;
		out->ssvc_date = text(f, b);
	}
	if (flags & FACT_CVSS) {
		out->cvss = text(f, b);
		out->cvss_source = text(f, b);
	}
	size_t n = flags & FACT_EXPLOITS ? count(b) : 0;
	for (size_t i = 0; i < n; i++) {
		struct exploit_reference *e = VEC_ADD(a, &out->exploits);
		e->url = text(f, b);
		e->source = text(f, b);
	}
	if (flags & FACT_DATES) {
		out->published = text(f, b);
		out->modified = text(f, b);
	}
}

bool vuln_cve(struct vuln_db *db, struct arena *a, struct str cve, struct cve_facts *out)
{
	struct vuln_file *f = file_of_kind(db, "cves", VULN_KIND_CVES);
	uint32_t key = build_cve_key(cve), found, epss, percentile, n = f ? f->counts[0] : 0;

	*out = (struct cve_facts){ .id = cve, .epss = -1, .epss_percentile = -1 };
	if (!key || !f)
		return false;
	uint32_t i = vuln_lower_bound(f, SECTION_HASHES, n, key);
	if (i >= n || !vuln_u32(f, SECTION_HASHES, i, &found) || found != key)
		return false;
	if (vuln_u32(f, SECTION_RECORDS, (uint64_t)i * 2, &epss) && vuln_u32(f, SECTION_RECORDS, (uint64_t)i * 2 + 1, &percentile) &&
	    epss != UINT32_MAX) {
		const unsigned char *p = vuln_at(f, SECTION_BODIES, 0, f->sections[SECTION_BODIES].length);
		struct vuln_bytes date = { p, p ? p + f->sections[SECTION_BODIES].length : p, p == NULL };
		out->epss = epss / 100000.0;
		out->epss_percentile = percentile / 100000.0;
		out->epss_date = text(f, &date);
	}
	struct vuln_bytes b = vuln_blob(f, SECTION_PACKAGES, SECTION_BLOBS, i);
	if (b.at != b.end)
		read_facts(f, a, &b, out);
	if (b.bad)
		vuln_damage(f, "the facts about a CVE cannot be read");
	return true;
}

static struct str record_in(struct vuln_file *f, struct arena *a, struct str id)
{
	uint32_t hash = vuln_hash(id), found, n = f->counts[0];

	for (uint32_t i = vuln_lower_bound(f, SECTION_HASHES, n, hash); i < n; i++) {
		if (!vuln_u32(f, SECTION_HASHES, i, &found) || found != hash)
			break;
		struct vuln_bytes b = vuln_blob(f, SECTION_PACKAGES, SECTION_BLOBS, i);
		size_t len = count(&b);
		if (b.bad || len > (size_t)(b.end - b.at)) {
			vuln_damage(f, "a record in it cannot be read");
			break;
		}
		if (str_eq(str_make((const char *)b.at, len), id))
			return str_make((const char *)b.at + len, (size_t)(b.end - b.at) - len);
	}
	return STR_NONE;
}

bool vuln_lookup_more(struct vuln_db *db, struct arena *a, struct str ecosystem, struct str key, struct vuln_hits *out)
{
	*out = (struct vuln_hits){ 0 };
	if (!db->asked.n || !map_has(&db->asked, arena_printf(a, "%.*s\t%.*s", STR_ARG(ecosystem), STR_ARG(key))))
		return false;
	if (db->more) /* where that has no file of the ecosystem OSV knows no advisory */
		(void)vuln_lookup(db->more, a, ecosystem, key, out);
	return true;
}

static bool is_here(const struct vuln_db *db, size_t i)
{
	enum file_kind kind;

	return !db->remotes.n || db->files[i].file || file_kind(file_join(db->arena, db->info.path, db->info.files.items[i].tree).s, &kind);
}

/* A record where it should stand, the ecosystem's own texts, else in those that need no fetching: an ecosystem's may be 100 MB. */
struct str vuln_record_near(struct vuln_db *db, struct arena *a, struct str id, struct str ecosystem)
{
	struct str base = ecosystem_base(ecosystem), json = STR_NONE;

	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < db->info.files.n && !json.s; i++) {
			const struct vuln_file_info *info = &db->info.files.items[i];
			if (!str_is(info->kind, "texts") || str_eq(info->ecosystem, base) != own || (!own && !is_here(db, i)))
				continue;
			struct vuln_file *f = vuln_db_file(db, i, VULN_KIND_TEXTS);
			json = f ? record_in(f, a, id) : STR_NONE;
		}
	return json.s || !db->more ? json : vuln_record_near(db->more, a, id, ecosystem);
}

struct str vuln_record(struct vuln_db *db, struct arena *a, struct str id, struct str *ecosystem)
{
	for (size_t i = 0; i < db->info.files.n; i++) {
		const struct vuln_file_info *info = &db->info.files.items[i];
		struct vuln_file *f = str_is(info->kind, "texts") ? vuln_db_file(db, i, VULN_KIND_TEXTS) : NULL;
		struct str json = f ? record_in(f, a, id) : STR_NONE;
		if (json.s) {
			if (ecosystem)
				*ecosystem = info->ecosystem;
			return json;
		}
	}
	return db->more ? vuln_record(db->more, a, id, ecosystem) : STR_NONE;
}

/* One OSV record (ossf/osv-schema 1.7.5) into a struct build_record. What cannot be read in one `affected` block marks that
 * block as malformed, so that its package is "not decided"; what has no id or is no JSON is counted as unreadable. */
#include "base/limits.h"
#include "vuln/build.h"
#include "vuln/ecosystem.h"

struct cut {
	size_t from, to;
};

struct osv_reader {
	struct build *b;
	struct json_cursor c;
	struct build_record *r;
	int severity_rank;
	bool dated;
	VEC(struct cut) cuts; /* `versions` lists in the text */
};

static void read_ids(struct osv_reader *o, struct build_list *out)
{
	if (json_peek(&o->c) != JSON_ARRAY) {
		json_skip(&o->c);
		return;
	}
	json_enter_array(&o->c);
	while (json_next(&o->c)) {
		struct str id = str_trim(json_read_string_or_skip(&o->c)); /* some write "CVE-2020-13665 " */
		if (id.len && id.len <= LIMIT_NAME)
			build_push(o->b, out, build_text(o->b, id));
	}
}

/* Version 3 first, because its score can be worked out; then 4, 2, and words. */
static void take_severity(struct osv_reader *o, struct str type, struct str score)
{
	int rank = str_is(type, "CVSS_V3") ? 4 : str_is(type, "CVSS_V4") ? 3 : str_is(type, "CVSS_V2") ? 2 : 1;

	if (score.len && score.len <= LIMIT_NAME && rank > o->severity_rank) {
		o->severity_rank = rank;
		o->r->severity = build_text(o->b, score);
	}
}

static void read_severity(struct osv_reader *o)
{
	struct str key;

	if (json_peek(&o->c) != JSON_ARRAY) {
		json_skip(&o->c);
		return;
	}
	json_enter_array(&o->c);
	while (json_next(&o->c)) {
		struct str type = STR_NONE, score = STR_NONE;
		if (json_peek(&o->c) != JSON_OBJECT) {
			json_skip(&o->c);
			continue;
		}
		json_enter_object(&o->c);
		while (json_next_key(&o->c, &key)) {
			if (str_is(key, "type"))
				type = json_read_string_or_skip(&o->c);
			else if (str_is(key, "score"))
				score = json_read_string_or_skip(&o->c);
			else
				json_skip(&o->c);
		}
		take_severity(o, type, score);
	}
}

static bool event_kind_of(struct str key, enum event_kind *out)
{
	static const char *const names[] = { "introduced", "fixed", "last_affected", "limit" };

	for (int i = 0; i < 4; i++)
		if (str_is(key, names[i])) {
			*out = (enum event_kind)i;
			return true;
		}
	return false;
}

/* One event object: its keys are its kinds. Unknown keys are of later minor versions and ignored. */
static bool read_event(struct osv_reader *o, struct build_range *g, bool *introduced)
{
	struct str key;
	enum event_kind kind;
	bool good = true;

	if (json_peek(&o->c) != JSON_OBJECT) {
		json_skip(&o->c);
		return false;
	}
	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		if (!event_kind_of(key, &kind)) {
			json_skip(&o->c);
			continue;
		}
		struct str version = json_read_string_or_skip(&o->c);
		if (!version.len || version.len > LIMIT_NAME) {
			good = false;
			continue;
		}
		*introduced |= kind == EVENT_INTRODUCED;
		*VEC_ADD(o->b->arena, &g->events) = build_text(o->b, version) << 2 | kind;
	}
	return good;
}

static bool range_type_of(struct str word, enum range_type *out)
{
	bool semver = str_is(word, "SEMVER"), ecosystem = str_is(word, "ECOSYSTEM"), git = str_is(word, "GIT");

	*out = semver ? RANGE_SEMVER : git ? RANGE_GIT : RANGE_ECOSYSTEM;
	return semver || ecosystem || git;
}

/* False where the range is malformed. */
static bool read_range(struct osv_reader *o, struct build_range *g)
{
	struct str key, type = STR_NONE;
	unsigned seen = 0;
	bool good = true, introduced = false;

	if (json_peek(&o->c) != JSON_OBJECT) {
		json_skip(&o->c);
		return false;
	}
	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		if (str_is(key, "type")) {
			json_once(&o->c, &seen, 1);
			type = json_read_string_or_skip(&o->c);
		} else if (str_is(key, "repo")) {
			struct str repo = json_read_string_or_skip(&o->c);
			g->repo = repo.len && repo.len <= LIMIT_NAME ? build_text(o->b, repo) : 0;
		} else if (str_is(key, "events") && json_peek(&o->c) == JSON_ARRAY) {
			json_once(&o->c, &seen, 2);
			json_enter_array(&o->c);
			while (json_next(&o->c))
				good &= read_event(o, g, &introduced);
		} else {
			good &= !str_is(key, "events");
			json_skip(&o->c);
		}
	}
	return range_type_of(type, &g->type) && good && introduced;
}

static void read_ranges(struct osv_reader *o, struct build_affected *x)
{
	enum json_type type = json_peek(&o->c);

	if (type != JSON_ARRAY) {
		x->malformed |= type != JSON_NULL;
		json_skip(&o->c);
		return;
	}
	json_enter_array(&o->c);
	while (json_next(&o->c)) {
		struct build_range g = { 0 };
		if (!read_range(o, &g))
			x->malformed = true;
		else
			*VEC_ADD(o->b->arena, &x->ranges) = g;
	}
}

static void read_versions(struct osv_reader *o, struct build_affected *x)
{
	enum json_type type = json_peek(&o->c);

	if (type != JSON_ARRAY) {
		x->malformed |= type != JSON_NULL;
		json_skip(&o->c);
		return;
	}
	size_t from = json_offset(&o->c);
	json_enter_array(&o->c);
	while (json_next(&o->c)) {
		struct str v = json_read_string_or_skip(&o->c);
		if (!v.s || v.len > LIMIT_NAME)
			x->malformed = true;
		else if (v.len)
			build_push(o->b, &x->versions, build_text(o->b, v));
	}
	*VEC_ADD(o->b->scratch, &o->cuts) = (struct cut){ from, json_offset(&o->c) };
}

static void read_package(struct osv_reader *o, struct str *ecosystem, struct str *name)
{
	struct str key;
	unsigned seen = 0;

	if (json_peek(&o->c) != JSON_OBJECT) {
		json_skip(&o->c);
		return;
	}
	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		if (str_is(key, "ecosystem") && json_once(&o->c, &seen, 1))
			*ecosystem = json_read_string_or_skip(&o->c);
		else if (str_is(key, "name") && json_once(&o->c, &seen, 2))
			*name = json_read_string_or_skip(&o->c);
		else
			json_skip(&o->c);
	}
}

static void read_affected_specific(struct osv_reader *o)
{
	struct str key;

	if (json_peek(&o->c) != JSON_OBJECT) {
		json_skip(&o->c);
		return;
	}
	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		struct str word = str_is(key, "informational") ? json_read_string_or_skip(&o->c) : STR_NONE;
		if (word.len && word.len <= LIMIT_NAME)
			o->r->informational = build_text(o->b, word);
		else if (!str_is(key, "informational"))
			json_skip(&o->c);
	}
}

/* The GIT ranges of a block, once more, under the repository that they name: for dependencies from version control. */
static void add_repositories(struct osv_reader *o, struct build_affected x)
{
	for (size_t i = 0; i < x.ranges.n; i++) {
		struct build_range *g = &x.ranges.items[i];
		if (g->type != RANGE_GIT || !g->repo)
			continue;
		struct build_affected *y = VEC_ADD(o->b->arena, &o->r->affected);
		y->ecosystem = build_text(o->b, STR("GIT"));
		y->display = g->repo;
		y->package = build_text(o->b, ecosystem_repository_key(o->b->scratch, build_text_at(o->b, g->repo)));
		*VEC_ADD(o->b->arena, &y->ranges) = *g;
		y->versions = x.versions;
	}
}

static void finish_affected(struct osv_reader *o, struct build_affected x, struct str ecosystem, struct str name)
{
	struct build *b = o->b;
	const struct ecosystem *e = ecosystem_find(ecosystem);

	if (!name.len || !ecosystem.len || name.len > LIMIT_NAME || ecosystem.len > LIMIT_NAME) {
		/* Without a package only a repository can name it. */
		o->r->malformed |= x.malformed;
		o->r->no_ranges |= !x.malformed && !x.ranges.n && !x.versions.n;
		add_repositories(o, x);
		return;
	}
	ecosystem = ecosystem_canonical(b->scratch, ecosystem);
	if (!x.malformed && !x.ranges.n && !x.versions.n) {
		x.malformed = true;
		o->r->no_ranges = true;
	} else {
		o->r->malformed |= x.malformed;
	}
	if (e && (e->flags & RELEASE) && !(e->flags & ANY_RELEASE) && !ecosystem_suffix(ecosystem).len)
		o->r->no_release = true;
	o->r->distribution |= e && (e->flags & DISTRIBUTION);
	x.ecosystem = build_text(b, ecosystem);
	x.package = build_text(b, ecosystem_package_key(b->scratch, ecosystem, name));
	x.display = build_text(b, name);
	if (!o->r->base)
		o->r->base = build_text(b, ecosystem_base(ecosystem));
	*VEC_ADD(b->arena, &o->r->affected) = x;
	add_repositories(o, x);
}

static void read_one_affected(struct osv_reader *o)
{
	struct build_affected x = { 0 };
	struct str key, ecosystem = STR_NONE, name = STR_NONE;
	unsigned seen = 0;

	if (json_peek(&o->c) != JSON_OBJECT) {
		o->r->malformed = true;
		json_skip(&o->c);
		return;
	}
	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		if (str_is(key, "package") && json_once(&o->c, &seen, 1))
			read_package(o, &ecosystem, &name);
		else if (str_is(key, "ranges") && json_once(&o->c, &seen, 2))
			read_ranges(o, &x);
		else if (str_is(key, "versions") && json_once(&o->c, &seen, 4))
			read_versions(o, &x);
		else if (str_is(key, "severity"))
			read_severity(o);
		else if (str_is(key, "database_specific"))
			read_affected_specific(o);
		else
			json_skip(&o->c);
	}
	if (!json_failed(&o->c))
		finish_affected(o, x, ecosystem, name);
}

static void read_all_affected(struct osv_reader *o)
{
	if (json_peek(&o->c) != JSON_ARRAY) {
		o->r->malformed |= json_peek(&o->c) != JSON_NULL;
		json_skip(&o->c);
		return;
	}
	json_enter_array(&o->c);
	while (json_next(&o->c))
		read_one_affected(o);
}

enum { SEEN_ID = 1, SEEN_MODIFIED = 2, SEEN_AFFECTED = 4, SEEN_ALIASES = 8, SEEN_WITHDRAWN = 16, SEEN_UPSTREAM = 32 };

static void read_record(struct osv_reader *o)
{
	struct build_record *r = o->r;
	struct json_cursor *c = &o->c;
	struct str key;
	unsigned seen = 0;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "id") && json_once(c, &seen, SEEN_ID)) {
			struct str id = json_read_string_or_skip(c);
			r->id = id.len && id.len <= LIMIT_NAME ? build_text(o->b, id) : 0;
		} else if (str_is(key, "modified") && json_once(c, &seen, SEEN_MODIFIED)) {
			/* Go's oldest records say year 1: a time, though none to show. */
			struct str time = json_read_string_or_skip(c);
			r->modified = build_time(time);
			o->dated = time.len > 0; /* one that cannot be read is no reason to miss the flaw */
		} else if (str_is(key, "published")) {
			r->published = build_time(json_read_string_or_skip(c));
		} else if (str_is(key, "withdrawn") && json_once(c, &seen, SEEN_WITHDRAWN)) {
			r->flags |= json_read_string_or_skip(c).len ? ADVISORY_WITHDRAWN : 0;
		} else if (str_is(key, "aliases") && json_once(c, &seen, SEEN_ALIASES)) {
			read_ids(o, &r->aliases);
		} else if (str_is(key, "upstream") && json_once(c, &seen, SEEN_UPSTREAM)) {
			read_ids(o, &r->upstream);
		} else if (str_is(key, "related")) {
			read_ids(o, &r->related);
		} else if (str_is(key, "severity")) {
			read_severity(o);
		} else if (str_is(key, "affected") && json_once(c, &seen, SEEN_AFFECTED)) {
			read_all_affected(o);
		} else {
			json_skip(c);
		}
	}
	json_close(c);
}

static size_t put_number(char *p, size_t v)
{
	size_t n = 0;

	for (; v > 0x7f; v >>= 7)
		p[n++] = (char)(v | 0x80);
	p[n++] = (char)v;
	return n;
}

/* What the texts file holds: the id with its length, then the record as it came, but with empty `versions` lists, which can be
 * long and stand in the other file. */
static struct str kept_json(struct osv_reader *o, struct str text)
{
	struct str id = build_text_at(o->b, o->r->id);
	char *p = arena_alloc(o->b->arena, id.len + text.len + 8);
	size_t n = put_number(p, id.len), from = 0;

	memcpy(p + n, id.s, id.len);
	n += id.len;
	for (size_t i = 0; i <= o->cuts.n; i++) {
		size_t to = i < o->cuts.n ? o->cuts.items[i].from : text.len;
		memcpy(p + n, text.s + from, to - from);
		n += to - from;
		if (i < o->cuts.n) {
			memcpy(p + n, "[]", 2);
			n += 2;
			from = o->cuts.items[i].to;
		}
	}
	return str_make(p, n);
}

void build_osv_record(struct build *b, struct str source, struct str text)
{
	struct build_record r = { .size = text.len };
	struct osv_reader o = { .b = b, .r = &r };

	json_open(&o.c, b->scratch, text);
	read_record(&o);
	if (json_failed(&o.c) || !r.id || !o.dated) {
		build_unreadable(b, source, o.c.error ? o.c.error : !r.id ? "it has no id" : "it has no time in `modified`");
		return;
	}
	struct str id = build_text_at(b, r.id);
	if (str_starts(id, STR("MAL-")))
		r.flags |= ADVISORY_MALICIOUS;
	if (!r.base)
		r.base = build_text(b, r.affected.n ? STR("GIT") : STR("[EMPTY]"));
	r.json = kept_json(&o, text);
	build_add_record(b, source, &r);
}

/* CVE records (CVE JSON 5) with CISA's container: SSVC, KEV, CVSS vectors, references tagged as exploits. CISA's container is
 * found by its organisation wherever it stands in the list; values are compared without case; a word that is not known makes
 * the input unknown, never "none". */
#include "base/limits.h"
#include "vuln/build.h"

#define CISA_ORG "134c704f-9b21-4f2e-91b3-4a467353bcc0"
#define EXPLOITS_MAX 50 /* a CVE */

struct container {
	bool adp, cisa;
	struct str name;
	struct str cvss[4]; /* by version: 3.1, 3.0, 4.0, 2.0 */
	VEC(struct str) exploits;
	bool ssvc, ssvc_unreadable, kev;
	unsigned exploitation, automatable, impact;
	struct str ssvc_date, kev_added;
};

struct cve_reader {
	struct build *b;
	struct json_cursor c;
	struct str id, state, published, modified;
	VEC(struct container) containers;
};

uint32_t build_cve_key(struct str id)
{
	uint64_t year, number;

	if (id.len < 13 || !str_starts_nocase(id, STR("CVE-")) || id.s[8] != '-' || !str_to_u64(str_sub(id, 4, 4), &year) ||
	    !str_to_u64(str_from(id, 9), &number))
		return 0;
	if (year < 1990 || year > 2053 || number >= 1u << 26 || (id.len > 13 && id.s[9] == '0'))
		return 0;
	return (uint32_t)(year - 1990) << 26 | (uint32_t)number;
}

struct build_cve *build_cve(struct build *b, struct str id)
{
	bool fresh;
	uint32_t key = build_cve_key(id);

	if (!key)
		return NULL;
	struct map_entry *e = map_put(&b->cves, id, &fresh);
	if (fresh) {
		e->key = arena_str(b->arena, id);
		e->value.num = b->cve_list.n;
		struct build_cve *v = VEC_ADD(b->arena, &b->cve_list);
		v->key = key;
		v->epss = v->percentile = UINT32_MAX;
		v->facts.id = e->key;
	}
	return &b->cve_list.items[e->value.num];
}

struct word {
	const char *point, *word;
	unsigned bit;
};

/* CISA's words, with those of records that say Rapid and Slow (Virulence) for Automatable. */
static const struct word words[] = {
	{ "exploitation", "none", SSVC_EXPLOITATION_NONE },
	{ "exploitation", "poc", SSVC_EXPLOITATION_POC },
	{ "exploitation", "public poc", SSVC_EXPLOITATION_POC },
	{ "exploitation", "publicpoc", SSVC_EXPLOITATION_POC },
	{ "exploitation", "public-poc", SSVC_EXPLOITATION_POC },
	{ "exploitation", "proof of concept", SSVC_EXPLOITATION_POC },
	{ "exploitation", "active", SSVC_EXPLOITATION_ACTIVE },
	{ "automatable", "no", SSVC_AUTOMATABLE_NO },
	{ "automatable", "slow", SSVC_AUTOMATABLE_NO },
	{ "automatable", "yes", SSVC_AUTOMATABLE_YES },
	{ "automatable", "rapid", SSVC_AUTOMATABLE_YES },
	{ "technical impact", "partial", SSVC_IMPACT_PARTIAL },
	{ "technical impact", "total", SSVC_IMPACT_TOTAL },
};

static void take_value(struct container *x, struct str point, struct str value)
{
	unsigned *to = str_eq_nocase(point, STR("exploitation")) ? &x->exploitation :
		       str_eq_nocase(point, STR("automatable"))	 ? &x->automatable :
		       str_eq_nocase(point, STR("technical impact")) ? &x->impact : NULL;

	if (!to)
		return; /* a point of another tree */
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_eq_nocase(point, str_of(words[i].point)) && str_eq_nocase(value, str_of(words[i].word))) {
			*to |= words[i].bit;
			return;
		}
	x->ssvc_unreadable = true;
}

static void take_options(struct container *x, const struct json *options)
{
	for (JSON_EACH(option, options))
		for (JSON_EACH(point, option)) {
			struct str name = str_trim(json_key(point));
			if (json_type(point) == JSON_ARRAY) {
				for (JSON_EACH(v, point))
					take_value(x, name, str_trim(json_string(v)));
			} else {
				take_value(x, name, str_trim(json_string(point)));
			}
		}
}

/* metrics[].other: {type, content} of CISA. */
static void take_other(struct cve_reader *o, struct container *x, const struct json *other)
{
	struct str type = json_get_string(other, "type");
	const struct json *content = json_get(other, "content");

	if (str_eq_nocase(type, STR("ssvc"))) {
		struct str date = json_get_string(content, "timestamp");
		if (x->ssvc && str_cmp(date, x->ssvc_date) <= 0)
			return;
		x->ssvc = true;
		x->ssvc_unreadable = false;
		x->exploitation = x->automatable = x->impact = 0;
		x->ssvc_date = arena_str(o->b->arena, date);
		take_options(x, json_get(content, "options"));
	} else if (str_eq_nocase(type, STR("kev"))) {
		x->kev = true;
		x->kev_added = arena_str(o->b->arena, json_get_string(content, "dateAdded"));
	}
}

static void read_metric(struct cve_reader *o, struct container *x)
{
	static const char *const kinds[] = { "cvssV3_1", "cvssV3_0", "cvssV4_0", "cvssV2_0" };
	struct str key;

	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		if (str_is(key, "other")) {
			const struct json *other = json_read_tree(&o->c);
			if (other)
				take_other(o, x, other);
			continue;
		}
		int kind = 0;
		while (kind < 4 && !str_is(key, kinds[kind]))
			kind++;
		if (kind == 4 || json_peek(&o->c) != JSON_OBJECT) {
			json_skip(&o->c);
			continue;
		}
		json_enter_object(&o->c);
		while (json_next_key(&o->c, &key)) {
			struct str v = str_is(key, "vectorString") ? json_read_string_or_skip(&o->c) : (json_skip(&o->c), STR_NONE);
			if (v.len && v.len < 512 && !x->cvss[kind].s)
				x->cvss[kind] = arena_str(o->b->arena, v);
		}
	}
}

static void read_reference(struct cve_reader *o, struct container *x)
{
	struct str key, url = STR_NONE;
	bool exploit = false;

	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		if (str_is(key, "url")) {
			url = json_read_string_or_skip(&o->c);
		} else if (str_is(key, "tags") && json_peek(&o->c) == JSON_ARRAY) {
			json_enter_array(&o->c);
			while (json_next(&o->c))
				exploit |= str_eq_nocase(json_read_string_or_skip(&o->c), STR("exploit"));
		} else {
			json_skip(&o->c);
		}
	}
	if (exploit && url.len && url.len <= LIMIT_NAME && x->exploits.n < EXPLOITS_MAX)
		*VEC_ADD(o->b->scratch, &x->exploits) = url;
}

/* Each object of the array under the cursor; anything else is skipped. */
static void each_object(struct cve_reader *o, struct container *x, void (*read)(struct cve_reader *o, struct container *x))
{
	if (json_peek(&o->c) != JSON_ARRAY) {
		json_skip(&o->c);
		return;
	}
	json_enter_array(&o->c);
	while (json_next(&o->c)) {
		if (json_peek(&o->c) == JSON_OBJECT)
			read(o, x);
		else
			json_skip(&o->c);
	}
}

static void read_provider(struct cve_reader *o, struct container *x)
{
	struct str key;

	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		struct str v = json_read_string_or_skip(&o->c);
		if (str_is(key, "shortName"))
			x->name = v;
		x->cisa |= (str_is(key, "orgId") && str_eq_nocase(v, STR(CISA_ORG))) ||
			   (str_is(key, "shortName") && str_eq_nocase(v, STR("CISA-ADP")));
	}
}

static void read_container(struct cve_reader *o, struct container *unused)
{
	struct container *x = VEC_ADD(o->b->scratch, &o->containers);
	struct str key;

	x->adp = unused != NULL;
	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		if (str_is(key, "providerMetadata") && json_peek(&o->c) == JSON_OBJECT)
			read_provider(o, x);
		else if (str_is(key, "title"))
			x->cisa |= str_starts_nocase(json_read_string_or_skip(&o->c), STR("CISA ADP"));
		else if (str_is(key, "metrics"))
			each_object(o, x, read_metric);
		else if (str_is(key, "references"))
			each_object(o, x, read_reference);
		else
			json_skip(&o->c);
	}
	x->cisa &= x->adp; /* a CNA's own claims are not CISA's */
}

static void read_containers(struct cve_reader *o)
{
	struct container adp = { 0 };
	struct str key;

	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		if (str_is(key, "cna") && json_peek(&o->c) == JSON_OBJECT)
			read_container(o, NULL);
		else if (str_is(key, "adp"))
			each_object(o, &adp, read_container);
		else
			json_skip(&o->c);
	}
}

static void read_metadata(struct cve_reader *o)
{
	struct str key;

	json_enter_object(&o->c);
	while (json_next_key(&o->c, &key)) {
		struct str v = json_read_string_or_skip(&o->c);
		if (str_is(key, "cveId"))
			o->id = v;
		else if (str_is(key, "state"))
			o->state = v;
		else if (str_is(key, "datePublished"))
			o->published = v;
		else if (str_is(key, "dateUpdated"))
			o->modified = v;
	}
}

static void add_exploit(struct build *b, struct cve_facts *f, struct str url, struct str source)
{
	for (VEC_EACH(struct exploit_reference, e, &f->exploits))
		if (str_eq(e->url, url))
			return;
	if (f->exploits.n < EXPLOITS_MAX)
		*VEC_ADD(b->arena, &f->exploits) = (struct exploit_reference){ arena_str(b->arena, url), build_text_at(b, build_text(b, source)) };
}

static void take_container(struct build *b, struct cve_facts *f, const struct container *x)
{
	struct str name = x->name.len ? x->name : x->adp ? STR("ADP") : STR("CNA");

	for (VEC_EACH(struct str, url, &x->exploits))
		add_exploit(b, f, *url, name);
	for (int i = 0; i < 4 && (!x->adp || x->cisa); i++)
		if (x->cvss[i].s && !f->cvss.s) {
			f->cvss = x->cvss[i];
			f->cvss_source = build_text_at(b, build_text(b, name));
		}
	if (x->cisa && x->kev) {
		f->kev = true;
		if (!f->kev_added.len)
			f->kev_added = x->kev_added;
	}
	if (!x->cisa || !x->ssvc || (f->ssvc && str_cmp(x->ssvc_date, f->ssvc_date) < 0))
		return;
	f->ssvc = true;
	f->ssvc_unreadable = x->ssvc_unreadable;
	f->ssvc_date = x->ssvc_date;
	f->exploitation = x->exploitation;
	f->automatable = x->automatable;
	f->technical_impact = x->impact;
}

/* The CVE list holds other JSON too (delta.json): what is not named like a record and is none is no loss. */
static void not_a_record(struct build *b, struct str source, const char *why)
{
	size_t slash = str_rchr(source, '/');

	if (str_starts_nocase(slash == STR_NOT_FOUND ? source : str_from(source, slash + 1), STR("CVE-")))
		build_unreadable(b, source, why);
}

void build_cve_record(struct build *b, struct str source, struct str text)
{
	struct cve_reader o = { .b = b };
	struct str key;

	json_open(&o.c, b->scratch, text);
	if (json_peek(&o.c) != JSON_OBJECT) {
		not_a_record(b, source, o.c.error ? o.c.error : "it is no CVE record");
		return;
	}
	json_enter_object(&o.c);
	while (json_next_key(&o.c, &key)) {
		if (str_is(key, "cveMetadata") && json_peek(&o.c) == JSON_OBJECT)
			read_metadata(&o);
		else if (str_is(key, "containers") && json_peek(&o.c) == JSON_OBJECT)
			read_containers(&o);
		else
			json_skip(&o.c);
	}
	json_close(&o.c);
	struct build_cve *v = json_failed(&o.c) || !o.id.len ? NULL : build_cve(b, o.id);
	if (!v) {
		not_a_record(b, source, o.c.error ? o.c.error : "it has no CVE id that can be read");
		return;
	}
	struct vuln_source *s = &b->info->sources.items[b->info->sources.n - 1];
	struct cve_facts *f = &v->facts;
	s->records++;
	if (str_cmp(o.modified, s->date) > 0)
		s->date = arena_str(b->arena, o.modified);
	if (str_cmp(o.modified, f->modified) >= 0) {
		f->rejected = str_eq_nocase(o.state, STR("REJECTED"));
		f->modified = arena_str(b->arena, o.modified);
	}
	if (o.published.len)
		f->published = arena_str(b->arena, o.published);
	for (VEC_EACH(struct container, x, &o.containers))
		take_container(b, f, x);
}

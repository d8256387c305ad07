/* Questions to the index. */
#include <string.h>

#include "cmd/version_range.h"
#include "cmd/where.h"
#include "identity/cpe.h"
#include "identity/purl.h"
#include "report/changes.h"
#include "version/version.h"

struct asking {
	struct where *w;
	struct sql_query *rows;
	struct version_range range;
	struct str query;
};

static void take_rows(struct asking *q, int64_t package, struct str id, struct str fixed, const char *state)
{
	struct arena *a = q->w->arena;

	sql_put_number(q->rows, 1, package);
	while (sql_next(q->rows)) {
		struct where_row *r = VEC_ADD(a, &q->w->rows);
		*r = (struct where_row){ .id = id, .fixed = fixed, .state = str_of(state) };
		struct str *const fields[] = { &r->product, &r->version, &r->service, &r->package, &r->package_version, &r->purl, &r->via, &r->since, &r->source };
		for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
			*fields[i] = sql_text(q->rows, a, (int)i);
		r->weak = sql_number(q->rows, 9) != 0;
		r->no_data = sql_text(q->rows, a, 10);
	}
}

struct candidate {
	int64_t id;
	struct str ecosystem, version, shown, fixed;
	struct str judged; /* asked for by the name that advisories give: the version that they judge, where it is another */
};

/* The packages of one statement first, then their rows: a statement is walked to its end before the next begins. */
struct candidates {
	struct candidate *items;
	size_t n, cap;
};

static void by_id(struct asking *q, struct candidates *out)
{
	struct sql_query *s = sql_prepare(q->w->db, "select t.package, p.ecosystem, p.version, t.shown, t.fixed from touched t join package p on p.id=t.package"
							  " where t.id=$1 order by p.name, p.version, p.id");
	sql_put(s, 1, q->query);
	while (sql_next(s))
		*VEC_ADD(q->w->arena, out) =
			(struct candidate){ .id = sql_number(s, 0), .ecosystem = sql_text(s, q->w->arena, 1), .version = sql_text(s, q->w->arena, 2),
					    .shown = sql_text(s, q->w->arena, 3), .fixed = sql_text(s, q->w->arena, 4) };
}

/* By the name that advisories give, or by its own. `last`: or by the name's last part alone: an engineer asks for log4j-core, not for
 * org.apache.logging.log4j:log4j-core. */
static void by_name(struct asking *q, struct str ecosystem, struct str name, struct str title, struct str last, struct candidates *out)
{
	struct sql_query *s = sql_prepare(q->w->db, sql_on_server(q->w->db) ?
		"select id, ecosystem, version, name, judged from package where name=$1 or name=$2 or title=$3 or " WHERE_LAST_ON_SERVER "=$4 order by name, version, id" :
		"select id, ecosystem, version, name, judged from package where name=$1 or name=$2 or title=$3 or " WHERE_LAST_IN_FILE "=$4 order by name, version, id");

	sql_put(s, 1, name);
	sql_put(s, 2, arena_lower(q->w->arena, name));
	sql_put(s, 3, title);
	sql_put(s, 4, last.len ? arena_lower(q->w->arena, last) : STR_NONE);
	while (sql_next(s)) {
		struct candidate c = { .id = sql_number(s, 0), .ecosystem = sql_text(s, q->w->arena, 1), .version = sql_text(s, q->w->arena, 2) };
		if (str_eq_nocase(sql_text(s, q->w->arena, 3), name)) /* lvm2 is judged as lvm2; libdevmapper, which is built from it, is asked for by its own name */
			c.judged = sql_text(s, q->w->arena, 4);
		struct str base = str_sub(c.ecosystem, 0, str_chr(c.ecosystem, ':'));
		if (!ecosystem.len || str_eq(base, str_sub(ecosystem, 0, str_chr(ecosystem, ':'))))
			*VEC_ADD(q->w->arena, out) = c;
	}
}

static bool by_purl(struct asking *q, struct candidates *out)
{
	struct diags d;
	struct purl p;
	struct str why;

	if (!purl_parse(q->w->arena, q->query, &p, &why)) {
		complain("%.*s: %.*s", STR_ARG(q->query), STR_ARG(why));
		return false;
	}
	diag_init(&d, q->w->arena);
	struct bom *b = bom_new(q->w->arena, &d);
	struct component *c = bom_add(b);
	c->purl = q->query;
	purl_complete(b, c);
	struct advisory_identity id;
	purl_advisory_identity(q->w->arena, c, &id);
	if (id.own_version.len)
		version_range_add(&q->range, "=", id.own_version);
	/* Its source package may stand in the SBOM only: so by its own name, too. */
	by_name(q, c->ecosystem, id.name.len ? id.name : c->name, component_title(q->w->arena, c), STR_NONE, out);
	for (VEC_EACH(struct candidate, x, out))
		x->judged = STR_NONE;
	return true;
}

/* Where the name ends: at the last '@' but not the first byte, which is a scope's, else at an operator as in "requests>=2,<3". */
static size_t end_of_name(struct str query, size_t *range)
{
	size_t i = 1, at = str_rchr(query, '@');

	*range = at == STR_NOT_FOUND ? query.len : at + 1;
	if (at != STR_NOT_FOUND && at > 0)
		return at;
	while (i < query.len && !strchr("<>=!~^", query.s[i]))
		i++;
	*range = i;
	return i;
}

/* Maven's group and artifact, with whatever people put between: data says ':'. */
static void by_any_name(struct asking *q, struct str name, struct candidates *out)
{
	size_t slash = str_rchr(name, '/');

	by_name(q, STR_NONE, name, name, name, out);
	if (out->n || slash == STR_NOT_FOUND || slash == 0)
		return;
	struct str other = arena_concat(q->w->arena, str_sub(name, 0, slash), STR(":"), str_from(name, slash + 1));
	by_name(q, STR_NONE, other, other, other, out);
}

static bool by_name_and_range(struct asking *q, struct candidates *out)
{
	size_t range, end = end_of_name(q->query, &range);
	struct str name = str_trim(str_sub(q->query, 0, end));

	by_any_name(q, q->query, out); /* there are names with such signs */
	if (out->n || end >= q->query.len)
		return true;
	if (!name.len || !version_range_parse(str_from(q->query, range), &q->range)) {
		complain("%.*s: after the name stands a version or a range such as @1.2.3, @\">=1.0 <2\", @^1.2, @1.x or @\"[1.0,2.0)\"", STR_ARG(q->query));
		return false;
	}
	by_any_name(q, name, out);
	return true;
}

void where_find_gaps(struct where *w)
{
	struct sql_query *q = sql_prepare(w->db, "select s.product, s.version, count(u.package), count(*) from sbom s join holds h on h.sbom=s.id left join unjudged u"
						       " on u.package=h.package where s.stated=1 group by s.id having count(u.package) > 0 order by 3 desc, 1, 2 limit 1000");

	while (sql_next(q))
		*VEC_ADD(w->arena, &w->gaps) = (struct where_gap){ sql_text(q, w->arena, 0), sql_text(q, w->arena, 1), sql_number(q, 2), sql_number(q, 3) };
}

/* Ids of advisories: letters, then at least one '-' and a digit somewhere: CVE-2021-44228, GHSA-…, GO-2024-1, RUSTSEC-…, PYSEC-… */
static bool is_id(struct str s)
{
	static const char *const starts[] = { "CVE-", "GHSA-", "GO-", "RUSTSEC-", "PYSEC-", "OSV-", "MAL-", "DSA-", "DLA-", "USN-", "RHSA-", "ALAS", "GSD-", "CGA-", "JLSEC-" };

	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (str_starts_nocase(s, str_of(starts[i])))
			return true;
	return false;
}

/* CVE and GHSA ids as advisories write them: prefix in capitals, the rest of a GHSA in small letters. */
static struct str written_id(struct arena *a, struct str s)
{
	size_t dash = str_chr(s, '-');
	struct str copy = arena_str(a, s);

	for (size_t i = 0; i < copy.len && i < dash; i++)
		if (copy.s[i] >= 'a' && copy.s[i] <= 'z')
			((char *)(uintptr_t)copy.s)[i] -= 32;
	return copy;
}

/* The index keeps names and purls: an answer to a CPE would be "in none", and wrong. */
static void refuse_cpe(struct arena *a, struct str query)
{
	struct cpe c = { 0 };
	bool good = cpe_parse(a, query, &c);
	struct str name = c.field[CPE_PRODUCT], version = c.field[CPE_VERSION];

	if (!good || !name.len || str_is(name, "*")) {
		complain("%.*s: an index is not asked by CPE; ask for the name of the product", STR_ARG(query));
		return;
	}
	bool one = version.len && !str_is(version, "*") && !str_is(version, "-");
	complain("%.*s: an index is not asked by CPE; ask for the name of the product: bomgate where '%.*s%s%.*s'", STR_ARG(query), STR_ARG(name), one ? "@" : "",
		 STR_ARG(one ? version : STR("")));
}

static bool names_versions_only(const struct version_range *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->bounds[i].op, "=") != 0)
			return false;
	return r->n > 0;
}

/* "": in the range; NULL: not; else why it cannot be told, which is no "not". A range is asked of the version that advisories judge, so that it
 * tells what a CVE's range would; who names a version may mean that which stands in the SBOM, too. */
static const char *told(const struct asking *q, const struct candidate *c)
{
	const struct ordering *o = version_ordering(c->ecosystem);

	if (c->judged.len && names_versions_only(&q->range) && version_range_has(&q->range, o, c->version) == RANGE_IN)
		return "";
	switch (version_range_has(&q->range, o, c->judged.len ? c->judged : c->version)) {
	case RANGE_IN:
		return "";
	case RANGE_OUT:
		return NULL;
	default:
		return "the version cannot be compared";
	}
}

bool where_ask(struct where *w, struct str query)
{
	struct asking q = { .w = w, .query = query };
	struct candidates found = { 0 };
	bool id = is_id(query);

	q.rows = sql_prepare(w->db, "select s.product, s.version, coalesce(ws.text,''), p.title, p.version, p.purl, coalesce(wv.text,''), s.made, s.source, case when s.stated<>0 or p.weak<>0 then 1 else 0 end, u.why"
				       " from holds h join package p on p.id=h.package join sbom s on s.id=h.sbom left join word ws on ws.id=h.service"
				       " left join word wv on wv.id=h.via left join unjudged u on u.package=h.package where h.package=$1 order by s.product, s.version, s.made, s.source");
	if (id) {
		q.query = written_id(w->arena, query);
		by_id(&q, &found);
	} else if (str_starts_nocase(query, STR("cpe:"))) {
		refuse_cpe(w->arena, query);
		return false;
	} else if (str_starts(query, STR("pkg:"))) {
		if (!by_purl(&q, &found))
			return false;
	} else if (!by_name_and_range(&q, &found)) {
		return false;
	}
	size_t before = w->rows.n;
	for (VEC_EACH(const struct candidate, c, &found)) {
		const char *state = id ? "touched" : told(&q, c);
		if (state)
			take_rows(&q, c->id, c->shown, c->fixed, state);
	}
	if (w->rows.n == before)
		*VEC_ADD(w->arena, &w->nowhere) = (struct where_nowhere){ .query = q.query, .is_id = id };
	if (sql_error(w->db).s)
		complain("the index cannot be read: %.*s", STR_ARG(sql_error(w->db)));
	return !sql_error(w->db).s;
}

void where_tell_ids(struct where *w, struct vuln_db *db)
{
	struct cve_facts facts;

	for (VEC_EACH(struct where_nowhere, n, &w->nowhere)) {
		if (!n->is_id)
			continue;
		struct arena *a = arena_new(0);
		n->asked = true;
		n->record = vuln_record(db, a, n->query, NULL).len > 0;
		n->facts = str_starts(n->query, STR("CVE-")) && vuln_cve(db, a, n->query, &facts);
		arena_free(a);
	}
}

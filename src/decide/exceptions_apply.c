/* Which statement lifts which finding. */
#include "base/buf.h"
#include "base/timestamp.h"
#include "decide/exceptions.h"
#include "decide/exceptions_private.h"
#include "decide/policy_parse.h"
#include "source/source.h"

#define SOON (14 * 86400)

struct applying {
	struct exceptions *x;
	const struct bom *bom;
	const struct scanned *product;
	struct arena *arena;
	const struct purl **purls; /* by component; made when first asked for */
	bool *parsed;
	int64_t now;
	char *seen; /* by statement: already looked at for this finding */
	VEC(uint32_t) touched;
};

static const struct purl *purl_of(struct applying *ap, uint32_t c)
{
	if (!ap->parsed[c]) {
		struct str text = ap->bom->components[c].purl, why;
		struct purl *p = ARENA_NEW(ap->arena, struct purl);
		ap->parsed[c] = true;
		ap->purls[c] = text.s && purl_parse(ap->arena, text, p, &why) ? p : NULL;
	}
	return ap->purls[c];
}

/* Without versions and qualifiers: is it the same package? */
static bool same_package(const struct purl *a, const struct purl *b)
{
	return str_eq(a->type, b->type) && str_eq(a->namespace_, b->namespace_) && str_eq(a->name, b->name);
}

static struct str qualifier(const struct purl *p, struct str name)
{
	for (size_t i = 0; i < p->qualifiers.n; i++)
		if (str_eq(p->qualifiers.items[i].name, name))
			return p->qualifiers.items[i].value;
	return STR_NONE;
}

bool named_covers(const struct named *n, const struct purl *c)
{
	if (!n->is_purl || !same_package(&n->purl, c) || (n->purl.version.len && !str_eq(n->purl.version, c->version)))
		return false;
	for (size_t i = 0; i < n->purl.qualifiers.n; i++) {
		const struct property *q = &n->purl.qualifiers.items[i];
		struct str value = qualifier(c, q->name);
		if (!value.s || !str_eq(value, q->value))
			return false;
	}
	return true;
}

static bool names_component(struct applying *ap, const struct named *n, uint32_t c)
{
	const struct purl *p = purl_of(ap, c);

	if (p && n->is_purl)
		return named_covers(n, p);
	struct str cpe = component_more(&ap->bom->components[c])->cpe;
	return str_eq(n->text, ap->bom->components[c].purl) || (cpe.s && str_eq(n->text, cpe));
}

static bool any_names(struct applying *ap, const struct named_list *list, uint32_t c)
{
	for (size_t i = 0; i < list->n; i++)
		if (names_component(ap, &list->items[i], c))
			return true;
	return false;
}

/* Is it what is scanned? *exact: its version is named and the same. */
static bool names_scanned(const struct applying *ap, const struct named_list *list, bool package_only, bool *exact)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct named *n = &list->items[i];
		for (size_t k = 0; k < ap->product->names.n; k++) {
			const struct named *own = &ap->product->names.items[k];
			bool fits = n->is_purl && own->is_purl ? (package_only ? same_package(&n->purl, &own->purl) : named_covers(n, &own->purl)) :
								 str_eq(n->text, own->text);
			if (!fits)
				continue;
			*exact = n->is_purl && n->purl.version.len && own->is_purl && str_eq(n->purl.version, own->purl.version);
			return true;
		}
	}
	return false;
}

static bool version_listed(const struct product *p, struct str version)
{
	for (size_t i = 0; i < p->versions.n; i++)
		if (str_eq(p->versions.items[i], version))
			return true;
	return p->versions.n == 0;
}

/* `fixed` holds only for exactly the version that it names. */
static bool product_covers(struct applying *ap, const struct statement *s, const struct product *p, uint32_t c)
{
	const struct component *x = &ap->bom->components[c];
	bool exact = false;

	if (names_scanned(ap, &p->names, false, &exact)) {
		if (p->parts.n && !any_names(ap, &p->parts, c))
			return false;
		return s->status != STATEMENT_FIXED || exact || p->versions.n > 0;
	}
	if (p->parts.n || !any_names(ap, &p->names, c) || !version_listed(p, x->version))
		return false;
	if (s->status != STATEMENT_FIXED)
		return true;
	for (size_t i = 0; i < p->names.n; i++)
		if (p->names.items[i].is_purl && p->names.items[i].purl.version.len && str_eq(p->names.items[i].purl.version, x->version))
			return true;
	return p->versions.n > 0;
}

/* Every file that names the component must fit: an exception for tests/ does not lift what src/ brings too. */
static bool places_fit(const struct applying *ap, const struct statement *s, const struct component *c)
{
	for (size_t i = 0; i < c->evidence.n; i++) {
		uint32_t input = c->evidence.items[i].input;
		struct str path = input < ap->bom->inputs.n ? ap->bom->inputs.items[input].path : STR("");
		bool fits = s->paths.n == 0;
		for (size_t k = 0; k < s->paths.n; k++)
			fits = fits || path_glob(s->paths.items[k], path);
		if (s->folder.s)
			fits = fits && str_eq(s->folder, str_folder(path));
		if (!fits)
			return false;
	}
	return c->evidence.n > 0 || (s->paths.n == 0 && !s->folder.s);
}

static bool about(struct applying *ap, const struct statement *s, const struct finding *f)
{
	bool covered = s->products.n == 0;

	for (size_t i = 0; i < s->products.n && !covered; i++)
		covered = product_covers(ap, s, &s->products.items[i], f->component);
	if (!covered || !places_fit(ap, s, &ap->bom->components[f->component]))
		return false;
	return !s->service.s || (f->decision.services == 1 && str_eq(f->decision.service, s->service));
}

/* A malicious package is lifted only by an exception that names its MAL id and the version in use: neither an alias nor the package alone
 * says that somebody looked at this code. */
static bool names_malicious(struct applying *ap, const struct statement *s, const struct finding *f)
{
	const struct component *c = &ap->bom->components[f->component];
	bool id = false, version = false;

	for (size_t i = 0; i < s->ids.n; i++)
		for (size_t k = 0; k < f->ids.n; k++)
			id |= str_starts_nocase(s->ids.items[i], STR("MAL-")) && str_eq_nocase(s->ids.items[i], f->ids.items[k]);
	for (size_t i = 0; i < s->products.n; i++)
		for (size_t k = 0; k < s->products.items[i].names.n; k++) {
			const struct named *n = &s->products.items[i].names.items[k];
			version |= n->is_purl && n->purl.version.len && c->version.len && names_component(ap, n, f->component);
		}
	return !s->vex && id && version;
}

static bool permissive(const struct statement *s)
{
	return s->status == STATEMENT_NOT_AFFECTED || s->status == STATEMENT_FIXED;
}

struct winner {
	struct statement *exception; /* a live one */
	struct statement *vex;	     /* the latest; on a tie the less permissive */
};

static void consider(struct applying *ap, const struct chain *c, const struct finding *f, struct winner *w)
{
	for (; c; c = c->next) {
		struct statement *s = &ap->x->list.items[c->statement];
		if (ap->seen[c->statement])
			continue;
		ap->seen[c->statement] = 1;
		*VEC_ADD(ap->arena, &ap->touched) = c->statement;
		if (!about(ap, s, f) || (f->malicious && !names_malicious(ap, s, f)))
			continue;
		s->matched++;
		if (s->expired)
			continue;
		if (!s->vex)
			w->exception = w->exception ? w->exception : s;
		else if (!w->vex || s->time > w->vex->time || (s->time == w->vex->time && s->status > w->vex->status))
			w->vex = s;
	}
}

static void consider_id(struct applying *ap, struct str id, const struct finding *f, struct winner *w)
{
	char lower[128];

	if (id.len > sizeof lower)
		return;
	for (size_t i = 0; i < id.len; i++)
		lower[i] = ascii_lower(id.s[i]);
	struct map_entry *m = map_get(&ap->x->by_id, str_make(lower, id.len));
	if (m)
		consider(ap, m->value.ptr, f, w);
}

static void lift(struct applying *ap, struct statement *s, struct finding *f)
{
	struct lifted *l = ARENA_NEW(ap->arena, struct lifted);

	*l = s->shown;
	if (s->vex)
		l->why = arena_printf(ap->arena, "%s%s%.*s", statement_word(s->status), s->statement.len ? ": " : "", STR_ARG(s->statement));
	s->used++;
	f->silenced = true;
	f->lifted = l;
	f->silenced_by = arena_printf(ap->arena, "%s %.*s%s%.*s%s%.*s (%.*s%s%.*s)", l->kind, STR_ARG(l->id), l->who.len ? " by " : "",
				      STR_ARG(l->who), l->why.len ? ": " : "", STR_ARG(l->why), STR_ARG(l->file),
				      l->until.len ? ", until " : ", no end", STR_ARG(l->until));
}

static void apply_one(struct applying *ap, struct finding *f)
{
	struct winner w = { 0 };

	for (size_t i = 0; i < f->ids.n; i++)
		consider_id(ap, f->ids.items[i], f, &w);
	for (size_t i = 0; i < f->cves.n; i++)
		consider_id(ap, f->cves.items[i], f, &w);
	if (ap->x->any)
		consider(ap, ap->x->any, f, &w);
	for (size_t i = 0; i < ap->touched.n; i++)
		ap->seen[ap->touched.items[i]] = 0;
	ap->touched.n = 0;
	f->silenced = false;
	f->lifted = NULL;
	f->silenced_by = STR_NONE;
	f->claim = f->stated;
	if (w.exception)
		lift(ap, w.exception, f);
	else if (w.vex && permissive(w.vex))
		lift(ap, w.vex, f);
	else if (w.vex)
		f->claim = arena_printf(ap->arena, "%s, says %.*s (%.*s)", statement_word(w.vex->status), STR_ARG(w.vex->shown.who),
					STR_ARG(w.vex->shown.file));
}

/* ---- statements about nothing that is here */

static void collect_packages(struct applying *ap, struct map *packages)
{
	map_init(packages, ap->arena);
	for (uint32_t c = 0; c < ap->bom->ncomponents; c++) {
		const struct purl *p = purl_of(ap, c);
		if (p)
			map_put(packages, arena_printf(ap->arena, "%.*s/%.*s/%.*s", STR_ARG(p->type), STR_ARG(p->namespace_), STR_ARG(p->name)), NULL);
	}
}

static bool known_package(struct applying *ap, const struct map *packages, const struct named_list *names)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct named *n = &names->items[i];
		if (!n->is_purl) {
			for (uint32_t c = 0; c < ap->bom->ncomponents; c++)
				if (names_component(ap, n, c))
					return true;
			continue;
		}
		const struct purl *p = &n->purl;
		if (map_has(packages, arena_printf(ap->arena, "%.*s/%.*s/%.*s", STR_ARG(p->type), STR_ARG(p->namespace_), STR_ARG(p->name))))
			return true;
	}
	return false;
}

static bool about_something(struct applying *ap, const struct map *packages, const struct statement *s)
{
	bool exact;

	for (size_t i = 0; i < s->products.n; i++) {
		const struct product *p = &s->products.items[i];
		if (names_scanned(ap, &p->names, true, &exact) ? !p->parts.n || known_package(ap, packages, &p->parts) :
								 known_package(ap, packages, &p->names))
			return true;
	}
	return s->products.n == 0;
}

static enum result check_products(struct applying *ap, enum severity severity)
{
	struct map packages = { 0 };
	enum result r = OK;

	for (VEC_EACH(const struct statement, s, &ap->x->list)) {
		if (!s->vex || s->inherited || s->matched)
			continue;
		if (!packages.arena)
			collect_packages(ap, &packages);
		if (about_something(ap, &packages, s))
			continue;
		policy_diag(ap->x->diags, severity, s->shown.file, s->shown.line,
			    "the statement on %.*s is about \"%.*s\", which is not here; correct or remove it", STR_ARG(s->shown.id),
			    STR_ARG(s->products.items[0].names.n ? str_sub(s->products.items[0].names.items[0].text, 0, 120) : STR("")));
		r = severity == SEV_ERROR ? FAILED : PARTIAL;
	}
	return r;
}

enum result exceptions_apply(struct exceptions *x, struct findings *f, const struct bom *b, const struct scanned *product, int64_t now,
			     int64_t data_time, enum severity missing)
{
	struct scanned nothing = { 0 };
	struct applying ap = { .x = x, .bom = b, .product = product ? product : &nothing, .arena = x->arena };

	ap.now = now > data_time ? now : data_time;
	ap.purls = arena_array(x->arena, b->ncomponents + 1, sizeof *ap.purls);
	ap.parsed = arena_array(x->arena, b->ncomponents + 1, sizeof *ap.parsed);
	ap.seen = arena_alloc(x->arena, x->list.n + 1);
	for (VEC_EACH(struct statement, s, &x->list)) {
		s->used = s->matched = 0;
		s->expired = s->until <= ap.now;
		s->soon = !s->expired && s->until != INT64_MAX && s->until - ap.now <= SOON;
	}
	for (VEC_EACH(struct finding, one, &f->list))
		apply_one(&ap, one);
	return check_products(&ap, missing);
}

void exceptions_notes(struct arena *a, const struct exceptions *x, struct str_list *out)
{
	for (VEC_EACH(const struct statement, s, &x->list)) {
		struct str where = s->shown.line ? arena_printf(a, "%.*s:%u", STR_ARG(s->shown.file), s->shown.line) : s->shown.file;
		struct str what = arena_printf(a, "%s %.*s (%.*s)", s->shown.kind, STR_ARG(s->shown.id), STR_ARG(where));
		if (s->expired)
			*VEC_ADD(a, out) = arena_printf(a, "%.*s ended on %.*s%s", STR_ARG(what), STR_ARG(s->shown.until),
							s->matched ? "; what it lifted counts again" : "");
		else if (s->soon && s->used)
			*VEC_ADD(a, out) = arena_printf(a, "%.*s ends on %.*s and lifts %zu finding%s until then", STR_ARG(what),
							STR_ARG(s->shown.until), s->used, s->used == 1 ? "" : "s");
		else if (!s->matched)
			*VEC_ADD(a, out) = arena_printf(a, "%.*s is unused: nothing here fits it", STR_ARG(what));
		if (s->until == INT64_MAX && !s->expired)
			*VEC_ADD(a, out) = arena_printf(a, "%.*s has no end; move it into `ignore` with `until` and `reason`", STR_ARG(what));
	}
}

#include "match/diff.h"

#include <stdlib.h>

#include "base/map.h"
#include "identity/licence.h"
#include "version/version.h"

const char *change_word(enum change c)
{
	static const char *const words[] = { "added",	      "removed",  "upgraded", "downgraded",	    "version-changed",	 "licence-changed",
					     "possibly-same", "only-old", "only-new", "unversioned-old", "unversioned-new" };

	return words[c];
}

/* One side: identities, and which components have found their partner. */
struct side {
	const struct bom *bom;
	struct identity *ids;
	struct str *packages;
	bool *done;
	struct map ecosystems; /* types of purls that it lists */
	bool has_dev, has_files;
};

struct diffing {
	struct arena *arena;
	struct side old, new;
	struct diff *out;
};

static struct str package_of(struct arena *a, const struct component *c)
{
	struct purl p;
	struct str why;

	if (c->purl.len && purl_parse(a, c->purl, &p, &why))
		return fold_package(a, &p);
	return arena_lower(a, c->group.len ? arena_printf(a, "%.*s/%.*s", STR_ARG(c->group), STR_ARG(c->name)) : c->name);
}

/* Kinds that a generator lists or not: the purl's type, else what the component is. */
static struct str kind_of(const struct side *s, uint32_t i)
{
	struct str rest = s->packages[i];

	if (s->ids[i].canonical.s) {
		rest = str_from(rest, 4);
		return str_cut(&rest, '/');
	}
	const char *word = component_type_cyclonedx(s->bom->components[i].type);
	return str_of(word ? word : component_type_spdx(s->bom->components[i].type));
}

static bool is_dev(const struct component *c)
{
	return c->scope && !(c->scope & SCOPE_RUNTIME) && c->scope & (SCOPE_DEV | SCOPE_TEST | SCOPE_BUILD);
}

static void open_side(struct arena *a, struct side *s, const struct bom *b)
{
	*s = (struct side){ .bom = b };
	s->ids = arena_array(a, b->ncomponents + 1, sizeof *s->ids);
	s->packages = arena_array(a, b->ncomponents + 1, sizeof *s->packages);
	s->done = arena_array(a, b->ncomponents + 1, sizeof *s->done);
	map_init(&s->ecosystems, a);
	for (uint32_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		identity_of(a, c, &s->ids[i]);
		s->packages[i] = package_of(a, c);
		s->done[i] = i == b->subject; /* what the whole is about is no part of it */
		if (s->done[i])
			continue;
		map_put(&s->ecosystems, kind_of(s, i), NULL);
		s->has_dev = s->has_dev || is_dev(c);
		s->has_files = s->has_files || c->type == COMPONENT_FILE;
	}
}

static void note(struct diffing *d, enum change change, uint32_t old, uint32_t new, struct str detail)
{
	struct difference *x = VEC_ADD(d->arena, &d->out->list);
	struct str package = new != NO_COMPONENT ? d->new.packages[new] : d->old.packages[old];

	*x = (struct difference){ change, old, new, package, detail };
	d->out->count[change]++;
}

/* ---- licences */

static int compare_str(const void *x, const void *y)
{
	return str_cmp(*(const struct str *)x, *(const struct str *)y);
}

/* "GPL-2.0" and "GPL-2.0+" are the old names of -only and -or-later. */
static struct str gnu_licence(struct arena *a, struct str id)
{
	bool plus = str_ends(id, STR("+"));

	if (plus)
		id.len--;
	if (!str_starts(id, STR("GPL-")) && !str_starts(id, STR("LGPL-")) && !str_starts(id, STR("AGPL-")) && !str_starts(id, STR("GFDL-")))
		return STR_NONE;
	for (size_t i = str_chr(id, '-') + 1; i < id.len; i++)
		if (!ascii_digit(id.s[i]) && id.s[i] != '.')
			return STR_NONE;
	return arena_concat(a, id, plus ? STR("-or-later") : STR("-only"), STR_NONE);
}

/* Identifiers in the list's spelling, operators and brackets as they are. */
static struct str normal_licence(struct arena *a, struct str value)
{
	struct str rest = value, line = STR("");
	struct licence_token t;
	bool with = false;

	if (!licence_expression_valid(value, NULL))
		return value;
	while (licence_next_token(&rest, &with, &t)) {
		struct str known = t.kind == LICENCE_TOKEN_ID || t.kind == LICENCE_TOKEN_EXCEPTION ? licence_known_id(t.text, NULL) : STR_NONE;
		struct str id = known.s ? known : t.text, gnu = t.kind == LICENCE_TOKEN_ID ? gnu_licence(a, id) : STR_NONE;
		line = arena_concat(a, line, line.len ? STR(" ") : STR(""), gnu.s ? gnu : id);
	}
	return line;
}

static struct str licences_of(struct arena *a, const struct component *c, enum licence_role role)
{
	struct str *list = arena_array(a, c->licences.n + 1, sizeof *list), line = STR("");
	size_t n = 0;

	for (size_t i = 0; i < c->licences.n; i++) {
		const struct licence *l = &c->licences.items[i];
		if (!str_is(l->value, "NOASSERTION") && (role == LICENCE_UNSAID || l->role == role))
			list[n++] = normal_licence(a, l->value);
	}
	if (n)
		qsort(list, n, sizeof *list, compare_str);
	for (size_t i = 0; i < n; i++)
		if (!i || !str_eq(list[i], list[i - 1]))
			line = arena_concat(a, line, line.len ? STR(", ") : STR(""), list[i]);
	return line;
}

/* Declared against declared where both say so: one tool concludes what the other does not. */
static void compare_licences(struct diffing *d, uint32_t i, uint32_t k)
{
	const struct component *x = &d->old.bom->components[i], *y = &d->new.bom->components[k];
	struct arena *a = d->arena;
	struct str from = licences_of(a, x, LICENCE_DECLARED), to = licences_of(a, y, LICENCE_DECLARED);

	if (!from.len || !to.len) {
		from = licences_of(a, x, LICENCE_UNSAID);
		to = licences_of(a, y, LICENCE_UNSAID);
	}
	if (from.len && to.len && !str_eq(from, to))
		note(d, CHANGE_LICENCE, i, k, arena_printf(a, "%.*s -> %.*s", STR_ARG(from), STR_ARG(to)));
}

/* ---- the same component in both */

static void pair(struct diffing *d, uint32_t i, uint32_t k)
{
	d->old.done[i] = d->new.done[k] = true;
	d->out->same++;
	d->out->respelled += !str_eq(d->old.bom->components[i].purl, d->new.bom->components[k].purl);
	compare_licences(d, i, k);
}

typedef struct str (*key_of)(const struct identity *id);

static struct str strong_key(const struct identity *id)
{
	return id->key;
}

static struct str name_key(const struct identity *id)
{
	return id->open_name ? id->name : STR_NONE; /* neither has anything but its name */
}

static struct str cpe_only_key(const struct identity *id)
{
	return id->open_cpe ? id->cpe : STR_NONE;
}

/* Pairs what has equal keys: first with the same architecture, then whatever is left, in the order of the documents. */
static void pair_by(struct diffing *d, key_of key)
{
	struct map first; /* key to the first old component, chained by next */
	uint32_t *next = arena_array(d->arena, d->old.bom->ncomponents + 1, sizeof *next);

	map_init(&first, d->arena);
	for (size_t n = d->old.bom->ncomponents; n > 0; n--) {
		uint32_t i = (uint32_t)(n - 1);
		struct str k = key(&d->old.ids[i]);
		if (d->old.done[i] || !k.s)
			continue;
		bool fresh;
		struct map_entry *e = map_put(&first, k, &fresh);
		next[i] = fresh ? NO_COMPONENT : (uint32_t)e->value.num;
		e->value.num = i;
	}
	for (int pass = 0; pass < 2; pass++)
		for (uint32_t k = 0; k < d->new.bom->ncomponents; k++) {
			struct str text = key(&d->new.ids[k]);
			struct map_entry *e = d->new.done[k] || !text.s ? NULL : map_get(&first, text);
			for (uint32_t i = e ? (uint32_t)e->value.num : NO_COMPONENT; i != NO_COMPONENT; i = next[i])
				if (!d->old.done[i] && (pass || str_eq(d->old.ids[i].arch, d->new.ids[k].arch))) {
					pair(d, i, k);
					break;
				}
		}
}

static struct str key_with_arch(struct arena *a, const struct identity *id, struct str arch)
{
	return arena_printf(a, "%.*s|%.*s", STR_ARG(id->key), STR_ARG(arch));
}

/* Whatever one side lists several times (in several places) is there as long as one of them is in both. */
static void drop_repeats(struct diffing *d, struct side *s)
{
	struct map paired;

	map_init(&paired, d->arena);
	for (uint32_t i = 0; i < s->bom->ncomponents; i++)
		if (s->done[i] && s->ids[i].key.s && i != s->bom->subject) {
			map_put(&paired, key_with_arch(d->arena, &s->ids[i], s->ids[i].arch), NULL);
			map_put(&paired, key_with_arch(d->arena, &s->ids[i], STR("")), NULL);
		}
	for (uint32_t i = 0; i < s->bom->ncomponents; i++)
		if (!s->done[i] && s->ids[i].key.s && map_has(&paired, key_with_arch(d->arena, &s->ids[i], s->ids[i].arch)))
			s->done[i] = true;
}

/* ---- another version of the same package */

struct by_package {
	VEC(uint32_t) old, new;
};

static struct str version_text(struct arena *a, const struct component *c)
{
	struct str v = purl_own_version(a, c);

	return v.len ? v : c->commit.len ? c->commit : c->purl;
}

static void sort_versions(struct arena *a, const struct bom *b, uint32_t *items, size_t n)
{
	for (size_t i = 1; i < n; i++) /* few versions of one package: by insertion */
		for (size_t k = i; k > 0; k--) {
			const struct component *x = &b->components[items[k - 1]], *y = &b->components[items[k]];
			struct str v = version_text(a, x), w = version_text(a, y);
			enum order o = version_compare(version_ordering(x->ecosystem), v, w);
			if (o == ORDER_UNKNOWN ? str_cmp(v, w) <= 0 : o != ORDER_GREATER)
				break;
			uint32_t t = items[k];
			items[k] = items[k - 1];
			items[k - 1] = t;
		}
}

static void compare_versions(struct diffing *d, uint32_t i, uint32_t k)
{
	const struct component *x = &d->old.bom->components[i], *y = &d->new.bom->components[k];
	struct str v = version_text(d->arena, x), w = version_text(d->arena, y);
	/* "debian 12.15" and "debian 12": one tool tells more of the same system. */
	if (x->type == COMPONENT_OPERATING_SYSTEM && y->type == x->type && d->out->two_tools &&
	    (str_starts(v, arena_concat(d->arena, w, STR("."), STR_NONE)) || str_starts(w, arena_concat(d->arena, v, STR("."), STR_NONE)))) {
		pair(d, i, k);
		return;
	}
	const struct ordering *o = version_ordering(x->ecosystem.len ? x->ecosystem : y->ecosystem);
	enum order order = version_compare(o, v, w);

	note(d, order == ORDER_LESS ? CHANGE_UPGRADED : order == ORDER_GREATER ? CHANGE_DOWNGRADED : CHANGE_VERSION, i, k,
	     arena_printf(d->arena, "%.*s -> %.*s", STR_ARG(v), STR_ARG(w)));
	d->old.done[i] = d->new.done[k] = true;
	compare_licences(d, i, k);
}

static struct by_package *package_entry(struct diffing *d, struct map *m, struct str package)
{
	bool fresh;
	struct map_entry *e = map_put(m, package, &fresh);

	if (fresh)
		e->value.ptr = ARENA_NEW(d->arena, struct by_package);
	return e->value.ptr;
}

static bool has_version(const struct side *s, uint32_t i)
{
	return s->ids[i].key.s || s->ids[i].name.s;
}

static void pair_versions(struct diffing *d)
{
	struct map packages;

	map_init(&packages, d->arena);
	for (uint32_t i = 0; i < d->old.bom->ncomponents; i++)
		if (!d->old.done[i] && has_version(&d->old, i))
			*VEC_ADD(d->arena, &package_entry(d, &packages, d->old.packages[i])->old) = i;
	for (uint32_t i = 0; i < d->new.bom->ncomponents; i++)
		if (!d->new.done[i] && has_version(&d->new, i))
			*VEC_ADD(d->arena, &package_entry(d, &packages, d->new.packages[i])->new) = i;
	for (size_t p = 0; p < packages.n; p++) {
		struct by_package *x = packages.entries[p].value.ptr;
		size_t n = x->old.n < x->new.n ? x->old.n : x->new.n;
		if (!n || x->old.n + x->new.n > 2000) /* not a package: a name that everything has */
			continue;
		sort_versions(d->arena, d->old.bom, x->old.items, x->old.n);
		sort_versions(d->arena, d->new.bom, x->new.items, x->new.n);
		for (size_t i = 0; i < n; i++) /* the newest with the newest */
			compare_versions(d, x->old.items[x->old.n - n + i], x->new.items[x->new.n - n + i]);
	}
}

/* ---- weak matches among what is left */

static void pair_weakly(struct diffing *d)
{
	struct map old;

	map_init(&old, d->arena);
	for (uint32_t i = 0; i < d->old.bom->ncomponents; i++) {
		const struct identity *id = &d->old.ids[i];
		const struct str keys[] = { id->artifact, id->cpe, id->name };
		for (size_t k = 0; !d->old.done[i] && k < 3; k++)
			if (keys[k].s && !map_has(&old, keys[k]))
				map_put(&old, keys[k], NULL)->value.num = i;
	}
	for (uint32_t k = 0; k < d->new.bom->ncomponents; k++) {
		const struct identity *id = &d->new.ids[k];
		const struct str keys[] = { id->artifact, id->cpe, id->name };
		for (size_t n = 0; !d->new.done[k] && n < 3; n++) {
			struct map_entry *e = keys[n].s ? map_get(&old, keys[n]) : NULL;
			struct str why;
			if (!e || d->old.done[e->value.num])
				continue;
			uint32_t i = (uint32_t)e->value.num;
			if (identity_same(d->arena, &d->old.bom->components[i], &d->new.bom->components[k], &why) == CONFIDENCE_NONE)
				continue;
			note(d, CHANGE_POSSIBLY_SAME, i, k, why);
			d->old.done[i] = d->new.done[k] = true;
		}
	}
}

/* ---- what is in one only */

/* Why the other side could not have it; absent where it could. */
static struct str not_covered(struct diffing *d, const struct side *s, const struct side *other, uint32_t i)
{
	const struct component *c = &s->bom->components[i];
	struct str kind = kind_of(s, i);

	if (!d->out->two_tools)
		return STR_NONE;
	if (c->type == COMPONENT_FILE && !other->has_files)
		return STR("the other lists no files");
	if (!map_has(&other->ecosystems, kind))
		return arena_printf(d->arena, "the other lists nothing of kind %.*s", STR_ARG(kind));
	if (is_dev(c) && !other->has_dev)
		return STR("the other lists no development dependencies");
	return c->first_party ? STR("the project's own part") : STR_NONE;
}

static void list_rest(struct diffing *d, struct side *s, const struct side *other, bool is_old)
{
	for (uint32_t i = 0; i < s->bom->ncomponents; i++) {
		if (s->done[i])
			continue;
		struct str why = not_covered(d, s, other, i), v = version_text(d->arena, &s->bom->components[i]);
		enum change c;
		if (why.s)
			c = is_old ? CHANGE_ONLY_OLD : CHANGE_ONLY_NEW;
		else if (!has_version(s, i))
			c = is_old ? CHANGE_UNVERSIONED_OLD : CHANGE_UNVERSIONED_NEW;
		else
			c = is_old ? CHANGE_REMOVED : CHANGE_ADDED;
		note(d, c, is_old ? i : NO_COMPONENT, is_old ? NO_COMPONENT : i, why.s ? why : v);
	}
}

/* Without a version on either side the same package is the same package. */
static void pair_unversioned(struct diffing *d)
{
	struct map old;

	map_init(&old, d->arena);
	for (uint32_t i = 0; i < d->old.bom->ncomponents; i++)
		if (!d->old.done[i] && !has_version(&d->old, i) && !map_has(&old, d->old.packages[i]))
			map_put(&old, d->old.packages[i], NULL)->value.num = i;
	for (uint32_t k = 0; k < d->new.bom->ncomponents; k++) {
		struct map_entry *e = d->new.done[k] || has_version(&d->new, k) ? NULL : map_get(&old, d->new.packages[k]);
		if (e && !d->old.done[e->value.num] && d->old.bom->components[e->value.num].type == d->new.bom->components[k].type)
			pair(d, (uint32_t)e->value.num, k);
	}
}

static int compare_differences(const void *x, const void *y)
{
	const struct difference *a = x, *b = y;
	int n = (int)a->change - (int)b->change;

	if (!n)
		n = str_cmp(a->package, b->package);
	if (!n)
		n = str_cmp(a->detail, b->detail);
	if (!n)
		n = a->old < b->old ? -1 : a->old > b->old;
	return n ? n : a->new < b->new ? -1 : a->new > b->new;
}

/* One component may stand in a document many times, once for each file that names it: what changed is said once. */
static void say_once(struct diff *d)
{
	size_t kept = 0;

	for (size_t i = 0; i < d->list.n; i++) {
		const struct difference *it = &d->list.items[i], *before = kept ? &d->list.items[kept - 1] : NULL;
		if (before && before->change == it->change && str_eq(before->package, it->package) && str_eq(before->detail, it->detail))
			d->count[it->change]--;
		else
			d->list.items[kept++] = *it;
	}
	d->list.n = kept;
}

static bool two_tools(const struct bom *x, const struct bom *y)
{
	const struct document *d = &x->document, *e = &y->document;

	if (d->generator >= d->tools.n || e->generator >= e->tools.n)
		return true; /* not told: it may be another */
	const struct tool *t = &d->tools.items[d->generator], *u = &e->tools.items[e->generator];
	return !str_eq_nocase(t->name, u->name) || !str_eq(t->version, u->version);
}

void diff_boms(struct arena *a, const struct bom *old, const struct bom *new, struct diff *out)
{
	struct diffing d = { .arena = a, .out = out };

	*out = (struct diff){ .two_tools = two_tools(old, new) };
	open_side(a, &d.old, old);
	open_side(a, &d.new, new);
	pair_by(&d, strong_key);
	drop_repeats(&d, &d.old);
	drop_repeats(&d, &d.new);
	pair_by(&d, cpe_only_key);
	pair_by(&d, name_key);
	pair_unversioned(&d);
	pair_versions(&d);
	pair_weakly(&d);
	list_rest(&d, &d.old, &d.new, true);
	list_rest(&d, &d.new, &d.old, false);
	if (out->list.n)
		qsort(out->list.items, out->list.n, sizeof *out->list.items, compare_differences);
	say_once(out);
}

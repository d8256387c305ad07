/* Reports of a rescan read back: the clocks of an earlier one, or the legs of one that was spread. */
#include "base/limits.h"
#include "base/sort.h"
#include "cmd/rescan_clocks.h"
#include "io/file.h"

const char *const rescan_field_names[RESCAN_FIELDS] = {
#define FIELD(id, name) [FIELD_##id] = name,
#include "cmd/rescan_fields.def"
#undef FIELD
};

struct str rescan_key(struct arena *a, const struct rescan_row *row)
{
	const struct str *v = row->field;

	return arena_printf(a, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(v[FIELD_PRODUCT]), STR_ARG(v[FIELD_VERSION]), STR_ARG(v[FIELD_SERVICE]),
			    STR_ARG(v[FIELD_PURL].len ? v[FIELD_PURL] : v[FIELD_COMPONENT]), STR_ARG(v[FIELD_COMPONENT_VERSION]), STR_ARG(v[FIELD_ID]));
}

struct rescan_product *rescan_product_of(struct rescan *r, struct str name)
{
	struct map_entry *e = map_put(&r->by_name, name, NULL);

	if (!e->value.num) {
		*VEC_ADD(r->arena, &r->products) = (struct rescan_product){ .name = name };
		e->value.num = r->products.n;
	}
	return &r->products.items[e->value.num - 1];
}

void rescan_read_row(const struct json *j, struct rescan_row *row)
{
	struct str word = json_get_string(j, "level");
	enum outcome level = OUTCOME_DEFER;

	for (unsigned i = 0; i < RESCAN_FIELDS; i++) {
		struct str s = json_get_string(j, rescan_field_names[i]);
		row->field[i] = s.s ? s : STR("");
	}
	outcome_of(word, &level);
	row->level = level;
	row->newly = json_get_bool(j, "newly");
	row->exploited = json_get_bool(j, "exploited");
	row->not_patchable = json_get_bool(j, "notPatchable");
}

static size_t number(const struct json *j, const char *key)
{
	uint64_t n;

	return json_to_u64(json_get(j, key), &n) ? (size_t)n : 0;
}

static void read_products(struct rescan *r, const struct json *j)
{
	for (JSON_EACH(e, json_get(j, "products"))) {
		struct rescan_product *p = rescan_product_of(r, json_get_string(e, "product"));
		p->sboms += number(e, "sboms");
		p->named = p->named || json_get_bool(e, "named");
		if (!p->home.len)
			p->home = json_get_string(e, "repository");
		if (!p->owner.len)
			p->owner = json_get_string(e, "owner");
	}
}

static void read_rest(struct rescan *r, const struct json *j)
{
	for (JSON_EACH(f, json_get(j, "unreadable"))) {
		r->fleet.product = json_get_string(f, "product");
		fleet_fail(&r->fleet, json_get_bool(f, "network"), json_get_string(f, "what"), json_get_string(f, "why"));
	}
	r->fleet.product = STR_NONE;
	read_products(r, j);
	for (JSON_EACH(u, json_get(j, "noData")))
		*VEC_ADD(r->arena, &r->unknown) = (struct rescan_unknown){ json_get_string(u, "product"), json_get_string(u, "version"),
									    json_get_string(u, "component"), json_get_string(u, "why") };
	*VEC_ADD(r->arena, &r->legs) = json_get_string(j, "leg");
	r->sboms += number(j, "sboms");
	r->findings += number(j, "findings");
	r->not_supported += number(j, "notSupported");
	r->stale = r->stale || json_get_bool(j, "stale");
	if (!r->data_date.len || str_cmp(json_get_string(j, "dataCheckedAt"), r->data_date) < 0)
		r->data_date = json_get_string(j, "dataCheckedAt");
}

static const struct json *report_at(struct rescan *r, struct str path)
{
	struct str text, why;
	const char *wrong = NULL;

	if (!file_read(r->arena, arena_cstr(r->arena, path), LIMIT_SBOM, &text, &why)) {
		complain("%.*s: %.*s", STR_ARG(path), STR_ARG(why));
		return NULL;
	}
	const struct json *j = json_parse(r->arena, text, &wrong, NULL);
	if (str_is(json_get_string(j, "kind"), "bomgate-rescan"))
		return j;
	complain("%.*s: is no report of a rescan%s%s", STR_ARG(path), wrong ? ": " : "", wrong ? wrong : "");
	return NULL;
}

bool rescan_read_state(struct rescan *r, struct str path)
{
	enum file_kind kind;

	if (!file_kind(arena_cstr(r->arena, path), &kind))
		return true; /* the first time */
	const struct json *j = report_at(r, path);
	if (j)
		rescan_clocks_read(r, j, false);
	return j != NULL;
}

bool rescan_merge(struct rescan *r, const struct str *paths, size_t n)
{
	struct map legs;
	VEC(const struct json *) found = { 0 };

	map_init(&legs, r->arena);
	for (size_t i = 0; i < n; i++) {
		const struct json *j = report_at(r, paths[i]);
		struct str leg = json_get_string(j, "leg");
		if (!j)
			return false;
		struct map_entry *e = leg.len ? map_put(&legs, leg, NULL) : NULL;
		if (!e || !e->value.num) {
			*VEC_ADD(r->arena, &found) = j;
			if (e)
				e->value.num = found.n;
		} else if (str_cmp(json_get_string(found.items[e->value.num - 1], "asOf"), json_get_string(j, "asOf")) <= 0) {
			found.items[e->value.num - 1] = j; /* the leg ran again: its later report holds, whole */
		}
	}
	for (size_t i = 0; i < found.n; i++) {
		rescan_clocks_read(r, found.items[i], true);
		read_rest(r, found.items[i]);
	}
	return true;
}

static int compare(const void *x, const void *y)
{
	const struct rescan_row *a = x, *b = y;
	static const enum rescan_field order[] = { FIELD_PRODUCT, FIELD_VERSION, FIELD_SERVICE, FIELD_COMPONENT, FIELD_COMPONENT_VERSION, FIELD_ID, FIELD_PURL,
						   FIELD_SOURCE, FIELD_SEEN };

	if (a->newly != b->newly)
		return a->newly ? -1 : 1;
	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		int n = str_cmp(a->field[order[i]], b->field[order[i]]);
		if (n)
			return n;
	}
	return 0;
}

struct rescan_rows {
	struct rescan_row *items;
	size_t n;
};

/* A leg that ran twice: what it said last holds. */
static void settle(struct arena *a, struct rescan_rows *rows)
{
	struct map last; /* key to the index of the row that holds, plus one */
	size_t n = 0;

	map_init(&last, a);
	for (size_t i = 0; i < rows->n; i++) {
		struct map_entry *e = map_put(&last, rescan_key(a, &rows->items[i]), NULL);
		const struct rescan_row *was = e->value.num ? &rows->items[e->value.num - 1] : NULL;
		int order = was ? str_cmp(was->field[FIELD_SEEN], rows->items[i].field[FIELD_SEEN]) : -1;
		if (order < 0 || (order == 0 && str_cmp(was->field[FIELD_SOURCE], rows->items[i].field[FIELD_SOURCE]) > 0))
			e->value.num = i + 1;
	}
	bool *stays = arena_array(a, rows->n + 1, sizeof *stays);
	for (size_t i = 0; i < last.n; i++)
		stays[last.entries[i].value.num - 1] = true;
	for (size_t i = 0; i < rows->n; i++)
		if (stays[i])
			rows->items[n++] = rows->items[i];
	rows->n = n;
	sort_items(a, rows->items, n, sizeof *rows->items, compare);
}

void rescan_settle(struct rescan *r)
{
	struct rescan_rows rows = { r->rows.items, r->rows.n }, past = { r->past.items, r->past.n };

	settle(r->arena, &rows);
	settle(r->arena, &past);
	r->rows.n = rows.n;
	r->past.n = past.n;
}

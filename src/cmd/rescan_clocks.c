#include "cmd/rescan_clocks.h"

#include <stdlib.h>

#include "base/sha256.h"
#include "base/timestamp.h"

#define KEY_LENGTH 16 /* hex digits */
#define HOUR 3600

/* ---- the same finding */

/* A purl without version, qualifiers and subpath. */
static struct str package_of(struct str purl)
{
	size_t end = str_chr(purl, '?');

	purl = str_sub(purl, 0, end);
	purl = str_sub(purl, 0, str_chr(purl, '#'));
	size_t at = str_rchr(purl, '@');
	return at == STR_NOT_FOUND || at == 0 ? purl : str_sub(purl, 0, at);
}

static void add_part(struct sha256 *h, struct str part)
{
	sha256_add(h, part.s, part.len);
	sha256_add(h, "\n", 1);
}

static struct str key_of(const struct rescan_row *row, struct str id, char out[KEY_LENGTH])
{
	const struct str *v = row->field;
	struct sha256 h;
	uint8_t hash[32];

	sha256_init(&h);
	add_part(&h, v[FIELD_PRODUCT]);
	add_part(&h, v[FIELD_VERSION]);
	add_part(&h, v[FIELD_SERVICE]);
	add_part(&h, v[FIELD_PURL].len ? package_of(v[FIELD_PURL]) : v[FIELD_COMPONENT]);
	add_part(&h, id);
	sha256_end(&h, hash);
	hex_write(hash, KEY_LENGTH / 2, out);
	return str_make(out, KEY_LENGTH);
}

static struct str key_kept(struct arena *a, const struct rescan_row *row)
{
	char key[KEY_LENGTH];

	return arena_str(a, key_of(row, row->field[FIELD_ID], key));
}

static struct rescan_clock *find(struct rescan *r, const struct rescan_row *row, const struct rescan_sighting *s)
{
	struct rescan_clock *first = NULL;
	char key[KEY_LENGTH];

	for (size_t i = 0; r->before.n && i < s->nids; i++) {
		struct map_entry *e = map_get(&r->before, key_of(row, s->ids[i], key));
		struct rescan_clock *c = e ? e->value.ptr : NULL;
		if (!c)
			continue;
		c->met = true;
		if (!first || (c->row && !first->row) || (!c->gone.len && first->gone.len))
			first = c;
	}
	return first;
}

/* ---- times */

static int64_t time_of(struct str s)
{
	int64_t t;

	return timestamp_parse(s, &t) ? t : -1;
}

static struct str text_of(struct rescan *r, int64_t t)
{
	return t < 0 ? STR("") : timestamp_text(r->arena, t);
}

/* Which of two is earlier; what says nothing does not count. The texts stay as they are: data often names a day only. */
static struct str earlier(struct str a, struct str b)
{
	int64_t s = time_of(a), t = time_of(b);

	return s < 0 ? b : t < 0 || s <= t ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void exploited(struct rescan *r, struct rescan_row *row, const struct rescan_row *old, bool is_back, const struct rescan_sighting *s)
{
	struct str *v = row->field;
	bool was = old && old->field[FIELD_BECAME_ACTIVE].len, runs = was && !old->field[FIELD_INACTIVE].len;
	struct str active = s->active.len ? arena_str(r->arena, s->active) : STR("");

	if (!row->exploited) { /* what was known then, and its marks, are history that stays */
		static const enum rescan_field kept[] = { FIELD_BECAME_ACTIVE, FIELD_KNOWN, FIELD_MARK_24, FIELD_MARK_72 };
		for (size_t i = 0; was && i < sizeof kept / sizeof kept[0]; i++)
			v[kept[i]] = old->field[kept[i]];
		if (was)
			v[FIELD_INACTIVE] = runs ? text_of(r, r->now) : old->field[FIELD_INACTIVE];
		return;
	}
	/* Data may name a later day for it than it did before, such as that of KEV after that of Vulnrichment. */
	v[FIELD_BECAME_ACTIVE] = runs ? earlier(old->field[FIELD_BECAME_ACTIVE], active) : active;
	if (time_of(v[FIELD_BECAME_ACTIVE]) < 0)
		v[FIELD_BECAME_ACTIVE] = text_of(r, r->now);
	/* Known in this product once both are so: the flaw is exploited, and the product has it (again). */
	int64_t known = later(time_of(v[FIELD_BECAME_ACTIVE]), later(time_of(v[FIELD_FIRST_SEEN]), time_of(v[FIELD_REOPENED])));
	int64_t before = runs && !is_back ? time_of(old->field[FIELD_KNOWN]) : -1; /* a mark that was told is not moved away */
	known = known > r->now ? r->now : known;
	known = before >= 0 && before < known ? before : known;
	v[FIELD_KNOWN] = text_of(r, known);
	v[FIELD_MARK_24] = text_of(r, known + 24 * HOUR);
	v[FIELD_MARK_72] = text_of(r, known + 72 * HOUR);
}

static void closing(struct rescan *r, struct rescan_row *row, const struct rescan_clock *before, const struct rescan_row *old, const struct rescan_sighting *s)
{
	struct str *v = row->field, now = text_of(r, r->now);
	bool runs = old && old->level >= OUTCOME_OUT_OF_CYCLE && !before->gone.len;
	int64_t until = -1;

	if (row->level >= OUTCOME_OUT_OF_CYCLE) {
		v[FIELD_NEWLY_CLOSING] = runs && old->field[FIELD_NEWLY_CLOSING].len	      ? old->field[FIELD_NEWLY_CLOSING] :
					 !before && s->recorded.len && s->level_then >= OUTCOME_OUT_OF_CYCLE ? v[FIELD_FIRST_SEEN] :
												    now;
		if (row->level == OUTCOME_IMMEDIATE)
			v[FIELD_IMMEDIATE_SINCE] = runs && old->level == OUTCOME_IMMEDIATE && old->field[FIELD_IMMEDIATE_SINCE].len ? old->field[FIELD_IMMEDIATE_SINCE] :
						   !before && s->recorded.len && s->level_then == OUTCOME_IMMEDIATE ? v[FIELD_FIRST_SEEN] :
														      now;
	}
	/* The days of an outcome run since it holds; to become more urgent never gives more time. Below Out-of-cycle it has held, for all that
	 * is kept, since the product has the flaw (again): an earlier day than the true one, never a later. */
	int64_t since = row->level < OUTCOME_OUT_OF_CYCLE ? later(time_of(v[FIELD_FIRST_SEEN]), time_of(v[FIELD_REOPENED])) :
			time_of(v[row->level == OUTCOME_IMMEDIATE ? FIELD_IMMEDIATE_SINCE : FIELD_NEWLY_CLOSING]);
	if (since >= 0 && s->within >= 0)
		until = since + s->within;
	if (row->level == OUTCOME_IMMEDIATE && s->within_below >= 0) {
		int64_t below = time_of(v[FIELD_NEWLY_CLOSING]) + s->within_below;
		until = until < 0 || below < until ? below : until;
	}
	v[FIELD_RESPOND_BY] = text_of(r, until);
}

bool rescan_clock(struct rescan *r, struct rescan_row *row, const struct rescan_sighting *s)
{
	struct rescan_clock *before = find(r, row, s);
	const struct rescan_row *old = before ? before->row : NULL;
	struct str *v = row->field, key = key_kept(r->arena, row);
	int64_t recorded = time_of(s->recorded), now = r->now;
	bool fresh, ever = old && old->field[FIELD_BECAME_ACTIVE].len;

	map_put(&r->met, key, &fresh);
	v[FIELD_FIRST_SEEN] = before && before->first_seen.len ? before->first_seen : text_of(r, recorded >= 0 && recorded < now ? recorded : now);
	if (!s->counts || (row->level < OUTCOME_OUT_OF_CYCLE && !row->exploited && !ever)) {
		if (!r->remembers || !fresh)
			return false;
		struct rescan_clock *c = ARENA_NEW(r->arena, struct rescan_clock);
		*c = (struct rescan_clock){ .product = v[FIELD_PRODUCT], .version = v[FIELD_VERSION], .key = key, .first_seen = v[FIELD_FIRST_SEEN], .met = true };
		*VEC_ADD(r->arena, &r->quiet) = c;
		return false;
	}
	v[FIELD_REOPENED] = before && before->gone.len ? text_of(r, now) : old ? old->field[FIELD_REOPENED] : STR("");
	exploited(r, row, old, before && before->gone.len, s);
	closing(r, row, before, old, s);
	return true;
}

/* ---- what is gone */

static struct str unit_key(struct arena *a, struct str product, struct str version)
{
	return arena_printf(a, "%.*s\n%.*s", STR_ARG(product), STR_ARG(version));
}

void rescan_looked_at(struct rescan *r, struct str product, struct str version, struct str commit)
{
	struct str key = unit_key(r->arena, product, version);
	struct map_entry *e = map_put(&r->looked, key, NULL);

	if (!e->value.ptr) {
		struct str *kept = ARENA_NEW(r->arena, struct str);
		*kept = arena_str(r->arena, commit);
		e->value.ptr = kept;
	}
}

/* What belongs to nobody known may be of any product that its documents name themselves. */
bool rescan_is_whole(const struct rescan *r, const struct rescan_product *p)
{
	if (r->stale)
		return false;
	for (VEC_EACH(const struct fleet_failure, f, &r->fleet.failures))
		if (str_eq(f->product, p->name) || (p->home.len && str_eq(f->product, p->home)) || (!f->product.len && !p->named))
			return false;
	return true;
}

static void leave(struct rescan *r, struct rescan_clock *c)
{
	struct map_entry *e = map_get(&r->looked, unit_key(r->arena, c->product, c->version)), *p = map_get(&r->by_name, c->product);
	bool looked = e && p && rescan_is_whole(r, &r->products.items[p->value.num - 1]);
	bool went = looked && !c->gone.len;

	c->met = looked;
	if (went)
		c->gone = text_of(r, r->now);
	if (!c->row) {
		*VEC_ADD(r->arena, &r->quiet) = c;
		return;
	}
	struct rescan_row *row = VEC_ADD(r->arena, &r->past);
	*row = *c->row;
	row->carried = !looked;
	row->newly = false;
	row->field[FIELD_GONE] = c->gone.len ? c->gone : STR("");
	if (went)
		row->field[FIELD_GONE_IN] = ((const struct str *)e->value.ptr)->len ? *(const struct str *)e->value.ptr : STR("");
}

void rescan_clocks_end(struct rescan *r)
{
	for (size_t i = 0; i < r->before.n; i++) {
		struct rescan_clock *c = r->before.entries[i].value.ptr;
		if (!c->met && !map_has(&r->met, c->key))
			leave(r, c);
	}
}

/* ---- in reports */

static void remember(struct rescan *r, struct rescan_clock *c, bool of_leg)
{
	bool fresh;

	if (of_leg) {
		map_put(&r->met, c->key, &fresh);
		if (fresh && !c->row)
			*VEC_ADD(r->arena, &r->quiet) = c;
		return;
	}
	struct map_entry *e = map_put(&r->before, c->key, &fresh);
	struct rescan_clock *was = e->value.ptr;
	if (fresh) {
		e->value.ptr = c;
		return;
	}
	/* Two versions of a package in one SBOM are one finding: the worst of them. */
	struct str first = earlier(was->first_seen, c->first_seen);
	if (c->row && (!was->row || (was->gone.len && !c->gone.len) || (was->gone.len == c->gone.len && c->row->level > was->row->level)))
		e->value.ptr = was = c;
	was->first_seen = first;
}

static void read_row(struct rescan *r, struct rescan_row *row, bool of_leg)
{
	struct rescan_clock *c = ARENA_NEW(r->arena, struct rescan_clock);
	struct str *v = row->field;

	*c = (struct rescan_clock){ .product = v[FIELD_PRODUCT], .version = v[FIELD_VERSION], .key = key_kept(r->arena, row), .first_seen = v[FIELD_FIRST_SEEN],
				    .gone = v[FIELD_GONE], .row = row };
	remember(r, c, of_leg);
}

static void read_quiet(struct rescan *r, const struct json *unit, bool of_leg)
{
	struct str product = json_get_string(unit, "product"), version = json_get_string(unit, "version");

	for (JSON_EACH(g, json_get(unit, "findings"))) {
		struct str keys = json_get_string(g, "keys");
		for (size_t at = 0; at + KEY_LENGTH <= keys.len; at += KEY_LENGTH) {
			struct rescan_clock *c = ARENA_NEW(r->arena, struct rescan_clock);
			*c = (struct rescan_clock){ .product = product, .version = version, .key = str_sub(keys, at, KEY_LENGTH),
						    .first_seen = json_get_string(g, "firstSeen"), .gone = json_get_string(g, "goneSince"), .met = of_leg };
			remember(r, c, of_leg);
		}
	}
}

void rescan_clocks_read(struct rescan *r, const struct json *report, bool of_leg)
{
	static const char *const lists[] = { "rows", "past" };

	for (size_t i = 0; i < 2; i++)
		for (JSON_EACH(j, json_get(report, lists[i]))) {
			struct rescan_row *row = ARENA_NEW(r->arena, struct rescan_row);
			rescan_read_row(j, row);
			read_row(r, row, of_leg);
			if (of_leg)
				*(i ? VEC_ADD(r->arena, &r->past) : VEC_ADD(r->arena, &r->rows)) = *row;
		}
	for (JSON_EACH(unit, json_get(report, "clocks")))
		read_quiet(r, unit, of_leg);
}

static int by_unit(const struct rescan_clock *a, const struct rescan_clock *b)
{
	int n = str_cmp(a->product, b->product);

	return n ? n : str_cmp(a->version, b->version);
}

static int by_times(const struct rescan_clock *a, const struct rescan_clock *b)
{
	int n = str_cmp(a->first_seen, b->first_seen);

	return n ? n : str_cmp(a->gone, b->gone);
}

static int by_all(const void *x, const void *y)
{
	const struct rescan_clock *a = *(struct rescan_clock *const *)x, *b = *(struct rescan_clock *const *)y;
	int n = by_unit(a, b);

	n = n ? n : by_times(a, b);
	return n ? n : str_cmp(a->key, b->key);
}

static void write_times(struct json_writer *w, struct rescan_clock *const *list, size_t n)
{
	struct buf keys;

	buf_init(&keys, n * KEY_LENGTH + 1);
	for (size_t i = 0; i < n; i++)
		buf_add(&keys, list[i]->key);
	json_begin_object(w);
	json_member(w, "firstSeen", list[0]->first_seen);
	json_member_opt(w, "goneSince", list[0]->gone);
	json_member(w, "keys", buf_str(&keys));
	json_end_object(w);
	buf_free(&keys);
}

void rescan_clocks_write(const struct rescan *r, struct json_writer *w)
{
	struct rescan_clock **list = arena_array(r->arena, r->quiet.n + 1, sizeof *list);
	size_t n = 0;

	for (size_t i = 0; i < r->quiet.n; i++)
		if (r->whole_state || r->quiet.items[i]->met)
			list[n++] = r->quiet.items[i];
	if (!n)
		return;
	qsort(list, n, sizeof *list, by_all);
	json_put_key(w, "clocks");
	json_begin_array(w);
	for (size_t i = 0, end; i < n; i = end) {
		json_begin_object(w);
		json_member(w, "product", list[i]->product);
		json_member_opt(w, "version", list[i]->version);
		json_put_key(w, "findings");
		json_begin_array(w);
		for (end = i; end < n && by_unit(list[i], list[end]) == 0;) {
			size_t start = end;
			while (end < n && by_unit(list[i], list[end]) == 0 && by_times(list[start], list[end]) == 0)
				end++;
			write_times(w, list + start, end - start);
		}
		json_end_array(w);
		json_end_object(w);
	}
	json_end_array(w);
}

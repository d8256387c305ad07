/* Tables from files: CERT/CC's Decision Table 2.0.0 (JSON: namespace, key, version, decision_points, outcome, mapping) and the
 * CSV beside it (a heading "Exploitation v1.1.0,…", the outcome's column last; a first column "row" is skipped). */
#include "decide/table_build.h"
#include "syntax/json.h"
#include "syntax/lines.h"

#define NONE STR_NOT_FOUND

static bool point_of_json(struct table_build *b, struct str id, const struct json *j, struct ssvc_point *out)
{
	struct str values = STR("");
	const char *why = NULL;

	for (JSON_EACH(v, json_get(j, "values"))) {
		struct str key = json_get_string(v, "key"), name = json_get_string(v, "name");
		if (!key.s || str_chr(key, '|') != NONE || str_chr(key, '=') != NONE || (name.s && str_chr(name, '|') != NONE)) {
			b->why = arena_printf(b->arena, "a value of %.*s has no usable key and name", STR_ARG(id));
			return false;
		}
		values = arena_printf(b->arena, "%.*s%s%.*s=%.*s", STR_ARG(values), values.len ? "|" : "", STR_ARG(key),
				      STR_ARG(name.s ? name : key));
	}
	if (!ssvc_point_make(b->arena, id, json_get_string(j, "name").s ? json_get_string(j, "name") : id, values, out, &why)) {
		b->why = arena_printf(b->arena, "%.*s: %s", STR_ARG(id), why);
		return false;
	}
	return true;
}

static bool json_points(struct table_build *b, const struct json *root)
{
	struct str outcome = json_get_string(root, "outcome");

	for (JSON_EACH(j, json_get(root, "decision_points"))) {
		struct ssvc_point *p = ARENA_NEW(b->arena, struct ssvc_point);
		if (!point_of_json(b, arena_str(b->arena, json_key(j)), j, p))
			return false;
		if (str_eq(p->id, outcome))
			b->table->outcome = p;
		else if (!table_build_point(b, p))
			return false;
	}
	if (!b->table->outcome && outcome.s)
		b->table->outcome = ssvc_point_by_id(b->arena, outcome);
	return table_build_start(b);
}

static bool json_row(struct table_build *b, const struct json *row)
{
	struct str words[SSVC_MAX_POINTS + 1];
	unsigned n = b->table->npoints;

	if (json_count(row) != n + 1) {
		b->why = arena_printf(b->arena, "row %zu has not one value for each point and the outcome", b->rows);
		return false;
	}
	for (unsigned i = 0; i <= n; i++) {
		const struct ssvc_point *p = i < n ? b->table->points[i] : b->table->outcome;
		words[i] = json_get_string(row, arena_cstr(b->arena, p->id));
		if (!words[i].s) {
			b->why = arena_printf(b->arena, "row %zu has no value for %.*s", b->rows, STR_ARG(p->id));
			return false;
		}
	}
	return table_build_row(b, words);
}

static bool parse_json(struct table_build *b, struct str text, size_t *offset)
{
	const char *error = NULL;
	const struct json *root = json_parse(b->arena, text, &error, offset);
	struct str ns = json_get_string(root, "namespace"), key = json_get_string(root, "key"), version = json_get_string(root, "version");

	if (!root) {
		b->why = str_of(error ? error : "it is no JSON");
		return false;
	}
	*offset = 0;
	if (!ns.s || !key.s || !version.s || json_type(json_get(root, "mapping")) != JSON_ARRAY) {
		b->why = STR("it is no decision table: namespace, key, version, decision_points, outcome and mapping are needed");
		return false;
	}
	b->table->id = arena_printf(b->arena, "%.*s:%.*s:%.*s", STR_ARG(ns), STR_ARG(key), STR_ARG(version));
	b->table->name = json_get_string(root, "name").s ? json_get_string(root, "name") : b->table->id;
	if (!json_points(b, root))
		return false;
	for (JSON_EACH(row, json_get(root, "mapping")))
		if (!json_row(b, row))
			return false;
	return true;
}

/* ---- CSV (RFC 4180 without line breaks inside a field) */

/* Cuts the next field off *rest. Quotes are taken away; "" inside quotes is left as it stands (no known heading has one). */
static struct str csv_field(struct str *rest)
{
	if (rest->len && rest->s[0] == '"') {
		size_t end = str_find(*rest, STR("\""), 1);
		struct str field = str_sub(*rest, 1, end == NONE ? rest->len : end - 1);
		*rest = end == NONE ? STR_NONE : str_from(*rest, end + 1);
		(void)str_cut(rest, ',');
		return str_trim(field);
	}
	return str_trim(str_cut(rest, ','));
}

/* "Exploitation v1.1.0" or "In KEV v1.0.0 (cisa)" or just "Exploitation": the published point. */
static const struct ssvc_point *csv_point(struct table_build *b, struct str heading)
{
	static const char *const older[][2] = {
		{ "Exposure", "System Exposure" },
		{ "Priority", "Defer, Scheduled, Out-of-Cycle, Immediate" },
		{ "Situated Safety Impact", "Safety Impact" },
	};
	struct str name = heading, version = STR("");
	size_t v = str_find(heading, STR(" v"), 0), next;

	while (v != NONE && (next = str_find(heading, STR(" v"), v + 1)) != NONE)
		v = next;
	if (v != NONE && v + 2 < heading.len && ascii_digit(heading.s[v + 2])) {
		struct str tail = str_from(heading, v + 2);
		name = str_sub(heading, 0, v);
		version = str_cut(&tail, ' ');
	}
	for (size_t i = 0; i < sizeof older / sizeof older[0]; i++)
		if (ssvc_word_eq(name, str_of(older[i][0])))
			name = str_of(older[i][1]);
	return ssvc_point_by_name(b->arena, name, version);
}

static bool csv_heading(struct table_build *b, struct str line, bool *numbered)
{
	const struct ssvc_point *before = NULL;

	while (line.s) {
		struct str heading = csv_field(&line);
		if (!before && b->table->npoints == 0 && !*numbered && ssvc_word_eq(heading, STR("row"))) {
			*numbered = true;
			continue;
		}
		if (before && !table_build_point(b, before))
			return false;
		before = csv_point(b, heading);
		if (!before) {
			b->why = arena_printf(b->arena, "the column \"%.*s\" is no published decision point; give its values in the JSON form",
					      STR_ARG(str_sub(heading, 0, 80)));
			return false;
		}
	}
	b->table->outcome = before;
	return table_build_start(b);
}

static bool csv_row(struct table_build *b, struct str line, bool numbered)
{
	struct str words[SSVC_MAX_POINTS + 1];

	if (numbered)
		(void)csv_field(&line);
	for (unsigned i = 0; i <= b->table->npoints; i++) {
		if (!line.s) {
			b->why = arena_printf(b->arena, "row %zu has too few columns", b->rows);
			return false;
		}
		words[i] = csv_field(&line);
	}
	if (line.s) {
		b->why = arena_printf(b->arena, "row %zu has too many columns", b->rows);
		return false;
	}
	return table_build_row(b, words);
}

static bool parse_csv(struct table_build *b, struct str text, size_t *offset)
{
	struct lines l;
	bool numbered = false, headed = false;

	lines_open(&l, text);
	while (lines_next(&l)) {
		*offset = l.offset;
		if (!str_trim(l.line).len)
			continue;
		if (!headed ? !csv_heading(b, l.line, &numbered) : !csv_row(b, l.line, numbered))
			return false;
		headed = true;
	}
	if (!headed)
		b->why = STR("it is empty");
	return headed;
}

const struct ssvc_table *ssvc_table_parse(struct arena *a, struct str text, struct str label, struct str *why, size_t *offset)
{
	struct table_build b = { .arena = a };
	struct str start = str_trim(text);
	size_t nowhere;
	bool good;

	offset = offset ? offset : &nowhere;
	*offset = 0;
	b.table = ARENA_NEW(a, struct ssvc_table);
	b.table->id = b.table->name = arena_str(a, label);
	good = start.len && start.s[0] == '{' ? parse_json(&b, text, offset) : parse_csv(&b, text, offset);
	if (good && !table_build_end(&b)) {
		*offset = 0;
		good = false;
	}
	if (!good) {
		*why = b.why;
		return NULL;
	}
	return b.table;
}

/* Values of the configuration by the table of keys. */
#include "decide/policy_parse.h"

#include <stdarg.h>
#include <stddef.h>

#include "base/timestamp.h"
#include "identity/purl.h"

const struct key policy_keys[] = {
#define KEY(section, name, type, words, target, field, flags, help)                                                      \
	{ section, name, type, words, #target, offsetof(struct target, field), flags, help },
#include "decide/policy_keys.def"
#undef KEY
};
const size_t policy_keys_n = sizeof policy_keys / sizeof policy_keys[0];

bool policy_wrong(struct policy_parse *p, size_t offset, const char *fmt, ...)
{
	va_list ap;
	struct str text;

	va_start(ap, fmt);
	text = arena_vprintf(p->arena, fmt, ap);
	va_end(ap);
	diag_add(p->diags, SEV_ERROR, "usage.config", p->file, offset, "%.*s", STR_ARG(text));
	p->failed = true;
	return false;
}

unsigned policy_line(struct policy_parse *p, size_t offset)
{
	if (!p->line || offset < p->line_at) {
		p->line = 1;
		p->line_at = 0;
	}
	for (; p->line_at < offset && p->line_at < p->text.len; p->line_at++)
		p->line += p->text.s[p->line_at] == '\n';
	return p->line;
}

bool policy_until(struct str text, int64_t *over)
{
	bool day = text.len == 10 && str_chr(text, '-') == 4;

	if (text.len < 10 || str_chr(text, '-') != 4 || !timestamp_parse(text, over))
		return false;
	*over += day ? 86400 : 0;
	return true;
}

struct str policy_words_text(struct arena *a, const char *words)
{
	struct str rest = str_of(words), text = STR("");

	while (rest.s) {
		struct str word = str_cut(&rest, '|');
		text = arena_concat(a, text, !text.len ? STR("") : rest.s ? STR(", ") : STR(" or "), word);
	}
	return text;
}

unsigned policy_distance(struct str a, struct str b, unsigned most)
{
	unsigned row[65];

	if (a.len > 64 || b.len > 64)
		return most + 1;
	for (unsigned i = 0; i <= b.len; i++)
		row[i] = i;
	for (unsigned i = 1; i <= a.len; i++) {
		unsigned corner = row[0];
		row[0] = i;
		for (unsigned j = 1; j <= b.len; j++) {
			unsigned keep = row[j], best = corner + (ascii_lower(a.s[i - 1]) != ascii_lower(b.s[j - 1]));
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (keep + 1 < best)
				best = keep + 1;
			corner = keep;
			row[j] = best;
		}
	}
	return row[b.len];
}

static bool is_scalar(const struct value *v)
{
	return v->type == VALUE_STRING || v->type == VALUE_NUMBER || v->type == VALUE_BOOL || v->type == VALUE_DATE;
}

static struct str shown(struct str text)
{
	return str_sub(text, 0, 80);
}

/* ---- by type: each stores what it read and returns false with an error */

static bool set(struct policy_parse *p, void *field, const struct value *v, int64_t value)
{
	*(struct setting *)field = (struct setting){ true, p->may, policy_line(p, v->offset), value };
	return true;
}

static bool take_text(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	struct str text = str_trim(value_text(v));

	if (!text.len)
		return policy_wrong(p, v->offset, "`%s` is empty", k->name);
	*(struct str *)field = text;
	return true;
}

static bool take_purl(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	struct purl parsed;
	struct str why = STR_NONE;

	if (!purl_parse(p->arena, value_text(v), &parsed, &why))
		return policy_wrong(p, v->offset, "`%s`: \"%.*s\" is no purl (%.*s); such as pkg:npm/left-pad", k->name,
				    STR_ARG(shown(value_text(v))), STR_ARG(why));
	*(struct str *)field = value_text(v);
	return true;
}

struct until_field {
	struct str text;
	int64_t over;
};

static bool take_day(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	struct until_field *f = field;

	f->text = value_text(v);
	return policy_until(f->text, &f->over) ||
	       policy_wrong(p, v->offset, "`%s`: \"%.*s\" is no day; write it as 2027-01-31", k->name, STR_ARG(shown(f->text)));
}

static bool take_word(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	struct str rest = str_of(k->words);

	for (int64_t i = 0; rest.s; i++)
		if (ssvc_word_eq(str_cut(&rest, '|'), value_text(v)))
			return set(p, field, v, i);
	return policy_wrong(p, v->offset, "`%s`: \"%.*s\" is not known; it is %.*s", k->name, STR_ARG(shown(value_text(v))),
			    STR_ARG(policy_words_text(p->arena, k->words)));
}

static bool take_bool(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	struct str text = value_text(v);

	if (str_eq_nocase(text, STR("true")) || str_eq_nocase(text, STR("yes")))
		return set(p, field, v, 1);
	if (str_eq_nocase(text, STR("false")) || str_eq_nocase(text, STR("no")))
		return set(p, field, v, 0);
	return policy_wrong(p, v->offset, "`%s`: \"%.*s\" is neither true nor false", k->name, STR_ARG(shown(text)));
}

static bool take_duration(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	int64_t seconds;

	if (!duration_parse(value_text(v), &seconds))
		return policy_wrong(p, v->offset, "`%s`: \"%.*s\" is no duration; write it as 72h or 7d", k->name, STR_ARG(shown(value_text(v))));
	return set(p, field, v, seconds);
}

static const struct ssvc_point *point_cached(struct policy_parse *p, const char *id)
{
	for (unsigned i = 0; i < p->npoints; i++)
		if (str_is(p->points[i]->id, id))
			return p->points[i];
	const struct ssvc_point *point = ssvc_point_by_id(p->arena, str_of(id));
	if (p->npoints < sizeof p->points / sizeof p->points[0])
		p->points[p->npoints++] = point;
	return point;
}

static bool take_point(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	const struct ssvc_point *point = point_cached(p, k->words);
	unsigned value;

	if (!ssvc_value_of(point, value_text(v), &value))
		return policy_wrong(p, v->offset, "`%s`: \"%.*s\" is no value of %.*s; it is %.*s", k->name, STR_ARG(shown(value_text(v))),
				    STR_ARG(point->name), STR_ARG(ssvc_value_words(p->arena, point)));
	return set(p, field, v, value);
}

static bool take_outcome(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	unsigned level;

	if (!policy_level(p->policy->table, value_text(v), &level))
		return policy_wrong(p, v->offset, "`%s`: \"%.*s\" is no outcome of %.*s; it is %.*s, any or never", k->name,
				    STR_ARG(shown(value_text(v))), STR_ARG(p->policy->table->id),
				    STR_ARG(ssvc_value_words(p->arena, p->policy->table->outcome)));
	return set(p, field, v, level);
}

static bool take_outcomes(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	bool good = true;

	if (v->type != VALUE_TABLE)
		return policy_wrong(p, v->offset, "`%s` is a mapping from outcomes to durations, such as {immediate: 2d}", k->name);
	for (VALUE_EACH(e, v)) {
		unsigned level;
		if (!ssvc_value_of(p->policy->table->outcome, e->key, &level))
			good = policy_wrong(p, e->offset, "`%s`: \"%.*s\" is no outcome of %.*s; it is %.*s", k->name, STR_ARG(shown(e->key)),
					    STR_ARG(p->policy->table->id), STR_ARG(ssvc_value_words(p->arena, p->policy->table->outcome)));
		else if (!is_scalar(e))
			good = policy_wrong(p, e->offset, "`%.*s` is a duration such as 14d", STR_ARG(shown(e->key)));
		else
			good = take_duration(p, k, e, (struct setting *)field + level) && good;
	}
	return good;
}

static bool take_list(struct policy_parse *p, const struct key *k, const struct value *v, void *field)
{
	struct str_list *list = field;
	bool globs = k->type == KEY_GLOBS;

	if (is_scalar(v)) {
		*VEC_ADD(p->arena, list) = value_text(v);
		return true;
	}
	if (v->type != VALUE_LIST)
		return policy_wrong(p, v->offset, "`%s` is a list of %s", k->name, globs ? "globs" : "texts");
	for (VALUE_EACH(e, v)) {
		struct str text = value_text(e);
		if (!is_scalar(e) || !str_trim(text).len)
			return policy_wrong(p, e->offset, "`%s` is a list of %s; this entry is none", k->name, globs ? "globs" : "texts");
		if (globs && str_ends(text, STR("/")))
			text = arena_concat(p->arena, text, STR("**"), STR(""));
		*VEC_ADD(p->arena, list) = text;
	}
	return true;
}

typedef bool take_fn(struct policy_parse *p, const struct key *k, const struct value *v, void *field);
static take_fn *const takers[] = {
	[KEY_TEXT] = take_text,	      [KEY_PURL] = take_purl,	  [KEY_DAY] = take_day,		  [KEY_WORD] = take_word,
	[KEY_BOOL] = take_bool,	      [KEY_DURATION] = take_duration, [KEY_POINT] = take_point, [KEY_OUTCOME] = take_outcome,
	[KEY_OUTCOMES] = take_outcomes, [KEY_GLOBS] = take_list,  [KEY_TEXTS] = take_list,
};

/* ---- sections */

static bool take_sections(struct policy_parse *p, const struct key *k, const struct value *v)
{
	enum value_type wanted = k->type == KEY_NAMED ? VALUE_TABLE : VALUE_LIST;
	bool good = true;

	if (v->type != wanted && v->type != VALUE_NULL)
		return policy_wrong(p, v->offset, k->type == KEY_NAMED ? "`%s` is a mapping from names to settings" : "`%s` is a list", k->name);
	for (VALUE_EACH(e, v)) {
		void *element;
		if (e->type != VALUE_TABLE) {
			good = policy_wrong(p, e->offset, "an entry of `%s` is a mapping", k->name);
			continue;
		}
		element = policy_open(p, k->words, e->key, e->offset);
		good = element && policy_take_section(p, k->words, e, element) && policy_close(p, k->words, element, e->offset) && good;
	}
	return good;
}

/* "{value: …, repository: may}" in an organisation's file: the value, and the mark. */
static const struct value *unwrap(struct policy_parse *p, const struct key *k, const struct value *v, bool *may)
{
	const struct value *mark = value_get(v, "repository"), *inner = value_get(v, "value");

	if (!mark || v->type != VALUE_TABLE)
		return v;
	if (!p->repository.s) {
		policy_wrong(p, mark->offset, "`repository` has a meaning only in a file that others extend");
		return NULL;
	}
	if (!str_is(value_text(mark), "may")) {
		policy_wrong(p, mark->offset, "`repository` can only be `may`");
		return NULL;
	}
	*may = true;
	if (k->type == KEY_SECTION)
		return v;
	if (!inner || v->n != 2) {
		policy_wrong(p, v->offset, "write `%s: {value: …, repository: may}`", k->name);
		return NULL;
	}
	return inner;
}

static bool take_key(struct policy_parse *p, const struct key *k, const struct value *v, void *target)
{
	bool outer = p->may, good;
	void *field = (char *)target + k->field;

	v = unwrap(p, k, v, &p->may);
	if (!v) {
		p->may = outer;
		return false;
	}
	if (k->type == KEY_SECTION && v->type != VALUE_TABLE && v->type != VALUE_NULL)
		good = policy_wrong(p, v->offset, "`%s` is a mapping", k->name);
	else if (k->type == KEY_SECTION)
		good = policy_take_section(p, k->words, v, target) && policy_close(p, k->words, target, v->offset);
	else if (k->type == KEY_SECTIONS || k->type == KEY_NAMED)
		good = take_sections(p, k, v);
	else if (k->type != KEY_OUTCOMES && k->type != KEY_GLOBS && k->type != KEY_TEXTS && !is_scalar(v))
		good = policy_wrong(p, v->offset, v->type == VALUE_NULL ? "`%s` has no value" : "`%s` is one value, no list or mapping", k->name);
	else
		good = takers[k->type](p, k, v, field);
	policy_mark(p, k, v);
	p->may = outer;
	return good;
}

static const struct key *find_key(const char *section, struct str name)
{
	for (size_t i = 0; i < policy_keys_n; i++)
		if (strcmp(policy_keys[i].section, section) == 0 && str_is(name, policy_keys[i].name))
			return &policy_keys[i];
	return NULL;
}

/* The nearest key of the section; else where the key would be known. */
static bool unknown_key(struct policy_parse *p, const char *section, const struct value *v)
{
	const char *nearest = NULL;
	unsigned best = v->key.len < 6 ? 2 : 3;
	struct str known = STR("");

	for (size_t i = 0; i < policy_keys_n; i++) {
		const struct key *k = &policy_keys[i];
		if (strcmp(k->section, section) != 0)
			continue;
		unsigned d = policy_distance(v->key, str_of(k->name), best);
		known = arena_concat(p->arena, known, known.len ? STR(", ") : STR(""), str_of(k->name));
		if (d <= best && (!nearest || d < best)) {
			best = d;
			nearest = k->name;
		}
	}
	if (nearest)
		return policy_wrong(p, v->offset, "`%.*s` is no known key; did you mean `%s`?", STR_ARG(shown(v->key)), nearest);
	for (size_t i = 0; i < policy_keys_n; i++)
		if (str_is(v->key, policy_keys[i].name))
			return policy_wrong(p, v->offset, "`%.*s` is no key here; it belongs to %s%s", STR_ARG(shown(v->key)),
					    *policy_keys[i].section ? policy_keys[i].section : "the top", *section ? "" : ", one level down");
	return policy_wrong(p, v->offset, "`%.*s` is no known key; here stand %.*s", STR_ARG(shown(v->key)), STR_ARG(known));
}

bool policy_take_section(struct policy_parse *p, const char *section, const struct value *v, void *target)
{
	bool good = true;

	for (VALUE_EACH(e, v))
		if (!find_key(section, e->key) && !(p->repository.s && str_is(e->key, "repository")))
			good = unknown_key(p, section, e);
	for (size_t i = 0; i < policy_keys_n; i++) {
		const struct key *k = &policy_keys[i];
		const struct value *e = strcmp(k->section, section) == 0 ? value_get(v, k->name) : NULL;
		if (e)
			good = take_key(p, k, e, target) && good;
		else if (strcmp(k->section, section) == 0 && k->flags & KEY_REQUIRED)
			good = policy_wrong(p, v->offset, "`%s` is missing: %s", k->name, k->help);
	}
	return good;
}

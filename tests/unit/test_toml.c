#include "test.h"

#include <errno.h>
#include <math.h>

#include "syntax/json.h"
#include "syntax/toml.h"

static struct value *parse(struct arena *a, const char *text)
{
	struct str error;
	size_t offset;

	return toml_parse(a, str_of(text), &error, &offset);
}

/* ---- the conformance suite: leaves are {"type": …, "value": …} */

/* The characters of a date without what the two sides may spell differently. */
static struct str plain_date(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);
	size_t n = s.len;

	for (size_t i = 0; i < n; i++)
		if (p[i] == ' ' || p[i] == 't')
			p[i] = 'T';
		else if (p[i] == 'z')
			p[i] = 'Z';
	char *dot = memchr(p, '.', n); /* fractions to the last digit that is no zero */
	if (dot) {
		char *end = dot + 1;
		while (ascii_digit(*end))
			end++;
		char *last = end;
		while (last > dot + 1 && last[-1] == '0')
			last--;
		if (last == dot + 1)
			last = dot;
		memmove(last, end, n - (size_t)(end - p) + 1);
		n -= (size_t)(end - last);
	}
	return str_make(p, n);
}

static struct str without_underscores(struct arena *a, struct str s)
{
	char *p = arena_cstr(a, s);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] != '_')
			p[n++] = s.s[i];
	p[n] = 0;
	return str_make(p, n);
}

static bool same_integer(struct arena *a, struct str got, struct str want)
{
	const char *s = without_underscores(a, got).s;
	int base = s[0] == '0' && s[1] == 'o' ? 8 : s[0] == '0' && s[1] == 'b' ? 2 : s[0] == '0' && s[1] == 'x' ? 16 : 10;

	errno = 0;
	long long n = strtoll(base == 8 || base == 2 ? s + 2 : s, NULL, base);
	return errno == 0 && n == strtoll(arena_cstr(a, want), NULL, 10);
}

static bool same_leaf(struct arena *a, const struct value *v, struct str type, struct str want)
{
	if (str_is(type, "string"))
		return v->type == VALUE_STRING && str_eq(v->text, want);
	if (str_is(type, "bool"))
		return v->type == VALUE_BOOL && str_eq(v->text, want);
	if (str_is(type, "integer"))
		return v->type == VALUE_NUMBER && same_integer(a, v->text, want);
	if (str_is(type, "float")) {
		double x = strtod(without_underscores(a, v->text).s, NULL), y = strtod(arena_cstr(a, want), NULL);
		return v->type == VALUE_NUMBER && (isnan(y) ? isnan(x) : x == y);
	}
	return v->type == VALUE_DATE && str_eq(plain_date(a, v->text), plain_date(a, want));
}

static bool same(struct arena *a, const struct value *v, const struct json *j)
{
	struct str type = json_get_string(j, "type");

	if (!v)
		return false;
	if (json_type(j) == JSON_OBJECT && json_count(j) == 2 && type.s && json_type(json_get(j, "value")) == JSON_STRING)
		return same_leaf(a, v, type, json_get_string(j, "value"));
	if (v->n != json_count(j))
		return false;
	if (json_type(j) == JSON_ARRAY) {
		const struct value *e = value_first(v);
		if (v->type != VALUE_LIST)
			return false;
		for (JSON_EACH(w, j)) {
			if (!same(a, e, w))
				return false;
			e = e->next;
		}
		return true;
	}
	if (v->type != VALUE_TABLE)
		return false;
	for (JSON_EACH(w, j))
		if (!same(a, value_get_str(v, json_key(w)), w))
			return false;
	return true;
}

static void one_file(const char *root, struct str name)
{
	struct arena *a = arena_new(0);
	struct str text = test_file(arena_printf(a, "%s/toml-suite/%.*s", root, STR_ARG(name)).s), error = STR_NONE, json;
	size_t offset = 0;
	struct value *v = toml_parse(a, text, &error, &offset);

	if (str_starts(name, STR("invalid/"))) {
		if (v || !error.len || offset > text.len)
			test_check(0, arena_printf(a, "%.*s is refused", STR_ARG(name)).s, __FILE__, __LINE__);
	} else if (!v) {
		test_check(0, arena_printf(a, "%.*s is read: %.*s at %zu", STR_ARG(name), STR_ARG(error), offset).s, __FILE__, __LINE__);
	} else {
		json = test_file(arena_printf(a, "%s/toml-suite/%.*s.json", root, STR_ARG(str_sub(name, 0, name.len - 5))).s);
		const char *why = NULL;
		struct json *want = json_parse(a, json, &why, &offset);
		bool nul = !want && str_has(str_of(why), STR("u0000")); /* our JSON parser refuses it on purpose */
		if (!nul && !same(a, v, want))
			test_check(0, arena_printf(a, "%.*s has the values that are expected", STR_ARG(name)).s, __FILE__, __LINE__);
		free((char *)json.s);
	}
	free((char *)text.s);
	arena_free(a);
}

static void conformance(void)
{
	const char *root = test_corpus();
	size_t n = 0;

	if (!root) {
		TEST_SKIP("BOMGATE_CORPUS is not set");
		return;
	}
	struct arena *a = arena_new(0);
	struct str list = test_file(arena_printf(a, "%s/toml-suite/files-toml-1.0.0", root).s), rest = list;
	while (rest.s) {
		struct str name = str_trim(str_cut(&rest, '\n'));
		if (!str_ends(name, STR(".toml")))
			continue;
		one_file(root, name);
		n++;
	}
	CHECK(n > 600);
	free((char *)list.s);
	arena_free(a);
}

/* ---- our own */

static void offsets(void)
{
	struct arena *a = arena_new(0);
	struct value *v = parse(a, "# x\n[[package]]\nname = \"a\"\nfiles = [\n  {file = 'b', hash = \"c\\td\"}, # e\n]\n[package.x]\ny.z = 1\n"
				   "[[package]]\nname='q'\n");
	const struct value *p = value_first(value_get(v, "package"));

	CHECK(v != NULL);
	CHECK_INT(value_get(v, "package")->n, 2);
	CHECK_INT(p->offset, 4);
	CHECK_INT(value_get(p, "name")->offset, 16);
	CHECK_STR(value_get_text(value_first(value_get(p, "files")), "hash"), STR("c\td"));
	CHECK_STR(value_text(value_path(p, "x.y.z")), STR("1"));
	CHECK_STR(value_get_text(p->next, "name"), STR("q"));
	CHECK(value_text(value_get(v, "package")).s == NULL);
	v = parse(a, "\xef\xbb\xbf" "a = 1\r\nb = \"\"\"x\r\n\"\"\"\r\n");
	CHECK(v && value_get(v, "b"));
	CHECK(!parse(a, "a = 1\rb = 2"));
	arena_free(a);
}

static void hostile(void)
{
	struct arena *a = arena_new(0);
	char text[2000];

	memset(text, 0, sizeof text);
	memcpy(text, "a=", 2);
	memset(text + 2, '[', 1500);
	CHECK(!parse(a, text));
	for (int i = 0; i < 1500; i += 2)
		memcpy(text + i, "a.", 2);
	memcpy(text + 1500, "a=1", 4);
	CHECK(!parse(a, text));
	text[0] = '[';
	memcpy(text + 1, "b", 1);
	memcpy(text + 1500, "a]", 3);
	CHECK(!parse(a, text));
	arena_free(a);
}

/* Cut at every byte: a table or an error inside the text, never a crash. */
static void truncated(void)
{
	static const char whole[] = "a.b = {c = [1, 2.5e3, 0xff], d = '''x'''}\n[e.\"f\\u00e4\"]\ng = \"\"\"h\\\n  i\"\"\"\n[[j]]\nk=2020-01-02 "
				    "03:04:05.6+07:08\n";
	for (size_t n = 0; n < sizeof whole; n++) {
		struct arena *a = arena_new(0);
		char *copy = malloc(n + 1); /* so that a byte too far is seen */
		struct str error = STR_NONE;
		size_t offset = 0;
		memcpy(copy, whole, n);
		char *tight = realloc(copy, n ? n : 1);
		if (!toml_parse(a, str_make(tight, n), &error, &offset))
			CHECK(error.len && offset <= n);
		free(tight);
		arena_free(a);
	}
}

TEST_MAIN(TEST_CASE(conformance), TEST_CASE(offsets), TEST_CASE(hostile), TEST_CASE(truncated))

/* Conan: any count of parts, numbers or text; pre-release behind the first '-', build behind the last '+'; zeros at the end of
 * each of the three do not count. As Conan's own Version class orders them: a number against text compares as text,
 * so that it is no total order (11 < 2a < 5 < 11). */
#include "version/number.h"

struct conan {
	struct str items, pre, build;
};

static struct conan parse(struct str v)
{
	struct conan out = { .items = str_trim(v) };
	size_t at = str_rchr(out.items, '+');

	if (at != STR_NOT_FOUND) {
		out.build = str_from(out.items, at + 1);
		out.items = str_sub(out.items, 0, at);
	}
	at = str_chr(out.items, '-');
	if (at != STR_NOT_FOUND) {
		out.pre = str_from(out.items, at + 1);
		out.items = str_sub(out.items, 0, at);
	}
	return out;
}

static struct str without_zeros(struct str list)
{
	while (list.s) {
		size_t dot = str_rchr(list, '.');
		struct str last = dot == STR_NOT_FOUND ? list : str_from(list, dot + 1);
		if (!number_is(last) || !number_is_zero(last))
			break;
		list = dot == STR_NOT_FOUND ? STR_NONE : str_sub(list, 0, dot);
	}
	return list;
}

/* Text as it is; a number without the zeros that begin it, as Conan's int() drops them. */
static struct str item_text(struct str s)
{
	bool number = number_is(s);

	while (number && s.len > 1 && s.s[0] == '0')
		s = str_from(s, 1);
	return s;
}

static int items_cmp(struct str a, struct str b)
{
	a = without_zeros(a);
	b = without_zeros(b);
	while (a.s && b.s) {
		struct str x = str_cut(&a, '.'), y = str_cut(&b, '.');
		int c = number_is(x) && number_is(y) ? number_cmp(x, y) : str_cmp(item_text(x), item_text(y));
		if (c)
			return c;
	}
	return (a.s != NULL) - (b.s != NULL);
}

bool conan_valid(struct str v)
{
	v = str_trim(v);
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.s[i] <= ' ' || v.s[i] == 127 || strchr("[]<>=|,^*", v.s[i]))
			return false;
	return v.len && (ascii_digit(v.s[0]) || str_starts(v, STR("cci.")) || (v.s[0] == 'v' && v.len > 1 && ascii_digit(v.s[1])));
}

enum order conan_compare(struct str a, struct str b)
{
	if (!str_trim(a).len || !str_trim(b).len)
		return ORDER_UNKNOWN;
	struct conan x = parse(a), y = parse(b);
	int c = items_cmp(x.items, y.items);

	if (!c && (x.pre.s || y.pre.s))
		c = !y.pre.s ? -1 : !x.pre.s ? 1 : items_cmp(x.pre, y.pre);
	if (!c && (x.build.s || y.build.s))
		c = !x.build.s ? -1 : !y.build.s ? 1 : items_cmp(x.build, y.build);
	return order_of(c);
}

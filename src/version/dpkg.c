/* Debian: [epoch:]upstream[-revision], Debian Policy 5.6.12 and deb-version(7); also for Ubuntu, Echo and opam (which orders
 * versions by the same rule, without an epoch's or revision's meaning). */
#include "version/number.h"

struct dpkg {
	struct str epoch, upstream, revision;
};

static struct dpkg parse(struct str v)
{
	struct dpkg out = { 0 };
	size_t at = str_chr(v, ':');

	if (at != STR_NOT_FOUND && number_is(str_sub(v, 0, at))) {
		out.epoch = str_sub(v, 0, at);
		v = str_from(v, at + 1);
	}
	at = str_rchr(v, '-');
	out.upstream = at == STR_NOT_FOUND ? v : str_sub(v, 0, at);
	out.revision = at == STR_NOT_FOUND ? STR_NONE : str_from(v, at + 1);
	return out;
}

/* '~' sorts before the end, letters before everything else; a digit ends the run, as the end does. */
static int weight(struct str rest)
{
	unsigned char c = rest.len ? (unsigned char)rest.s[0] : 0;

	if (!rest.len || ascii_digit((char)c))
		return 0;
	return c == '~' ? -1 : ascii_alpha((char)c) ? c : c + 256;
}

static int part_cmp(struct str a, struct str b)
{
	while (a.len || b.len) {
		int x = weight(a), y = weight(b);
		if (x != y)
			return x - y;
		if (x) {
			a = str_from(a, 1);
			b = str_from(b, 1);
			continue;
		}
		int c = number_cmp(number_cut(&a), number_cut(&b));
		if (c)
			return c;
	}
	return 0;
}

bool dpkg_valid(struct str v)
{
	struct dpkg x = parse(v);

	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.s[i] <= ' ' || v.s[i] == 127 || strchr("<>=,|()[]*", v.s[i]))
			return false;
	return x.upstream.len > 0;
}

enum order dpkg_compare(struct str a, struct str b)
{
	if (!dpkg_valid(a) || !dpkg_valid(b))
		return ORDER_UNKNOWN;
	struct dpkg x = parse(a), y = parse(b);
	int c = number_cmp(x.epoch, y.epoch);

	if (!c)
		c = part_cmp(x.upstream, y.upstream);
	return order_of(c ? c : part_cmp(x.revision, y.revision));
}

/* Go: module versions are SemVer, pseudo-versions are ordinary pre-releases, "+incompatible" is build metadata. The standard
 * library and the go command are versioned as "go1.22.3" and "1.21rc2"; https://go.dev/doc/toolchain. */
#include "version/semver.h"

static bool parse(struct str v, struct semver *out)
{
	v = str_trim(v);
	if (str_starts(v, STR("go")))
		v = str_from(v, 2);
	/* "go1.22.3 X:nocoverageredesign", "go1.20.5-fips": what follows the blank names the build */
	size_t blank = str_chr(v, ' ');
	return semver_parse(blank == STR_NOT_FOUND ? v : str_sub(v, 0, blank), out);
}

/* The toolchain's way to write a pre-release: text right behind the digits. */
static bool is_toolchain(const struct semver *v)
{
	return v->pre.s && v->pre.s == v->numbers.s + v->numbers.len;
}

/* Advisories write the toolchain's "1.21rc2" as "1.21.0-rc.2", so a border between letters and digits counts as a dot there. */
static struct str next_identifier(struct str *rest, bool toolchain)
{
	struct str at = *rest;

	if (toolchain && at.len && ascii_alpha(at.s[0])) {
		struct str word = letters_cut(&at);
		if (at.len && ascii_digit(at.s[0])) {
			*rest = at;
			return word;
		}
	}
	return str_cut(rest, '.');
}

static int go_cmp(const struct semver *a, const struct semver *b)
{
	struct str x = a->pre, y = b->pre;
	int c = numbers_cmp(a->numbers, b->numbers);

	if (c || !x.s || !y.s)
		return c ? c : (y.s != NULL) - (x.s != NULL);
	while (x.s && y.s) {
		c = semver_identifier_cmp(next_identifier(&x, is_toolchain(a)), next_identifier(&y, is_toolchain(b)));
		if (c)
			return c;
	}
	return (x.s != NULL) - (y.s != NULL);
}

bool go_valid(struct str v)
{
	struct semver x;

	return parse(v, &x);
}

enum order go_compare(struct str a, struct str b)
{
	struct semver x, y;

	if (!parse(a, &x) || !parse(b, &y))
		return ORDER_UNKNOWN;
	return order_of(go_cmp(&x, &y));
}

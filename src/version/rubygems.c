/* RubyGems: Gem::Version. Segments are runs of digits and of letters; zeros at the end of the list, and those before the first
 * letters, do not count; a missing segment is 0; letters are below numbers; '-' reads as ".pre.".
 * What Bundler writes behind a dash for a platform ("1.15.0-x86_64-linux") is no part of the version. */
#include "version/number.h"

static bool is_platform(struct str tail)
{
	static const char *const words[] = {
		"x86", "x64", "java", "jruby", "arm", "aarch64", "universal", "mswin", "mingw", "amd64", "i386", "i686", "powerpc",
		"ppc64", "s390x", "riscv64", "ruby", "linux", "darwin", "truffleruby", "dalvik", "musl",
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_starts(tail, str_of(words[i])))
			return true;
	return false;
}

struct segments {
	struct str rest;
	const char *kept; /* zeros that begin before this place count */
	bool in_dash;	  /* the next segment is the "pre" of a dash */
	bool letters_seen;
};

static struct segments segments_of(struct str v)
{
	v = str_trim(v);
	size_t dash = str_chr(v, '-');

	if (dash != STR_NOT_FOUND && is_platform(str_from(v, dash + 1)))
		v = str_sub(v, 0, dash);
	return (struct segments){ .rest = v, .kept = v.s };
}

/* The next segment, zeros and all; absent at the end. */
static struct str raw_next(struct segments *i)
{
	for (;; i->rest = str_from(i->rest, 1)) {
		if (i->in_dash) {
			i->in_dash = false;
			return STR("pre");
		}
		if (!i->rest.len)
			return STR_NONE;
		if (ascii_digit(i->rest.s[0]))
			return number_cut(&i->rest);
		if (ascii_alpha(i->rest.s[0]))
			return letters_cut(&i->rest);
		if (i->rest.s[0] == '-') {
			i->rest = str_from(i->rest, 1);
			i->in_dash = true;
			return raw_next(i);
		}
	}
}

/* The next segment that counts; absent at the end. A run of zeros is looked at once. */
static struct str next(struct segments *i)
{
	for (;;) {
		struct str s = raw_next(i);
		if (!s.s || !ascii_digit(s.s[0])) {
			i->letters_seen |= s.s != NULL;
			return s;
		}
		if (!number_is_zero(s) || s.s < i->kept)
			return s;
		/* does a number other than 0 follow before the letters, or anything at all behind them? */
		struct segments ahead = *i, before;
		struct str t;
		do {
			before = ahead;
			t = raw_next(&ahead);
		} while (t.s && ascii_digit(t.s[0]) && number_is_zero(t));
		if (t.s && (ascii_digit(t.s[0]) || i->letters_seen)) {
			i->kept = before.rest.s;
			return s;
		}
		*i = before; /* the whole run goes */
	}
}

static int segment_cmp(struct str a, struct str b)
{
	bool x = !a.len || ascii_digit(a.s[0]), y = !b.len || ascii_digit(b.s[0]);

	if (x != y)
		return x ? 1 : -1;
	return x ? number_cmp(a, b) : str_cmp(a, b);
}

bool rubygems_valid(struct str v)
{
	v = str_trim(v);
	for (size_t i = 0; i < v.len; i++)
		if (!ascii_digit(v.s[i]) && !ascii_alpha(v.s[i]) && !strchr(".-_", v.s[i]))
			return false;
	return v.len && ascii_digit(v.s[0]);
}

enum order rubygems_compare(struct str a, struct str b)
{
	if (!rubygems_valid(a) || !rubygems_valid(b))
		return ORDER_UNKNOWN;
	struct segments i = segments_of(a), j = segments_of(b);
	for (;;) {
		struct str x = next(&i), y = next(&j);
		if (!x.s && !y.s)
			return ORDER_EQUAL;
		int c = segment_cmp(x, y);
		if (c)
			return order_of(c);
	}
}

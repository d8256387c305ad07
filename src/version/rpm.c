/* RPM: [epoch:]version[-release], compared segment by segment; https://rpm-software-management.github.io/rpm/man/rpm-version.7
 * A missing epoch is 0. A missing release sorts below a present one, as osv-scanner has it; rpm_release_decides tells the matcher. */
#include "version/number.h"
#include "version/rpm.h"

struct rpm {
	struct str epoch, version, release;
};

static struct rpm parse(struct str v)
{
	struct rpm out = { 0 };
	struct str rest = v;
	struct str epoch = str_cut(&rest, ':');

	if (rest.s && (number_is(epoch) || !epoch.len)) {
		out.epoch = epoch;
		v = rest;
	}
	size_t dash = str_rchr(v, '-'); /* rpm and alpm take the last one; a version has none */
	out.version = dash == STR_NOT_FOUND ? v : str_sub(v, 0, dash);
	out.release = dash == STR_NOT_FOUND ? STR_NONE : str_from(v, dash + 1);
	return out;
}

static struct str skip_separators(struct str s)
{
	while (s.len && !ascii_digit(s.s[0]) && !ascii_alpha(s.s[0]) && s.s[0] != '~' && s.s[0] != '^')
		s = str_from(s, 1);
	return s;
}

static bool begins(struct str s, char c)
{
	return s.len && s.s[0] == c;
}

/* One run of digits or letters on each side; the kind is the first one's. */
static int segment_cmp(struct str *a, struct str *b)
{
	if (ascii_digit(a->s[0])) {
		struct str x = number_cut(a), y = number_cut(b);
		return y.len ? number_cmp(x, y) : 1;
	}
	struct str x = letters_cut(a), y = letters_cut(b);
	return y.len ? str_cmp(x, y) : -1;
}

static int part_cmp(struct str a, struct str b)
{
	for (;;) {
		a = skip_separators(a);
		b = skip_separators(b);
		if (begins(a, '~') || begins(b, '~')) {
			if (!begins(a, '~') || !begins(b, '~'))
				return begins(a, '~') ? -1 : 1;
		} else if (begins(a, '^') || begins(b, '^')) {
			if (!begins(a, '^'))
				return a.len ? 1 : -1;
			if (!begins(b, '^'))
				return b.len ? -1 : 1;
		} else if (!a.len || !b.len) {
			return (a.len > 0) - (b.len > 0);
		} else {
			int c = segment_cmp(&a, &b);
			if (c)
				return c;
			continue;
		}
		a = str_from(a, 1);
		b = str_from(b, 1);
	}
}

bool rpm_release_decides(struct str a, struct str b)
{
	struct rpm x = parse(a), y = parse(b);

	return (x.release.s == NULL) != (y.release.s == NULL) && number_cmp(x.epoch, y.epoch) == 0 &&
	       part_cmp(x.version, y.version) == 0;
}

bool rpm_valid(struct str v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.s[i] <= ' ' || v.s[i] == 127 || strchr("<>=,|*", v.s[i]))
			return false;
	return parse(v).version.len > 0;
}

enum order rpm_compare(struct str a, struct str b)
{
	if (!rpm_valid(a) || !rpm_valid(b))
		return ORDER_UNKNOWN;
	struct rpm x = parse(a), y = parse(b);
	int c = number_cmp(x.epoch, y.epoch);

	if (!c)
		c = part_cmp(x.version, y.version);
	if (!c)
		c = (x.release.s != NULL) - (y.release.s != NULL);
	return order_of(c ? c : part_cmp(x.release, y.release));
}

/* Arch Linux: epoch, version and release as above, but a release counts only where both have one (alpm's vercmp(8)), a
 * segment that the other side lacks is older if it is letters, and a run of separators must be as long as the other's. */
static struct str cut_separators(struct str *s)
{
	size_t n = 0;

	while (n < s->len && !ascii_digit(s->s[n]) && !ascii_alpha(s->s[n]))
		n++;
	struct str run = str_sub(*s, 0, n);
	*s = str_from(*s, n);
	return run;
}

static int alpm_part_cmp(struct str a, struct str b)
{
	while (a.len && b.len) {
		struct str x = cut_separators(&a), y = cut_separators(&b);
		if (!a.len || !b.len)
			break;
		if (x.len != y.len)
			return x.len < y.len ? -1 : 1;
		int c = segment_cmp(&a, &b);
		if (c)
			return c;
	}
	if (!a.len && !b.len)
		return 0;
	bool letters_left = ascii_alpha(a.len ? a.s[0] : b.s[0]);
	return (a.len ? 1 : -1) * (letters_left ? -1 : 1);
}

bool alpm_valid(struct str v)
{
	return rpm_valid(v);
}

enum order alpm_compare(struct str a, struct str b)
{
	if (!rpm_valid(a) || !rpm_valid(b))
		return ORDER_UNKNOWN;
	struct rpm x = parse(a), y = parse(b);
	int c = number_cmp(x.epoch, y.epoch);

	if (!c)
		c = alpm_part_cmp(x.version, y.version);
	if (!c && x.release.s && y.release.s)
		c = alpm_part_cmp(x.release, y.release);
	return order_of(c);
}

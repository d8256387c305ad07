/* PEP 440, https://packaging.python.org/specifications/version-specifiers/, as the library `packaging` reads and orders it.
 * What does not follow the grammar is a legacy version: below every other one, ordered by setuptools' old rule (as `packaging`
 * had it until version 21, and OSV still has). */
#include "version/number.h"

struct pep440 {
	bool valid;		/* follows the grammar; else only `legacy` counts */
	bool has_pre, has_post, has_dev;
	char pre;		/* 'a', 'b' or 'c' */
	struct str epoch, release, pre_n, post_n, dev_n;
	struct str local;	/* absent where there is none */
	struct str legacy;
};

static bool is_sep(char c)
{
	return c == '.' || c == '-' || c == '_';
}

static void skip_sep(struct str *rest)
{
	if (rest->len && is_sep(rest->s[0]))
		*rest = str_from(*rest, 1);
}

struct label {
	const char *text;
	char means;
};
/* Of words with a common start the longer one stands first. */
static const struct label pre_labels[] = {
	{ "alpha", 'a' }, { "a", 'a' }, { "beta", 'b' }, { "b", 'b' }, { "preview", 'c' }, { "pre", 'c' }, { "rc", 'c' }, { "c", 'c' },
	{ NULL, 0 },
};
static const struct label post_labels[] = { { "post", 1 }, { "rev", 1 }, { "r", 1 }, { NULL, 0 } };
static const struct label dev_labels[] = { { "dev", 1 }, { NULL, 0 } };

/* "[-_.]?LABEL[-_.]?[0-9]*": cuts it and returns what the label means; 0 and nothing cut where it does not stand there. */
static char cut_segment(struct str *rest, const struct label *labels, struct str *number)
{
	struct str at = *rest;

	skip_sep(&at);
	if (!at.len || ascii_digit(at.s[0]) || at.s[0] == '.' || at.s[0] == '+') /* most versions end here, or go on with a number */
		return 0;
	for (; labels->text; labels++) {
		if (!str_starts_nocase(at, str_of(labels->text)))
			continue;
		at = str_from(at, strlen(labels->text));
		skip_sep(&at);
		*number = number_cut(&at);
		*rest = at;
		return labels->means;
	}
	return 0;
}

static struct str cut_release(struct str *rest)
{
	size_t n = 0;

	while (n < rest->len && (ascii_digit(rest->s[n]) ||
				 (n > 0 && rest->s[n] == '.' && n + 1 < rest->len && ascii_digit(rest->s[n + 1]))))
		n++;
	struct str release = str_sub(*rest, 0, n);
	*rest = str_from(*rest, n);
	return release;
}

static bool local_valid(struct str local)
{
	for (size_t i = 0; i < local.len; i++) {
		bool alnum = ascii_digit(local.s[i]) || ascii_alpha(local.s[i]);
		if (!alnum && (!is_sep(local.s[i]) || i == 0 || i + 1 == local.len || is_sep(local.s[i - 1])))
			return false;
	}
	return local.len > 0;
}

static bool parse_grammar(struct str v, struct pep440 *out)
{
	struct str rest = str_trim(v);

	if (rest.len && ascii_lower(rest.s[0]) == 'v')
		rest = str_from(rest, 1);
	struct str at = rest;
	out->epoch = number_cut(&at);
	if (out->epoch.len && at.len && at.s[0] == '!')
		rest = str_from(at, 1);
	else
		out->epoch = STR_NONE;
	out->release = cut_release(&rest);
	if (!out->release.len)
		return false;
	out->pre = cut_segment(&rest, pre_labels, &out->pre_n);
	out->has_pre = out->pre != 0;
	if (rest.len > 1 && rest.s[0] == '-' && ascii_digit(rest.s[1])) {
		rest = str_from(rest, 1);
		out->post_n = number_cut(&rest);
		out->has_post = true;
	} else {
		out->has_post = cut_segment(&rest, post_labels, &out->post_n) != 0;
	}
	out->has_dev = cut_segment(&rest, dev_labels, &out->dev_n) != 0;
	if (rest.len && rest.s[0] == '+') {
		out->local = str_from(rest, 1);
		return local_valid(out->local);
	}
	return rest.len == 0;
}

static struct pep440 parse(struct str v)
{
	struct pep440 out = { 0 };

	out.valid = parse_grammar(v, &out);
	out.legacy = v;
	return out;
}

/* Which kind of pre-release: dev-only < a < b < c < none. */
static int pre_rank(const struct pep440 *v)
{
	if (v->has_pre)
		return v->pre;
	return v->has_dev && !v->has_post ? 0 : 127;
}

static struct str local_cut(struct str *rest)
{
	size_t n = 0;

	while (n < rest->len && !is_sep(rest->s[n]))
		n++;
	struct str part = str_sub(*rest, 0, n);
	*rest = n < rest->len ? str_from(*rest, n + 1) : STR_NONE;
	return part;
}

static int local_cmp(struct str a, struct str b)
{
	while (a.s && b.s) {
		struct str x = local_cut(&a), y = local_cut(&b);
		bool nx = number_is(x), ny = number_is(y);
		int c = nx && ny ? number_cmp(x, y) : nx != ny ? (nx ? 1 : -1) : str_cmp_nocase(x, y);
		if (c)
			return c;
	}
	return a.s ? 1 : b.s ? -1 : 0;
}

static int valid_cmp(const struct pep440 *a, const struct pep440 *b)
{
	int c = number_cmp(a->epoch, b->epoch);

	if (!c)
		c = numbers_cmp(a->release, b->release);
	if (!c)
		c = pre_rank(a) - pre_rank(b);
	if (!c)
		c = number_cmp(a->pre_n, b->pre_n);
	if (!c)
		c = a->has_post - b->has_post;
	if (!c)
		c = number_cmp(a->post_n, b->post_n);
	if (!c)
		c = b->has_dev - a->has_dev;
	if (!c)
		c = number_cmp(a->dev_n, b->dev_n);
	return c ? c : local_cmp(a->local, b->local);
}

/* Legacy versions: parts are runs of digits, of letters, single '-', and what lies between; dots vanish. Words are lower-cased
 * and get a '*' before them, so that they sort below digits; "*final" ends the list. */
enum part_kind { PART_NUMBER, PART_WORD, PART_END };
struct part {
	enum part_kind kind;
	struct str text;
};

static bool is_between(char c)
{
	return !ascii_digit(c) && !ascii_alpha(c) && c != '.' && c != '-';
}

static struct str cut_between(struct str *rest)
{
	size_t n = 0;

	while (n < rest->len && is_between(rest->s[n]))
		n++;
	struct str run = str_sub(*rest, 0, n);
	*rest = str_from(*rest, n);
	return run;
}

static struct str legacy_word(struct str word)
{
	static const struct { const char *from, *to; } map[] = {
		{ "pre", "c" }, { "preview", "c" }, { "rc", "c" }, { "dev", "@" },
	};

	for (size_t i = 0; i < sizeof map / sizeof map[0]; i++)
		if (str_eq_nocase(word, str_of(map[i].from)))
			return str_of(map[i].to);
	return word;
}

/* The next part as split, before any is dropped. */
static struct part raw_next(struct str *rest)
{
	while (rest->len && rest->s[0] == '.')
		*rest = str_from(*rest, 1);
	if (!rest->len) {
		return (struct part){ PART_END, STR("final") };
	}
	if (rest->s[0] == '-') {
		*rest = str_from(*rest, 1);
		return (struct part){ PART_WORD, STR("final-") };
	}
	if (ascii_digit(rest->s[0]))
		return (struct part){ PART_NUMBER, number_cut(rest) };
	if (ascii_alpha(rest->s[0]))
		return (struct part){ PART_WORD, legacy_word(letters_cut(rest)) };
	return (struct part){ PART_WORD, cut_between(rest) };
}

/* Numbers are padded to eight digits and compare as text. */
static int padded_cmp(struct str a, struct str b)
{
	size_t pad_a = a.len < 8 ? 8 - a.len : 0, pad_b = b.len < 8 ? 8 - b.len : 0;

	for (size_t i = 0;; i++) {
		int x = i < pad_a ? '0' : i - pad_a < a.len ? a.s[i - pad_a] : -1;
		int y = i < pad_b ? '0' : i - pad_b < b.len ? b.s[i - pad_b] : -1;
		if (x != y)
			return x - y;
		if (x < 0)
			return 0;
	}
}

static bool is_padded_zero(struct part p)
{
	return p.kind == PART_NUMBER && p.text.len <= 8 && number_is_zero(p.text);
}

static bool is_dash(struct part p)
{
	return p.kind == PART_WORD && str_is(p.text, "final-");
}

struct legacy {
	struct str rest;
	const char *kept; /* parts that begin before this place are known to count */
};

/* The old rule drops zeros before a word, and dashes before a word that sorts below "final". A run of them is looked at once. */
static struct part legacy_next(struct legacy *i)
{
	for (;;) {
		const char *start = i->rest.s;
		struct part p = raw_next(&i->rest);
		bool zero = is_padded_zero(p);
		if ((!zero && !is_dash(p)) || (i->kept && start < i->kept))
			return p;
		struct str ahead = i->rest, before;
		struct part next;
		do {
			before = ahead;
			next = raw_next(&ahead);
		} while (zero ? is_padded_zero(next) : is_dash(next));
		bool dropped = zero ? next.kind != PART_NUMBER :
				      next.kind == PART_WORD && str_cmp_nocase(next.text, STR("final")) < 0;
		if (!dropped) {
			i->kept = before.s;
			return p;
		}
		i->rest = before;
	}
}

static int legacy_cmp(struct str a, struct str b)
{
	struct legacy i = { .rest = a }, j = { .rest = b };

	for (;;) {
		struct part x = legacy_next(&i), y = legacy_next(&j);
		int c = x.kind == PART_NUMBER && y.kind == PART_NUMBER ? padded_cmp(x.text, y.text) :
			x.kind == PART_NUMBER || y.kind == PART_NUMBER ? (x.kind == PART_NUMBER ? 1 : -1) :
									 str_cmp_nocase(x.text, y.text);
		if (c)
			return c;
		if (x.kind == PART_END || y.kind == PART_END)
			return (x.kind != PART_END) - (y.kind != PART_END);
	}
}

/* Legacy versions hold a digit at least; "latest" and "main" name none. */
bool pep440_valid(struct str v)
{
	bool digit = false;

	for (size_t i = 0; i < v.len; i++) {
		char c = v.s[i];
		if (c == '<' || c == '>' || c == '=' || c == '*' || c == ',' || (unsigned char)c < ' ')
			return false;
		digit |= ascii_digit(c);
	}
	return digit;
}

enum order pep440_compare(struct str a, struct str b)
{
	if (!str_trim(a).len || !str_trim(b).len)
		return ORDER_UNKNOWN;
	struct pep440 x = parse(a), y = parse(b);

	if (x.valid != y.valid)
		return x.valid ? ORDER_GREATER : ORDER_LESS;
	return order_of(x.valid ? valid_cmp(&x, &y) : legacy_cmp(x.legacy, y.legacy));
}

#include "identity/licence.h"

static const struct {
	const char *id;
	unsigned flags;
} known[] = {
#define LICENCE(id, flags) { id, flags },
#include "identity/licence_ids.def"
#undef LICENCE
};

#define DEEPEST 100 /* brackets: more is no licence */

struct str licence_known_id(struct str id, unsigned *flags)
{
	size_t low = 0, high = sizeof known / sizeof known[0];

	if (flags)
		*flags = 0;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = str_cmp_nocase(id, str_of(known[mid].id));
		if (d == 0) {
			if (flags)
				*flags = known[mid].flags;
			return str_of(known[mid].id);
		}
		if (d < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return STR_NONE;
}

bool licence_next_token(struct str *rest, bool *with, struct licence_token *out)
{
	static const char *const operators[] = { "AND", "OR", "WITH" };
	struct str s = *rest;
	size_t n = 0;

	while (s.len && ascii_blank(*s.s))
		s = str_from(s, 1);
	if (!s.len) {
		*rest = STR("");
		return false;
	}
	if (*s.s == '(' || *s.s == ')') {
		*out = (struct licence_token){ LICENCE_TOKEN_OPERATOR, str_sub(s, 0, 1) };
		*rest = str_from(s, 1);
		return true;
	}
	while (n < s.len && !ascii_blank(s.s[n]) && s.s[n] != '(' && s.s[n] != ')')
		n++;
	struct str word = str_sub(s, 0, n);
	*rest = str_from(s, n);
	for (size_t i = 0; i < 3; i++) {
		if (!str_eq_nocase(word, str_of(operators[i])))
			continue;
		*with = i == 2;
		*out = (struct licence_token){ LICENCE_TOKEN_OPERATOR, str_of(operators[i]) };
		return true;
	}
	bool reference = str_starts(word, STR("LicenseRef-")) ||
			 (str_starts(word, STR("DocumentRef-")) && str_has(word, STR(":LicenseRef-")));
	*out = (struct licence_token){ *with ? LICENCE_TOKEN_EXCEPTION : reference ? LICENCE_TOKEN_REF : LICENCE_TOKEN_ID, word };
	*with = false;
	return true;
}

/* Letters, digits, '.', '-', and one '+' at an identifier's end; one ':' in a reference to another document. */
static bool word_legal(struct licence_token t)
{
	struct str w = t.text;

	if (t.kind == LICENCE_TOKEN_ID && w.len > 1 && w.s[w.len - 1] == '+')
		w.len--;
	for (size_t i = 0; i < w.len; i++)
		if (!ascii_alpha(w.s[i]) && !ascii_digit(w.s[i]) && !strchr(t.kind == LICENCE_TOKEN_REF ? ".-:+" : ".-", w.s[i]))
			return false;
	return w.len > 0;
}

static bool is_known(struct licence_token t)
{
	unsigned flags;

	if (t.kind == LICENCE_TOKEN_REF)
		return true;
	if (licence_known_id(t.text, &flags).s)
		return (t.kind == LICENCE_TOKEN_EXCEPTION) == ((flags & LICENCE_EXCEPTION) != 0);
	if (t.kind == LICENCE_TOKEN_ID && t.text.len && t.text.s[t.text.len - 1] == '+')
		return licence_known_id(str_sub(t.text, 0, t.text.len - 1), &flags).s && !(flags & LICENCE_EXCEPTION);
	return false;
}

bool licence_expression_valid(struct str expression, struct str *unknown)
{
	struct licence_token t;
	bool with = false, want_operand = true, after_with = false;
	bool may_with = false; /* the last thing was a single licence */
	unsigned depth = 0;

	if (unknown)
		*unknown = STR_NONE;
	while (licence_next_token(&expression, &with, &t)) {
		if (t.kind != LICENCE_TOKEN_OPERATOR) {
			if (!want_operand || !word_legal(t))
				return false;
			if (unknown && !unknown->s && !is_known(t))
				*unknown = t.text;
			may_with = !after_with;
			want_operand = after_with = false;
		} else if (*t.text.s == '(') {
			if (!want_operand || after_with || ++depth > DEEPEST)
				return false;
		} else if (*t.text.s == ')') {
			if (want_operand || depth-- == 0)
				return false;
			may_with = false;
		} else {
			if (want_operand)
				return false;
			after_with = *t.text.s == 'W';
			if (after_with && !may_with)
				return false;
			want_operand = true;
		}
	}
	return !want_operand && depth == 0;
}

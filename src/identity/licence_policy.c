/* Judging licence expressions by lists of allowed and denied ones. */
#include "identity/licence_tree.h"

/* GNU's deprecated names say "only" or "or later" by a missing or present '+'. */
static bool is_gnu(struct str id)
{
	return str_starts(id, STR("GPL-")) || str_starts(id, STR("LGPL-")) || str_starts(id, STR("AGPL-")) ||
	       str_starts(id, STR("GFDL-"));
}

struct gnu_name {
	struct str stem;
	bool or_later;
};

static struct gnu_name gnu_name(struct str id, bool plus)
{
	struct gnu_name out = { id, plus };

	if (str_ends(id, STR("-or-later")))
		out = (struct gnu_name){ str_sub(id, 0, id.len - 9), true };
	else if (str_ends(id, STR("-only")))
		out = (struct gnu_name){ str_sub(id, 0, id.len - 5), plus };
	else if (str_ends(id, STR("+")))
		out = (struct gnu_name){ str_sub(id, 0, id.len - 1), true };
	return out;
}

static bool same_licence(const struct licence_node *a, const struct licence_node *b)
{
	if (!is_gnu(a->id) || !is_gnu(b->id))
		return str_eq(a->id, b->id);
	struct gnu_name x = gnu_name(a->id, a->or_later), y = gnu_name(b->id, b->or_later);
	return x.or_later == y.or_later && str_eq(x.stem, y.stem);
}

enum match { MATCH_NONE, MATCH_LICENCE, MATCH_PAIR };

/* How closely a list names the leaf: the licence alone, or the very pair of licence and exception. */
static enum match match_list(struct arena *a, const struct str *list, size_t n, const struct licence_node *leaf)
{
	enum match best = MATCH_NONE;

	for (size_t i = 0; i < n; i++) {
		const struct licence_node *entry = licence_parse(a, list[i], NULL);
		if (!entry || entry->op != LICENCE_LEAF || !same_licence(entry, leaf))
			continue;
		if (str_eq(entry->exception, leaf->exception))
			best = MATCH_PAIR;
		else if (!entry->exception.s && best == MATCH_NONE)
			best = MATCH_LICENCE;
	}
	return best;
}

static enum licence_verdict judge_leaf(struct arena *a, const struct licence_lists *lists, const struct licence_node *leaf)
{
	enum match allow = match_list(a, lists->allow, lists->allow_n, leaf);
	enum match deny = match_list(a, lists->deny, lists->deny_n, leaf);

	if (deny != MATCH_NONE && deny >= allow)
		return LICENCE_DENIED;
	if (allow != MATCH_NONE)
		return LICENCE_ALLOWED;
	if (!leaf->known)
		return LICENCE_UNKNOWN;
	return lists->allow_n ? LICENCE_UNLISTED : LICENCE_ALLOWED;
}

struct judgement {
	enum licence_verdict verdict;
	const struct licence_node *culprit;
};

/* Chains hang to the left: walked in a loop, so that depth is that of the parentheses. */
static struct judgement judge(struct arena *a, const struct licence_lists *lists, const struct licence_node *n)
{
	enum licence_op op = n->op;

	if (op == LICENCE_LEAF)
		return (struct judgement){ judge_leaf(a, lists, n), n };
	struct judgement best = judge(a, lists, n->right);
	for (n = n->left;; n = n->left) {
		bool last = n->op != op;
		struct judgement next = judge(a, lists, last ? n : n->right);
		if (op == LICENCE_OR ? next.verdict <= best.verdict : next.verdict >= best.verdict)
			best = next; /* of equals the one further left is named */
		if (last)
			return best;
	}
}

bool licence_entry_valid(struct arena *a, struct str entry, struct str *why)
{
	const struct licence_node *n = licence_parse(a, entry, why);

	if (!n)
		return false;
	if (n->op != LICENCE_LEAF) {
		*why = STR("an entry is one licence: give each its own");
		return false;
	}
	if (!n->known && !str_has(n->id, STR("LicenseRef-"))) {
		*why = arena_printf(a, "SPDX lists no `%.*s`", STR_ARG(licence_format(a, n)));
		return false;
	}
	return true;
}

enum licence_verdict licence_judge(struct arena *a, const struct licence_lists *lists, struct str expression, struct str *culprit)
{
	const struct licence_node *n = licence_parse(a, expression, NULL);

	if (culprit)
		*culprit = STR_NONE;
	if (!n) {
		if (culprit)
			*culprit = expression;
		return LICENCE_UNKNOWN;
	}
	struct judgement j = judge(a, lists, n);
	if (culprit && j.verdict != LICENCE_ALLOWED)
		*culprit = licence_format(a, j.culprit);
	return j.verdict;
}

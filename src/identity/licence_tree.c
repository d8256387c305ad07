#include "identity/licence_tree.h"

#include "base/buf.h"

enum { DEEPEST = 64, LONGEST = 1 << 16 };

struct parser {
	struct arena *arena;
	struct str rest;
	bool with; /* what licence_next_token carries */
	struct licence_token token;
	bool end; /* there is no token any more */
	struct str why;
	unsigned depth;
};

static void advance(struct parser *p)
{
	p->end = !licence_next_token(&p->rest, &p->with, &p->token);
}

static bool at(const struct parser *p, const char *operator)
{
	return !p->end && p->token.kind == LICENCE_TOKEN_OPERATOR && str_is(p->token.text, operator);
}

static struct licence_node *fail(struct parser *p, const char *what)
{
	if (!p->why.s)
		p->why = p->end ? arena_printf(p->arena, "%s at the end", what) :
				  arena_printf(p->arena, "%s at `%.*s`", what, STR_ARG(p->token.text));
	return NULL;
}

static bool take_exception(struct parser *p, struct licence_node *leaf)
{
	unsigned flags;

	advance(p);
	bool legal = !p->end && p->token.kind == LICENCE_TOKEN_EXCEPTION && licence_expression_valid(p->token.text, NULL) &&
		     str_chr(p->token.text, '+') == STR_NOT_FOUND && str_chr(p->token.text, ':') == STR_NOT_FOUND;
	if (!legal) {
		fail(p, "an exception is missing");
		return false;
	}
	struct str known = licence_known_id(p->token.text, &flags);
	leaf->known = leaf->known && known.s && (flags & LICENCE_EXCEPTION);
	leaf->exception = known.s ? known : p->token.text;
	advance(p);
	return true;
}

static struct licence_node *parse_leaf(struct parser *p)
{
	struct licence_node *leaf = ARENA_NEW(p->arena, struct licence_node);
	struct str id = p->token.text;
	unsigned flags;

	if (p->token.kind == LICENCE_TOKEN_OPERATOR)
		return fail(p, "a licence is missing");
	if (!licence_expression_valid(id, NULL))
		return fail(p, "no identifier of a licence");
	struct str known = licence_known_id(id, &flags);
	if (!known.s && p->token.kind == LICENCE_TOKEN_ID && str_ends(id, STR("+"))) {
		leaf->or_later = true;
		id = str_sub(id, 0, id.len - 1);
		known = licence_known_id(id, &flags);
	}
	leaf->known = known.s && !(flags & LICENCE_EXCEPTION);
	leaf->id = known.s ? known : id;
	advance(p);
	return at(p, "WITH") && !take_exception(p, leaf) ? NULL : leaf;
}

static struct licence_node *parse_chain(struct parser *p, enum licence_op op);

static struct licence_node *parse_primary(struct parser *p)
{
	if (p->end)
		return fail(p, "a licence is missing");
	if (!at(p, "("))
		return parse_leaf(p);
	if (++p->depth > DEEPEST)
		return fail(p, "too many parentheses in one another");
	advance(p);
	struct licence_node *n = parse_chain(p, LICENCE_OR);
	if (!n)
		return NULL;
	if (!at(p, ")"))
		return fail(p, "`)` is missing");
	p->depth--;
	advance(p);
	return n;
}

/* AND binds closer than OR; both from left to right. */
static struct licence_node *parse_chain(struct parser *p, enum licence_op op)
{
	const char *word = op == LICENCE_OR ? "OR" : "AND";
	struct licence_node *left = op == LICENCE_OR ? parse_chain(p, LICENCE_AND) : parse_primary(p);

	while (left && at(p, word)) {
		advance(p);
		struct licence_node *right = op == LICENCE_OR ? parse_chain(p, LICENCE_AND) : parse_primary(p);
		if (!right)
			return NULL;
		struct licence_node *n = ARENA_NEW(p->arena, struct licence_node);
		*n = (struct licence_node){ .op = op, .left = left, .right = right };
		left = n;
	}
	return left;
}

struct licence_node *licence_parse(struct arena *a, struct str text, struct str *why)
{
	struct parser p = { .arena = a, .rest = text };
	struct licence_node *n = NULL;

	if (text.len > LONGEST) {
		p.why = STR("longer than 65,536 bytes");
	} else {
		advance(&p);
		n = parse_chain(&p, LICENCE_OR);
		if (n && !p.end)
			n = fail(&p, "AND, OR or the end is missing");
	}
	if (!n && why)
		*why = p.why;
	return n;
}

static void put_leaf(struct buf *b, const struct licence_node *n)
{
	buf_add(b, n->id);
	if (n->or_later)
		buf_addc(b, '+');
	if (n->exception.s) {
		buf_adds(b, " WITH ");
		buf_add(b, n->exception);
	}
}

/* A chain is flattened by a loop, both ways where parentheses were not needed; what recurses is as deep as the parentheses. */
static void put_node(struct arena *a, struct buf *b, const struct licence_node *n)
{
	size_t count = 1;

	if (n->op == LICENCE_LEAF) {
		put_leaf(b, n);
		return;
	}
	for (const struct licence_node *m = n; m->op == n->op; m = m->left)
		count++;
	const struct licence_node **operands = arena_array(a, count, sizeof *operands);
	const struct licence_node *m = n;
	for (size_t i = count; i > 1; i--, m = m->left)
		operands[i - 1] = m->right;
	operands[0] = m;
	for (size_t i = 0; i < count; i++) {
		bool parentheses = n->op == LICENCE_AND && operands[i]->op == LICENCE_OR;
		if (i)
			buf_adds(b, n->op == LICENCE_AND ? " AND " : " OR ");
		if (parentheses)
			buf_addc(b, '(');
		put_node(a, b, operands[i]);
		if (parentheses)
			buf_addc(b, ')');
	}
}

struct str licence_format(struct arena *a, const struct licence_node *n)
{
	struct buf b;

	buf_init(&b, 0);
	put_node(a, &b, n);
	struct str out = arena_str(a, buf_str(&b));
	buf_free(&b);
	return out;
}

struct str licence_normal(struct arena *a, struct str text, struct str *why)
{
	const struct licence_node *n = licence_parse(a, text, why);

	return n ? licence_format(a, n) : STR_NONE;
}

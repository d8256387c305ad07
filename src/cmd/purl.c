/* bomgate purl: the canonical form of package URLs. */
#include "cmd/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "identity/fold.h"

const struct option_spec cmd_purl_options[] = {
	{ "strict", 0, NULL, NULL, "refuse what the type's definition does not allow though generators write it", OPTION_FLAG },
	{ "key", 0, NULL, NULL, "print the key that components are compared by behind it, after a tab", OPTION_FLAG },
	{ "steps", 0, NULL, NULL, "print the key after each step of its making, tab-separated", OPTION_FLAG },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static void print_steps(struct arena *a, const struct purl *p)
{
	static const unsigned steps[] = { FOLD_TYPE, FOLD_QUALIFIERS, FOLD_EPOCH, FOLD_DISTRIBUTION, FOLD_MAVEN_TYPE, FOLD_GO, FOLD_CASE,
					  FOLD_SPELLING };
	unsigned taken = 0;

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		taken |= steps[i];
		struct str key = fold_purl(a, p, taken);
		printf("\t%.*s", STR_ARG(key.s ? key : STR("-")));
	}
}

/* One answer a line; false where it is no purl. */
static bool answer(struct invocation *in, struct str text)
{
	struct arena_mark mark = arena_mark(in->arena);
	struct purl p;
	struct str why;
	bool good = option_is(in, "strict") ? purl_parse_strict(in->arena, text, &p, &why) : purl_parse(in->arena, text, &p, &why);

	if (!good) {
		printf("error: %.*s\n", STR_ARG(why));
	} else {
		struct str canonical = purl_format(in->arena, &p);
		printf("%.*s", STR_ARG(canonical));
		if (option_is(in, "key")) {
			struct component c = { .purl = canonical };
			struct str key = purl_folded_key(in->arena, &c);
			printf("\t%.*s", STR_ARG(key.s ? key : STR("-")));
		}
		if (option_is(in, "steps"))
			print_steps(in->arena, &p);
		putchar('\n');
	}
	arena_pop(in->arena, mark);
	return good;
}

int cmd_purl(struct invocation *in)
{
	bool all = true;

	for (size_t i = 0; i < in->arguments.n; i++)
		all = answer(in, in->arguments.items[i]) && all;
	if (!in->arguments.n) {
		char *line = NULL;
		size_t room = 0;
		ssize_t n;
		while ((n = getline(&line, &room, stdin)) >= 0) {
			struct str text = str_make(line, (size_t)n);
			while (text.len && (text.s[text.len - 1] == '\n' || text.s[text.len - 1] == '\r'))
				text.len--;
			all = answer(in, text) && all;
		}
		free(line);
	}
	return all ? 0 : 3;
}

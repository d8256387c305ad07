/* `bomgate vercmp ECOSYSTEM [A B]`: how an ecosystem orders two versions. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/command.h"
#include "version/version.h"

const struct option_spec cmd_vercmp_options[] = { { NULL, 0, NULL, NULL, NULL, 0 } };

static char sign(enum order o)
{
	return o == ORDER_LESS ? '<' : o == ORDER_EQUAL ? '=' : o == ORDER_GREATER ? '>' : '?';
}

static enum order compare(const struct ordering *o, struct str a, struct str b)
{
	return o && a.s && b.s ? o->compare(a, b) : ORDER_UNKNOWN;
}

/* "A B": a tab between them, or else the first blank. A line that holds no second version gets '?'. */
static enum order compare_line(const struct ordering *o, struct str line)
{
	if (line.len && line.s[line.len - 1] == '\r')
		line.len--;
	struct str b = line;
	struct str a = str_cut(&b, str_chr(line, '\t') != STR_NOT_FOUND ? '\t' : ' ');

	return compare(o, a, b);
}

/* Standard input, line by line; an empty line is one that holds no versions. */
static int compare_lines(const struct ordering *o)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) >= 0) {
		if (n > 0 && line[n - 1] == '\n')
			n--;
		putchar(sign(compare_line(o, str_make(line, (size_t)n))));
		putchar('\n');
	}
	free(line);
	if (ferror(stdin)) {
		complain("standard input could not be read");
		return 3;
	}
	return 0;
}

static void list_orderings(void)
{
	fputs("bomgate: orderings:", stderr);
	for (size_t i = 0; i < orderings_n; i++)
		fprintf(stderr, " %s", orderings[i].name);
	fputc('\n', stderr);
}

int cmd_vercmp(struct invocation *in)
{
	if (in->arguments.n != 1 && in->arguments.n != 3) {
		complain("vercmp takes an ecosystem, and two versions or none (then lines `A B` of standard input)");
		return 2;
	}
	struct str ecosystem = in->arguments.items[0];
	const struct ordering *o = version_ordering(ecosystem);
	if (!o && !version_ecosystem_known(ecosystem)) {
		complain("`%.*s` is neither an ecosystem as OSV spells it nor an ordering", STR_ARG(ecosystem));
		list_orderings();
		return 2;
	}
	/* an ecosystem without an ordering compares nothing: every answer is '?' */
	if (in->arguments.n == 1)
		return compare_lines(o);
	printf("%c\n", sign(compare(o, in->arguments.items[1], in->arguments.items[2])));
	return 0;
}

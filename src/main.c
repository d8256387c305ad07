/* argv to a row of commands.def; nothing else. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/command.h"

static void usage(FILE *to)
{
	fputs("bomgate COMMAND …: what is in this commit, and does anything in it have to be dealt with before it ships?\n\n", to);
	for (size_t i = 0; i < commands_n; i++)
		fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("\n`bomgate COMMAND --help` says more.\n", to);
}

int main(int argc, char **argv)
{
	struct str name = argc > 1 ? str_of(argv[1]) : STR_NONE;

	if (str_is(name, "--version"))
		name = STR("version");
	if (!name.s || str_is(name, "help") || str_is(name, "--help") || str_is(name, "-h")) {
		usage(name.s ? stdout : stderr);
		return name.s ? 0 : 2;
	}
	for (size_t i = 0; i < commands_n; i++) {
		if (!str_is(name, commands[i].name))
			continue;
		struct invocation in = { .arena = arena_new(0), .command = &commands[i], .argc = argc, .argv = argv };
		bool helped;
		int code = options_parse(&in, &helped) ? 0 : 2;
		if (code == 0 && !helped)
			code = commands[i].run(&in);
		arena_free(in.arena);
		if (fflush(stdout) != 0 && code == 0) {
			complain("standard output could not be written");
			code = 70;
		}
		return code;
	}
	complain("there is no command `%.*s`; `bomgate help` lists them", STR_ARG(name));
	return 2;
}

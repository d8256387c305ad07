/* argv to a row of commands.def; nothing else. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/command.h"

/* Descriptors 0 to 2 that came closed would be given to the next file that is opened, and messages would land in it. Opened the wrong
 * way round, so that using them is an error still. */
static bool fill_descriptors(void)
{
	for (int fd = 0; fd < 3; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	if (!fill_descriptors())
		return 70;
	struct str name = argc > 1 ? str_of(argv[1]) : STR_NONE;

	if (!name.s) {
		command_usage(stderr);
		return 2;
	}
	if (str_is(name, "--version"))
		name = STR("version");
	if (str_is(name, "--help") || str_is(name, "-h"))
		name = STR("help");
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

/* Commands: a row of commands.def and one file each. The option tables feed parsing, --help, the man page, completions, the
 * README's lists and the check of action.yml. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <stdio.h>

#include "base/arena.h"
#include "base/vec.h"

enum option_flags {
	OPTION_FLAG = 1,     /* takes no argument; as an input of the action: true or false */
	OPTION_REPEAT = 2,   /* may stand several times (as an input: several lines) */
	OPTION_INPUT = 4,    /* also an input of the action under the same name */
	OPTION_COMMON = 8,   /* every command takes it */
	OPTION_HIDDEN = 16,
};

struct option_spec {
	const char *name;  /* "fail-on" */
	char letter;	   /* 'o', or 0 */
	const char *arg;   /* "OUTCOME"; NULL for flags */
	const char *otherwise; /* the default as shown; NULL where none */
	const char *help;
	unsigned flags;
};

struct option_value {
	const struct option_spec *spec;
	struct str value;
};

/* What the command line said. */
struct invocation {
	struct arena *arena;	/* of the run */
	const struct command *command;
	VEC(struct option_value) options;
	VEC(struct str) arguments;
	int argc;
	char **argv;
};

struct command {
	const char *name;
	const char *synopsis; /* "SOURCE… [-o FORMAT[=FILE]]…" */
	const char *summary;  /* one line */
	const struct option_spec *options; /* ends with name NULL */
	int (*run)(struct invocation *in); /* the exit code */
};

extern const struct command commands[];
extern const size_t commands_n;
extern const struct option_spec common_options[];

/* The last value given for the option; absent where none was. */
struct str option_get(const struct invocation *in, const char *name);
bool option_is(const struct invocation *in, const char *name); /* a flag that was given */
/* The i-th value of a repeatable option; absent past the last. */
struct str option_nth(const struct invocation *in, const char *name, size_t i);
/* Parses argv[2…] by the command's table; false with a message on standard error (exit 2). "--help" prints and sets *helped. */
bool options_parse(struct invocation *in, bool *helped);
/* The list of commands; what --help says about one. */
void command_usage(FILE *to);
void command_help(const struct command *c);
/* Does it take a SOURCE? */
bool command_takes_source(const struct command *c);
/* For text that goes to a terminal or log: a message "bomgate: …" on standard error. */
void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The rows' functions. */
#define COMMAND(fn, name, synopsis, summary)                                                                             \
	extern const struct option_spec cmd_##fn##_options[];                                                            \
	int cmd_##fn(struct invocation *in);
#include "cmd/commands.def"
#undef COMMAND

#endif

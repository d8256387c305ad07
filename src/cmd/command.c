#include "cmd/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/source_kinds.h"
#include "report/escape.h"

const struct command commands[] = {
#define COMMAND(fn, name, synopsis, summary) { name, synopsis, summary, cmd_##fn##_options, cmd_##fn },
#include "cmd/commands.def"
#undef COMMAND
};
const size_t commands_n = sizeof commands / sizeof commands[0];

const struct option_spec common_options[] = {
	{ "db", 0, "PLACE", NULL, "the vulnerability database: a folder that `db build` made, or the address of a published one", OPTION_COMMON | OPTION_REPEAT },
	{ "db-key", 0, "FILE", NULL, "the public key that must have signed the database, instead of the published ones", OPTION_COMMON | OPTION_INPUT },
	{ "config", 0, "FILE", ".github/bomgate.yml", "the configuration", OPTION_COMMON | OPTION_INPUT },
	{ "offline", 0, NULL, NULL, "no network at all", OPTION_COMMON | OPTION_FLAG | OPTION_INPUT },
	{ "quiet", 'q', NULL, NULL, "only errors", OPTION_COMMON | OPTION_FLAG },
	{ "verbose", 'v', NULL, NULL, "say more", OPTION_COMMON | OPTION_FLAG },
	{ "color", 0, "WHEN", "auto", "auto, always or never (NO_COLOR is obeyed)", OPTION_COMMON },
	{ "jobs", 0, "N", "1", "how many threads may be used; the output is the same", OPTION_COMMON },
	{ "timestamp", 0, "T", NULL, "the run's time, RFC 3339 or seconds since 1970 (also SOURCE_DATE_EPOCH)", OPTION_COMMON },
	{ "help", 'h', NULL, NULL, "this text", OPTION_COMMON | OPTION_FLAG },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

void command_usage(FILE *to)
{
	fputs("bomgate COMMAND …: what is in this commit, and does anything in it have to be dealt with before it ships?\n\n", to);
	for (size_t i = 0; i < commands_n; i++)
		fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("\n`bomgate COMMAND --help` says more.\n", to);
}

void complain(const char *fmt, ...)
{
	struct buf said, line;
	va_list ap;

	buf_init(&said, 0);
	buf_init(&line, 0);
	va_start(ap, fmt);
	buf_vprintf(&said, fmt, ap);
	va_end(ap);
	escape_log(&line, buf_str(&said)); /* paths, options, what servers say: no word of ours */
	fprintf(stderr, "bomgate: %.*s\n", STR_ARG(buf_str(&line)));
	buf_free(&said);
	buf_free(&line);
}

static const struct option_spec *find_in(const struct option_spec *table, struct str name, char letter)
{
	for (; table && table->name; table++)
		if (letter ? table->letter == letter : str_is(name, table->name))
			return table;
	return NULL;
}

static const struct option_spec *find_option(const struct command *c, struct str name, char letter)
{
	const struct option_spec *o = find_in(c->options, name, letter);

	return o ? o : find_in(common_options, name, letter);
}

static void print_options(const struct option_spec *o)
{
	for (; o && o->name; o++) {
		if (o->flags & OPTION_HIDDEN)
			continue;
		char left[64];
		snprintf(left, sizeof left, "%s%c%s--%s%s%s", o->letter ? "-" : "", o->letter ? o->letter : ' ',
			 o->letter ? ", " : "   ", o->name, o->arg ? " " : "", o->arg ? o->arg : "");
		printf("  %-30s %s%s%s%s\n", left, o->help, o->otherwise ? " (" : "", o->otherwise ? o->otherwise : "",
		       o->otherwise ? ")" : "");
	}
}

void command_help(const struct command *c)
{
	printf("bomgate %s %s\n\n%s\n\n", c->name, c->synopsis, c->summary);
	if (c->options && c->options->name) {
		puts("Options:");
		print_options(c->options);
		putchar('\n');
	}
	if (command_takes_source(c)) {
		puts("Sources (without a scheme it is told by what lies there; `.` is the commit of the work tree here):");
		for (size_t i = 0; i < source_kinds_n; i++)
			printf("  %s:%s\n", source_kinds[i].scheme, source_kinds[i].help);
		putchar('\n');
	}
	puts("Common options:");
	print_options(common_options);
}

bool command_takes_source(const struct command *c)
{
	for (const struct option_spec *o = c->options; o && o->name; o++)
		if (strcmp(o->name, "source") == 0)
			return true;
	return strstr(c->synopsis, "SOURCE") || strstr(c->synopsis, "OLD NEW");
}

static void set(struct invocation *in, const struct option_spec *spec, struct str value)
{
	*VEC_ADD(in->arena, &in->options) = (struct option_value){ spec, value };
}

/* One argument that begins with '-'; *i moves past the option's own argument. */
static bool parse_option(struct invocation *in, int *i)
{
	struct str arg = str_of(in->argv[*i]);
	bool is_long = str_starts(arg, STR("--"));
	struct str value = STR_NONE, name = str_from(arg, is_long ? 2 : 1);

	if (is_long) {
		value = name;
		name = str_cut(&value, '=');
	} else if (name.len > 1) {
		value = str_from(name, 1);
	}
	const struct option_spec *spec = find_option(in->command, name, is_long ? 0 : name.s[0]);
	if (!spec) {
		complain("unknown option %.*s; `bomgate %s --help` lists them", STR_ARG(arg), in->command->name);
		return false;
	}
	if (spec->flags & OPTION_FLAG) {
		if (value.s) {
			complain("--%s takes no value", spec->name);
			return false;
		}
	} else if (!value.s) {
		if (*i + 1 >= in->argc) {
			complain("--%s needs a value: %s", spec->name, spec->arg);
			return false;
		}
		value = str_of(in->argv[++*i]);
	}
	if (!(spec->flags & OPTION_REPEAT) && option_get(in, spec->name).s && !(spec->flags & OPTION_FLAG)) {
		complain("--%s stands twice", spec->name);
		return false;
	}
	set(in, spec, value.s ? value : STR("true"));
	return true;
}

/* Common options whose value is one of a few. */
static bool common_values(const struct invocation *in)
{
	struct str color = option_get(in, "color"), jobs = option_get(in, "jobs");
	uint64_t n;

	if (color.s && !str_is(color, "auto") && !str_is(color, "always") && !str_is(color, "never")) {
		complain("--color is auto, always or never");
		return false;
	}
	if (jobs.s && (!str_to_u64(jobs, &n) || n < 1 || n > 4096)) {
		complain("--jobs is a number of threads, from 1 to 4096");
		return false;
	}
	return true;
}

bool options_parse(struct invocation *in, bool *helped)
{
	bool only_arguments = false;

	*helped = false;
	for (int i = 2; i < in->argc; i++) {
		struct str arg = str_of(in->argv[i]);
		if (only_arguments || arg.len < 2 || arg.s[0] != '-') {
			*VEC_ADD(in->arena, &in->arguments) = arg;
		} else if (str_is(arg, "--")) {
			only_arguments = true;
		} else if (!parse_option(in, &i)) {
			return false;
		}
	}
	if (option_is(in, "help")) {
		command_help(in->command);
		*helped = true;
	}
	return common_values(in);
}

struct str option_get(const struct invocation *in, const char *name)
{
	for (size_t i = in->options.n; i > 0; i--)
		if (strcmp(in->options.items[i - 1].spec->name, name) == 0)
			return in->options.items[i - 1].value;
	return STR_NONE;
}

bool option_is(const struct invocation *in, const char *name)
{
	return str_is(option_get(in, name), "true");
}

struct str option_nth(const struct invocation *in, const char *name, size_t n)
{
	for (size_t i = 0; i < in->options.n; i++)
		if (strcmp(in->options.items[i].spec->name, name) == 0 && n-- == 0)
			return in->options.items[i].value;
	return STR_NONE;
}

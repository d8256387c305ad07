/* `bomgate help [COMMAND] [--man]`: from the command and option tables; the manual page is bomgate(1) in man(7)'s macros. */
#include "cmd/command.h"
#include "cmd/source_kinds.h"

const struct option_spec cmd_help_options[] = {
	{ "man", 0, NULL, NULL, "the manual page, for `man -l` or a file bomgate.1", OPTION_FLAG },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

/* Text for roff: a backslash and a leading dot or quote mean something, and '-' is a hyphen unless it says otherwise. */
static void roff(const char *s)
{
	for (const char *p = s; *p; p++) {
		if (*p == '\\')
			fputs("\\e", stdout);
		else if (*p == '-')
			fputs("\\-", stdout);
		else if ((*p == '.' || *p == '\'') && p == s)
			printf("\\&%c", *p);
		else
			putchar(*p);
	}
}

static void man_options(const struct option_spec *o)
{
	for (; o && o->name; o++) {
		if (o->flags & OPTION_HIDDEN)
			continue;
		fputs(".TP\n", stdout);
		if (o->letter)
			printf("\\fB\\-%c\\fR, ", o->letter);
		fputs("\\fB\\-\\-", stdout);
		roff(o->name);
		fputs("\\fR", stdout);
		if (o->arg) {
			fputs(" \\fI", stdout);
			roff(o->arg);
			fputs("\\fR", stdout);
		}
		putchar('\n');
		roff(o->help);
		if (o->otherwise) {
			fputs(" (default: ", stdout);
			roff(o->otherwise);
			putchar(')');
		}
		putchar('\n');
	}
}

static void man_command(const struct command *c)
{
	fputs(".SS \"bomgate ", stdout);
	roff(c->name);
	if (*c->synopsis) {
		putchar(' ');
		roff(c->synopsis);
	}
	fputs("\"\n", stdout);
	roff(c->summary);
	puts(".");
	man_options(c->options);
}

static const char *const man_exit[][2] = {
	{ "0", "done, and the gate is open" },
	{ "1", "done, and the gate is closed: findings at or past fail-on, or a policy, licence or validation failure" },
	{ "2", "wrong usage or configuration" },
	{ "3", "an input could not be read whole: what could be read was reported, and the gate stays closed unless allow-incomplete" },
	{ "4", "data or network needed and not to be had, or data too old: the gate stays closed" },
	{ "70", "a fault of bomgate itself, never a finding" },
};

static const char *const man_environment[][2] = {
	{ "GITHUB_TOKEN", "the token for GitHub's API (also GH_TOKEN for audit)" },
	{ "SOURCE_DATE_EPOCH", "the run's time, as --timestamp" },
	{ "NO_COLOR", "no colours" },
	{ "SSL_CERT_FILE, NODE_EXTRA_CA_CERTS", "certificates instead of, and beside, those of the system" },
	{ "HTTPS_PROXY, NO_PROXY", "the proxy, and what goes around it" },
};

static void man_pairs(const char *title, const char *const (*pairs)[2], size_t n)
{
	printf(".SH %s\n", title);
	for (size_t i = 0; i < n; i++) {
		fputs(".TP\n.B ", stdout);
		roff(pairs[i][0]);
		putchar('\n');
		roff(pairs[i][1]);
		putchar('\n');
	}
}

static void man_page(void)
{
	puts(".TH BOMGATE 1 \"\" \"bomgate\" \"User Commands\"\n"
	     ".SH NAME\n"
	     "bomgate \\- what is in this commit, and does anything in it have to be dealt with before it ships?\n"
	     ".SH SYNOPSIS\n"
	     ".B bomgate\n"
	     "\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n"
	     ".SH DESCRIPTION\n"
	     "Makes the SBOM of a commit from its lockfiles (or takes one made elsewhere), records how it was made, matches the components\n"
	     "to known vulnerabilities, decides each finding by SSVC (Defer, Scheduled, Out\\-of\\-cycle, Immediate), and closes the gate on\n"
	     "Out\\-of\\-cycle and Immediate.\n"
	     ".SH COMMANDS");
	for (size_t i = 0; i < commands_n; i++)
		man_command(&commands[i]);
	puts(".SH SOURCES\nWithout a scheme a source is told by what lies there; \\&. is the commit of the work tree.");
	for (size_t i = 0; i < source_kinds_n; i++) {
		struct str what, about = str_of(source_kinds[i].help);
		what = str_cut(&about, ':');
		fputs(".TP\n\\fB", stdout);
		roff(source_kinds[i].scheme);
		printf(":\\fR\\fI%.*s\\fR\n", STR_ARG(what));
		roff(str_trim(about).s);
		putchar('\n');
	}
	puts(".SH \"COMMON OPTIONS\"");
	man_options(common_options);
	man_pairs("\"EXIT STATUS\"", man_exit, sizeof man_exit / sizeof man_exit[0]);
	puts("Where several apply: 2, then 1, then 70, then 4, then 3.");
	man_pairs("ENVIRONMENT", man_environment, sizeof man_environment / sizeof man_environment[0]);
	puts(".SH FILES\n.TP\n.I .github/bomgate.yml\nservices, exceptions and the gate; on a pull request it is read from the base commit\n"
	     ".SH EXAMPLES\n.nf\nbomgate generate . \\-o cyclonedx\\-json=sbom.json\nbomgate scan . \\-\\-db db\nbomgate run \\-\\-db db\n.fi");
}

int cmd_help(struct invocation *in)
{
	if (option_is(in, "man")) {
		man_page();
		return 0;
	}
	if (!in->arguments.n) {
		command_usage(stdout);
		return 0;
	}
	for (size_t i = 0; i < commands_n; i++) {
		if (str_is(in->arguments.items[0], commands[i].name)) {
			command_help(&commands[i]);
			return 0;
		}
	}
	complain("there is no command `%.*s`; `bomgate help` lists them", STR_ARG(in->arguments.items[0]));
	return 2;
}

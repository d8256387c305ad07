/* `bomgate completion bash|zsh|fish`: a script for the shell, from the command and option tables. */
#include "cmd/command.h"

const struct option_spec cmd_completion_options[] = { { NULL, 0, NULL, NULL, NULL, 0 } };

static void each_option(const struct command *c, void (*visit)(const struct command *c, const struct option_spec *o))
{
	for (const struct option_spec *o = c->options; o && o->name; o++)
		if (!(o->flags & OPTION_HIDDEN))
			visit(c, o);
	for (const struct option_spec *o = common_options; o->name; o++)
		if (!(o->flags & OPTION_HIDDEN))
			visit(c, o);
}

/* Does the synopsis begin with words to choose from, as "build|info|get ID|match"? Upper case stands for something. */
static bool has_verbs(const struct command *c)
{
	return *c->synopsis >= 'a' && *c->synopsis <= 'z';
}

/* Those words, each with a blank before it. */
static void print_verbs(const struct command *c)
{
	struct str rest = str_of(c->synopsis);

	while (has_verbs(c) && rest.s) {
		struct str word = str_cut(&rest, '|');
		word = str_cut(&word, ' ');
		if (word.len && word.s[0] >= 'a' && word.s[0] <= 'z')
			printf(" %.*s", STR_ARG(word));
	}
}

/* Inside single quotes of a shell, and inside zsh's brackets. */
static void quoted(const char *s, bool zsh)
{
	for (; *s; s++) {
		if (*s == '\'')
			fputs("'\\''", stdout);
		else if (zsh && (*s == '[' || *s == ']' || *s == ':' || *s == '\\'))
			printf("\\%c", *s);
		else
			putchar(*s);
	}
}

/* ---- bash */

static void bash_option(const struct command *c, const struct option_spec *o)
{
	if (o->letter)
		printf(" -%c", o->letter);
	printf(" --%s", o->name);
}

static void bash(void)
{
	puts("# bash: . <(bomgate completion bash)\n_bomgate() {\n\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=\n\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
	     "\t\twords='");
	for (size_t i = 0; i < commands_n; i++)
		printf(" %s", commands[i].name);
	puts("'\n\telse\n\t\tcase ${COMP_WORDS[1]} in");
	for (size_t i = 0; i < commands_n; i++) {
		printf("\t\t%s) words='", commands[i].name);
		print_verbs(&commands[i]);
		if (strcmp(commands[i].name, "help") == 0)
			for (size_t k = 0; k < commands_n; k++)
				printf(" %s", commands[k].name);
		each_option(&commands[i], bash_option);
		puts("' ;;");
	}
	puts("\t\tesac\n\tfi\n\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
	     "\t[ \"$COMP_CWORD\" = 1 ] || [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n}\ncomplete -o filenames -F _bomgate bomgate");
}

/* ---- zsh */

static void zsh_option(const struct command *c, const struct option_spec *o)
{
	const char *many = o->flags & OPTION_REPEAT ? "*" : "";

	for (int i = o->letter ? 0 : 1; i < 2; i++) {
		printf(" \\\n\t\t\t'%s", many);
		if (i == 0)
			printf("-%c[", o->letter);
		else
			printf("--%s[", o->name);
		quoted(o->help, true);
		putchar(']');
		if (o->arg) {
			putchar(':');
			quoted(o->arg, true);
			fputs(":_files", stdout);
		}
		putchar('\'');
	}
}

static void zsh(void)
{
	puts("#compdef bomgate\n# zsh: a file _bomgate in a folder of $fpath\n_bomgate() {\n\tlocal -a commands=(");
	for (size_t i = 0; i < commands_n; i++) {
		printf("\t\t'%s:", commands[i].name);
		quoted(commands[i].summary, false);
		puts("'");
	}
	puts("\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tlocal command=$words[2]\n\tshift words\n\t(( CURRENT-- ))\n\tcase $command in");
	for (size_t i = 0; i < commands_n; i++) {
		printf("\t%s)\n\t\t_arguments", commands[i].name);
		each_option(&commands[i], zsh_option);
		if (has_verbs(&commands[i])) {
			fputs(" \\\n\t\t\t'1:what:(", stdout);
			print_verbs(&commands[i]);
			fputs(")'", stdout);
		}
		puts(" \\\n\t\t\t'*:file:_files'\n\t\t;;");
	}
	puts("\tesac\n}\n_bomgate \"$@\"");
}

/* ---- fish */

static void fish_option(const struct command *c, const struct option_spec *o)
{
	printf("complete -c bomgate -n '__fish_seen_subcommand_from %s' -l %s", c->name, o->name);
	if (o->letter)
		printf(" -s %c", o->letter);
	if (o->arg)
		fputs(" -r", stdout);
	fputs(" -d '", stdout);
	quoted(o->help, false);
	puts("'");
}

static void fish(void)
{
	puts("# fish: bomgate completion fish > ~/.config/fish/completions/bomgate.fish");
	for (size_t i = 0; i < commands_n; i++) {
		printf("complete -c bomgate -n __fish_use_subcommand -f -a %s -d '", commands[i].name);
		quoted(commands[i].summary, false);
		puts("'");
	}
	for (size_t i = 0; i < commands_n; i++) {
		if (has_verbs(&commands[i])) {
			printf("complete -c bomgate -n '__fish_seen_subcommand_from %s' -a '", commands[i].name);
			print_verbs(&commands[i]);
			puts("'");
		}
		each_option(&commands[i], fish_option);
	}
}

int cmd_completion(struct invocation *in)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} shells[] = { { "bash", bash }, { "zsh", zsh }, { "fish", fish } };

	for (size_t i = 0; in->arguments.n == 1 && i < sizeof shells / sizeof shells[0]; i++) {
		if (str_is(in->arguments.items[0], shells[i].name)) {
			shells[i].print();
			return 0;
		}
	}
	complain("`bomgate completion` takes bash, zsh or fish");
	return 2;
}

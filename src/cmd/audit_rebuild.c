/* The level "rebuilt": the SBOMs made again from the recorded commit and options, and compared byte for byte. */
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "cmd/audit.h"
#include "cmd/run.h"
#include "format/format.h"
#include "identity/purl.h"
#include "io/file.h"
#include "match/diff.h"

#define LEVEL LEVEL_REBUILT

struct rebuilding {
	struct arena *arena;
	struct audited *x;
	struct str folder;  /* of what is made */
	struct str binary;
	bool same_binary;   /* as the record's */
	bool same_inputs;
	VEC(char *) args;
};

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *f)
{
	(void)s, (void)type, (void)f;
	return remove(path);
}

static void argument(struct rebuilding *b, const char *name, struct str value)
{
	*VEC_ADD(b->arena, &b->args) = arena_cstr(b->arena, arena_printf(b->arena, "--%s=%.*s", name, STR_ARG(value)));
}

/* Only options that change the SBOM, by name: the record is from outside. */
static void recorded_options(struct rebuilding *b)
{
	static const char *const matter[] = { "exclude", "name", "formats" };
	const struct json *options = json_path(b->x->record.definition, "externalParameters.options");

	for (JSON_EACH(o, options))
		for (size_t i = 0; i < sizeof matter / sizeof matter[0]; i++)
			if (str_is(json_key(o), matter[i]))
				for (struct str rest = json_string(o); rest.s;) /* one that was repeated: a line each */
					argument(b, matter[i], str_cut(&rest, '\n'));
	for (JSON_EACH(s, json_path(b->x->record.definition, "externalParameters.shipped")))
		argument(b, "subject", arena_printf(b->arena, "%.*s@sha256:%.*s", STR_ARG(json_get_string(s, "name")),
						    STR_ARG(json_get_string(json_get(s, "digest"), "sha256"))));
}

static bool run_again(struct rebuilding *b, struct str checkout)
{
	const struct record *r = &b->x->record;
	struct str stamp = json_get_string(r->result, "timestamp");
	posix_spawn_file_actions_t actions;
	char *env[8];
	size_t n = 0;
	pid_t pid;
	int status;

	*VEC_ADD(b->arena, &b->args) = arena_cstr(b->arena, b->binary);
	*VEC_ADD(b->arena, &b->args) = arena_cstr(b->arena, STR("run"));
	argument(b, "source", arena_printf(b->arena, "git:%.*s@%.*s", STR_ARG(checkout), STR_ARG(r->commit)));
	argument(b, "out", b->folder);
	argument(b, "timestamp", stamp);
	argument(b, "base", r->commit);
	recorded_options(b);
	*VEC_ADD(b->arena, &b->args) = arena_cstr(b->arena, STR("--offline"));
	*VEC_ADD(b->arena, &b->args) = NULL;
	env[n++] = arena_cstr(b->arena, STR("PATH=/usr/bin:/bin"));
	if (r->repository.len)
		env[n++] = arena_cstr(b->arena, arena_concat(b->arena, STR("GITHUB_REPOSITORY="), r->repository, STR_NONE));
	env[n] = NULL;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	bool started = posix_spawn(&pid, b->args.items[0], &actions, NULL, b->args.items, env) == 0;
	posix_spawn_file_actions_destroy(&actions);
	return started && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) != 2 && WEXITSTATUS(status) != 70;
}

/* ---- comparing */

static bool inputs_agree(struct rebuilding *b)
{
	struct str path = file_join(b->arena, b->folder, STR("provenance.json")), text, why;
	const struct json *now;

	if (!file_read(b->arena, path.s, LIMIT_SBOM, &text, &why) || !(now = json_parse(b->arena, text, NULL, NULL)))
		return false;
	now = json_path(now, "predicate.buildDefinition.resolvedDependencies");
	for (JSON_EACH(d, json_get(b->x->record.definition, "resolvedDependencies"))) {
		bool found = false;
		if (!str_is(json_get_string(json_get(d, "annotations"), "kind"), "input"))
			continue;
		for (JSON_EACH(e, now))
			found = found || (str_eq(json_get_string(e, "name"), json_get_string(d, "name")) &&
					  str_eq(json_get_string(json_get(e, "digest"), "sha256"), json_get_string(json_get(d, "digest"), "sha256")));
		if (!found)
			return false;
	}
	return true;
}

static struct bom *read_bom(struct rebuilding *b, struct str name, struct str bytes)
{
	struct diags *d = ARENA_NEW(b->arena, struct diags);
	const struct format *format;

	diag_init(d, b->arena);
	struct bom *bom = bom_new(b->arena, d);
	if (format_read(bom, name, bytes, &format) == FAILED)
		return NULL;
	purl_complete_all(bom);
	return bom;
}

static const char *cause(const struct rebuilding *b)
{
	return !b->same_inputs ? "input: the recorded inputs are not the commit's" :
	       !b->same_binary ? "tool: made by another version" :
				 "unexplained: same program, same inputs";
}

static void tell_differences(struct rebuilding *b, const struct record_file *f, struct str now)
{
	struct bom *old = read_bom(b, f->name, f->bytes), *new = read_bom(b, f->name, now);
	struct diff diff = { 0 };
	/* A difference that another version of the tool explains is no failure. */
	enum check_state state = b->same_inputs && !b->same_binary ? CHECK_NOT_DONE : CHECK_FAILS;
	size_t n = 0;

	if (old && new)
		diff_boms(b->arena, old, new, &diff);
	for (VEC_EACH(const struct difference, d, &diff.list))
		if (n++ < 20)
			audit_say(&b->x->audit, LEVEL, state, change_word(d->change), f->name, "%.*s %.*s (%s)", STR_ARG(d->package), STR_ARG(d->detail), cause(b));
	if (n > 20)
		audit_say(&b->x->audit, LEVEL, state, "more", f->name, "and %zu differences more (%s)", n - 20, cause(b));
	if (!n)
		audit_say(&b->x->audit, LEVEL, state, "bytes", f->name, "differs, though it names the same components (%s)", cause(b));
}

static void compare(struct rebuilding *b)
{
	b->same_inputs = inputs_agree(b);
	for (VEC_EACH(const struct record_file, f, &b->x->record.files)) {
		struct str now, why;
		if (!f->subject || !f->bytes.s)
			continue;
		if (!file_read(b->arena, file_join(b->arena, b->folder, f->name).s, LIMIT_SBOM, &now, &why))
			audit_say(&b->x->audit, LEVEL, CHECK_NO_DATA, "rebuild", f->name, "was not made again: %.*s", STR_ARG(why));
		else if (str_eq(now, f->bytes))
			audit_say(&b->x->audit, LEVEL, CHECK_HOLDS, "bytes", f->name, "comes out byte for byte%s", b->same_binary ? "" : " (by another build of bomgate)");
		else
			tell_differences(b, f, now);
	}
}

void audit_rebuild(struct invocation *in, struct audited *x, struct str checkout, struct str binary)
{
	struct rebuilding b = { .arena = in->arena, .x = x, .binary = binary.len ? binary : STR("/proc/self/exe") };
	char folder[] = "/tmp/bomgate-audit-XXXXXX";
	struct str bytes, why, digest = STR_NONE;

	if (!audit_sources_are_git(&x->record)) {
		audit_say(&x->audit, LEVEL, CHECK_NOT_DONE, "rebuild", STR_NONE, "the SBOM was not made from one git commit alone: it cannot be made again from the record");
		return;
	}
	if (!json_get_string(x->record.result, "timestamp").len) {
		audit_say(&x->audit, LEVEL, CHECK_MISSING, "rebuild", STR_NONE, "without result.json the SBOM's time is not known");
		return;
	}
	if (!binary.len)
		digest = run_own_digest(in->arena);
	else if (file_read(in->arena, arena_cstr(in->arena, binary), (size_t)256 << 20, &bytes, &why))
		digest = sha256_hex(in->arena, bytes);
	b.same_binary = digest.len && str_eq(digest, x->record.binary_sha256);
	if (binary.len && !b.same_binary) { /* never start what is not the recorded one */
		audit_say(&x->audit, LEVEL, CHECK_FAILS, "binary", binary, "is not the program that the record names (sha256:%.*s)", STR_ARG(x->record.binary_sha256));
		return;
	}
	if (!mkdtemp(folder)) {
		audit_say(&x->audit, LEVEL, CHECK_NO_DATA, "rebuild", STR_NONE, "no temporary folder could be made");
		return;
	}
	b.folder = str_of(folder);
	if (run_again(&b, checkout))
		compare(&b);
	else
		audit_say(&x->audit, LEVEL, CHECK_NO_DATA, "rebuild", checkout, "the commit could not be read again there");
	nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

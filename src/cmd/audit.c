/* `bomgate audit WHAT…`: checks recorded provenance at stated levels of evidence. */
#include "cmd/audit.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/timestamp.h"
#include "cmd/output.h"
#include "cmd/read_sbom.h"
#include "cmd/run.h"
#include "io/file.h"
#include "io/http.h"
#include "provenance/verdict.h"
#include "publish/sbom_export.h"

const struct option_spec cmd_audit_options[] = {
	{ "output", 'o', "FORMAT[=FILE]", "table", "table, json or html", OPTION_REPEAT },
	{ "provenance", 0, "FILE", "provenance.json beside the SBOM", "the record", 0 },
	{ "known", 0, "FILE", NULL, "digests of known binaries, one a line (SHA256SUMS of releases)", 0 },
	{ "checkout", 0, "PATH", NULL, "a clone that has the commit: its inputs are compared", 0 },
	{ "anchor", 0, NULL, NULL, "ask GitHub's API for the run, its artifact and the commit (token: GITHUB_TOKEN or GH_TOKEN)", OPTION_FLAG },
	{ "repository", 0, "OWNER/REPO", NULL, "the repository that the record must be of; else only the record's own word stands for it", 0 },
	{ "trust", 0, "FILE", NULL, "whom signatures beside the record are checked by: Sigstore's trusted_root.json, or PEM certificates or public keys; several may be named", OPTION_REPEAT },
	{ "issuer", 0, "URL", "GitHub Actions' for a Sigstore root", "who must have vouched for the signer (with --trust)", 0 },
	{ "identity", 0, "NAME", NULL, "the signer: a certificate's URI or mail address, with * at the end for anything (with --trust)", 0 },
	{ "rebuild", 0, NULL, NULL, "make the SBOMs again from --checkout (default: the current folder) and compare", OPTION_FLAG },
	{ "binary", 0, "FILE", "this program", "the recorded binary, for --rebuild", 0 },
	{ "redecide", 0, NULL, NULL, "derive outcomes and gate again from the record alone", OPTION_FLAG },
	{ "verdict", 0, "FILE", NULL, "check that this verdict let the --subject pass", 0 },
	{ "subject", 0, "FILE", NULL, "a file, sha256:… or commit:ID, that must be what the verdict is about; without it nothing was checked (3)", OPTION_REPEAT },
	{ "since", 0, "DAY", NULL, "of OWNER/REPO: from this day or time on", 0 },
	{ "until", 0, "DAY", NULL, "of OWNER/REPO: before this day or time", 0 },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

int audit_code(const struct audit *a)
{
	static const int codes[CHECK_STATES] = { [CHECK_FAILS] = 1, [CHECK_MISSING] = 3, [CHECK_NO_DATA] = 4 };
	int code = 0;

	for (VEC_EACH(const struct check, c, &a->checks)) {
		int now = codes[c->state];
		if (now && (code == 0 || now == 1 || (now == 4 && code == 3)))
			code = now;
	}
	return code;
}

/* ---- what to audit */

static bool has_record(struct arena *a, struct str folder)
{
	enum file_kind kind;

	return file_kind(file_join(a, folder, STR("provenance.json")).s, &kind) && kind == FILE_REGULAR;
}

static void add(struct invocation *in, struct audits *all, struct str record, struct str what, struct str sbom)
{
	struct audited *x = VEC_ADD(in->arena, all);

	*x = (struct audited){ .what = what, .audit = { .arena = in->arena, .now = timestamp_now() } };
	x->read = record_read(in->arena, record, &x->audit, &x->record) == OK;
	if (!sbom.len || !x->read)
		return;
	size_t slash = str_rchr(sbom, '/');
	struct str base = slash == STR_NOT_FOUND ? sbom : str_from(sbom, slash + 1);
	bool named = false;
	for (VEC_EACH(const struct record_file, f, &x->record.files))
		named = named || str_eq(f->name, base);
	audit_check(&x->audit, LEVEL_SELF, named, "named", base, "is a file that the record names");
}

/* The folder's own record, else those of the folders in it (an artifact store), each one level deeper. */
static size_t add_folder(struct invocation *in, struct audits *all, struct str folder, unsigned depth)
{
	struct file_entries entries = { 0 };
	struct str why;
	size_t n = 0;

	if (has_record(in->arena, folder)) {
		add(in, all, file_join(in->arena, folder, STR("provenance.json")), folder, STR_NONE);
		return 1;
	}
	if (depth > 8 || !file_list(in->arena, arena_cstr(in->arena, folder), &entries, &why))
		return 0;
	for (VEC_EACH(const struct file_entry, e, &entries))
		if (e->kind == FILE_FOLDER)
			n += add_folder(in, all, file_join(in->arena, folder, e->name), depth + 1);
	return n;
}

/* A verdict that was kept without the rest of its run: what is left to check is said. */
static struct str verdict_hint(struct arena *a, struct str path)
{
	struct str text, why;

	if (!file_read(a, arena_cstr(a, path), LIMIT_MANIFEST, &text, &why) ||
	    !str_is(json_get_string(json_parse(a, text, NULL, NULL), "predicateType"), VERDICT_TYPE))
		return STR_NONE;
	return arena_printf(a, "`bomgate audit --verdict %.*s --subject FILE` checks whether it lets what is shipped pass", STR_ARG(path));
}

/* Nothing can be checked then; whether it is an SBOM at all is told, with line and column. */
static void add_without_record(struct invocation *in, struct audits *all, struct str what)
{
	struct audited *x = VEC_ADD(in->arena, all);
	struct str hint = verdict_hint(in->arena, what);
	int code = 0;

	*x = (struct audited){ .what = what, .audit = { .arena = in->arena, .now = timestamp_now() } };
	if (hint.len) {
		audit_say(&x->audit, LEVEL_SELF, CHECK_MISSING, "record", what, "is a verdict alone, with no provenance.json beside it; %.*s", STR_ARG(hint));
		return;
	}
	read_sbom(in, in->arena, what, &code);
	audit_say(&x->audit, LEVEL_SELF, CHECK_MISSING, "record", what,
		  "has no provenance.json beside it: nothing says how it was made; audit the folder that `bomgate run` wrote, or name the record with"
		  " --provenance FILE");
}

static bool add_argument(struct invocation *in, struct audits *all, struct str what)
{
	struct str record = option_get(in, "provenance");
	enum file_kind kind;

	if (!file_kind(arena_cstr(in->arena, what), &kind)) {
		complain("%.*s: there is no such file or folder", STR_ARG(what));
		return false;
	}
	if (kind == FILE_FOLDER) {
		if (!add_folder(in, all, what, 0)) {
			struct audited *x = VEC_ADD(in->arena, all);
			*x = (struct audited){ .what = what, .audit = { .arena = in->arena, .now = timestamp_now() } };
			struct str hint = verdict_hint(in->arena, file_join(in->arena, what, STR("verdict.json")));
			audit_say(&x->audit, LEVEL_SELF, CHECK_MISSING, "record", what, "there is no provenance.json in it or below: nothing says who made what%s%.*s",
				  hint.len ? "; " : "", STR_ARG(hint));
		}
		return true;
	}
	if (!record.len) {
		size_t slash = str_rchr(what, '/');
		record = slash == STR_NOT_FOUND ? STR("provenance.json") : file_join(in->arena, str_sub(what, 0, slash ? slash : 1), STR("provenance.json"));
		if (!file_kind(arena_cstr(in->arena, record), &kind)) {
			add_without_record(in, all, what);
			return true;
		}
	}
	add(in, all, record, what, str_ends(what, STR("provenance.json")) || str_ends(what, STR("verdict.json")) ? STR_NONE : what);
	return true;
}

/* ---- the levels */

static void redecide_record(struct audited *x)
{
	int64_t at = 0;

	if (!x->record.result) {
		audit_say(&x->audit, LEVEL_REDECIDED, CHECK_MISSING, "gate", STR_NONE, "there is no result.json to decide from");
		return;
	}
	if (!timestamp_parse(x->record.started, &at)) {
		audit_say(&x->audit, LEVEL_REDECIDED, CHECK_FAILS, "gate", STR_NONE, "the record does not say when the run started");
		return;
	}
	enum result result = redecide(x->audit.arena, x->record.result, x->record.statement, at, &x->again);
	if (result == FAILED) {
		audit_say(&x->audit, LEVEL_REDECIDED, CHECK_MISSING, "gate", STR_NONE, "%.*s", STR_ARG(x->again.failed));
		return;
	}
	x->redecided = true;
	for (VEC_EACH(const struct str, d, &x->again.differences))
		audit_say(&x->audit, LEVEL_REDECIDED, CHECK_FAILS, "decision", STR_NONE, "%.*s", STR_ARG(*d));
	for (VEC_EACH(const struct str, n, &x->again.notes))
		audit_say(&x->audit, LEVEL_REDECIDED, CHECK_NOT_DONE, "table", STR_NONE, "%.*s", STR_ARG(*n));
	if (result == OK)
		audit_say(&x->audit, LEVEL_REDECIDED, CHECK_HOLDS, "gate", STR_NONE,
			  "%zu findings (%zu lifted) give the recorded outcomes, and the gate is %.*s (exit code %d) by the record alone", x->again.findings,
			  x->again.lifted, STR_ARG(x->again.state), x->again.gate.exit_code);
}

void audit_repository(struct invocation *in, struct audited *x)
{
	struct str wanted = option_get(in, "repository"), own = x->record.repository;

	if (wanted.len)
		audit_check(&x->audit, LEVEL_ANCHORED, own.len && str_eq_nocase(own, wanted), "repository", own.len ? own : STR("none"),
			    "is what the record names, and the one that was asked for (%.*s)", STR_ARG(wanted));
	else if (own.len && option_is(in, "anchor"))
		audit_say(&x->audit, LEVEL_ANCHORED, CHECK_NOT_DONE, "repository", own,
			  "is the record's own word: whatever is asked of GitHub is asked about it; say with --repository which one it must be");
}

static void audit_one(struct invocation *in, struct audited *x, struct str known, const struct trust *trust)
{
	struct str checkout = option_get(in, "checkout");

	if (!x->read)
		return;
	record_check_self(&x->record, known, run_own_digest(in->arena), &x->audit);
	record_check_sboms(&x->record, &x->audit);
	audit_repository(in, x);
	if (checkout.len)
		audit_clone(x, checkout);
	if (option_is(in, "anchor"))
		audit_api(in, x);
	else if (!checkout.len)
		audit_say(&x->audit, LEVEL_ANCHORED, CHECK_NOT_DONE, "run", STR_NONE, "not asked: --anchor asks GitHub, --checkout PATH compares with a clone");
	record_find_signatures(&x->record, trust, &x->audit);
	if (option_is(in, "rebuild"))
		audit_rebuild(in, x, checkout.len ? checkout : STR("."), option_get(in, "binary"));
	if (option_is(in, "redecide"))
		redecide_record(x);
}

bool audit_trust(struct invocation *in, const struct trust **out)
{
	struct str path = option_nth(in, "trust", 0), text, why;
	struct trust *t = ARENA_NEW(in->arena, struct trust);

	*out = NULL;
	t->wanted = (struct trust_wanted){ option_get(in, "issuer"), option_get(in, "identity"), option_get(in, "repository") };
	static const char *const words[] = { "issuer", "identity", "repository" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (option_get(in, words[i]).s && !option_get(in, words[i]).len) { /* an unset variable must not make the check a weaker one */
			complain("--%s is empty", words[i]);
			return false;
		}
	if (!path.s && (t->wanted.issuer.len || t->wanted.identity.len)) {
		complain("--issuer and --identity say who must have signed: --trust has to say by whom that is checked");
		return false;
	}
	if (!path.s)
		return true;
	for (size_t i = 0; (path = option_nth(in, "trust", i)).s; i++)
		if (!file_read(in->arena, arena_cstr(in->arena, path), LIMIT_CONFIG, &text, &why) || !trust_read(in->arena, path, text, t, &why)) {
			complain("--trust %.*s: %.*s", STR_ARG(path), STR_ARG(why));
			return false;
		}
	if (!t->authorities.n && !t->keys.n) {
		complain("--trust names logs and time stampers, but nobody who may sign: an authority or a key");
		return false;
	}
	if (!t->authorities.n && (t->wanted.issuer.len || t->wanted.identity.len)) {
		complain("--issuer and --identity are about a signer's certificate: --trust names keys alone, and no authority to check one by");
		return false;
	}
	*out = t;
	return true;
}

static int write_outputs(struct audits *all, const struct outputs *outputs)
{
	int code = 0;

	for (VEC_EACH(const struct output, o, outputs)) {
		struct buf text;
		buf_init(&text, 0);
		if (str_is(o->name, "json"))
			audit_json(all, &text);
		else if (str_is(o->name, "html"))
			audit_html(all, &text);
		else
			audit_table(all, &text);
		if (!output_deliver(o, buf_str(&text)))
			code = 70;
		buf_free(&text);
	}
	return code;
}

int cmd_audit(struct invocation *in)
{
	struct outputs outputs;
	struct audits all = { 0 };
	struct str known = STR_NONE, why;
	const struct trust *trust;
	int code = 0;

	if (!outputs_own(in, "table|json|html", &outputs) || !audit_trust(in, &trust))
		return 2;
	http_set_offline(option_is(in, "offline"));
	if (option_get(in, "verdict").len)
		return audit_verdict(in);
	if (!in->arguments.n) {
		complain("audit what? An SBOM, a folder with provenance.json, or --verdict FILE --subject FILE");
		return 2;
	}
	enum file_kind kind;
	if (in->arguments.n == 1 && !file_kind(arena_cstr(in->arena, in->arguments.items[0]), &kind) && sbom_export_valid(in->arguments.items[0]))
		return audit_history(in, in->arguments.items[0]);
	if (option_get(in, "since").len || option_get(in, "until").len) {
		complain("--since and --until go with OWNER/REPO, whose history is looked at");
		return 2;
	}
	if (option_get(in, "known").len && !file_read(in->arena, arena_cstr(in->arena, option_get(in, "known")), LIMIT_MANIFEST, &known, &why)) {
		complain("%.*s: %.*s", STR_ARG(option_get(in, "known")), STR_ARG(why));
		return 2;
	}
	for (size_t i = 0; i < in->arguments.n; i++)
		if (!add_argument(in, &all, in->arguments.items[i]))
			return 2;
	for (size_t i = 0; i < all.n; i++) {
		audit_one(in, &all.items[i], known, trust);
		int now = audit_code(&all.items[i].audit);
		code = now == 1 || code == 0 || (now == 4 && code == 3) ? (now ? now : code) : code;
	}
	int wrote = write_outputs(&all, &outputs);
	return wrote ? wrote : code;
}

#include "decide/policy.h"

#include <stdarg.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "decide/policy_parse.h"
#include "source/source.h"
#include "syntax/yaml.h"

const char *const data_source_names[NDATA] = { "kev", "ssvc", "osv", "epss" };

void policy_default(struct arena *a, struct policy *out)
{
	static const int64_t day = 86400;

	*out = (struct policy){ .arena = a, .file = STR("the defaults") };
	out->table = ssvc_table_published(a, STR("deployer"));
	out->human_impact = ssvc_table_published(a, STR("human-impact"));
	out->fail_on.value = OUTCOME_OUT_OF_CYCLE;
	out->max_age[DATA_KEV].value = 3 * day;
	out->max_age[DATA_SSVC].value = 3 * day;
	out->max_age[DATA_OSV].value = 7 * day;
	out->max_age[DATA_EPSS].value = INT64_MAX;
	out->minimum_fail_on.value = FAIL_ON_NEVER;
	for (unsigned i = 0; i < NDATA; i++)
		out->minimum_max_age[i].value = INT64_MAX;
	out->minimum_allow_incomplete.value = 1;
	out->assume[ASSUME_EXPOSURE].value = 2;
	out->assume[ASSUME_AUTOMATABLE].value = 1;
	out->assume[ASSUME_HUMAN_IMPACT].value = 1;
	out->assume[ASSUME_TECHNICAL_IMPACT].value = 1;
}

void policy_add_file(struct arena *a, struct policy *p, struct str what, struct str text)
{
	*VEC_ADD(a, &p->files) = (struct policy_file){ what, sha256_hex(a, text) };
}

void policy_diag(struct diags *d, enum severity severity, struct str file, unsigned line, const char *fmt, ...)
{
	size_t before = d->n;
	va_list ap;
	struct str text;

	va_start(ap, fmt);
	text = arena_vprintf(d->arena, fmt, ap);
	va_end(ap);
	diag_add(d, severity, severity == SEV_ERROR ? "usage.config" : "config", file, DIAG_NO_OFFSET, "%.*s", STR_ARG(text));
	if (d->n > before)
		d->items[d->n - 1].line = line;
}

bool policy_level(const struct ssvc_table *t, struct str word, unsigned *out)
{
	if (ssvc_word_eq(word, STR("never")))
		*out = FAIL_ON_NEVER;
	else if (ssvc_word_eq(word, STR("any")))
		*out = 0;
	else
		return ssvc_value_of(t->outcome, word, out);
	return true;
}

struct str policy_level_word(const struct ssvc_table *t, unsigned level)
{
	return level == FAIL_ON_NEVER ? STR("never") : level < t->outcome->nvalues ? t->outcome->values[level].word : STR("?");
}

/* OWNER/REPO//path@SHA with a full SHA-1 or SHA-256. */
static bool split_extends(struct str text, struct str *repository, struct str *revision)
{
	size_t path = str_find(text, STR("//"), 0), at = str_rchr(text, '@'), slash = str_chr(text, '/');

	if (path == STR_NOT_FOUND || at == STR_NOT_FOUND || at < path + 3 || slash == 0 || slash + 1 >= path)
		return false;
	*repository = str_sub(text, 0, path);
	*revision = str_from(text, at + 1);
	for (size_t i = 0; i < repository->len; i++)
		if (!ascii_alpha(text.s[i]) && !ascii_digit(text.s[i]) && !strchr("-_./", text.s[i]))
			return false;
	for (size_t i = 0; i < revision->len; i++)
		if (ascii_hex(revision->s[i]) < 0)
			return false;
	if (str_chr(str_from(*repository, slash + 1), '/') != STR_NOT_FOUND || str_has(text, STR("..")))
		return false;
	return revision->len == 40 || revision->len == 64;
}

static bool read_tree(struct policy_parse *p, struct value **root)
{
	struct yaml_documents docs = { 0 };
	struct str error = STR_NONE;
	size_t offset = 0;

	*root = NULL;
	if (p->text.len > LIMIT_CONFIG)
		return policy_wrong(p, DIAG_NO_OFFSET, "the configuration is larger than %zu bytes", LIMIT_CONFIG);
	if (!yaml_parse(p->arena, p->text, true, &docs, &error, &offset))
		return policy_wrong(p, offset, "no valid YAML: %.*s", STR_ARG(error));
	if (docs.n > 1)
		return policy_wrong(p, docs.items[1]->offset, "a second YAML document; the configuration is one");
	if (docs.n == 0 || docs.items[0]->type == VALUE_NULL)
		return true;
	if (docs.items[0]->type != VALUE_TABLE)
		return policy_wrong(p, docs.items[0]->offset, "the configuration is a mapping from keys to values");
	*root = docs.items[0];
	return true;
}

static void parse_one(struct policy_parse *p);

/* The organisation's file, parsed by itself: the repository's starts from its tables. */
static bool extend(struct policy_parse *p, const struct value *v)
{
	struct policy *organisation = ARENA_NEW(p->arena, struct policy);
	struct str what = str_trim(value_text(v)), why = STR("no file of another repository can be read here");
	struct policy_parse o = { .arena = p->arena, .diags = p->diags, .file = what, .policy = organisation, .io = p->io };

	if (p->repository.s)
		return policy_wrong(p, v->offset, "a file that others extend cannot extend a third");
	if (!split_extends(what, &o.repository, &o.revision))
		return policy_wrong(p, v->offset, "`extends` is OWNER/REPO//path@SHA with the full 40-digit SHA, nothing else");
	if (!p->io || !p->io->fetch(p->io->data, what, &o.text, &why)) {
		diag_add(p->diags, SEV_ERROR, "data.policy", p->file, v->offset,
			 "`extends`: %.*s could not be read (%.*s); the gate stays closed without the policy it rests on", STR_ARG(what), STR_ARG(why));
		p->failed = true;
		return false;
	}
	policy_default(p->arena, organisation);
	organisation->file = what;
	policy_add_file(p->arena, organisation, what, o.text);
	parse_one(&o);
	p->failed = p->failed || o.failed;
	p->organisation = organisation;
	p->policy->table = organisation->table;
	p->policy->human_impact = organisation->human_impact;
	return !o.failed;
}

static void parse_one(struct policy_parse *p)
{
	size_t first = p->diags->n;
	struct value *root;

	if (read_tree(p, &root) && root) {
		const struct value *extends = value_get(root, "extends");
		if (!extends || extend(p, extends))
			policy_take_section(p, "", root, p->policy);
	}
	diag_locate(p->diags, first, p->file, p->text);
}

static void check_ignored_services(struct policy_parse *p)
{
	const struct policy *to = p->policy;

	for (VEC_EACH(const struct ignore_entry, e, &to->ignore)) {
		bool known = !e->service.s;
		for (size_t i = 0; i < to->services.n; i++)
			known = known || str_eq(to->services.items[i].name, e->service);
		if (!known) {
			policy_diag(p->diags, SEV_ERROR, e->file, e->line, "`ignore`: there is no service \"%.*s\"", STR_ARG(e->service));
			p->failed = true;
		}
	}
}

enum result policy_parse(struct arena *a, struct diags *d, struct str file, struct str text, const struct policy_io *io, struct policy *out)
{
	struct policy_parse p = { .arena = a, .diags = d, .file = file, .text = text, .policy = out, .io = io };

	policy_default(a, out);
	out->present = true;
	out->file = file;
	policy_add_file(a, out, file, text);
	parse_one(&p);
	if (!p.failed)
		policy_merge(&p);
	check_ignored_services(&p);
	if (!p.failed && !str_is(out->table->id, "ssvc:DT_DP:1.0.0") && !out->fail_on.set)
		policy_wrong(&p, DIAG_NO_OFFSET, "`ssvc.table` is %.*s: say with `gate.fail_on` which of its outcomes closes the gate (%.*s)",
			     STR_ARG(out->table->id), STR_ARG(ssvc_value_words(a, out->table->outcome)));
	return p.failed ? FAILED : OK;
}

static bool fits_any(struct str glob, const struct str *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (path_glob(glob, paths[i]))
			return true;
	return false;
}

static enum result check_globs(const struct policy *p, struct diags *d, enum severity severity, const struct str_list *globs, size_t own,
			       const char *what, unsigned line, const struct str *paths, size_t n)
{
	enum result r = OK;

	for (size_t i = 0; i < globs->n && i < own; i++) {
		if (fits_any(globs->items[i], paths, n))
			continue;
		policy_diag(d, severity, p->file, line, "%s: \"%.*s\" fits no file; correct or remove it", what, STR_ARG(globs->items[i]));
		r = PARTIAL;
	}
	return r;
}

enum result policy_check_paths(const struct policy *p, struct diags *d, enum severity severity, const struct str *paths, size_t n)
{
	enum result r = check_globs(p, d, severity, &p->exclude, p->own_exclude, "`exclude`", p->exclude_set.line, paths, n);

	for (size_t i = 0; i < p->services.n && i < p->own_services; i++)
		r = result_worse(r, check_globs(p, d, severity, &p->services.items[i].paths, SIZE_MAX, "`paths`", p->services.items[i].line, paths, n));
	for (VEC_EACH(const struct ignore_entry, e, &p->ignore))
		if (str_eq(e->file, p->file))
			r = result_worse(r, check_globs(p, d, severity, &e->paths, SIZE_MAX, "`ignore.paths`", e->line, paths, n));
	return r == OK ? OK : severity == SEV_ERROR ? FAILED : PARTIAL;
}

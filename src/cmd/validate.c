/* bomgate validate: an SBOM against the rules of its standard, and against what minimum elements a profile asks for. */
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "format/profile.h"
#include "format/validate.h"
#include "io/file.h"
#include "report/escape.h"
#include "syntax/json_writer.h"

const struct option_spec cmd_validate_options[] = {
	{ "profile", 0, "PROFILE", NULL, "minimum elements too: ntia, cisa-2025, bsi-tr-03183-2, cra, meti (comma between several)", OPTION_REPEAT },
	{ "output", 'o', "FORMAT", "table", "table or json", 0 },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

struct validation {
	struct invocation *in;
	struct json_writer *json; /* NULL: table */
	int code;
	VEC(const struct profile *) profiles;
};

static void print_violation(struct str path, const struct violation *it, const char *what)
{
	struct buf b;

	buf_init(&b, 0);
	escape_log(&b, path);
	if (it->line)
		buf_printf(&b, ":%u", it->line);
	buf_printf(&b, ": %s", what);
	escape_log(&b, it->pointer.len ? it->pointer : STR("/"));
	buf_adds(&b, ": ");
	escape_log(&b, it->text);
	puts(b.s);
	buf_free(&b);
}

static void json_violation(struct json_writer *w, const struct violation *it)
{
	json_begin_object(w);
	json_member(w, "pointer", it->pointer.s ? it->pointer : STR(""));
	if (it->line)
		json_member_int(w, "line", it->line);
	json_member(w, "text", it->text);
	json_end_object(w);
}

static void json_list(struct json_writer *w, const char *key, const struct violations *list)
{
	json_put_key(w, key);
	json_begin_array(w);
	for (VEC_EACH(const struct violation, it, &list->list))
		json_violation(w, it);
	json_end_array(w);
}

static void print_list(struct str path, const struct violations *list, const char *what)
{
	for (VEC_EACH(const struct violation, it, &list->list))
		print_violation(path, it, what);
	if (list->count > list->list.n)
		printf("%.*s: %zu more\n", STR_ARG(path), list->count - list->list.n);
}

/* One profile: what it requires fails the SBOM, what it recommends is told. */
static void check_profile(struct validation *v, const struct profile *p, const struct bom *b, struct str path, struct str text)
{
	struct violations required = { .arena = b->arena }, recommended = { .arena = b->arena };

	profile_check(p, b, &required, &recommended);
	violations_locate(&required, text);
	violations_locate(&recommended, text);
	if (required.count)
		v->code = v->code > 1 ? v->code : 1;
	if (v->json) {
		json_begin_object(v->json);
		json_member(v->json, "profile", str_of(p->word));
		json_member_bool(v->json, "met", required.count == 0);
		json_list(v->json, "missing", &required);
		json_list(v->json, "recommended", &recommended);
		json_end_object(v->json);
		return;
	}
	print_list(path, &required, "missing ");
	print_list(path, &recommended, "recommended ");
	printf("%.*s: %s (%s): %s, %zu missing, %zu recommended\n", STR_ARG(path), p->word, p->title, required.count ? "NOT MET" : "met",
	       required.count, recommended.count);
}

static void report(struct validation *v, struct str path, const struct format *f, struct str version, const struct violations *list)
{
	if (v->json) {
		json_begin_object(v->json);
		json_member(v->json, "file", path);
		json_member(v->json, "format", str_of(f->name));
		json_member_opt(v->json, "version", version);
		json_member_bool(v->json, "valid", list->count == 0);
		json_member_int(v->json, "violations", (long long)list->count);
		json_list(v->json, "list", list);
		return;
	}
	print_list(path, list, "");
	printf("%.*s: %s %.*s: %s\n", STR_ARG(path), f->name, STR_ARG(version), list->count ? "INVALID" : "valid");
}

static void refused(struct validation *v, struct str path, struct diags *diags)
{
	diag_sort(diags);
	output_diagnostics(diags, option_is(v->in, "verbose"), option_is(v->in, "quiet"));
	if (v->json) {
		json_begin_object(v->json);
		json_member(v->json, "file", path);
		json_member_bool(v->json, "valid", false);
		json_put_key(v->json, "errors");
		json_begin_array(v->json);
		for (size_t i = 0; i < diags->n; i++)
			json_put_string(v->json, diags->items[i].text);
		json_end_array(v->json);
	} else {
		printf("%.*s: no SBOM that can be read: INVALID\n", STR_ARG(path));
	}
	v->code = v->code > 1 ? v->code : 1;
}

static void validate_one(struct validation *v, struct str path)
{
	struct arena *a = arena_new(0);
	struct diags diags;
	struct str bytes, why, text;
	const struct format *f = NULL;
	bool is_stdin = str_is(path, "-");

	diag_init(&diags, a);
	if (is_stdin ? !file_read_fd(a, STDIN_FILENO, LIMIT_SBOM, &bytes, &why) :
		       !file_read(a, arena_cstr(a, path), LIMIT_SBOM, &bytes, &why)) {
		complain("%.*s: %.*s", STR_ARG(path), STR_ARG(why));
		v->code = 3;
		arena_free(a);
		return;
	}
	if (format_find(a, &diags, path, bytes, &text, &f) != OK) {
		diag_locate(&diags, 0, path, bytes);
		refused(v, path, &diags);
	} else {
		struct violations list = { .arena = a };
		const struct validator *row = validator_by_format(f->name);
		struct bom *b = bom_new(a, &diags);
		if (row)
			row->validate(text, &list);
		violations_locate(&list, text);
		enum result read = f->read(b, path, text);
		if (read == FAILED && !list.count)
			for (size_t i = 0; i < diags.n; i++)
				violation_add(&list, STR_NONE, diags.items[i].offset, "%.*s", STR_ARG(diags.items[i].text));
		report(v, path, f, b->document.version, &list);
		if (list.count)
			v->code = v->code > 1 ? v->code : 1;
		if (v->json && v->profiles.n) {
			json_put_key(v->json, "profiles");
			json_begin_array(v->json);
		}
		for (size_t i = 0; i < v->profiles.n && read != FAILED; i++)
			check_profile(v, v->profiles.items[i], b, path, text);
		if (v->json && v->profiles.n)
			json_end_array(v->json);
		if (v->json)
			json_end_object(v->json);
	}
	arena_free(a);
}

static bool parse_profiles(struct validation *v)
{
	struct str list;

	for (size_t i = 0; (list = option_nth(v->in, "profile", i)).s; i++) {
		while (list.s) {
			struct str word = str_cut(&list, ',');
			const struct profile *p = profile_find(word);
			if (!p) {
				complain("there is no profile `%.*s`; there are ntia, cisa-2025, bsi-tr-03183-2, cra, meti", STR_ARG(word));
				return false;
			}
			*VEC_ADD(v->in->arena, &v->profiles) = p;
		}
	}
	return true;
}

int cmd_validate(struct invocation *in)
{
	struct str format = option_get(in, "output");
	struct validation v = { .in = in };
	struct json_writer w;
	struct buf out;

	if (!in->arguments.n) {
		complain("validate takes one or more SBOMs (or `-` for standard input)");
		return 2;
	}
	if (format.s && !str_is(format, "table") && !str_is(format, "json")) {
		complain("validate writes table or json, not `%.*s`", STR_ARG(format));
		return 2;
	}
	if (!parse_profiles(&v))
		return 2;
	buf_init(&out, 0);
	json_writer_init(&w, &out, false);
	if (str_is(format, "json")) {
		v.json = &w;
		json_begin_array(&w);
	}
	for (VEC_EACH(const struct str, path, &in->arguments))
		validate_one(&v, *path);
	if (v.json) {
		json_end_array(&w);
		buf_addc(&out, '\n');
		fwrite(out.s, 1, out.len, stdout);
	}
	buf_free(&out);
	return v.code;
}

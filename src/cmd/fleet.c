#include "cmd/fleet.h"

#include <ftw.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/map.h"
#include "base/sha256.h"
#include "cmd/source_kinds.h"
#include "format/format.h"
#include "identity/purl.h"
#include "io/file.h"
#include "provenance/record.h"
#include "source/list.h"

void fleet_fail(struct fleet *f, bool data, struct str what, struct str why)
{
	*VEC_ADD(f->arena, &f->failures) = (struct fleet_failure){ arena_str(f->arena, what), arena_str(f->arena, why), arena_str(f->arena, f->product), data };
}

/* ---- folders */

static bool is_ours(struct str name)
{
	return str_is(name, "provenance.json") || str_is(name, "result.json") || str_is(name, "verdict.json") || str_is(name, "manifest.json") ||
	       str_starts(name, STR("original-")) || str_ends(name, STR(".sarif")) || str_ends(name, STR(".sigstore.json")) ||
	       str_ends(name, STR(".dsse.json")) || str_ends(name, STR(".intoto.jsonl"));
}

static bool may_be_sbom(struct str name)
{
	static const char *const ends[] = { ".json", ".xml", ".spdx", ".tag", ".spdx.rdf", ".json.gz" };

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++)
		if (str_ends(name, str_of(ends[i])))
			return !is_ours(name);
	return false;
}

static void add_path(struct fleet *f, const struct fleet_unit *like, struct str path, struct str folder, bool is_list)
{
	struct fleet_unit *u = VEC_ADD(f->arena, &f->units);

	*u = *like;
	u->path = u->shown = path;
	u->folder = folder;
	u->is_list = is_list;
}

/* A folder that a run made holds the same SBOM in several formats: the first of them by name counts. */
static bool add_run(struct fleet *f, const struct fleet_unit *like, struct str folder)
{
	static const char *const names[] = { "sbom.cdx.json", "sbom.cdx.xml", "sbom.spdx.json", "sbom.spdx3.json", "sbom.spdx.tag", "sbom.spdx" };
	enum file_kind kind;

	if (!file_kind(file_join(f->arena, folder, STR("provenance.json")).s, &kind))
		return false;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct str path = file_join(f->arena, folder, str_of(names[i]));
		if (file_kind(path.s, &kind) && kind == FILE_REGULAR) {
			add_path(f, like, path, folder, false);
			return true;
		}
	}
	fleet_fail(f, false, folder, STR("has a record, but its SBOM is missing"));
	return true;
}

static void add_folder(struct fleet *f, const struct fleet_unit *like, struct str folder, unsigned depth)
{
	struct file_entries entries = { 0 };
	struct str why;

	if (add_run(f, like, folder))
		return;
	if (depth > LIMIT_TREE_DEPTH || !file_list(f->arena, arena_cstr(f->arena, folder), &entries, &why)) {
		fleet_fail(f, false, folder, depth > LIMIT_TREE_DEPTH ? STR("is nested too deep") : why);
		return;
	}
	for (VEC_EACH(const struct file_entry, e, &entries)) {
		struct str path = file_join(f->arena, folder, e->name);
		if (e->kind == FILE_FOLDER)
			add_folder(f, like, path, depth + 1);
		else if (e->kind == FILE_REGULAR && str_ends(e->name, STR(".csv")))
			add_path(f, like, path, STR_NONE, true);
		else if (e->kind == FILE_REGULAR && may_be_sbom(e->name))
			add_path(f, like, path, STR_NONE, false);
	}
}

static bool on_leg(struct str name, unsigned leg, unsigned legs)
{
	return !legs || str_hash(name) % legs + 1 == leg;
}

static bool add_like(struct fleet *f, const struct fleet_unit *like, struct str what)
{
	enum file_kind kind;

	*VEC_ADD(f->arena, &f->asked) = like->product.len ? like->product : what;
	if (str_starts(what, STR("github:"))) {
		struct fleet_unit u = *like;
		u.repository = u.home = f->product = str_from(what, 7);
		fleet_add_repository(f, &u, 0);
		f->product = STR_NONE;
		return true;
	}
	bool list = str_starts(what, STR("list:"));
	struct str path = list ? str_from(what, 5) : str_starts(what, STR("sbom:")) ? str_from(what, 5) : what;
	if (!file_kind(arena_cstr(f->arena, path), &kind)) {
		fleet_fail(f, false, what, STR("there is no such file or folder"));
		return false;
	}
	size_t before = f->units.n, failed = f->failures.n;
	if (kind == FILE_FOLDER)
		add_folder(f, like, path, 0);
	else
		add_path(f, like, path, STR_NONE, list || str_ends(path, STR(".csv")));
	if (f->units.n == before && f->failures.n == failed)
		fleet_fail(f, false, what, STR("there is no SBOM in it: nothing is known of it"));
	return true;
}

bool fleet_add(struct fleet *f, struct str what, unsigned leg, unsigned legs)
{
	struct fleet_unit like = { 0 };
	enum file_kind kind;
	struct file_entries entries = { 0 };
	struct str why;

	/* A store of many is spread by what stands in it; so every leg finds the same split. */
	if (legs && file_kind(arena_cstr(f->arena, what), &kind) && kind == FILE_FOLDER && file_list(f->arena, arena_cstr(f->arena, what), &entries, &why)) {
		for (VEC_EACH(const struct file_entry, e, &entries))
			if (on_leg(e->name, leg, legs) && (e->kind == FILE_FOLDER || may_be_sbom(e->name) || str_ends(e->name, STR(".csv"))))
				add_like(f, &like, file_join(f->arena, what, e->name));
		return true;
	}
	return !on_leg(what, leg, legs) || add_like(f, &like, what);
}

static int remove_entry(const char *path, const struct stat *s, int type, struct FTW *w)
{
	(void)s, (void)type, (void)w;
	return remove(path);
}

void fleet_end(struct fleet *f)
{
	if (f->spool.len)
		nftw(f->spool.s, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
	f->spool = STR_NONE;
}

/* ---- reading one */

static struct str base_name(struct str path)
{
	size_t slash = str_rchr(path, '/');

	return slash == STR_NOT_FOUND ? path : str_from(path, slash + 1);
}

static void take_record(struct arena *a, const struct fleet_unit *u, struct fleet_read *out, struct str *text)
{
	struct str why;

	if (!u->folder.len || !file_read(a, file_join(a, u->folder, STR("result.json")).s, LIMIT_SBOM, text, &why))
		return;
	out->result = json_parse(a, *text, NULL, NULL);
	out->commit = json_get_string(out->result, "commit");
	out->timestamp = json_get_string(out->result, "timestamp");
}

/* Only the record itself: of the other files the digests are enough. */
static bool read_record(void *context, struct str name, struct str *bytes, struct str *why)
{
	if (!str_is(name, "provenance.json")) {
		*why = STR("is not read");
		return false;
	}
	*bytes = *(const struct str *)context;
	return true;
}

static bool names(const struct record *r, struct str name, struct str sha256)
{
	for (VEC_EACH(const struct record_file, f, &r->files))
		if (str_eq(f->name, name))
			return str_eq(f->sha256, sha256);
	return false;
}

/* A swapped SBOM hides what is in it, a changed result.json makes what is new look decided. What has no record has nothing to be checked by. */
static void check_record(struct fleet *f, struct arena *a, const struct fleet_unit *u, struct fleet_read *out, struct str result)
{
	struct audit audit = { .arena = a };
	struct record r;
	struct str bytes, why;

	if (!u->folder.len || !file_read(a, file_join(a, u->folder, STR("provenance.json")).s, LIMIT_SBOM, &bytes, &why))
		return;
	struct record_source from = { read_record, &bytes };
	if (record_open(a, STR("provenance.json"), &from, &audit, &r) != OK) {
		out->doubtful = true;
		if (!r.statement)
			fleet_fail(f, false, u->shown, STR("its record (provenance.json) is damaged: nothing shows that this SBOM is the one that was made"));
		return;
	}
	bool sbom = names(&r, base_name(u->path), out->sha256), decision = !result.s || names(&r, STR("result.json"), sha256_hex(a, result));
	out->doubtful = !sbom || !decision;
	if (!sbom)
		fleet_fail(f, false, u->shown, STR("is not the SBOM that its record names: `bomgate audit` says more"));
	else if (!decision)
		fleet_fail(f, false, u->shown, STR("the result.json beside it is not the one that its record names, so that what was decided then does not count"));
}

/* An SBOM does not say which file names a component; the run's result does, and services go by files. */
static void restore_places(struct arena *a, struct bom *b, const struct json *result)
{
	struct map places, inputs;

	map_init(&places, a);
	map_init(&inputs, a);
	for (JSON_EACH(c, json_get(result, "components")))
		if (json_get_string(c, "purl").len)
			map_put(&places, json_get_string(c, "purl"), NULL)->value.ptr = (void *)(uintptr_t)c;
	for (size_t i = 0; i < b->ncomponents; i++) {
		struct component *x = &b->components[i];
		struct map_entry *e = x->purl.len ? map_get(&places, x->purl) : NULL;
		if (!e)
			continue;
		x->evidence.n = 0;
		for (JSON_EACH(p, json_get(e->value.ptr, "evidence"))) {
			bool fresh;
			struct map_entry *in = map_put(&inputs, json_get_string(p, "file"), &fresh);
			if (fresh) {
				in->value.num = b->inputs.n;
				*VEC_ADD(a, &b->inputs) = (struct input){ .path = json_get_string(p, "file"), .reader = STR("record") };
			}
			*VEC_ADD(a, &x->evidence) = (struct evidence){ .input = (uint32_t)in->value.num };
		}
	}
}

static void name_it(struct arena *a, const struct fleet_unit *u, struct fleet_read *out)
{
	const struct bom *b = out->bom;
	const struct component *s = b->subject < b->ncomponents ? &b->components[b->subject] : NULL;
	struct str ref = json_get_string(out->result, "ref");

	out->product = u->product.len	 ? u->product :
		       u->repository.len ? u->repository :
		       json_get_string(out->result, "repository").len ? json_get_string(out->result, "repository") :
		       s && s->name.len && !str_is(s->name, "unnamed") ? (s->group.len ? arena_printf(a, "%.*s/%.*s", STR_ARG(s->group), STR_ARG(s->name)) : s->name) :
									  base_name(u->folder.len ? u->folder : u->path);
	out->version = u->version.len			? u->version :
		       str_starts(ref, STR("refs/tags/")) ? str_from(ref, 10) :
		       s && s->version.len		? s->version :
							  STR("");
	if (!out->commit.len && s && s->commit.len)
		out->commit = s->commit;
}

/* The first error of a file with its place: "line 3: …". */
static struct str first_error(struct arena *a, struct diags *d, struct str path, struct str bytes)
{
	const struct diag *first = NULL;
	size_t errors = 0;

	diag_locate(d, 0, path, bytes);
	for (size_t i = 0; i < d->n; i++) {
		errors += d->items[i].severity == SEV_ERROR;
		if (!first || (first->severity != SEV_ERROR && d->items[i].severity == SEV_ERROR))
			first = &d->items[i];
	}
	if (!first)
		return STR("?");
	struct str place = first->line ? arena_printf(a, "line %u: ", first->line) : STR("");
	struct str more = errors > 1 ? arena_printf(a, " (and %zu more)", errors - 1) : STR("");
	return arena_printf(a, "%.*s%.*s%.*s", STR_ARG(place), STR_ARG(first->text), STR_ARG(more));
}

bool fleet_open(struct fleet *f, struct arena *a, const struct fleet_unit *u, struct fleet_read *out)
{
	struct diags *d = ARENA_NEW(a, struct diags);
	struct str bytes, why;
	const struct format *format;
	enum result result;

	*out = (struct fleet_read){ 0 };
	if (!file_read(a, arena_cstr(a, u->path), LIMIT_SBOM, &bytes, &why)) {
		fleet_fail(f, false, u->shown, why);
		return false;
	}
	diag_init(d, a);
	out->bom = bom_new(a, d);
	out->sha256 = sha256_hex(a, bytes);
	if (u->is_list) {
		*VEC_ADD(a, &out->bom->inputs) = (struct input){ .path = u->shown, .reader = STR("list"), .sha256 = out->sha256 };
		result = list_read(out->bom, u->shown, &bytes);
	} else {
		result = format_read(out->bom, u->shown, bytes, &format);
		if (!out->bom->inputs.n)
			*VEC_ADD(a, &out->bom->inputs) = (struct input){ .path = u->shown, .sha256 = out->sha256 };
	}
	if (result != OK)
		fleet_fail(f, false, u->shown, arena_printf(a, "cannot be read whole: %.*s", STR_ARG(first_error(a, d, u->shown, bytes))));
	if (result == FAILED)
		return false;
	bool part = out->bom->incomplete; /* as bomgate itself wrote down */
	if (!u->is_list)
		source_judge_document(d, u->shown, out->bom);
	if (result == OK && out->bom->incomplete)
		fleet_fail(f, false, u->shown, part ? STR("is incomplete: the run that made it could not read everything") : first_error(a, d, u->shown, bytes));
	purl_complete_all(out->bom);
	if (out->bom->subject < out->bom->ncomponents)
		out->bom->components[out->bom->subject].first_party = true;
	struct str text = STR_NONE;
	take_record(a, u, out, &text);
	check_record(f, a, u, out, text);
	if (out->result)
		restore_places(a, out->bom, out->result);
	if (!out->timestamp.len)
		out->timestamp = out->bom->document.timestamp;
	name_it(a, u, out);
	return true;
}

/* `db build`: read the inputs, join, write the files, then the manifest last: a folder without one is no database. */
#include "vuln/build.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "io/file.h"
#include "syntax/json_writer.h"
#include "vuln/output.h"

static bool load_osv(struct build *b, const struct vuln_build_options *o)
{
	bool ok = true;

	if (!o->osv.n)
		return true;
	build_source(b, "osv");
	for (size_t i = 0; i < o->osv.n; i++)
		ok &= build_walk(b, o->osv.items[i], build_osv_record);
	build_join_copies(b);
	b->info->sources.items[b->info->sources.n - 1].digest = build_digest(b);
	b->info->osv = true;
	if (ok && !b->records.n) {
		diag_add(b->diags, SEV_ERROR, "data.input", o->osv.items[0], DIAG_NO_OFFSET,
			 "there is no OSV record in it; give a folder of OSV's exports (<Ecosystem>/all.zip)");
		return false;
	}
	return ok;
}

/* One walk gives two sources: the CVE records and, as its own, CISA's SSVC inside of them. */
static bool load_cves(struct build *b, const struct vuln_build_options *o)
{
	bool ok = true;

	if (!o->cve.n)
		return true;
	build_source(b, "cve");
	for (size_t i = 0; i < o->cve.n; i++)
		ok &= build_walk(b, o->cve.items[i], build_cve_record);
	struct vuln_source *cve = &b->info->sources.items[b->info->sources.n - 1];
	cve->digest = build_digest(b);
	if (ok && !cve->records) {
		diag_add(b->diags, SEV_ERROR, "data.input", o->cve.items[0], DIAG_NO_OFFSET,
			 "there is no CVE record in it; give the folder of CVEProject's cvelistV5 or of CISA's vulnrichment");
		return false;
	}
	struct vuln_source ssvc = { .name = STR("ssvc"), .digest = cve->digest };
	for (VEC_EACH(struct build_cve, v, &b->cve_list)) {
		ssvc.records += v->facts.ssvc;
		if (v->facts.ssvc && str_cmp(v->facts.ssvc_date, ssvc.date) > 0)
			ssvc.date = v->facts.ssvc_date;
	}
	b->info->cve = true;
	b->info->ssvc = ssvc.records > 0; /* records of the CVE list alone say nothing about SSVC */
	if (ssvc.records)
		*VEC_ADD(b->arena, &b->info->sources) = ssvc;
	return ok;
}

/* Counts by ecosystem, from the records that were kept; appended behind the others, sorted by name. */
static int by_name(const void *x, const void *y)
{
	return str_cmp(((const struct vuln_source *)x)->ecosystem, ((const struct vuln_source *)y)->ecosystem);
}

static void count_record(struct build *b, struct vuln_source *s, const struct build_record *r, uint32_t *newest)
{
	s->records++;
	s->withdrawn += (r->flags & ADVISORY_WITHDRAWN) != 0;
	s->malformed += r->malformed;
	s->no_ranges += r->no_ranges && !r->malformed;
	s->no_release += r->no_release;
	if (r->modified > *newest) {
		*newest = r->modified;
		s->date = timestamp_text(b->arena, r->modified);
	}
}

static void count_ecosystems(struct build *b)
{
	struct map places;
	VEC(struct vuln_source) list = { 0 };
	VEC(uint32_t) newest = { 0 };
	uint32_t newest_of_all = 0;
	struct vuln_source *all = NULL;

	for (VEC_EACH(struct vuln_source, s, &b->info->sources))
		if (str_is(s->name, "osv"))
			all = s;
	if (!all)
		return;
	map_init(&places, b->arena);
	for (VEC_EACH(struct build_record, r, &b->records)) {
		bool fresh;
		if (r->dead)
			continue;
		struct map_entry *e = map_put(&places, build_text_at(b, r->base), &fresh);
		if (fresh) {
			e->value.num = list.n;
			*VEC_ADD(b->arena, &list) = (struct vuln_source){ .name = STR("osv"), .ecosystem = e->key };
			*VEC_ADD(b->arena, &newest) = 0;
		}
		count_record(b, &list.items[e->value.num], r, &newest.items[e->value.num]);
		count_record(b, all, r, &newest_of_all);
	}
	if (list.n)
		qsort(list.items, list.n, sizeof *list.items, by_name);
	for (size_t i = 0; i < list.n; i++)
		*VEC_ADD(b->arena, &b->info->sources) = list.items[i];
}

static void set_checked(struct build *b, const struct vuln_build_options *o)
{
	for (VEC_EACH(struct vuln_source, s, &b->info->sources)) {
		s->checked = o->checked;
		for (VEC_EACH(const struct property, p, &o->checked_of))
			if (str_eq(p->name, s->name))
				s->checked = p->value;
	}
}

static void write_source(struct json_writer *w, const struct vuln_source *s)
{
	json_begin_object(w);
	json_member(w, "name", s->name);
	json_member_opt(w, "ecosystem", s->ecosystem);
	json_member_int(w, "records", (long long)s->records);
	if (s->withdrawn)
		json_member_int(w, "withdrawn", (long long)s->withdrawn);
	if (s->malformed)
		json_member_int(w, "malformed", (long long)s->malformed);
	if (s->no_ranges)
		json_member_int(w, "withoutRanges", (long long)s->no_ranges);
	if (s->no_release)
		json_member_int(w, "withoutRelease", (long long)s->no_release);
	if (s->unreadable)
		json_member_int(w, "unreadable", (long long)s->unreadable);
	json_member_opt(w, "date", s->date);
	json_member_opt(w, "checked", s->checked);
	json_member_opt(w, "digest", s->digest);
	json_end_object(w);
}

static void write_file(struct json_writer *w, struct arena *a, const struct vuln_file_info *f)
{
	json_begin_object(w);
	json_member(w, "name", f->name);
	json_member(w, "kind", f->kind);
	json_member_opt(w, "ecosystem", f->ecosystem);
	json_member_int(w, "packages", f->packages);
	json_member_int(w, "records", f->records);
	json_member_int(w, "size", (long long)f->size);
	json_member(w, "tree", f->tree);
	json_member(w, "blocks", hex_of(a, (const uint8_t *)f->blocks.s, f->blocks.len));
	json_end_object(w);
}

static struct str manifest(struct build *b, const struct vuln_build_options *o, struct buf *out)
{
	struct json_writer w;

	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_member_int(&w, "bomgateDatabase", VULN_FORMAT);
	json_member_int(&w, "serial", (long long)b->info->serial);
	json_member(&w, "built", o->built);
	json_put_key(&w, "sources");
	json_begin_array(&w);
	for (VEC_EACH(struct vuln_source, s, &b->info->sources))
		write_source(&w, s);
	json_end_array(&w);
	json_put_key(&w, "unreadable");
	json_begin_array(&w);
	for (VEC_EACH(struct vuln_unreadable, u, &b->info->unreadable)) {
		json_begin_object(&w);
		json_member(&w, "file", u->file);
		json_member(&w, "why", u->why);
		json_end_object(&w);
	}
	json_end_array(&w);
	json_put_key(&w, "files");
	json_begin_array(&w);
	for (VEC_EACH(struct vuln_file_info, f, &b->info->files))
		write_file(&w, b->arena, f);
	json_end_array(&w);
	json_end_object(&w);
	buf_addc(out, '\n');
	return buf_str(out);
}

/* Files of an earlier build that this one did not write are gone: nothing of another state may be read by chance. */
static void remove_others(struct build *b)
{
	struct file_entries entries;
	struct str why;

	if (!file_list(b->arena, b->info->path.s, &entries, &why))
		return;
	for (VEC_EACH(struct file_entry, e, &entries)) {
		bool ours = str_ends(e->name, STR(".advisories")) || str_ends(e->name, STR(".texts")) || str_ends(e->name, STR(".facts"));
		for (VEC_EACH(struct vuln_file_info, f, &b->info->files))
			ours &= !str_eq(f->name, e->name);
		if (ours && e->kind == FILE_REGULAR)
			unlink(file_join(b->arena, b->info->path, e->name).s);
	}
}

bool build_write(struct build *b, const struct vuln_build_options *o)
{
	struct output out;
	struct buf text;
	struct str why, path = file_join(b->arena, b->info->path, STR("manifest.json"));

	if (!file_make_folders(b->info->path.s, &why)) {
		diag_add(b->diags, SEV_ERROR, "data.write", b->info->path, DIAG_NO_OFFSET, "cannot be made: %.*s", STR_ARG(why));
		return false;
	}
	unlink(path.s); /* a build that stops half way leaves no database */
	build_intern_cves(b);
	output_init(&out, b);
	bool ok = build_write_advisories(&out) && build_write_texts(&out) && build_write_cves(&out);
	output_free(&out);
	if (!ok)
		return false;
	remove_others(b);
	buf_init(&text, 0);
	struct str bytes = manifest(b, o, &text);
	b->info->digest = sha256_hex(b->arena, bytes);
	ok = file_write_atomic(path.s, bytes, &why);
	if (!ok)
		diag_add(b->diags, SEV_ERROR, "data.write", path, DIAG_NO_OFFSET, "cannot be written: %.*s", STR_ARG(why));
	buf_free(&text);
	return ok;
}

enum result vuln_build(const struct vuln_build_options *o, struct diags *d, struct vuln_info *out, struct arena *a)
{
	struct build b = { .arena = a, .scratch = arena_new(0), .diags = d, .info = out };

	*out = (struct vuln_info){ .path = arena_str(a, o->out), .built = o->built, .serial = o->serial };
	int64_t built;
	if (!out->serial && timestamp_parse(o->built, &built)) /* a later build has a higher one */
		out->serial = (uint64_t)built;
	map_init(&b.texts, a);
	map_init(&b.ids, a);
	map_init(&b.cves, a);
	map_put(&b.texts, STR(""), NULL); /* index 0 */
	bool ok = load_osv(&b, o);
	ok = ok && load_cves(&b, o);
	ok = ok && (!o->kev.len || build_kev(&b, o->kev));
	ok = ok && (!o->epss.len || build_epss(&b, o->epss));
	out->kev = o->kev.len > 0;
	out->epss = o->epss.len > 0;
	if (ok) {
		count_ecosystems(&b);
		set_checked(&b, o);
		build_groups(&b);
		ok = build_write(&b, o);
	}
	arena_free(b.scratch);
	return !ok ? FAILED : out->unreadable.n ? PARTIAL : OK;
}

/* The targets, by kind. Each has one arena, gone when it returns. */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "decide/exceptions.h"
#include "format/format.h"
#include "format/profile.h"
#include "format/validate.h"
#include "identity/cpe.h"
#include "identity/licence.h"
#include "identity/merge.h"
#include "identity/purl.h"
#include "io/archive.h"
#include "io/gzip.h"
#include "io/zip.h"
#include "model/cvss.h"
#include "source/list.h"
#include "source/registry.h"
#include "syntax/json.h"
#include "syntax/json_writer.h"
#include "syntax/toml.h"
#include "syntax/xml.h"
#include "syntax/yaml.h"
#include "version/version.h"
#include "vuln/build.h"
#include "vuln/database.h"
#include "../unit/order_whole.h"
#include "../unit/yaml_same.h"

#define CEILING ((size_t)2 << 30)

void fuzz_broken(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("fuzz: a promise is broken: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	abort();
}

static void write_all(struct arena *a, struct bom *b, size_t only)
{
	for (size_t i = 0; i < formats_n; i++) {
		struct losses losses = { .arena = a };
		struct buf out;
		if (only < formats_n && i != only)
			continue;
		buf_init(&out, 0);
		formats[i].write(&(struct format_writing){ .bom = b, .arena = a, .version = str_of(formats[i].default_version), .losses = &losses, .out = &out });
		buf_free(&out);
	}
}

/* ---- readers: one file, then the joins, then the SBOM of it */

static void run_reader(const struct target *t, struct str bytes)
{
	const struct reader *row = &readers[t->row];
	struct arena *a = arena_new(CEILING);
	struct diags d;
	struct tree tree = { .arena = a, .diags = &d };
	struct str glob = str_of(row->files), path;

	diag_init(&d, a);
	if (str_chr(glob, '|') != STR_NOT_FOUND)
		glob = str_sub(glob, 0, str_chr(glob, '|'));
	path = arena_str(a, glob);
	for (size_t i = 0; i < path.len; i++)
		if (strchr("*?", path.s[i]))
			((char *)path.s)[i] = 'x';
	struct part p = source_parse(a, &d, row, path, arena_str(a, bytes));
	if (p.failed && !d.n)
		fuzz_broken("%s failed without a diagnostic", row->name);
	*VEC_ADD(a, &tree.parts) = p;
	struct bom *b = bom_new(a, &d);
	b->subject = bom_index(b, bom_add(b));
	b->components[b->subject].name = STR("subject");
	source_assemble(&tree, b);
	purl_complete_all(b);
	write_all(a, b, bytes.len % formats_n);
	arena_free(a);
}

/* ---- files that name registries: what is kept of them is little, and no secret */

static void run_registry(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct diags d;

	diag_init(&d, a);
	struct bom *b = bom_new(a, &d);
	struct registry_reading r = { .arena = a, .path = STR("file"), .text = arena_str(a, bytes), .row = &registry_rows[t->row], .bom = b };
	r.row->read(&r);
	if (b->registries.n > 1001)
		fuzz_broken("%s: %zu statements of one file", r.row->name, b->registries.n);
	for (VEC_EACH(const struct registry_statement, s, &b->registries))
		for (size_t i = 0; i < s->registry.len; i++)
			if (s->registry.s[i] == '@' || s->registry.s[i] == '/' || (unsigned char)s->registry.s[i] < 0x21)
				fuzz_broken("%s: %.*s is no host", r.row->name, STR_ARG(s->registry));
	arena_free(a);
}

/* ---- formats: read, hold against rules and profiles, write */

static void run_format(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	const struct format *found = NULL;
	struct diags d;
	struct str text;

	diag_init(&d, a);
	struct bom *b = bom_new(a, &d);
	enum result r = format_read(b, STR("sbom"), arena_str(a, bytes), &found);
	if (r == FAILED && diag_exit_code(&d) == 0)
		fuzz_broken("a document was refused without an error");
	const struct format *row = &formats[t->row];
	if (format_find(a, &d, STR("sbom"), arena_str(a, bytes), &text, &row) == OK && row && validator_by_format(row->name)) {
		struct violations v = { .arena = a };
		validator_by_format(row->name)->validate(text, &v);
		violations_locate(&v, text);
	}
	if (r != FAILED) {
		purl_complete_all(b);
		for (size_t i = 0; i < profiles_n; i++) {
			struct violations required = { .arena = a }, recommended = { .arena = a };
			profile_check(profile_at(i), b, &required, &recommended);
		}
		write_all(a, b, bytes.len % (formats_n + 1));
	}
	arena_free(a);
}

/* ---- orderings: three lines are three versions */

static void run_ordering(const struct target *t, struct str bytes)
{
	const struct ordering *o = &orderings[t->row];
	struct str v[3], rest = bytes;
	bool good[3];

	for (int i = 0; i < 3; i++) {
		size_t end = str_chr(rest, '\n');
		v[i] = end == STR_NOT_FOUND ? rest : str_sub(rest, 0, end);
		rest = end == STR_NOT_FOUND ? str_from(rest, rest.len) : str_from(rest, end + 1);
		good[i] = o->valid(v[i]);
	}
	for (int i = 0; i < 3; i++)
		for (int k = 0; k < 3; k++) {
			enum order x = o->compare(v[i], v[k]), y = o->compare(v[k], v[i]);
			if (good[i] && good[k] && x == ORDER_UNKNOWN)
				fuzz_broken("%s does not order %.*s and %.*s", o->name, STR_ARG(v[i]), STR_ARG(v[k]));
			if (x == ORDER_UNKNOWN ? y != x : (int)x != -(int)y)
				fuzz_broken("%s: %.*s and %.*s are not the other way round", o->name, STR_ARG(v[i]), STR_ARG(v[k]));
			if (good[i] && i == k && x != ORDER_EQUAL)
				fuzz_broken("%s: %.*s is not itself", o->name, STR_ARG(v[i]));
		}
	bool whole = is_ordered_wholly(o, v[0]) && is_ordered_wholly(o, v[1]) && is_ordered_wholly(o, v[2]);
	if (whole && good[0] && good[1] && good[2] && o->compare(v[0], v[1]) <= 0 && o->compare(v[1], v[2]) <= 0 && o->compare(v[0], v[2]) > 0)
		fuzz_broken("%s: %.*s <= %.*s <= %.*s, but not the first and last", o->name, STR_ARG(v[0]), STR_ARG(v[1]), STR_ARG(v[2]));
}

/* ---- names: purl, CPE, licence, CVSS, times */

static void run_purl(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct str why, one = purl_canonical(a, bytes, &why), two;

	if (one.s) {
		two = purl_canonical(a, one, &why);
		if (one.len <= LIMIT_NAME * 4 && !str_eq(one, two)) /* encoded, it may be longer than what is read */
			fuzz_broken("canonical %.*s becomes %.*s", STR_ARG(one), STR_ARG(two));
		struct diags d;
		struct advisory_identity id;
		diag_init(&d, a);
		struct bom *b = bom_new(a, &d);
		struct component *c = bom_add(b);
		c->purl = one;
		purl_complete(b, c);
		purl_advisory_identity(a, c, &id);
		purl_folded_key(a, c);
	}
	arena_free(a);
}

static void run_names(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct cpe cpe;
	struct cvss cvss;
	struct str unknown, version;
	double score;
	int64_t n;

	if (cpe_parse(a, bytes, &cpe)) {
		cpe_format(a, &cpe);
		cpe_key(a, &cpe);
	}
	licence_expression_valid(bytes, &unknown);
	if (cvss_parse(bytes, &cvss) && cvss_score(bytes, &score, &version) && !(score >= 0 && score <= 10))
		fuzz_broken("a CVSS score of %f", score);
	timestamp_parse(bytes, &n);
	duration_parse(bytes, &n);
	arena_free(a);
}

static void run_list(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct diags d;

	diag_init(&d, a);
	struct bom *b = bom_new(a, &d);
	struct str text = arena_str(a, bytes);
	list_read(b, STR("list"), &text);
	purl_complete_all(b);
	arena_free(a);
}

/* ---- form without meaning */

static void run_json(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	const char *error;
	size_t offset;
	struct str text = arena_str(a, bytes);

	if (json_parse(a, text, &error, &offset) && !str_starts(text, STR("\xef\xbb\xbf"))) {
		struct json_writer w;
		struct buf out;
		buf_init(&out, 0);
		json_writer_init(&w, &out, false);
		json_put_raw(&w, text);
		if (!json_parse(a, str_make(out.s, out.len), &error, &offset))
			fuzz_broken("what was written again is no JSON: %s", error);
		buf_free(&out);
	}
	arena_free(a);
}

static void run_yaml(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct yaml_documents docs = { 0 };
	struct str error, text = arena_str(a, bytes);
	size_t offset;

	if (!yaml_parse(a, text, bytes.len % 2, &docs, &error, &offset) && offset > text.len)
		fuzz_broken("an error outside of the text");
	if (str_utf8_valid(text) == text.len && yaml_both_ways(a, text) == YAML_DIFFERENT)
		fuzz_broken("the fast path reads other values than libyaml");
	arena_free(a);
}

static void run_toml(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct str error;
	size_t offset;

	if (!toml_parse(a, arena_str(a, bytes), &error, &offset) && offset > bytes.len)
		fuzz_broken("an error outside of the text");
	arena_free(a);
}

static void run_xml(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct str error;
	size_t offset;

	if (!xml_parse(a, arena_str(a, bytes), &error, &offset) && offset > bytes.len)
		fuzz_broken("an error outside of the text");
	arena_free(a);
}

/* ---- policy, tables, exceptions */

static bool fetch_bytes(void *data, struct str what, struct str *text, struct str *why)
{
	*text = *(struct str *)data;
	*why = STR("");
	return true;
}

static void list_one(void *data, struct str glob, struct arena *a, struct str_list *out)
{
	*VEC_ADD(a, out) = glob;
}

static void run_policy(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct diags d;
	struct policy p;
	struct effective e;
	struct str text = arena_str(a, bytes);
	struct policy_io io = { &text, fetch_bytes };

	diag_init(&d, a);
	enum result r = policy_parse(a, &d, STR("bomgate.yml"), text, &io, &p);
	if (r == FAILED && diag_exit_code(&d) == 0)
		fuzz_broken("a policy was refused without an error");
	if (r == OK && policy_effective(&p, &(struct policy_run){ .event = STR("push"), .ref = STR("refs/heads/main") }, &d, &e) == OK &&
	    p.minimum_fail_on.set && (e.fail_on == FAIL_ON_NEVER || e.fail_on > p.minimum_fail_on.value))
		fuzz_broken("the effective fail_on %u lies above the minimum %lld", e.fail_on, (long long)p.minimum_fail_on.value);
	arena_free(a);
}

static void run_table(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct str why = STR_NONE;
	size_t offset;

	if (!ssvc_table_parse(a, arena_str(a, bytes), STR("table"), &why, &offset) && !why.s)
		fuzz_broken("a table was refused without a reason");
	arena_free(a);
}

/* One component with one finding; the bytes are the file of exceptions that the policy names. */
static void apply_exceptions(struct str bytes, const char *policy)
{
	struct arena *a = arena_new(CEILING);
	struct diags d;
	struct policy p;
	struct exceptions x = { 0 };
	struct findings f = { 0 };
	struct scanned scanned = { 0 };
	struct str text = arena_str(a, bytes);
	struct policy_io pio = { &text, fetch_bytes };
	struct exceptions_io io = { &text, fetch_bytes, list_one };

	diag_init(&d, a);
	struct bom *b = bom_new(a, &d);
	struct component *c = bom_add(b);
	c->purl = STR("pkg:npm/left-pad@1.0.0");
	c->version = STR("1.0.0");
	VEC_ADD(a, &b->inputs)->path = STR("package-lock.json");
	bom_evidence(b, 0, 0, 0);
	struct finding *one = VEC_ADD(a, &f.list);
	one->id = STR("CVE-2024-1");
	*VEC_ADD(a, &one->ids) = one->id;
	scanned_add(a, &scanned, STR("acme/shop"));
	if (policy_parse(a, &d, STR("bomgate.yml"), str_of(policy), &pio, &p) != OK)
		fuzz_broken("the policy of the target is wrong: %.*s", d.n ? (int)d.items[0].text.len : 0, d.n ? d.items[0].text.s : "");
	if (exceptions_load(&x, a, &d, &p, &io) == OK) {
		struct str_list notes = { 0 };
		exceptions_apply(&x, &f, b, &scanned, 1790000000, 0, SEV_WARNING);
		exceptions_notes(a, &x, &notes);
	} else if (diag_exit_code(&d) == 0) {
		fuzz_broken("exceptions were refused without an error");
	}
	arena_free(a);
}

static void run_vex(const struct target *t, struct str bytes)
{
	apply_exceptions(bytes, "vex:\n  - {file: x.json, author: \"security@acme.example\", until: 2099-01-01}\n");
}

static void run_ignore_file(const struct target *t, struct str bytes)
{
	char policy[200];

	snprintf(policy, sizeof policy, "ignore_files: [\"%s\"]\n", t->name);
	apply_exceptions(bytes, policy);
}

/* ---- data */

static void build_init(struct build *b, struct arena *a, struct diags *d, struct vuln_info *info)
{
	*b = (struct build){ .arena = a, .scratch = arena_new(CEILING), .diags = d, .info = info };
	diag_init(d, a);
	map_init(&b->texts, a);
	map_init(&b->ids, a);
	map_init(&b->cves, a);
	map_put(&b->texts, STR(""), NULL);
	build_source(b, "osv");
}

static void run_osv(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct vuln_info info = { 0 };
	struct diags d;
	struct build b;
	struct build_list l = { 0 };

	build_init(&b, a, &d, &info);
	build_osv_record(&b, STR("x.json"), arena_str(a, bytes));
	build_cve_record(&b, STR("x.json"), arena_str(a, bytes));
	build_groups(&b);
	for (size_t i = 0; i < b.records.n; i++) {
		build_group(&b, b.records.items[i].id, &l);
		build_named_cves(&b, &b.records.items[i], &l);
	}
	arena_free(b.scratch);
	arena_free(a);
}

/* KEV and EPSS come from files: one in memory. */
static void run_lists(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct vuln_info info = { 0 };
	struct diags d;
	struct build b;
	int fd = memfd_create("fuzz", 0);
	struct str path = arena_printf(a, "/proc/self/fd/%d", fd);

	build_init(&b, a, &d, &info);
	if (write(fd, bytes.s, bytes.len) != (ssize_t)bytes.len)
		fuzz_broken("no memory file");
	lseek(fd, 0, SEEK_SET);
	if (!build_kev(&b, path) && diag_exit_code(&d) == 0)
		fuzz_broken("KEV was refused without an error");
	if (!build_epss(&b, path) && diag_exit_code(&d) == 0)
		fuzz_broken("EPSS was refused without an error");
	close(fd);
	arena_free(b.scratch);
	arena_free(a);
}

static void run_database(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	enum vuln_kind kind = (enum vuln_kind)(t->row + VULN_KIND_ADVISORIES);
	struct vuln_db db = { .arena = a };
	struct vuln_hits h;
	struct vuln_advisory v;
	struct cve_facts facts;
	struct str why, ecosystem;
	char *copy = malloc(bytes.len + 1); /* exactly as long, so that a sanitiser sees the end */

	memcpy(copy, bytes.s, bytes.len);
	struct vuln_file_info *info = VEC_ADD(a, &db.info.files);
	info->name = STR("file");
	info->kind = str_of(kind == VULN_KIND_ADVISORIES ? "advisories" : kind == VULN_KIND_TEXTS ? "texts" : "cves");
	info->ecosystem = STR("npm");
	db.files = arena_alloc(a, sizeof *db.files);
	map_init(&db.by_ecosystem, a);
	if (kind == VULN_KIND_ADVISORIES)
		map_put(&db.by_ecosystem, STR("npm"), NULL)->value.num = 0;
	db.files[0].file = vuln_file_of(a, str_make(copy, bytes.len), kind, &why);
	if (!db.files[0].file)
		db.files[0].failed = why;
	static const char *const names[] = { "@acme/left", "evil-left", "gone", "nobody" };
	for (size_t i = 0; i < 4; i++) {
		if (!vuln_lookup(&db, a, STR("npm"), str_of(names[i]), &h))
			continue;
		for (size_t k = 0; k < h.n; k++) {
			vuln_advisory(&h, a, h.items[k].advisory, &v);
			for (size_t r = 0; r < h.items[k].nranges; r++)
				for (size_t e = 0; e < h.items[k].ranges[r].nevents; e++)
					version_compare(version_ordering(STR("npm")), h.items[k].ranges[r].events[e].version, STR("1.0.0"));
		}
	}
	for (int i = 1; i < 9; i++)
		vuln_cve(&db, a, arena_printf(a, "CVE-2025-1000%d", i), &facts);
	static const char *const ids[] = { "GHSA-aaaa-aaaa-aaaa", "GHSA-bbbb-bbbb-bbbb", "MAL-2026-1" };
	for (size_t i = 0; i < 3; i++) {
		vuln_record(&db, a, str_of(ids[i]), &ecosystem);
		vuln_summary(&db, a, str_of(ids[i]), STR("npm"));
	}
	vuln_file_close(db.files[0].file);
	arena_free(a);
	free(copy);
}

static void run_archive(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct archive_entry_info info;
	struct str why, text;
	struct archive_in *r = archive_in_open_bytes(a, bytes, &why);

	for (int i = 0; r && i < 10000 && archive_in_next(r, &info); i++) {
		struct arena_mark mark = arena_mark(a);
		archive_in_read(r, a, 1 << 20, &text, &why);
		arena_pop(a, mark);
	}
	archive_in_close(r);
	archive_unpack(a, bytes, 1 << 20, &text, &why);
	arena_free(a);
}

/* ---- the list, and what seeds each */

static void add(struct arena *a, struct targets *out, const char *kind, const char *name, size_t row,
		void (*run)(const struct target *, struct str))
{
	*VEC_ADD(a, out) = (struct target){ kind, name, row, run };
}

void fuzz_targets(struct arena *a, struct targets *out)
{
	static const char *const vex[] = {
#define VEX_READER(fn, kind) kind,
#define IGNORE_READER(fn, kind, name)
#include "decide/vex.def"
#undef VEX_READER
#undef IGNORE_READER
	};
	static const char *const ignores[] = {
#define IGNORE_READER(fn, kind, name) name,
#include "decide/ignore_files.def"
#undef IGNORE_READER
	};
	static const char *const databases[] = { "advisories", "texts", "facts" };

	for (size_t i = 0; i < readers_n; i++)
		add(a, out, "reader", readers[i].name, i, run_reader);
	for (size_t i = 0; i < registry_rows_n; i++)
		add(a, out, "registry", registry_rows[i].name, i, run_registry);
	for (size_t i = 0; i < formats_n; i++)
		add(a, out, "format", formats[i].name, i, run_format);
	for (size_t i = 0; i < orderings_n; i++)
		add(a, out, "ordering", orderings[i].name, i, run_ordering);
	for (size_t i = 0; i < sizeof vex / sizeof vex[0]; i++)
		add(a, out, "vex", vex[i], i, run_vex);
	for (size_t i = 0; i < sizeof ignores / sizeof ignores[0]; i++)
		add(a, out, "ignore-file", ignores[i], i, run_ignore_file);
	for (size_t i = 0; i < 3; i++)
		add(a, out, "database", databases[i], i, run_database);
	add(a, out, "policy", "policy", 0, run_policy);
	add(a, out, "table", "ssvc-table", 0, run_table);
	add(a, out, "data", "osv", 0, run_osv);
	add(a, out, "data", "kev-epss", 1, run_lists);
	add(a, out, "archive", "archive", 0, run_archive);
	add(a, out, "syntax", "json", 0, run_json);
	add(a, out, "syntax", "yaml", 1, run_yaml);
	add(a, out, "syntax", "toml", 2, run_toml);
	add(a, out, "syntax", "xml", 3, run_xml);
	add(a, out, "name", "purl", 0, run_purl);
	add(a, out, "name", "names", 1, run_names);
	add(a, out, "source", "list", 0, run_list);
	fuzz_targets_of_trust(a, out);
}

static bool is(const struct target *t, const char *kind)
{
	return strcmp(t->kind, kind) == 0;
}

static bool under(struct str path, const char *folder)
{
	return str_starts(path, str_of(folder));
}

bool fuzz_seed(const struct target *t, struct str path, struct str bytes)
{
	struct str own = str_of("tests/fuzz/seeds/");

	if (bytes.len > 200000 || str_ends(path, STR("expected.txt")))
		return false;
	if (str_starts(path, own)) { /* seeds/NAME, or NAME.whatever */
		struct str name = str_from(path, own.len);
		if (is(t, "registry")) /* one set for all rows */
			return str_starts(name, STR("registry~"));
		return str_starts(name, str_of(t->name)) && (name.len == strlen(t->name) || name.s[strlen(t->name)] == '~');
	}
	if (is(t, "reader"))
		return under(path, "tests/golden/source/") && reader_for(str_from(path, 20)) == &readers[t->row];
	if (is(t, "format"))
		return under(path, "tests/golden/format/") && !strstr(path.s, "/expected") && formats[t->row].detect(bytes);
	if (is(t, "ordering"))
		return under(path, "tests/golden/version/") && str_starts(str_from(path, 21), str_of(t->name));
	if (is(t, "table"))
		return under(path, "tests/golden/ssvc/") && str_ends(path, STR(".csv"));
	if (is(t, "data") && t->row == 0)
		return under(path, "tests/data/db/osv/") || under(path, "tests/data/db/cve/");
	if (is(t, "data"))
		return str_is(path, "tests/data/db/kev.json") || str_is(path, "tests/data/db/epss.csv");
	if (is(t, "policy"))
		return under(path, "examples/") && str_ends(path, STR("bomgate.yml"));
	if (is(t, "syntax")) {
		static const char *const ends[] = { ".json", ".yaml", ".toml", ".xml" };
		return under(path, "tests/golden/") && str_ends(path, str_of(ends[t->row])) && bytes.len < 3000;
	}
	return false;
}

static void give(struct arena *a, struct str **seeds, size_t *n, struct str s)
{
	*seeds = arena_grow(a, *seeds, *n, *n + 1, sizeof **seeds);
	(*seeds)[(*n)++] = s;
}

static void database_seeds(struct arena *a, const struct target *t, struct str **seeds, size_t *n)
{
	static struct str files[3];
	static const char *const names[] = { "npm.advisories", "npm.texts", "cves.facts" };

	if (!files[0].s) {
		static char dir[] = "/tmp/bomgate-fuzz-XXXXXX";
		struct arena *own = arena_new(0); /* never freed: the seeds stand on it */
		struct vuln_build_options o = { .kev = STR("tests/data/db/kev.json"), .epss = STR("tests/data/db/epss.csv"),
						.built = STR("2026-01-06T00:00:00Z"), .checked = STR("2026-01-06T00:00:00Z") };
		struct vuln_info info;
		struct file_entries made;
		struct diags d;
		struct str why;
		diag_init(&d, own);
		if (!mkdtemp(dir))
			return;
		o.out = str_of(dir);
		*VEC_ADD(own, &o.osv) = STR("tests/data/db/osv");
		*VEC_ADD(own, &o.cve) = STR("tests/data/db/cve");
		vuln_build(&o, &d, &info, own);
		for (size_t i = 0; i < 3; i++)
			file_read(own, file_join(own, o.out, str_of(names[i])).s, 1 << 24, &files[i], &why);
		if (file_list(own, dir, &made, &why))
			for (size_t i = 0; i < made.n; i++)
				unlink(file_join(own, o.out, made.items[i].name).s);
		rmdir(dir);
	}
	if (files[t->row].s)
		give(a, seeds, n, files[t->row]);
}

void fuzz_made_seeds(struct arena *a, const struct target *t, struct str **seeds, size_t *n)
{
	struct buf zip, gz;
	struct str why;

	if (is(t, "database"))
		database_seeds(a, t, seeds, n);
	if (!is(t, "archive"))
		return;
	struct zip_entry entries[] = { { STR("a/one.json"), STR("{\"x\": 1}") }, { STR("../two"), STR("twotwotwotwotwo") }, { STR("three"), STR("") } };
	buf_init(&zip, 0);
	buf_init(&gz, 0);
	if (zip_write(entries, 3, 1790000000, &zip, &why) && gzip_write(str_make(zip.s, zip.len), &gz)) {
		give(a, seeds, n, arena_str(a, buf_str(&zip)));
		give(a, seeds, n, arena_str(a, buf_str(&gz)));
	}
	buf_free(&zip);
	buf_free(&gz);
}

/* The vulnerability database: build, info, get, match. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/database.h"
#include "cmd/db_match.h"
#include "cmd/db_publish.h"
#include "io/http.h"
#include "syntax/json_writer.h"
#include "vuln/vuln.h"

const struct option_spec cmd_db_options[] = {
	{ "osv", 0, "DIR", NULL, "build: OSV exports, <Ecosystem>/all.zip or folders of JSON", OPTION_REPEAT },
	{ "cve", 0, "DIR", NULL, "build: CVE records (cvelistV5 or vulnrichment)", OPTION_REPEAT },
	{ "kev", 0, "FILE", NULL, "build: CISA's KEV catalogue, JSON", 0 },
	{ "epss", 0, "FILE", NULL, "build: EPSS scores, CSV, plain or gzip", 0 },
	{ "output", 'o', "PATH", NULL, "build, sign: the folder to make; key: the file", 0 },
	{ "checked", 0, "[SOURCE=]T", "now", "build: when the inputs were confirmed to be current", OPTION_REPEAT },
	{ "serial", 0, "N", "seconds of the build", "build: higher in each later one", 0 },
	{ "key", 0, "FILE", "$BOMGATE_DATABASE_KEY", "sign: the private key in PEM", 0 },
	{ "allow-shrunk", 0, NULL, NULL, "update: a source may have lost more than a fifth of its records", OPTION_FLAG },
	{ "only", 0, "ECOSYSTEM", "all", "update: the files of these only", OPTION_REPEAT },
	{ "no-texts", 0, NULL, NULL, "update: without the files that only explain", OPTION_FLAG },
	{ "findings", 0, NULL, NULL, "match: findings with range, fixed version and all ids, instead of matched advisories", OPTION_FLAG },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static int show(struct diags *d, int code)
{
	diag_sort(d);
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *x = &d->items[i];
		complain("%s%.*s%s%.*s", x->severity == SEV_ERROR ? "" : "warning: ", STR_ARG(x->input), x->input.len ? ": " : "",
			 STR_ARG(x->text));
	}
	return diag_exit_code(d) ? diag_exit_code(d) : code;
}

/* Seconds or RFC 3339; absent where it is neither. */
static struct str time_of(struct arena *a, struct str text)
{
	int64_t t;

	return timestamp_parse(text, &t) ? timestamp_text(a, t) : STR_NONE;
}

static bool set_times(struct invocation *in, struct vuln_build_options *o)
{
	static const char *const sources[] = { "osv", "cve", "kev", "ssvc", "epss" };
	struct str now = option_get(in, "timestamp"), value;
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	if (!now.s && epoch && *epoch)
		now = str_of(epoch);
	o->built = now.s ? time_of(in->arena, now) : timestamp_text(in->arena, timestamp_now());
	if (!o->built.s) {
		complain("--timestamp takes RFC 3339 (2026-01-31T12:00:00Z) or seconds since 1970");
		return false;
	}
	o->checked = o->built;
	for (size_t i = 0; (value = option_nth(in, "checked", i)).s; i++) {
		struct str rest = value, name = str_cut(&rest, '='), t = time_of(in->arena, rest.s ? rest : name);
		bool known = !rest.s;
		for (size_t k = 0; k < sizeof sources / sizeof sources[0]; k++)
			known |= str_is(name, sources[k]);
		if (!t.s || !known) {
			complain("--checked takes T or SOURCE=T, SOURCE one of osv, cve, kev, ssvc, epss, and T RFC 3339 or seconds since 1970");
			return false;
		}
		if (rest.s)
			*VEC_ADD(in->arena, &o->checked_of) = (struct property){ name, t };
		else
			o->checked = t;
	}
	return true;
}

static void print_source(const struct vuln_source *s)
{
	printf("%-5.*s %-22.*s %9llu", STR_ARG(s->name), STR_ARG(s->ecosystem), (unsigned long long)s->records);
	printf("  %-24.*s  %.*s", STR_ARG(s->date), STR_ARG(s->checked));
	if (s->withdrawn)
		printf("  %llu withdrawn", (unsigned long long)s->withdrawn);
	if (s->malformed)
		printf("  %llu malformed", (unsigned long long)s->malformed);
	if (s->no_ranges)
		printf("  %llu without ranges and versions", (unsigned long long)s->no_ranges);
	if (s->no_release)
		printf("  %llu without a release", (unsigned long long)s->no_release);
	if (s->unreadable)
		printf("  %llu unreadable", (unsigned long long)s->unreadable);
	putchar('\n');
}

static void print_info(const struct vuln_info *info)
{
	uint64_t size = 0, texts = 0;

	for (VEC_EACH(const struct vuln_file_info, f, &info->files))
		*(str_is(f->kind, "texts") ? &texts : &size) += f->size;
	printf("%.*s: built %.*s, %zu files, %.1f MB and %.1f MB of texts\n", STR_ARG(info->path), STR_ARG(info->built), info->files.n,
	       (double)size / 1e6, (double)texts / 1e6);
	printf("manifest sha256:%.*s, serial %llu, ", STR_ARG(info->digest), (unsigned long long)info->serial);
	if (info->signature.len)
		printf("signed by %.*s (%.*s)\n\n", STR_ARG(info->signature), STR_ARG(info->signed_by));
	else
		puts("unsigned\n");
	printf("%-5s %-22s %9s  %-24s  %s\n", "what", "ecosystem", "records", "date of the source", "confirmed current");
	for (VEC_EACH(const struct vuln_source, s, &info->sources))
		print_source(s);
	if (!info->kev)
		puts("no KEV catalogue: nothing can be decided with this database");
	if (!info->ssvc)
		puts("no SSVC data: findings are not decided on exploitation");
}

static int build(struct invocation *in, struct diags *d)
{
	struct vuln_build_options o = { .kev = option_get(in, "kev"), .epss = option_get(in, "epss"), .out = option_get(in, "output") };
	struct vuln_info info;
	struct str value;

	for (size_t i = 0; (value = option_nth(in, "osv", i)).s; i++)
		*VEC_ADD(in->arena, &o.osv) = value;
	for (size_t i = 0; (value = option_nth(in, "cve", i)).s; i++)
		*VEC_ADD(in->arena, &o.cve) = value;
	if (in->arguments.n > 1) {
		complain("db build: %.*s belongs to no option; --osv, --kev, --epss and --cve stand before each file or folder", STR_ARG(in->arguments.items[1]));
		return 2;
	}
	bool from = o.osv.n || o.cve.n || o.kev.s || o.epss.s;
	if (!o.out.len || !from) {
		complain("db build: %s%s%s; such as: bomgate db build --osv sources/osv --kev kev.json --epss epss.csv.gz --cve sources/cve -o db",
			 from ? "" : "there is nothing to build from (--osv DIR, --kev FILE, --epss FILE, --cve DIR: one of them at least)",
			 from || o.out.len ? "" : ", and ", o.out.len ? "" : "-o PATH must say which folder to make");
		return 2;
	}
	struct str serial = option_get(in, "serial");
	if (!set_times(in, &o) || (serial.s && (!str_to_u64(serial, &o.serial) || o.serial > INT64_MAX))) {
		if (serial.s)
			complain("--serial takes a whole number");
		return 2;
	}
	setenv("TZ", "UTC0", 1); /* zip entries carry local times: without it each one looks for /etc/localtime */
	enum result r = vuln_build(&o, d, &info, in->arena);
	if (r != FAILED && !option_is(in, "quiet"))
		print_info(&info);
	return show(d, r == FAILED ? 4 : 0);
}

/* NULL with *code: that of wrong usage where no database was named, else of data that is not to be had. */
static struct vuln_db *opened(struct invocation *in, struct diags *d, int *code)
{
	struct database_choice choice = database_choose(in);

	*code = choice.places.len ? 4 : 2;
	if (!choice.places.len) {
		complain("db %.*s: which database? --db PLACE names it, a folder or an address; `bomgate db build … -o PATH` makes one",
			 STR_ARG(in->arguments.items[0]));
		return NULL;
	}
	return database_open(in->arena, &choice, d, NULL);
}

static int info(struct invocation *in, struct diags *d)
{
	int code;
	struct vuln_db *db = opened(in, d, &code);

	if (!db)
		return show(d, code);
	print_info(vuln_about(db));
	vuln_close(db);
	return show(d, 0);
}

static void put_facts(struct json_writer *w, const struct cve_facts *f)
{
	json_begin_object(w);
	json_member(w, "id", f->id);
	json_member_bool(w, "rejected", f->rejected);
	json_member_bool(w, "kev", f->kev);
	if (f->kev) {
		json_member_bool(w, "kevCatalogue", f->kev_catalogue);
		json_member_bool(w, "kevRansomware", f->kev_ransomware);
		json_member_opt(w, "kevAdded", f->kev_added);
		json_member_opt(w, "kevDue", f->kev_due);
	}
	json_member_bool(w, "ssvc", f->ssvc);
	if (f->ssvc) {
		static const char *const exploitation[] = { "none", "public poc", "active" }, *const automatable[] = { "no", "yes" },
			*const impact[] = { "partial", "total" };
		struct {
			const char *key;
			unsigned bits;
			const char *const *names;
			int n;
		} points[] = { { "exploitation", f->exploitation, exploitation, 3 },
			       { "automatable", f->automatable, automatable, 2 },
			       { "technicalImpact", f->technical_impact, impact, 2 } };
		for (size_t i = 0; i < 3; i++) {
			json_put_key(w, points[i].key);
			json_begin_array(w);
			for (int k = 0; k < points[i].n; k++)
				if (points[i].bits & 1u << k)
					json_put_string(w, str_of(points[i].names[k]));
			json_end_array(w);
		}
		json_member_bool(w, "unreadable", f->ssvc_unreadable);
		json_member_opt(w, "ssvcDate", f->ssvc_date);
	}
	if (f->epss >= 0) {
		char number[32];
		snprintf(number, sizeof number, "%.5f", f->epss);
		json_put_key(w, "epss");
		json_put_raw(w, str_of(number));
		snprintf(number, sizeof number, "%.5f", f->epss_percentile);
		json_put_key(w, "epssPercentile");
		json_put_raw(w, str_of(number));
		json_member_opt(w, "epssDate", f->epss_date);
	}
	json_member_opt(w, "cvss", f->cvss);
	json_member_opt(w, "cvssSource", f->cvss_source);
	json_put_key(w, "exploits");
	json_begin_array(w);
	for (VEC_EACH(const struct exploit_reference, e, &f->exploits)) {
		json_begin_object(w);
		json_member(w, "url", e->url);
		json_member(w, "source", e->source);
		json_end_object(w);
	}
	json_end_array(w);
	json_member_opt(w, "published", f->published);
	json_member_opt(w, "modified", f->modified);
	json_end_object(w);
}

/* The advisory as it came, and what is known of a CVE. */
static int get(struct invocation *in, struct diags *d)
{
	struct cve_facts facts;
	int code;
	struct json_writer w;
	struct buf out;

	if (in->arguments.n != 2) {
		complain("db get: which ID? One, such as: bomgate db get CVE-2024-3094 --db PATH");
		return 2;
	}
	struct vuln_db *db = opened(in, d, &code);
	if (!db)
		return show(d, code);
	struct str id = in->arguments.items[1], ecosystem = STR_NONE, record = vuln_record(db, in->arena, id, &ecosystem);
	bool known = vuln_cve(db, in->arena, id, &facts);
	if (record.s || known) {
		buf_init(&out, 0);
		json_writer_init(&w, &out, false);
		json_begin_object(&w);
		json_member(&w, "id", id);
		if (known) {
			json_put_key(&w, "cve");
			put_facts(&w, &facts);
		}
		if (record.s) {
			json_member(&w, "ecosystem", ecosystem);
			json_put_key(&w, "record");
			json_put_raw(&w, record);
		}
		json_end_object(&w);
		printf("%.*s\n", STR_ARG(buf_str(&out)));
		buf_free(&out);
	} else {
		complain("%.*s is not in the database", STR_ARG(id));
	}
	vuln_damaged(db, d);
	vuln_close(db);
	return show(d, record.s || known ? 0 : 1);
}

static int match(struct invocation *in, struct diags *d)
{
	int code;
	struct vuln_db *db = opened(in, d, &code);

	if (!db)
		return show(d, code);
	code = db_match(in, db, d);
	vuln_close(db);
	return show(d, code);
}

/* ---- update: bring the copy of a published database up to date */

static bool is_wanted(void *data, const struct vuln_file_info *f)
{
	struct invocation *in = data;
	struct str want;

	if (str_is(f->kind, "cves") || !option_nth(in, "only", 0).s)
		return true;
	for (size_t i = 0; (want = option_nth(in, "only", i)).s; i++)
		if (str_eq_nocase(want, f->ecosystem) || str_eq_nocase(want, str_sub(f->ecosystem, 0, str_chr(f->ecosystem, ':'))))
			return true;
	return false;
}

static int update(struct invocation *in, struct diags *d)
{
	static const char *const words[] = { "new data", "nothing new", "young enough", "not to be reached" };
	struct database_choice choice = database_choose(in);
	enum vuln_update_state state = VULN_UPDATE_NEW;
	struct vuln_fetched fetched;

	choice.always = true;
	choice.allow_shrunk = option_is(in, "allow-shrunk");
	if (!str_has(choice.places, STR("://"))) {
		complain("`bomgate db update` takes the address of a published database: --db https://…");
		return 2;
	}
	struct vuln_db *db = database_open(in->arena, &choice, d, &state);
	if (!db)
		return show(d, 4);
	vuln_fetch(db, !option_is(in, "no-texts"), is_wanted, in, &fetched);
	vuln_damaged(db, d);
	vuln_update_clean(in->arena, db, choice.now);
	const struct vuln_info *about = vuln_about(db);
	if (!option_is(in, "quiet"))
		printf("%.*s: %s, serial %llu, built %.*s; %zu files fetched (%.1f MB), %zu were there\n", STR_ARG(about->path), words[state],
		       (unsigned long long)about->serial, STR_ARG(about->built), fetched.files, (double)fetched.bytes / 1e6, fetched.there);
	vuln_close(db);
	return show(d, 0);
}

int cmd_db(struct invocation *in)
{
	static const struct {
		const char *name;
		int (*run)(struct invocation *in, struct diags *d);
	} verbs[] = { { "build", build }, { "update", update }, { "info", info },	 { "get", get },
		    { "match", match }, { "key", db_key },	{ "sign", db_sign } };
	struct str verb = in->arguments.n ? in->arguments.items[0] : STR_NONE;
	struct diags d;

	diag_init(&d, in->arena);
	http_set_offline(option_is(in, "offline"));
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (str_is(verb, verbs[i].name))
			return verbs[i].run(in, &d);
	complain("`bomgate db` takes build, update, info, get ID, match, key or sign");
	return 2;
}

/* The database: built from tests/data/db, asked, and broken at every byte. */
#include "test.h"

#include <dirent.h>
#include <unistd.h>

#include "io/file.h"
#include "match/match.h"
#include "vuln/database.h"
#include "vuln/ecosystem.h"

static char root[] = "/tmp/bomgate-vuln-XXXXXX";

static struct vuln_info info;

static void builds(void)
{
	struct arena *a = arena_new(0);
	struct vuln_build_options o = { .kev = STR("tests/data/db/kev.json"), .epss = STR("tests/data/db/epss.csv"), .out = str_of(root),
					.built = STR("2026-01-06T00:00:00Z"), .checked = STR("2026-01-06T00:00:00Z") };
	struct diags d;

	CHECK(mkdtemp(root) != NULL);
	diag_init(&d, a);
	*VEC_ADD(a, &o.osv) = STR("tests/data/db/osv");
	*VEC_ADD(a, &o.cve) = STR("tests/data/db/cve");
	*VEC_ADD(a, &o.checked_of) = (struct property){ STR("kev"), STR("2026-01-01T00:00:00Z") };
	CHECK_INT(vuln_build(&o, &d, &info, a), PARTIAL); /* two files are no records */
	CHECK_INT(info.unreadable.n, 2);
	CHECK_INT(diag_exit_code(&d), 0);
	CHECK(info.kev && info.ssvc && info.osv && info.epss && info.cve);
	arena_free(a);
}

static struct vuln_db *opened(struct arena *a, struct diags *d)
{
	diag_init(d, a);
	struct vuln_db *db = vuln_open(a, root, d);
	CHECK(db != NULL);
	return db;
}

static void knows_packages(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct vuln_db *db = opened(a, &d);
	struct vuln_hits h;
	struct vuln_advisory v;

	CHECK(vuln_lookup(db, a, STR("npm"), STR("@acme/left"), &h));
	CHECK_INT(h.n, 3); /* two blocks of one advisory, one of another */
	CHECK(vuln_advisory(&h, a, h.items[0].advisory, &v));
	CHECK_STR(v.id, STR("GHSA-aaaa-aaaa-aaaa"));
	CHECK_INT(v.ngroup, 3);
	CHECK_STR(v.group[0], STR("CVE-2025-10001"));
	CHECK_STR(v.severity, STR("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"));
	CHECK_STR(v.modified, STR("2026-01-02T03:04:05Z"));
	CHECK(vuln_lookup(db, a, STR("npm"), STR("gone"), &h)); /* withdrawn */
	CHECK_INT(h.n, 0);
	CHECK(!vuln_lookup(db, a, STR("Hex"), STR("gone"), &h));
	CHECK(vuln_lookup(db, a, STR("npm"), STR("evil-left"), &h));
	CHECK(vuln_advisory(&h, a, h.items[0].advisory, &v) && v.malicious);
	CHECK_INT(v.ngroup, 0);
	/* Names are normalised on the advisory's side too, and listed versions inside of a range are not kept. */
	CHECK(vuln_lookup(db, a, STR("PyPI"), STR("upper-case-name"), &h));
	CHECK_INT(h.n, 1);
	CHECK_STR(h.items[0].package, STR("Upper_Case.Name"));
	CHECK_INT(h.items[0].nversions, 1);
	CHECK_STR(h.items[0].versions[0], STR("1.5.post1"));
	CHECK(h.items[0].git);
	/* The later of two records with one id. */
	CHECK(vuln_lookup(db, a, STR("Go"), STR("git.example/acme/old"), &h));
	CHECK_INT(h.items[0].ranges[0].nevents, 2);
	/* One-way names: of `related` for a distribution, and through another record's aliases. */
	CHECK(vuln_lookup(db, a, STR("Debian:12"), STR("wget"), &h));
	CHECK(vuln_advisory(&h, a, h.items[0].advisory, &v));
	CHECK_INT(v.ngroup, 0);
	CHECK_INT(v.ncves, 2);
	CHECK(vuln_lookup(db, a, STR("Alpine"), STR("busybox"), &h));
	CHECK(vuln_advisory(&h, a, h.items[0].advisory, &v));
	CHECK_INT(v.ncves, 1);
	CHECK_STR(v.cves[0], STR("CVE-2025-10001"));
	CHECK(vuln_lookup(db, a, STR("Photon OS:3.0"), STR("linux"), &h));
	CHECK(h.items[0].malformed);
	CHECK(!vuln_damaged(db, &d));
	vuln_close(db);
	arena_free(a);
}

static void knows_cves(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct vuln_db *db = opened(a, &d);
	struct cve_facts f;
	struct str ecosystem;

	CHECK(vuln_cve(db, a, STR("CVE-2025-10001"), &f));
	CHECK(f.ssvc && !f.kev && !f.rejected);
	CHECK_INT(f.exploitation, SSVC_EXPLOITATION_POC);
	CHECK_INT(f.automatable, SSVC_AUTOMATABLE_YES);
	CHECK_INT(f.technical_impact, SSVC_IMPACT_TOTAL);
	CHECK_STR(f.cvss, STR("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")); /* the CNA's before CISA's */
	CHECK_STR(f.cvss_source, STR("acme"));
	CHECK_INT(f.exploits.n, 1);
	CHECK_STR(f.exploits.items[0].source, STR("CVE"));
	CHECK(f.epss > 0.00382 && f.epss < 0.00384);
	CHECK_STR(f.epss_date, STR("2026-01-05T12:00:00Z"));
	CHECK(vuln_cve(db, a, STR("CVE-2025-10003"), &f));
	CHECK(f.kev && f.kev_catalogue && f.kev_ransomware);
	CHECK_STR(f.kev_due, STR("2026-01-25"));
	CHECK_INT(f.automatable, SSVC_AUTOMATABLE_YES); /* "Rapid" */
	CHECK(vuln_cve(db, a, STR("CVE-2025-10004"), &f));
	CHECK_INT(f.exploitation, SSVC_EXPLOITATION_NONE); /* CISA's, not the CNA's */
	CHECK(f.epss < 0);
	CHECK(vuln_cve(db, a, STR("CVE-2025-10005"), &f));
	CHECK(f.ssvc && f.ssvc_unreadable); /* "seldom" */
	CHECK_INT(f.exploitation, 0);
	CHECK(vuln_cve(db, a, STR("CVE-2025-10006"), &f) && f.rejected && !f.ssvc);
	CHECK(!vuln_cve(db, a, STR("CVE-2025-10009"), &f));
	CHECK(!vuln_cve(db, a, STR("GHSA-aaaa-aaaa-aaaa"), &f));
	CHECK(vuln_record(db, a, STR("GHSA-bbbb-bbbb-bbbb"), &ecosystem).s != NULL); /* withdrawn ones can be looked up */
	CHECK_STR(ecosystem, STR("npm"));
	CHECK_STR(vuln_summary(db, a, STR("GHSA-aaaa-aaaa-aaaa"), STR("npm")), STR("Left forgets the right"));
	CHECK_STR(vuln_summary(db, a, STR("NSWG-ECO-900001"), STR_NONE), STR("First line of the details."));
	CHECK(vuln_record(db, a, STR("nothing"), &ecosystem).s == NULL);
	vuln_close(db);
	arena_free(a);
}

static void knows_its_age(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct vuln_db *db = opened(a, &d);
	struct vuln_age_report r;
	int64_t day, five = 86400 * 5;

	CHECK(timestamp_parse(STR("2026-01-01"), &day));
	vuln_ages(db, day + five, &vuln_default_limits, a, &r); /* confirmed on the 6th, KEV on the 1st */
	CHECK_INT(r.n, 5);
	CHECK_INT(r.worst, VULN_STALE);
	vuln_ages(db, day + five, &(struct vuln_limits){ .kev = 7 * 86400, .osv = 86400, .warn = 86400 }, a, &r);
	CHECK_INT(r.worst, VULN_AGING);
	vuln_ages(db, day + five, &(struct vuln_limits){ .osv = 86400, .warn = 86400 }, a, &r);
	CHECK_INT(r.worst, VULN_FRESH);
	vuln_ages(db, day + five - VULN_CLOCKS_DIFFER, &(struct vuln_limits){ .osv = 86400 }, a, &r); /* clocks differ */
	CHECK_INT(r.worst, VULN_FRESH);
	vuln_ages(db, day + five - VULN_CLOCKS_DIFFER - 1, &(struct vuln_limits){ .osv = 86400 }, a, &r); /* of the future */
	CHECK_INT(r.worst, VULN_STALE);
	vuln_close(db);
	arena_free(a);
}

static uint32_t add(struct bom *b, const char *ecosystem, const char *group, const char *name, const char *version)
{
	struct component *c = bom_add(b);

	c->ecosystem = str_of(ecosystem);
	c->group = str_of(group);
	c->name = str_of(name);
	c->version = str_of(version);
	return bom_index(b, c);
}

static const struct finding *finding_of(const struct findings *f, uint32_t component)
{
	for (VEC_EACH(const struct finding, x, &f->list))
		if (x->component == component)
			return x;
	return NULL;
}

static const struct undecided *undecided_of(const struct findings *f, uint32_t component)
{
	for (VEC_EACH(const struct undecided, x, &f->undecided))
		if (x->component == component)
			return x;
	return NULL;
}

static void matches(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct vuln_db *db = opened(a, &d);
	struct bom *b = bom_new(a, &d);
	struct findings f = { 0 };

	uint32_t left = add(b, "npm", "@acme", "left", "1.0.0"), new_left = add(b, "npm", "@acme", "left", "1.2.5"),
		 safe = add(b, "npm", "@acme", "left", "1.3.0"), evil = add(b, "npm", NULL, "evil-left", NULL),
		 own = add(b, "npm", NULL, "evil-left", "1.0.0"), wget = add(b, "Debian:12.4", NULL, "wget", "1.21-1"),
		 any = add(b, "Debian:12", NULL, "curl", "7.88.1-10"), known = add(b, "npm", NULL, "known", "workspace:*"),
		 declared = add(b, "npm", NULL, "elsewhere", NULL), busybox = add(b, "Alpine:v3.19", NULL, "busybox", "1.30-r0"),
		 photon = add(b, "Photon OS:3.0", NULL, "linux", "0.1-1"), hex = add(b, "Hex", NULL, "jason", "1.0.0"),
		 half = add(b, "npm", NULL, "half-evil", "1.0.1"), idle = add(b, "crates.io", NULL, "idle", "1.0.0"),
		 git = add(b, NULL, NULL, "vendored", NULL), git2 = add(b, NULL, NULL, "vendored", NULL),
		 std = add(b, "Go", NULL, "stdlib", "go1.21.0"), line = add(b, "Go", NULL, "stdlib", "1.20"),
		 patched = add(b, "Go", NULL, "stdlib", "1.21"), built = add(b, "Go", NULL, "stdlib", "go1.20");
	b->components[own].first_party = true;
	b->components[declared].declared = STR("^1.0");
	b->components[git].vcs = STR("git@git.example:acme/vendored.git");
	b->components[git].commit = STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
	b->components[git2].vcs = STR("https://git.example/acme/vendored");
	b->components[git2].commit = STR("cccccccccccccccccccccccccccccccccccccccc");
	bom_property(b, line, "bomgate:certainty", STR("declared minimum"));
	CHECK_INT(match_run(b, db, a, &d, &f), OK);

	const struct finding *x = finding_of(&f, left);
	CHECK(x && x->matches.n == 2);
	CHECK_STR(x->id, STR("CVE-2025-10001"));
	CHECK_INT(x->ids.n, 3);
	CHECK_STR(x->fixed, STR("1.3.0")); /* what ends both advisories */
	CHECK_STR(x->matches.items[0].fixed, STR("1.2.0"));
	CHECK_STR(x->matches.items[0].range, STR("<1.2.0"));
	CHECK(x->cvss_score > 9.7 && x->cvss_score < 9.9);
	CHECK(x->epss > 0);
	x = finding_of(&f, new_left);
	CHECK(x && x->matches.n == 1);
	CHECK(!finding_of(&f, safe) && !undecided_of(&f, safe));
	/* Every version of it is malicious: also one that is not known. */
	x = finding_of(&f, evil);
	CHECK(x && x->malicious);
	CHECK(!x->fixed.s);
	CHECK(!finding_of(&f, own) && !undecided_of(&f, own));
	x = finding_of(&f, half);
	CHECK(x && x->malicious);
	x = finding_of(&f, wget);
	CHECK(x && x->kev && x->cves.n == 0 && x->matches.items[0].names_cves.n == 2);
	CHECK_STR(x->fixed, STR("1.21-1+deb12u1"));
	CHECK_STR(x->matches.items[0].ecosystem, STR("Debian:12")); /* outlives the look-up */
	CHECK(finding_of(&f, any) != NULL); /* a record without a release is for all of Debian's */
	x = finding_of(&f, idle);
	CHECK(x != NULL);
	CHECK_STR(x->matches.items[0].informational, STR("unmaintained"));
	CHECK(finding_of(&f, std) != NULL);
	/* go.mod's "1.20": open with every patch release of 1.20; 1.21 mended it in one; a binary's "go1.20" is that release itself. */
	CHECK(finding_of(&f, line) != NULL);
	CHECK(!finding_of(&f, patched) && !undecided_of(&f, patched));
	CHECK(finding_of(&f, built) != NULL);
	CHECK(finding_of(&f, git) != NULL);

	const struct undecided *u = undecided_of(&f, known);
	CHECK(u && u->closes_gate);
	CHECK_STR(u->advisory, STR("GHSA-cccc-cccc-cccc"));
	u = undecided_of(&f, declared);
	CHECK(u && !u->closes_gate);
	CHECK_STR(u->why, STR("only a range is declared, no version"));
	u = undecided_of(&f, busybox);
	CHECK(u && !finding_of(&f, busybox) && !u->closes_gate);
	u = undecided_of(&f, photon);
	CHECK(u && u->closes_gate); /* malformed, and its CVE is in KEV */
	CHECK(undecided_of(&f, hex) != NULL);
	CHECK(undecided_of(&f, git2) != NULL);
	CHECK(str_has(match_rows(a, b, &f), STR("npm\t@acme/left\t1.0.0\tGHSA-aaaa-aaaa-aaaa\n")));
	CHECK(str_has(match_rows(a, b, &f), STR("Go\tstdlib\t1.21.0\tGO-2026-0001\n")));
	CHECK(str_has(match_rows(a, b, &f), STR("Go\tstdlib\t1.20.99\tGO-2026-0001\n")));
	CHECK(str_has(match_rows(a, b, &f), STR("Go\tstdlib\t1.20\tGO-2026-0001\n")));
	vuln_close(db);
	arena_free(a);
}

/* Everything that can be asked, over files whose digests are not looked at. */
static void ask_everything(struct arena *a, struct vuln_db *db)
{
	static const char *const names[][2] = { { "npm", "@acme/left" }, { "npm", "known" }, { "npm", "half-evil" }, { "npm", "evil-left" },
						{ "PyPI", "upper-case-name" }, { "GIT", "git.example/acme/vendored" } };
	struct vuln_hits h;
	struct vuln_advisory v;
	struct cve_facts f;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (vuln_lookup(db, a, str_of(names[i][0]), str_of(names[i][1]), &h))
			for (size_t k = 0; k < h.n; k++)
				vuln_advisory(&h, a, h.items[k].advisory, &v);
	vuln_cve(db, a, STR("CVE-2025-10001"), &f);
	vuln_cve(db, a, STR("CVE-2025-10003"), &f);
	vuln_record(db, a, STR("GHSA-aaaa-aaaa-aaaa"), NULL);
}

static void survives_damage_of(const char *name, enum vuln_kind kind)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct vuln_db *db = opened(a, &d);
	struct str bytes, why;
	size_t at = 0, n = 0;

	while (at < db->info.files.n && !str_is(db->info.files.items[at].name, name))
		at++;
	CHECK(at < db->info.files.n && file_read(a, file_join(a, str_of(root), str_of(name)).s, 1 << 20, &bytes, &why));
	for (size_t step = 0; step < bytes.len * 4; step++) {
		struct arena *own = arena_new(0);
		size_t i = step / 4, len = step % 4 == 3 ? i : bytes.len;
		char *copy = malloc(len ? len : 1);
		memcpy(copy, bytes.s, len);
		if (step % 4 == 0)
			copy[i] = (char)0xff;
		else if (step % 4 == 1)
			copy[i] ^= 1;
		else if (step % 4 == 2)
			copy[i] = 0;
		db->files[at].file = vuln_file_of(own, str_make(copy, len), kind, &why);
		db->files[at].failed = db->files[at].file ? STR_NONE : why;
		ask_everything(own, db);
		n += db->files[at].failed.s || db->files[at].file->damaged;
		db->files[at].file = NULL;
		db->files[at].failed = STR_NONE;
		free(copy);
		arena_free(own);
	}
	CHECK(n > bytes.len); /* every truncation at least */
	vuln_close(db);
	arena_free(a);
}

static void survives_damage(void)
{
	survives_damage_of("npm.advisories", VULN_KIND_ADVISORIES);
	survives_damage_of("PyPI.advisories", VULN_KIND_ADVISORIES);
	survives_damage_of("GIT.advisories", VULN_KIND_ADVISORIES);
	survives_damage_of("npm.texts", VULN_KIND_TEXTS);
	survives_damage_of("cves.facts", VULN_KIND_CVES);
}

/* With the digests every changed byte is seen, and the manifest may be cut anywhere. */
static void sees_every_change(void)
{
	struct arena *a = arena_new(0);
	struct str path = file_join(a, str_of(root), STR("npm.advisories")), manifest = file_join(a, str_of(root), STR("manifest.json"));
	struct str bytes, text, why;
	struct diags d;

	CHECK(file_read(a, path.s, 1 << 20, &bytes, &why) && file_read(a, manifest.s, 1 << 20, &text, &why));
	for (size_t i = 0; i < bytes.len; i += 5) {
		char *copy = arena_cstr(a, bytes);
		copy[i] ^= 4;
		CHECK(file_write_atomic(path.s, str_make(copy, bytes.len), &why));
		struct vuln_db *db = opened(a, &d);
		ask_everything(a, db);
		CHECK(vuln_damaged(db, &d));
		CHECK_INT(diag_exit_code(&d), 4);
		vuln_close(db);
	}
	CHECK(file_write_atomic(path.s, bytes, &why));
	for (size_t i = 0; i < text.len - 1; i += 11) {
		CHECK(file_write_atomic(manifest.s, str_sub(text, 0, i), &why));
		diag_init(&d, a);
		CHECK(vuln_open(a, root, &d) == NULL);
		CHECK_INT(diag_exit_code(&d), 4);
	}
	CHECK(file_write_atomic(manifest.s, text, &why));
	arena_free(a);
}

static void names_ecosystems(void)
{
	struct arena *a = arena_new(0);

	CHECK_STR(ecosystem_canonical(a, STR("Debian:12.5")), STR("Debian:12"));
	CHECK_STR(ecosystem_canonical(a, STR("debian:sid")), STR("Debian:sid"));
	CHECK_STR(ecosystem_canonical(a, STR("Alpine:3.19.1")), STR("Alpine:v3.19"));
	CHECK_STR(ecosystem_canonical(a, STR("Alpine:v3.19")), STR("Alpine:v3.19"));
	CHECK_STR(ecosystem_canonical(a, STR("Ubuntu:22.04")), STR("Ubuntu:22.04:LTS"));
	CHECK_STR(ecosystem_canonical(a, STR("Ubuntu:22.10")), STR("Ubuntu:22.10"));
	CHECK_STR(ecosystem_canonical(a, STR("Ubuntu:Pro:18.04:LTS")), STR("Ubuntu:Pro:18.04:LTS"));
	CHECK_STR(ecosystem_canonical(a, STR("AlmaLinux:9.3")), STR("AlmaLinux:9"));
	CHECK_STR(ecosystem_canonical(a, STR("bitnami")), STR("Bitnami"));
	CHECK_STR(ecosystem_canonical(a, STR("DHI")), STR("DHI"));
	CHECK_STR(ecosystem_repository_key(a, STR("git+ssh://git@Git.Example/Acme/x.git#main")), STR("git.example/acme/x"));
	CHECK_STR(ecosystem_repository_key(a, STR("git@git.example:acme/x.git")), STR("git.example/acme/x"));
	CHECK_STR(ecosystem_repository_key(a, STR("https://git.example/acme/x/")), STR("git.example/acme/x"));
	arena_free(a);
}

static void cleans_up(void)
{
	struct arena *a = arena_new(0);
	struct file_entries e;
	struct str why;

	CHECK(file_list(a, root, &e, &why));
	for (VEC_EACH(struct file_entry, f, &e))
		unlink(file_join(a, str_of(root), f->name).s);
	CHECK(rmdir(root) == 0);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(builds), TEST_CASE(knows_packages), TEST_CASE(knows_cves), TEST_CASE(knows_its_age), TEST_CASE(matches),
	  TEST_CASE(survives_damage), TEST_CASE(sees_every_change), TEST_CASE(names_ecosystems), TEST_CASE(cleans_up))

#include "test.h"

#include "identity/purl.h"
#include "syntax/json.h"

static struct str canonical(struct arena *a, const char *text)
{
	struct str why;
	return purl_canonical(a, str_of(text), &why);
}

static struct str advisory_name(struct arena *a, const struct component *c)
{
	struct advisory_identity id;

	purl_advisory_identity(a, c, &id);
	return id.name;
}

static void canonical_forms(void)
{
	struct arena *a = arena_new(0);

	CHECK_STR(canonical(a, "pkg:npm/@babel/core@7.1.0"), STR("pkg:npm/%40babel/core@7.1.0"));
	CHECK_STR(canonical(a, "pkg:npm/%40babel%2Fcore@7.1.0"), STR("pkg:npm/%40babel/core@7.1.0"));
	/* An encoded slash parts segments too: no way up, and the canonical form is its own. */
	CHECK_STR(canonical(a, "pkg:generic/a#%2Fb/x%2F..%2F..%2Fc"), STR("pkg:generic/a#b/x/c"));
	CHECK_STR(canonical(a, "pkg:generic/%2Fx%2F%2Fy/a"), STR("pkg:generic/x/y/a"));
	struct str why;
	CHECK(!purl_canonical(a, STR("pkg:generic/a@1\0002"), &why).s);
	CHECK_STR(canonical(a, "PKG:NPM/JSONStream@1.0"), STR("pkg:npm/JSONStream@1.0"));
	CHECK_STR(canonical(a, "pkg:deb/debian/libstdc++6@12.2.0-14+deb12u1?distro=debian-12&arch=amd64"),
		  STR("pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1?arch=amd64&distro=debian-12"));
	CHECK_STR(canonical(a, "pkg:golang/stdlib@1.22.3"), STR("pkg:golang/stdlib@1.22.3"));
	CHECK_STR(canonical(a, "pkg:golang/github.com/Azure/azure-sdk@v1.0.0#sdk/./x/../y"),
		  STR("pkg:golang/github.com/Azure/azure-sdk@v1.0.0#sdk/x/y"));
	CHECK_STR(canonical(a, "pkg:generic/a@1?empty=&x=%C3%BC"), STR("pkg:generic/a@1?x=%C3%BC"));
	CHECK(!canonical(a, "").s && !canonical(a, "pkg:").s && !canonical(a, "pkg:npm").s && !canonical(a, "pkg:npm/").s);
	CHECK(!canonical(a, "pkg:npm/a%zz@1").s && !canonical(a, "pkg:npm/a%00@1").s && !canonical(a, "pkg:npm/a%ff@1").s);
	CHECK(!canonical(a, "pkg:npm/a%2").s && !canonical(a, "pkg:npm/a@1?x=1&X=2").s && !canonical(a, "http://a/b").s);
	CHECK(!canonical(a, "pkg:cargo/ns/a@1").s && !canonical(a, "pkg:julia/Dates").s);
	arena_free(a);
}

/* ---- the specification's suite */

static struct str opt(const struct json *j, const char *key)
{
	struct str s = json_get_string(j, key);
	return s.len ? s : STR_NONE;
}

static void purl_of_json(struct arena *a, const struct json *j, struct purl *p)
{
	*p = (struct purl){ .type = opt(j, "type"), .namespace_ = opt(j, "namespace"), .name = opt(j, "name"),
			    .version = opt(j, "version"), .subpath = opt(j, "subpath") };
	for (JSON_EACH(q, json_get(j, "qualifiers")))
		*VEC_ADD(a, &p->qualifiers) = (struct property){ json_key(q), json_string(q) };
}

static bool same_purl(const struct purl *x, const struct purl *y)
{
	bool same = str_eq(x->type, y->type) && str_eq(x->namespace_, y->namespace_) && str_eq(x->name, y->name) &&
		    str_eq(x->version, y->version) && str_eq(x->subpath, y->subpath) && x->qualifiers.n == y->qualifiers.n;

	for (size_t i = 0; same && i < x->qualifiers.n; i++)
		same = str_eq(y->qualifiers.items[i].value, purl_qualifier(x, y->qualifiers.items[i].name.s));
	return same;
}

static bool run_case(struct arena *a, const struct json *t)
{
	struct str kind = json_get_string(t, "test_type"), why;
	const struct json *input = json_get(t, "input"), *want = json_get(t, "expected_output");
	bool must_fail = json_get_bool(t, "expected_failure");
	struct purl p, q;

	if (str_is(kind, "build")) {
		purl_of_json(a, input, &p);
		bool good = purl_normalise(a, &p, &why);
		return must_fail ? !good : good && str_eq(purl_format(a, &p), json_string(want));
	}
	if (str_is(kind, "parse")) {
		if (!purl_parse_strict(a, json_string(input), &p, &why))
			return must_fail;
		purl_of_json(a, want, &q);
		return !must_fail && same_purl(&p, &q);
	}
	struct str got = purl_canonical(a, json_string(input), &why);
	return must_fail ? !got.s : str_eq(got, json_string(want));
}

static void suite(void)
{
	static const char *const files[] = {
		"spec/specification", "types/alpm", "types/apk", "types/bazel", "types/bitbucket", "types/bitnami", "types/brew",
		"types/cargo", "types/chrome-extension", "types/cocoapods", "types/composer", "types/conan", "types/conda",
		"types/cpan", "types/cran", "types/deb", "types/docker", "types/gem", "types/generic", "types/git", "types/github",
		"types/golang", "types/hackage", "types/hex", "types/huggingface", "types/julia", "types/luarocks", "types/maven",
		"types/mlflow", "types/npm", "types/nuget", "types/oci", "types/opam", "types/otp", "types/pub", "types/pypi",
		"types/qpkg", "types/rpm", "types/swid", "types/swift", "types/vcpkg", "types/vscode-extension", "types/yocto",
	};
	size_t cases = 0;

	if (!test_corpus()) {
		TEST_SKIP("BOMGATE_CORPUS is not set");
		return;
	}
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct arena *a = arena_new(0);
		char path[512];
		snprintf(path, sizeof path, "%s/purl/tests/%s-test.json", test_corpus(), files[i]);
		struct str text = test_file(path);
		const struct json *doc = json_parse(a, text, NULL, NULL);
		CHECK(doc != NULL);
		for (JSON_EACH(t, json_get(doc, "tests"))) {
			cases++;
			if (!run_case(a, t)) {
				struct str what = json_get_string(t, "description"), input = json_get_string(t, "input");
				printf("# %s: %.*s: %.*s\n", files[i], STR_ARG(what), STR_ARG(input));
				CHECK(!"a case of the suite");
			}
		}
		arena_free(a);
		free((void *)text.s);
	}
	CHECK_INT(cases, 586);
}

static void completing(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct bom b;

	diag_init(&d, a);
	bom_init(&b, a, &d);
	struct component c = { .ecosystem = STR("npm"), .group = STR("@babel"), .name = STR("core"), .version = STR("7.1.0") };
	purl_complete(&b, &c);
	CHECK_STR(c.purl, STR("pkg:npm/%40babel/core@7.1.0"));
	CHECK_STR(advisory_name(a, &c), STR("@babel/core"));

	c = (struct component){ .ecosystem = STR("Debian:12"), .name = STR("libssl3"), .version = STR("3.0.11-1~deb12u2"),
				.more = &(struct component_more){ .source_name = STR("openssl"), .source_version = STR("3.0.11-1~deb12u2") } };
	*VEC_ADD(a, &c.qualifiers) = (struct property){ STR("arch"), STR("amd64") };
	purl_complete(&b, &c);
	CHECK_STR(c.purl, STR("pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl"));
	CHECK_STR(advisory_name(a, &c), STR("openssl"));

	c = (struct component){ .ecosystem = STR("Rocky Linux:9"), .name = STR("bash"), .version = STR("1:5.1.8-6.el9") };
	purl_complete(&b, &c);
	CHECK_STR(c.purl, STR("pkg:rpm/rocky-linux/bash@5.1.8-6.el9?distro=rocky-linux-9&epoch=1"));
	CHECK_STR(purl_own_version(a, &c), STR("1:5.1.8-6.el9"));

	c = (struct component){ .ecosystem = STR("Go"), .group = STR("golang.org/x"), .name = STR("net"), .version = STR("v0.17.0") };
	purl_complete(&b, &c);
	CHECK_STR(c.purl, STR("pkg:golang/golang.org/x/net@v0.17.0"));
	CHECK_STR(advisory_name(a, &c), STR("golang.org/x/net"));
	CHECK_STR(purl_own_version(a, &c), STR("0.17.0"));

	c = (struct component){ .ecosystem = STR("npm"), .name = STR("fork"), .vcs = STR("git@git.example:acme/fork.git"), .commit = STR("0123abcd") };
	purl_complete(&b, &c);
	CHECK_STR(c.purl, STR("pkg:npm/fork?vcs_url=git%2Bssh:%2F%2Fgit%40git.example%2Facme%2Ffork.git%400123abcd"));

	c = (struct component){ .ecosystem = STR("Julia"), .name = STR("Dates") };
	purl_complete(&b, &c);
	CHECK_STR(c.purl, STR_NONE); /* the uuid is missing */
	CHECK_INT(d.n, 0);
	arena_free(a);
}

static void from_purl(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct bom b;

	diag_init(&d, a);
	bom_init(&b, a, &d);
	struct component c = { .purl = STR("pkg:maven/org.example/lib@1.2?type=jar") };
	purl_complete(&b, &c);
	CHECK_STR(c.ecosystem, STR("Maven"));
	CHECK_STR(c.group, STR("org.example"));
	CHECK_STR(c.name, STR("lib"));
	CHECK_STR(c.version, STR("1.2"));
	CHECK_STR(advisory_name(a, &c), STR("org.example:lib"));

	c = (struct component){ .purl = STR("pkg:deb/debian/libc6@2.36-9+deb12u4?arch=amd64&distro=debian-12.5&upstream=glibc"), .name = STR("libc6") };
	purl_complete(&b, &c);
	CHECK_STR(c.ecosystem, STR("Debian:12"));
	CHECK_STR(c.group, STR_NONE);
	CHECK_STR(component_more(&c)->source_name, STR("glibc"));
	CHECK_STR(advisory_name(a, &c), STR("glibc"));

	struct advisory_identity id;
	c = (struct component){ .purl = STR("pkg:deb/debian/libdevmapper1.02.1@2:1.02.185-2?distro=debian-12&upstream=lvm2%402.03.16-2") };
	purl_complete(&b, &c);
	purl_advisory_identity(a, &c, &id);
	CHECK_STR(id.name, STR("lvm2"));
	CHECK_STR(id.version, STR("2.03.16-2"));
	CHECK_STR(purl_own_version(a, &c), STR("2:1.02.185-2"));
	/* A platform is no part of a gem's version; a pre-release behind a dash is: 7.0.0-rc4 is not 7.0.0. */
	static const char *const gems[][2] = { { "1.19.4-x86_64-linux-gnu", "1.19.4" }, { "1.2-java", "1.2" }, { "1.2-arm64-darwin", "1.2" }, { "7.0.0-rc4", "7.0.0-rc4" },
					       { "1.0-beta.1", "1.0-beta.1" }, { "1.0-1", "1.0-1" }, { "1.0.0-rc1-java", "1.0.0-rc1" }, { "1.0.pre.1", "1.0.pre.1" } };
	for (size_t i = 0; i < sizeof gems / sizeof gems[0]; i++) {
		c = (struct component){ .ecosystem = STR("RubyGems"), .name = STR("gem"), .version = str_of(gems[i][0]) };
		purl_advisory_identity(a, &c, &id);
		CHECK_STR(id.version, str_of(gems[i][1]));
	}
	c = (struct component){ .purl = STR("pkg:rpm/redhat/perl-Foo@1.2-3.el9?upstream=perl-5.32-480.el9.src.rpm") };
	purl_complete(&b, &c);
	purl_advisory_identity(a, &c, &id);
	CHECK_STR(id.name, STR("perl-Foo")); /* not perl 1.2 */
	CHECK_STR(id.other_name, STR_NONE);
	CHECK_STR(id.version, STR("1.2-3.el9"));
	c = (struct component){ .purl = STR("pkg:deb/debian/libc6@2.36-9?distro=debian-12") };
	*VEC_ADD(a, &c.extra) = (struct extra){ STR("spdx"), STR("sourceInfo"), STR("\"built package from: glibc 2.36-9\"") };
	purl_complete(&b, &c);
	CHECK_STR(component_more(&c)->source_name, STR("glibc"));
	CHECK_STR(component_more(&c)->source_version, STR("2.36-9"));
	c = (struct component){ .purl = STR("pkg:alpine/zlib@1.2.12-r3?distro=3.15.6") };
	purl_complete(&b, &c);
	CHECK_STR(c.ecosystem, STR("Alpine:v3.15"));
	c = (struct component){ .purl = STR("pkg:deb/ubuntu/bash@5.1?distro=jammy") };
	purl_complete(&b, &c);
	CHECK_STR(c.ecosystem, STR("Ubuntu:22.04:LTS"));
	c = (struct component){ .purl = STR("pkg:rpm/rhel/bash@5.1.8-6.el9?upstream=bash-5.1.8-6.el9.src.rpm&epoch=2") };
	purl_complete(&b, &c);
	CHECK_STR(c.ecosystem, STR("Red Hat"));
	CHECK_STR(c.version, STR("2:5.1.8-6.el9"));
	CHECK_STR(component_more(&c)->source_version, STR("5.1.8-6.el9"));
	c = (struct component){ .purl = STR("pkg:golang/github.com/Masterminds/semver@v3.3.0#v3") };
	purl_complete(&b, &c);
	CHECK_STR(advisory_name(a, &c), STR("github.com/Masterminds/semver/v3"));
	c = (struct component){ .purl = STR("pkg:npm/a%zz@1"), .name = STR("a") };
	purl_complete(&b, &c);
	CHECK_INT(d.n, 1);
	CHECK_STR(purl_normal_package(a, STR("PyPI"), STR("Zope..Interface__x")), STR("zope-interface-x"));
	CHECK_STR(purl_normal_package(a, STR("SwiftURL"), STR("https://GitHub.com/Apple/swift-nio.git")), STR("github.com/Apple/swift-nio"));
	CHECK_STR(purl_normal_package(a, STR("GitHub Actions"), STR("GitHub/codeql-action/analyze")), STR("github/codeql-action"));
	arena_free(a);
}

/* Every OSV ecosystem with packages gives a purl, and the purl gives the ecosystem back. */
static void ecosystems(void)
{
	static const char *const names[] = { "npm", "PyPI", "Maven", "NuGet", "Packagist", "RubyGems", "crates.io", "Go", "Hex", "Hackage",
					     "CRAN", "Pub", "opam", "ConanCenter", "Bitnami", "Debian:12", "Debian:sid", "Ubuntu:22.04:LTS",
					     "Ubuntu:25.10", "Alpine:v3.19", "Wolfi", "Chainguard", "MinimOS", "AlmaLinux:9", "Rocky Linux:8",
					     "Red Hat", "openSUSE", "SUSE", "Mageia:9", "Azure Linux:3", "Photon OS:4.0", "Bioconductor",
					     "openEuler:24.03-LTS-SP1", "openSUSE:Leap 15.6" };
	struct arena *a = arena_new(0);
	struct diags d;
	struct bom b;

	diag_init(&d, a);
	bom_init(&b, a, &d);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct component c = { .ecosystem = str_of(names[i]), .name = STR("a"), .version = STR("1.0") };
		if (str_is(c.ecosystem, "Packagist"))
			c.group = STR("v");
		purl_complete(&b, &c);
		CHECK(c.purl.len > 0);
		struct component back = { .purl = c.purl };
		purl_complete(&b, &back);
		CHECK_STR(back.ecosystem, c.ecosystem);
		CHECK_STR(back.name, c.name);
		CHECK_STR(back.version, c.version);
		CHECK(purl_folded_key(a, &c).len > 0);
	}
	CHECK_INT(d.n, 0);
	arena_free(a);
}

static bool same(struct str x, struct str y)
{
	return str_eq(x, y) && (x.s == NULL) == (y.s == NULL);
}

/* Where purl_reads_back says so, completing from fields leaves the reading of its own purl out: it must give the same. */
static size_t check_reads_back(struct arena *a, const char *type, struct str space, struct str name, struct str version, struct str value)
{
	struct purl p = { .type = str_of(type), .namespace_ = space, .name = name, .version = version }, q;
	struct str why;

	if (value.s)
		*VEC_ADD(a, &p.qualifiers) = (struct property){ STR("vcs_url"), value };
	if (!purl_normalise(a, &p, &why))
		return 0;
	struct str text = purl_format(a, &p);
	if (!purl_reads_back(&p, text))
		return 0;
	bool good = purl_parse(a, text, &q, &why) && same(p.type, q.type) && same(p.namespace_, q.namespace_) && same(p.name, q.name) &&
		    same(p.version, q.version) && same(p.subpath, q.subpath) && p.qualifiers.n == q.qualifiers.n &&
		    str_eq(purl_format(a, &q), text);
	for (size_t i = 0; good && i < p.qualifiers.n; i++)
		good = str_eq(p.qualifiers.items[i].name, q.qualifiers.items[i].name) && str_eq(p.qualifiers.items[i].value, q.qualifiers.items[i].value);
	if (!good)
		printf("# %.*s\n", STR_ARG(text));
	CHECK(good);
	return 1;
}

static void reading_back(void)
{
	static const char *const types[] = { "npm", "pypi", "golang", "github", "maven", "pub", "cargo", "composer", "git", "swift", "deb", "other",
					     "huggingface", "mlflow", "vscode-extension", "hackage" };
	static const char *const spaces[] = { "", "@Scope", "a/B", "/a", "a/", "a//b", "github.com", "github.com/Acme", "a b", "..", "a@b" };
	struct arena *a = arena_new(0);
	size_t checked = 0;
	char text[4];

	for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
		for (size_t s = 0; s < sizeof spaces / sizeof spaces[0]; s++)
			for (int c = 0; c < 256; c++) {
				struct str odd = str_make(text, 3);
				memcpy(text, (char[]){ 'A', (char)c, 'z' }, 3);
				checked += check_reads_back(a, types[t], str_of(spaces[s]), odd, STR("1.0"), STR_NONE);
				checked += check_reads_back(a, types[t], str_of(spaces[s]), STR("name_x"), odd, STR_NONE);
				checked += check_reads_back(a, types[t], odd, STR("Name"), STR_NONE, STR("git+https://git.example/a?b=c&d#e"));
				checked += check_reads_back(a, types[t], str_of(spaces[s]), STR("n"), str_sub(odd, 0, 2), odd);
			}
	CHECK(checked > 10000);
	struct purl p = { .type = STR("npm"), .name = STR("a"), .subpath = STR("x") };
	CHECK(!purl_reads_back(&p, STR("pkg:npm/a#x")));
	arena_free(a);
}

/* What is taken from the fields at once is what reading the purl that they make gives. */
static void of_component(void)
{
	static const char *const parts[] = { "", "a", "A_b.c", "a/b", "/a", "a/", "a//b", "a b", "\xc3\xa4", "\xff", "a%2Fb", "@a", "a@b", "a?b#c", ".." };
	static const char *const ecosystems[] = { "npm", "PyPI", "Maven", "Go", "Packagist", "GitHub Actions", "Debian:12", "SwiftURL", "CRAN" };
	size_t n = sizeof parts / sizeof parts[0], wrong = 0, equal = 0;
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < n * n * n * sizeof ecosystems / sizeof ecosystems[0]; i++) {
		struct arena_mark mark = arena_mark(a);
		struct component c = { .group = str_of(parts[i % n]), .name = str_of(parts[i / n % n]), .version = str_of(parts[i / n / n % n]),
				       .ecosystem = str_of(ecosystems[i / n / n / n]) };
		struct purl x, y;
		struct str why, text = purl_of_fields(a, &c);
		bool good = text.len && purl_parse(a, text, &y, &why), got = purl_of_component(a, &c, &x);
		bool same = good == got && (!good || (str_eq(x.type, y.type) && str_eq(x.namespace_, y.namespace_) && str_eq(x.name, y.name) &&
						       str_eq(x.version, y.version) && str_eq(x.subpath, y.subpath) && x.qualifiers.n == y.qualifiers.n));
		equal += same;
		wrong += !same;
		if (!same && wrong < 10)
			printf("# %s | %s | %s | %s: %d %d\n", ecosystems[i / n / n / n], parts[i % n], parts[i / n % n], parts[i / n / n % n], good, got);
		arena_pop(a, mark);
	}
	CHECK_INT(wrong, 0);
	CHECK(equal > 10000);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(of_component), TEST_CASE(reading_back), TEST_CASE(completing), TEST_CASE(from_purl), TEST_CASE(ecosystems), TEST_CASE(canonical_forms), TEST_CASE(suite))

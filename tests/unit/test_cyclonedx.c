#include "test.h"

#include "format/cyclonedx.h"
#include "format/cyclonedx_rules.h"
#include "format/generator.h"
#include "format/validate.h"

struct run {
	struct arena *a;
	struct diags diags;
	struct bom b;
	const struct format *found;
	enum result result;
};

static struct run *read_text(struct str text)
{
	struct arena *a = arena_new(0);
	struct run *r = ARENA_NEW(a, struct run);

	r->a = a;
	diag_init(&r->diags, a);
	bom_init(&r->b, a, &r->diags);
	r->result = format_read(&r->b, STR("test"), arena_str(a, text), &r->found);
	return r;
}

static bool said(const struct run *r, const char *words)
{
	for (size_t i = 0; i < r->diags.n; i++)
		if (str_has(r->diags.items[i].text, str_of(words)))
			return true;
	return false;
}

static struct str written(struct run *r, const char *format, const char *version)
{
	const struct format *f = format_by_name(str_of(format));
	struct buf out;
	struct arena *own = arena_new(0);

	buf_init(&out, 0);
	struct format_writing w = { .bom = &r->b, .arena = own, .version = str_of(version), .out = &out };
	CHECK(f->write(&w) == OK);
	struct str text = arena_str(r->a, buf_str(&out));
	buf_free(&out);
	arena_free(own);
	return text;
}

static size_t violations(const char *format, struct str text)
{
	struct arena *a = arena_new(0);
	struct violations v = { .arena = a };

	validator_by_format(format)->validate(text, &v);
	size_t n = v.count;
	for (VEC_EACH(const struct violation, it, &v.list))
		/* Two items that differ only in what this version lacks, and what stood twice in the input already. */
		if (str_has(it->text, STR("an equal item")) || str_has(it->text, STR("another element already")))
			n--;
		else
			printf("# %.*s: %.*s\n", STR_ARG(it->pointer), STR_ARG(it->text));
	arena_free(a);
	return n;
}

static void model(void)
{
	struct str text = test_file("tests/golden/format/cyclonedx/full-1.7.json");
	struct run *r = read_text(text);
	const struct component *c = &r->b.components[2];

	CHECK(r->result == OK && str_is(str_of(r->found->name), "cyclonedx-json"));
	CHECK_INT(r->b.ncomponents, 9);
	CHECK_INT(r->b.subject, 0);
	CHECK_STR(r->b.components[1].name, STR("inner"));
	CHECK_INT(r->b.components[1].parent, 0);
	CHECK_STR(c->name, STR("json"));
	CHECK_STR(c->purl, STR("pkg:maven/org.example/json@2.0?type=jar"));
	CHECK_STR(c->hashes.items[0].value, STR("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"));
	CHECK_INT(c->licences.items[0].role, LICENCE_DECLARED);
	CHECK_STR(c->licences.items[0].text, STR("the text"));
	CHECK_INT(c->licences.items[1].kind, LICENCE_EXPRESSION);
	CHECK_INT(component_more(c)->supplier->kind, PARTY_PERSON);
	CHECK_STR(component_more(c)->supplier->email, STR("per@example.com"));
	CHECK_INT(c->scope, SCOPE_OPTIONAL);
	CHECK(c->direct && c->direct_known && !r->b.components[5].direct);
	CHECK_STR(r->b.document.tools.items[r->b.document.generator].name, STR("maker-scan"));
	CHECK_STR(r->b.document.tools.items[0].vendor, STR("Maker"));
	CHECK_INT(r->b.claims.n, 1);
	CHECK_STR(r->b.claims.items[0].state, STR("not_affected"));
	CHECK_STR(r->b.claims.items[0].affects.items[0], STR("pkg:maven/org.example/json@2.0"));
	CHECK(said(r, "no package URL"));
	CHECK(r->b.components[8].weak && !r->b.components[8].purl.s);
	/* Dependencies: on a component, on a service, on nothing, and what implements it. */
	CHECK_INT(r->b.dependencies.n, 4);
	CHECK_STR(dependency_more(&r->b.dependencies.items[1])->to_ref, STR("svc"));
	CHECK_STR(dependency_more(&r->b.dependencies.items[2])->to_ref, STR("NONE"));
	CHECK_INT(r->b.dependencies.items[3].kind, PROVIDES);
	arena_free(r->a);
	free((void *)(uintptr_t)text.s);
}

static void all_versions(void)
{
	static const char *const formats_[] = { "cyclonedx-json", "cyclonedx-xml" };
	struct str text = test_file("tests/golden/format/cyclonedx/full-1.7.json");
	struct run *r = read_text(text);

	for (int f = 0; f < 2; f++) {
		for (int v = 2; v <= 7; v++) {
			char version[4] = { '1', '.', (char)('0' + v), 0 };
			struct str once = written(r, formats_[f], version);
			CHECK_INT(violations(formats_[f], once), 0);
			struct run *again = read_text(once);
			CHECK(again->result == OK && again->b.ncomponents == r->b.ncomponents);
			CHECK_STR(written(again, formats_[f], version), once);
			arena_free(again->a);
		}
	}
	/* From 1.3 on all of a component comes back from a version that cannot say it. */
	struct run *old = read_text(written(r, "cyclonedx-json", "1.4"));
	struct str back = written(old, "cyclonedx-json", "1.7");
	static const char *const kept[] = { "\"modelCard\"", "\"cryptoProperties\"", "\"omniborId\"", "\"versionRange\"", "\"occurrences\"",
					    "\"callstack\"", "\"formulation\"", "\"citations\"", "Streebog-256", "\"isExternal\"", "\"tlp\"" };
	for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
		CHECK(str_has(back, str_of(kept[i])));
	CHECK_INT(violations("cyclonedx-json", back), 0);
	arena_free(old->a);
	arena_free(r->a);
	free((void *)(uintptr_t)text.s);
}

#define HEAD "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\","

static void refused(void)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "empty" },
		{ " \n ", "empty" },
		{ "{\"bomFormat\":\"SPDX\",\"specVersion\":\"1.6\"}", "not CycloneDX" },
		{ HEAD "\"bomFormat\":\"SPDX\"}", "twice" },
		{ HEAD "\"specVersion\":\"1.5\"}", "twice" },
		{ HEAD "\"components\":[{\"name\":\"a\",\"purl\":\"pkg:npm/a@1\",\"purl\":\"pkg:npm/b@1\"}]}", "twice" },
		{ HEAD "\"components\":[{\"name\":\"a\",\"evidence\":{},\"evidence\":{}}]}", "twice" },
		{ HEAD "\"version\":1} {}", "behind the end" },
		{ "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"2.0\"}", "1.0 to 1.7" },
		{ "{\"artifacts\":[],\"descriptor\":{}}", "Syft" },
		{ "{\"SchemaVersion\":2,\"Results\":[]}", "Trivy" },
		{ "{\"sbom\":\"x\",\"other\":1}", "holds none" },
		{ "{\"_type\":\"https://in-toto.io/Statement/v1\",\"predicateType\":\"https://slsa.dev/provenance/v1\",\"predicate\":{}}", "slsa" },
		{ "{\"payloadType\":\"x\",\"payload\":\"###\"}", "base64" },
		{ "spdxVersion: SPDX-2.3\nSPDXID: x\n", "YAML" },
		{ "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:spdx='http://spdx.org/rdf/terms#'/>", "RDF" },
		{ "<bom xmlns='http://example.com'/>", "namespace" },
		{ "<!DOCTYPE bom [<!ENTITY a 'b'>]><bom xmlns='http://cyclonedx.org/schema/bom/1.6'/>", "DOCTYPE" },
		{ "<bom xmlns='http://cyclonedx.org/schema/bom/1.9'/>", "1.0 to 1.7" },
		{ "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'><components>", "no element found" },
		{ "\x1f\x8b\x08", "gzip" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct run *r = read_text(str_of(cases[i].text));
		if (r->result != FAILED || !said(r, cases[i].says))
			printf("# case %zu: %.*s\n", i, r->diags.n ? (int)r->diags.items[0].text.len : 0, r->diags.n ? r->diags.items[0].text.s : "");
		CHECK(r->result == FAILED && said(r, cases[i].says));
		arena_free(r->a);
	}
}

static void told(void)
{
	struct run *r = read_text(STR(HEAD "\"components\":[{\"bom-ref\":\"a\",\"name\":\"x\",\"hashes\":{}},{\"bom-ref\":\"a\",\"type\":\"thing\"},7],"
				      "\"dependencies\":[{\"ref\":\"a\",\"dependsOn\":[\"gone\",\"a\"]},{}]}"));

	CHECK_INT(r->result, PARTIAL);
	CHECK(r->b.incomplete);
	CHECK(said(r, "stands twice") && said(r, "is not in the document") && said(r, "without a name") && said(r, "unknown component type") &&
	      said(r, "without a ref") && said(r, "is no object") && said(r, "is no list"));
	arena_free(r->a);
}

/* Every cut of a document is refused or reported, never a crash. */
static void cuts(void)
{
	struct str text = test_file("tests/golden/format/cyclonedx/full-1.7.json");
	struct run *whole = read_text(text);
	struct str xml = written(whole, "cyclonedx-xml", "1.7");

	for (size_t n = 0; n < text.len - 2; n += n < 400 ? 1 : 37) {
		struct run *r = read_text(str_sub(text, 0, n));
		CHECK(r->result == FAILED && r->diags.n > 0);
		arena_free(r->a);
	}
	for (size_t n = 0; n < xml.len - 8; n += n < 400 ? 1 : 37) {
		struct run *r = read_text(str_sub(xml, 0, n));
		CHECK(r->result == FAILED && r->diags.n > 0);
		arena_free(r->a);
	}
	arena_free(whole->a);
	free((void *)(uintptr_t)text.s);
}

static uint64_t random_state = 88172645463325252u;

static size_t random_below(size_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (size_t)(random_state % n);
}

/* The value that begins at or behind `at`. */
static struct str value_behind(struct arena *a, struct str text, size_t at)
{
	size_t colon = str_find(text, STR(": "), at);

	if (colon == STR_NOT_FOUND)
		return STR_NONE;
	struct json_cursor c = { .arena = a, .text = text, .at = colon + 2 };
	return json_read_raw(&c);
}

/* Values in places where nobody expects them: whatever can be read is written as a document that holds against the rules, in every
 * version and both encodings. */
static void swapped_values(void)
{
	static const char *const odd[] = { "null", "7", "\"\"", "\"x y<&\\u0007\"", "[]", "{}", "[{}]", "[[]]", "true", "-1.5e3", "[1,\"a\",null]" };
	struct str text = test_file("tests/golden/format/cyclonedx/full-1.7.json");
	size_t read_ones = 0;
	const char *longer = getenv("BOMGATE_FUZZ");

	for (int i = 0; i < (longer ? atoi(longer) : 150); i++) {
		struct arena *a = arena_new(0);
		struct str changed = text;
		for (size_t k = random_below(3) + 1; k > 0; k--) {
			struct str old = value_behind(a, changed, random_below(changed.len));
			struct str new = random_below(2) ? value_behind(a, changed, random_below(changed.len)) : str_of(odd[random_below(11)]);
			if (!old.s || !new.s)
				continue;
			size_t at = (size_t)(old.s - changed.s);
			changed = arena_concat(a, str_sub(changed, 0, at), new, str_from(changed, at + old.len));
		}
		struct run *r = read_text(changed);
		if (r->result != FAILED) {
			read_ones++;
			for (int v = 2; v <= 7; v++) {
				char version[4] = { '1', '.', (char)('0' + v), 0 };
				struct str json = written(r, "cyclonedx-json", version), xml = written(r, "cyclonedx-xml", version);
				if (!CHECK_INT(violations("cyclonedx-json", json) + violations("cyclonedx-xml", xml), 0))
					printf("# round %d, version 1.%d\n", i, v);
			}
		}
		arena_free(r->a);
		arena_free(a);
	}
	CHECK(read_ones > 10);
	free((void *)(uintptr_t)text.s);
}

static void nesting(void)
{
	struct arena *a = arena_new(0);
	struct buf b;

	buf_init(&b, 0);
	buf_adds(&b, HEAD "\"components\":");
	for (int i = 0; i < 100000; i++)
		buf_adds(&b, "[{\"components\":");
	struct run *r = read_text(buf_str(&b));
	CHECK(r->result == FAILED && said(r, "too deeply"));
	arena_free(r->a);
	buf_reset(&b);
	buf_adds(&b, "<bom xmlns='http://cyclonedx.org/schema/bom/1.6'>");
	for (int i = 0; i < 100000; i++)
		buf_adds(&b, "<components><component>");
	r = read_text(buf_str(&b));
	CHECK(r->result == FAILED && said(r, "too deeply"));
	arena_free(r->a);
	/* As deep as is read is written too, in time that does not explode. */
	buf_reset(&b);
	buf_adds(&b, HEAD "\"components\":[");
	for (int i = 0; i < 80; i++)
		buf_adds(&b, "{\"type\":\"library\",\"name\":\"n\",\"tags\":[\"t\"],\"pedigree\":{\"ancestors\":[");
	for (int i = 0; i < 80; i++)
		buf_adds(&b, "]}}");
	buf_adds(&b, "]}");
	r = read_text(buf_str(&b));
	CHECK_INT(r->result, OK);
	CHECK_INT(violations("cyclonedx-json", written(r, "cyclonedx-json", "1.4")), 0);
	arena_free(r->a);
	buf_free(&b);
	arena_free(a);
}

static void own_properties(void)
{
	struct run *r = read_text(STR(HEAD "\"version\":1}"));
	struct bom *b = &r->b;

	bom_add(b);
	bom_add(b);
	struct component *c = &b->components[0];
	*c = (struct component){ .name = STR("a"), .version = STR("1"), .parent = NO_COMPONENT, .type = COMPONENT_SOURCE,
				 .scope = SCOPE_DEV | SCOPE_OPTIONAL, .vcs = STR("https://git.example/a"), .commit = STR("c0ffee"),
				 .alias = STR("b") };
	party_set(b->arena, &component_add_more(b->arena, c)->originator, (struct party){ .kind = PARTY_ORGANIZATION, .name = STR("Org"), .email = STR("o@example.com") });
	b->components[1] = (struct component){ .name = STR("b"), .declared = STR("^1"), .parent = NO_COMPONENT };
	bom_hash(b, 0, STR("SHA-224"), STR("abcd"));
	bom_licence(b, 0, LICENCE_EXPRESSION, LICENCE_DECLARED, STR("MIT OR ISC"));
	bom_licence(b, 0, LICENCE_ID, LICENCE_CONCLUDED, STR("mit"));
	bom_licence(b, 1, LICENCE_NAME, LICENCE_DECLARED, STR("NOASSERTION"));
	bom_depend(b, 0, 1, CONTAINS, 0);
	dependency_add_more(b->arena, bom_depend(b, 0, 1, DEPENDS_ON, SCOPE_TEST))->comment = STR("why");
	dependency_add_more(b->arena, bom_depend(b, 1, 0, RELATED, 0))->word = STR("GENERATED_FROM");
	b->incomplete = true;
	for (int v = 3; v <= 7; v++) {
		char version[4] = { '1', '.', (char)('0' + v), 0 };
		struct str text = written(r, v % 2 ? "cyclonedx-json" : "cyclonedx-xml", version);
		CHECK_INT(violations(v % 2 ? "cyclonedx-json" : "cyclonedx-xml", text), 0);
		struct run *q = read_text(text);
		c = &q->b.components[0];
		CHECK_INT(c->type, COMPONENT_SOURCE);
		CHECK_INT(c->scope, SCOPE_DEV | SCOPE_OPTIONAL);
		CHECK_STR(c->commit, STR("c0ffee"));
		CHECK_STR(c->alias, STR("b"));
		CHECK_INT(component_more(c)->references.n, 0);
		CHECK_INT(component_more(c)->originator->kind, PARTY_ORGANIZATION);
		CHECK_STR(component_more(c)->originator->email, STR("o@example.com"));
		CHECK_STR(c->hashes.items[0].algorithm, STR("SHA-224"));
		CHECK_INT(c->licences.n, 2);
		CHECK_INT(c->licences.items[0].role == LICENCE_CONCLUDED || c->licences.items[1].role == LICENCE_CONCLUDED, 1);
		CHECK_STR(q->b.components[1].licences.items[0].value, STR("NOASSERTION"));
		CHECK_STR(q->b.components[1].declared, STR("^1"));
		CHECK_INT(q->b.dependencies.n, 3);
		CHECK_INT(q->b.dependencies.items[0].scope, SCOPE_TEST);
		CHECK_STR(dependency_more(&q->b.dependencies.items[0])->comment, STR("why"));
		CHECK(q->b.incomplete);
		arena_free(q->a);
	}
	arena_free(r->a);
}

static void generators(void)
{
	static const char *const lists[][4] = { { "trivy", "trustinspector", "cdxgen", "2" }, { "Hub", "cyclonedx-core-java", NULL, "0" },
						{ "protobom-v0", "GitHub.com-Dependency-Graph", NULL, "1" }, { "bomgate", NULL, NULL, "0" },
						{ "syft", "bomgate", NULL, "0" } };
	struct arena *a = arena_new(0);

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		struct document d = { 0 };
		for (int k = 0; k < 3 && lists[i][k]; k++)
			VEC_ADD(a, &d.tools)->name = str_of(lists[i][k]);
		CHECK_INT(generator_of(&d), lists[i][3][0] - '0');
	}
	arena_free(a);
}

/* Every record is reached, every list of values is named and in order of nothing but the table. */
static void rules(void)
{
	for (unsigned i = 0; i < CDX_RECORDS; i++) {
		const struct cdx_record *r = cdx_record(i);
		CHECK(r->n > 0 && r->n <= 64);
		for (size_t k = 0; k < r->n; k++) {
			const struct cdx_field *f = &r->fields[k];
			CHECK(cdx_field_json(r, f->json) == f);
			CHECK((f->form == CDX_LIST || f->form == CDX_REFLIST || f->form == CDX_UNION) == (f->item.s != NULL));
			CHECK(f->since[0] == 9 || f->since[0] <= f->until[0]);
		}
	}
}

TEST_MAIN(TEST_CASE(model), TEST_CASE(all_versions), TEST_CASE(refused), TEST_CASE(told), TEST_CASE(cuts), TEST_CASE(swapped_values), TEST_CASE(nesting),
	  TEST_CASE(own_properties), TEST_CASE(generators), TEST_CASE(rules))

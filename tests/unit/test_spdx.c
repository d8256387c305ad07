#include "test.h"

#include "base/diag.h"
#include "format/spdx_tag.h"
#include "format/spdx_writing.h"
#include "format/validate.h"

static struct arena *a;

static void tables(void)
{
	size_t enabled = 0;

	CHECK_INT(spdx_relations_n, 45);
	for (size_t i = 0; i < spdx_relations_n; i++)
		enabled += spdx_relation_by_type(str_of(spdx_relations[i].type)) == &spdx_relations[i];
	CHECK_INT(enabled, 45);
	CHECK_STR(str_of(spdx_relation_by_type(STR("describe"))->type), STR("DESCRIBES"));
	CHECK(!spdx_relation_by_type(STR("LIKES")));
	CHECK_STR(str_of(spdx_relation_for(DEPENDS_ON, SCOPE_DEV)->type), STR("DEV_DEPENDENCY_OF"));
	CHECK(!spdx_relation_for(DEPENDS_ON, SCOPE_DEV | SCOPE_OPTIONAL));
	CHECK_STR(spdx_value_of(V_PURPOSE, STR("OPERATING-SYSTEM"), 23), STR("OPERATING_SYSTEM"));
	CHECK_STR(spdx_value_of(V_CATEGORY, STR("PACKAGE_MANAGER"), 22), STR("PACKAGE-MANAGER"));
	CHECK(!spdx_value_of(V_RELATION, STR("SPECIFICATION_FOR"), 22).s);
	CHECK_STR(str_of(spdx_algorithm_of(STR("SHA-256"))->spdx2), STR("SHA256"));
	CHECK_STR(str_of(spdx_algorithm_of(STR("sha3_512"))->model), STR("SHA3-512"));
	CHECK_INT(spdx_field_by_json(O_PACKAGE, STR("builtDate"))->since, 23);
	CHECK(!spdx_field_by_json(O_PACKAGE, STR("fileName")) && !spdx_field_by_json(O_ANNOTATION, STR("")));
}

static void small_parts(void)
{
	static const struct {
		const char *text, *name, *version;
	} tools[] = { { "syft-1.18.1", "syft", "1.18.1" },	 { "trivy", "trivy", NULL },
		      { "a-b-1.0-rc1", "a-b", "1.0-rc1" },	 { "sigs.k8s.io/bom/pkg/spdx", "sigs.k8s.io/bom/pkg/spdx", NULL },
		      { "GitHub.com-Dependency-Graph", "GitHub.com-Dependency-Graph", NULL },
		      { "protobom-v0.0.0-2024+dirty", "protobom", "v0.0.0-2024+dirty" }, { "x-7", "x", "7" }, { "-", "-", NULL } };
	struct str name, version;

	for (size_t i = 0; i < sizeof tools / sizeof tools[0]; i++) {
		spdx_tool_split(str_of(tools[i].text), &name, &version);
		CHECK_STR(name, str_of(tools[i].name));
		CHECK_STR(version, str_of(tools[i].version));
	}
	struct party p = spdx_party_parse(a, STR("Person: Jane Doe (jane@mail.example)"));
	CHECK_INT(p.kind, PARTY_PERSON);
	CHECK_STR(p.email, STR("jane@mail.example"));
	CHECK_STR(spdx_party_text(a, &p), STR("Person: Jane Doe (jane@mail.example)"));
	p = spdx_party_parse(a, STR("Organization: Acme (formerly Emca)"));
	CHECK_STR(p.name, STR("Acme (formerly Emca)"));
	CHECK(!spdx_party_parse(a, STR("NOASSERTION")).name.s);
	CHECK_INT(spdx_licence_of(STR("MIT"), LICENCE_DECLARED).kind, LICENCE_ID);
	CHECK_INT(spdx_licence_of(STR("MIT OR LicenseRef-x"), LICENCE_DECLARED).kind, LICENCE_EXPRESSION);
	CHECK_INT(spdx_licence_of(STR("BSD-variant"), LICENCE_DECLARED).kind, LICENCE_NAME);
	CHECK_INT(spdx_licence_of(STR("some words, here"), LICENCE_DECLARED).kind, LICENCE_NAME);
	CHECK(spdx_cpe_legal(STR("cpe:2.3:a:x:y\\+z:1.0:*:*:*:*:*:*:*")) && spdx_cpe_legal(STR("cpe:/a:x:y:1")));
	CHECK(!spdx_cpe_legal(STR("cpe:2.3:a:x:y:1.0:*:*:*:*:*:*")) && !spdx_cpe_legal(STR("cpe:2.3:a:x:y+z:1:*:*:*:*:*:*:*")));
	CHECK(spdx_id_legal(STR("SPDXRef-a.b-1")) && !spdx_id_legal(STR("SPDXRef-a_b")) && !spdx_id_legal(STR("SPDXRef-")));
	CHECK_STR(spdx_time(a, STR("2024-05-06T09:08:09.123+02:00")), STR("2024-05-06T07:08:09Z"));
}

static void forms(void)
{
	struct spdx_node *n = spdx_node_object(a, O_EXTERNAL_DOCUMENT);
	struct buf out;

	CHECK(spdx_form_read(a, STR("DocumentRef-a  https://x.example/a SHA1:ab"), n));
	CHECK_STR(spdx_node_text(n, F_EXTERNAL_DOCUMENT_DOCUMENT), STR("https://x.example/a"));
	buf_init(&out, 0);
	spdx_form_write(&out, n);
	CHECK_STR(buf_str(&out), STR("DocumentRef-a https://x.example/a SHA1: ab"));
	buf_reset(&out);
	struct spdx_node *code = spdx_node_object(a, O_CODE);
	spdx_code_read(a, STR("abc (excludes: ./x, ./y)"), code);
	spdx_code_write(&out, code);
	CHECK_STR(buf_str(&out), STR("abc (excludes: ./x, ./y)"));
	buf_free(&out);
	CHECK(!spdx_form_read(a, STR("SPDXRef-a CONTAINS"), spdx_node_object(a, O_RELATION)));
}

static struct bom *read_text(const struct format *f, struct str text, struct diags *d, enum result want)
{
	diag_init(d, a);
	struct bom *b = bom_new(a, d);
	CHECK_INT(f->read(b, STR("x"), text), want);
	return b;
}

static void reading(void)
{
	struct diags d;
	const struct format *json = format_by_name(STR("spdx-json")), *tag = format_by_name(STR("spdx-tag-value"));
	struct bom *b = read_text(json, STR("{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{\"SPDXID\":\"SPDXRef-a\",\"name\":\"a\"},"
					    "{\"SPDXID\":\"SPDXRef-b\",\"name\":\"b\"}],\"relationships\":[{\"spdxElementId\":\"SPDXRef-b\","
					    "\"relationshipType\":\"TEST_DEPENDENCY_OF\",\"relatedSpdxElement\":\"SPDXRef-a\"}]}"), &d, OK);
	CHECK_INT(b->ncomponents, 2);
	CHECK_INT(b->subject, 0); /* nothing else stands above it */
	CHECK_INT(b->dependencies.items[0].from, 0);
	CHECK_INT(b->dependencies.items[0].scope, SCOPE_TEST);
	CHECK_INT(b->components[1].scope, SCOPE_TEST);
	read_text(json, STR("{\"spdxVersion\":\"SPDX-2.3\",\"packages\":[{\"name\":\"a\""), &d, FAILED);
	CHECK_INT(d.n, 1);
	read_text(json, STR("{\"spdxVersion\":\"SPDX-2.3\",\"spdxVersion\":\"SPDX-2.2\"}"), &d, FAILED);
	read_text(json, STR("{\"spdxVersion\":\"SPDX-9.0\",\"packages\":[]}"), &d, FAILED);
	b = read_text(tag, STR("SPDXVersion: SPDX-2.3\rPackageName: a\rSPDXID: SPDXRef-a\rFileName: f\rSPDXID: SPDXRef-f\r"), &d, OK);
	CHECK_INT(b->ncomponents, 2);
	CHECK_INT(b->dependencies.items[0].kind, CONTAINS); /* a file behind a package is part of it */
	b = read_text(tag, STR("SPDXVersion: SPDX-2.3\nPackageName: a\nPackageComment: <text>never ends\n"), &d, PARTIAL);
	CHECK(b->incomplete);
}

static void kept(void)
{
	struct str json;

	CHECK(spdx_kept_annotation(a, STR("Tool: bomgate"), STR("{\"bomgate\":{\"type\":\"platform\"}}"), &json));
	CHECK_STR(json, STR("{\"type\":\"platform\"}"));
	CHECK(!spdx_kept_annotation(a, STR("Tool: other"), STR("{\"bomgate\":{}}"), &json));
	CHECK(!spdx_kept_annotation(a, STR("Tool: bomgate"), STR("{\"bomgate\":{"), &json));
	CHECK_INT(spdx_scope_of(STR("dev, optional")), SCOPE_DEV | SCOPE_OPTIONAL);
	struct dependency_more more = { .word = STR("OTHER"), .comment = STR("SPECIFICATION_FOR: why") };
	struct dependency edge = { .kind = RELATED, .more = &more };
	spdx_restore_edge(&edge);
	CHECK_STR(more.word, STR("SPECIFICATION_FOR"));
	CHECK_STR(more.comment, STR("why"));
	more = (struct dependency_more){ .word = STR("OTHER"), .comment = STR("evident-by: a file") };
	edge = (struct dependency){ .kind = RELATED, .more = &more };
	spdx_restore_edge(&edge);
	CHECK_STR(more.word, STR("OTHER"));
}

static size_t faults(const char *format, struct str text, const char *pointer)
{
	struct violations v = { .arena = a };
	size_t found = 0;

	validator_by_format(format)->validate(text, &v);
	for (VEC_EACH(struct violation, it, &v.list))
		found += str_is(it->pointer, pointer);
	return found;
}

#define HEAD "{\"spdxVersion\":\"SPDX-2.2\",\"dataLicense\":\"CC0-1.0\",\"SPDXID\":\"SPDXRef-DOCUMENT\",\"name\":\"n\"," \
	     "\"documentNamespace\":\"https://x.example/n\",\"creationInfo\":{\"created\":\"2024-01-01T00:00:00Z\"," \
	     "\"creators\":[\"Tool: t-1\"]},\"packages\":[{\"name\":\"a\",\"SPDXID\":\"SPDXRef-a\",\"filesAnalyzed\":false," \
	     "\"licenseDeclared\":\"MIT\",\"licenseConcluded\":\"MIT\",\"copyrightText\":\"NONE\","

static void validating(void)
{
	CHECK_INT(faults("spdx-json", STR(HEAD "\"downloadLocation\":\"NONE\"}]}"), ""), 0);
	CHECK_INT(faults("spdx-json", STR(HEAD "\"downloadLocation\":1}]}"), "/packages/0/downloadLocation"), 1);
	CHECK_INT(faults("spdx-json", STR(HEAD "\"versionInfo\":\"1\"}]}"), "/packages/0"), 1); /* downloadLocation is missing */
	CHECK_INT(faults("spdx-json", STR(HEAD "\"downloadLocation\":\"NONE\",\"builtDate\":\"2024-01-01T00:00:00Z\"}]}"), "/packages/0/builtDate"), 1);
	CHECK_INT(faults("spdx-json", STR(HEAD "\"downloadLocation\":\"NONE\",\"a/b\":1}]}"), "/packages/0/a~1b"), 1);
	CHECK_INT(faults("spdx-json", STR(HEAD "\"downloadLocation\":\"NONE\",\"checksums\":[{\"algorithm\":\"SHA1\",\"checksumValue\":\"ab\"}]}]}"),
			 "/packages/0/checksums/0"), 1);
	CHECK_INT(faults("spdx-json", STR(HEAD "\"downloadLocation\":\"NONE\"}],\"documentDescribes\":[\"SPDXRef-b\"]}"), "/documentDescribes/0"), 1);
	CHECK_INT(faults("spdx-tag-value", STR("SPDXVersion: SPDX-2.3\nPackageName: a\nPrimaryPackagePurpose: THING\n"), "PrimaryPackagePurpose"), 1);
}

static void set_up(void)
{
	a = arena_new(0);
	CHECK(a != NULL);
}

TEST_MAIN(TEST_CASE(set_up), TEST_CASE(tables), TEST_CASE(small_parts), TEST_CASE(forms), TEST_CASE(reading), TEST_CASE(kept),
	  TEST_CASE(validating))

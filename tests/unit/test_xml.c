#include "test.h"

#include "syntax/xml.h"

static struct xml *parse(struct arena *a, const char *text, struct str *why, size_t *offset)
{
	return xml_parse(a, str_of(text), why, offset);
}

static void trees(void)
{
	struct arena *a = arena_new(0);
	struct str why = STR_NONE;
	size_t offset = 0;
	struct xml *x = parse(a, "\xef\xbb\xbf<?xml version='1.0'?>\r\n<p:a xmlns:p='urn:x' k='1 &amp; 2'><b>\n one\n two &#x3c;<c/> three</b><b>4</b><!-- no --></p:a>",
			      &why, &offset);

	CHECK(x != NULL);
	CHECK_STR(x->name, STR("a"));
	CHECK_STR(x->space, STR("urn:x"));
	CHECK_STR(xml_attribute(x, "k"), STR("1 & 2"));
	CHECK_STR(xml_child_text(x, "b"), STR("one\n two < three"));
	CHECK(xml_path(x, "b/c") && !xml_path(x, "b/d") && !xml_path(NULL, "b"));
	CHECK_STR(x->child->next->text, STR("4"));
	CHECK_INT(x->child->offset, 61);
	arena_free(a);
}

static void refused(void)
{
	struct arena *a = arena_new(0);
	struct str why = STR_NONE;
	size_t offset = 0;
	char deep[5000];

	CHECK(!parse(a, "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", &why, &offset) && str_has(why, STR("DOCTYPE")));
	CHECK(!parse(a, "<a>&x;</a>", &why, &offset) && why.len);
	CHECK(!parse(a, "<a><b></a>", &why, &offset) && offset >= 6);
	CHECK(!parse(a, "", &why, &offset) && why.len);
	CHECK(!parse(a, "<a/>text", &why, &offset));
	for (size_t i = 0; i + 3 < sizeof deep; i += 3)
		memcpy(deep + i, "<a>", 4);
	CHECK(!parse(a, deep, &why, &offset) && str_is(why, "nested too deeply"));
	arena_free(a);
}

static void truncated(void)
{
	static const char whole[] = "<?xml version=\"1.0\"?><a b='c'><d>e&lt;</d><![CDATA[f]]></a>";

	for (size_t n = 0; n < sizeof whole - 1; n++) {
		struct arena *a = arena_new(0);
		struct str why = STR_NONE;
		size_t offset = 0;
		char *copy = malloc(n + 1);
		memcpy(copy, whole, n);
		CHECK(!xml_parse(a, str_make(copy, n), &why, &offset) && why.len && offset <= n);
		free(copy);
		arena_free(a);
	}
}

TEST_MAIN(TEST_CASE(trees), TEST_CASE(refused), TEST_CASE(truncated))

#include "test.h"

#include "source/list.h"

static struct arena *a;
static struct diags diags;

static struct bom *read(struct str text, enum result want)
{
	struct bom *b;

	a = a ? a : arena_new(0);
	diag_init(&diags, a);
	b = bom_new(a, &diags);
	*VEC_ADD(a, &b->inputs) = (struct input){ .path = STR("list.csv") };
	CHECK_INT(list_read(b, STR("list.csv"), &text), want);
	return b;
}

static struct str property(const struct component *c, const char *name)
{
	for (size_t i = 0; i < c->properties.n; i++)
		if (str_is(c->properties.items[i].name, name))
			return c->properties.items[i].value;
	return STR_NONE;
}

static void table(void)
{
	struct bom *b = read(STR("\xef\xbb\xbf# Stated by: Jo Doe\r\n# stated-on: 2026-11-01\r\n"
				 "Version,Product_Name,Vendor,CPE,purl,Rack,Stated By,Licence\r\n"
				 "4.2,\"Box, \"\"large\"\"\",Acme,,,\"two\r\nlines\",,\r\n"
				 ",,,cpe:/o:acme:boxos:7.1,,,Kim,\r\n"
				 ",,,,,,,\r\n"
				 ">= 2,old,,,,,,\r\n"
				 "1.0,left,,,pkg:npm/left@1.0,,,MIT\r\n"), OK);

	CHECK_INT(b->ncomponents, 4);
	CHECK_STR(b->components[0].name, STR("Box, \"large\""));
	CHECK_STR(b->components[0].version, STR("4.2"));
	CHECK_STR(component_more(&b->components[0])->supplier->name, STR("Acme"));
	CHECK_STR(property(&b->components[0], "bomgate:list:rack"), STR("two\r\nlines"));
	CHECK_STR(property(&b->components[0], "bomgate:stated-by"), STR("Jo Doe"));
	CHECK_STR(property(&b->components[0], "bomgate:stated-on"), STR("2026-11-01"));
	CHECK(b->components[0].weak && b->components[3].weak);
	CHECK_STR(b->components[1].name, STR("boxos"));
	CHECK_STR(b->components[1].version, STR("7.1"));
	CHECK_INT(b->components[1].type, COMPONENT_OPERATING_SYSTEM);
	CHECK_STR(property(&b->components[1], "bomgate:stated-by"), STR("Kim"));
	CHECK_STR(b->components[2].declared, STR(">= 2"));
	CHECK_STR(b->components[2].version, STR_NONE);
	CHECK_STR(b->components[3].ecosystem, STR("npm"));
	CHECK_INT(b->components[3].licences.n, 1);
	CHECK_INT(diags.n, 0);
}

/* Excel says in a first line what it separates by. */
static void separator_line(void)
{
	struct bom *b = read(STR("\xef\xbb\xbfsep=;\r\nname;version\r\n\"a,b,c\";1,5\r\n"), OK);

	CHECK_INT(b->ncomponents, 1);
	CHECK_STR(b->components[0].name, STR("a,b,c"));
	CHECK_STR(b->components[0].version, STR("1,5"));
	b = read(STR("sep=|\nname|version\nx;y|2\n"), OK);
	CHECK_STR(b->components[0].name, STR("x;y"));
}

static void lines(void)
{
	struct bom *b = read(STR("# stated by: Jo\n# stated on: 2026-11-01\n\npkg:pypi/Django@4.2\n  cpe:2.3:a:acme:tool:1.0:*:*:*:*:*:*:*  \nnot one\npkg:npm\n"), PARTIAL);

	CHECK_INT(b->ncomponents, 2);
	CHECK_STR(b->components[0].purl, STR("pkg:pypi/django@4.2"));
	CHECK_STR(b->components[1].name, STR("tool"));
	CHECK_STR(b->components[1].version, STR("1.0"));
	CHECK_INT(diags.n, 2);
	CHECK_INT(diag_exit_code(&diags), 3);
}

static void encodings(void)
{
	struct bom *b = read(STR("\xff\xfep\0r\0o\0d\0u\0c\0t\0\n\0\xfc\0\n\0"), OK);
	CHECK_STR(b->components[0].name, STR("\xc3\xbc"));
	b = read(STR("product;version\nGr\xf6\xdf\x80;1\n"), OK);
	CHECK_STR(b->components[0].name, STR("Gr\xc3\xb6\xc3\x9f\xe2\x82\xac"));
	CHECK_STR(b->components[0].version, STR("1"));
	CHECK_INT(diags.n, 2); /* the encoding, and who states it */
	b = read(STR("product\tversion\nx\t1\n"), OK);
	CHECK_STR(b->components[0].version, STR("1"));
}

static void bad(void)
{
	read(STR("a;b\nc;d\n"), FAILED);
	read(STR("product\0version\n"), FAILED);
	CHECK_INT(read(STR("product,version\nx,1\n\"y,2\nz,3\n"), PARTIAL)->ncomponents, 1);
	CHECK_INT(read(STR("product,version\nx,1,2,3\n"), OK)->ncomponents, 1);
	CHECK_INT(read(STR("product,purl\nx,nonsense\n"), PARTIAL)->ncomponents, 1);
	CHECK_INT(read(STR("product,purl\n,nonsense\n"), PARTIAL)->ncomponents, 0);
	CHECK_INT(read(STR(""), OK)->ncomponents, 0);
	CHECK_INT(diags.n, 1);
	struct str whole = STR("# stated by: Jo\nproduct,version,cpe\n\"a\"\"b\",1,cpe:/a:b:c:1\nx,\"2\n3\",\n");
	for (size_t n = 0; n < whole.len; n++) { /* cut at every byte: a result or a diagnostic */
		struct str text = arena_str(a, str_sub(whole, 0, n));
		struct bom *b = bom_new(a, &diags);
		diag_init(&diags, a);
		*VEC_ADD(a, &b->inputs) = (struct input){ .path = STR("list.csv") };
		CHECK(list_read(b, STR("list.csv"), &text) == OK || diags.n > 0);
	}
	arena_free(a);
}

TEST_MAIN(TEST_CASE(table), TEST_CASE(separator_line), TEST_CASE(lines), TEST_CASE(encodings), TEST_CASE(bad))

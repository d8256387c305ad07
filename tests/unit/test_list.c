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

static bool said(const char *part)
{
	for (size_t i = 0; i < diags.n; i++)
		if (str_has(diags.items[i].text, str_of(part)))
			return true;
	return false;
}

/* Vendors' spreadsheets, and what Excel leaves in their cells. */
static void headings(void)
{
	struct bom *b = read(STR("Produkt;Versionsnummer;Hersteller;Lizenz;Serien-Nr.;Bemerkungen;Angegeben von;Angegeben am\n"
				 "Schaltger\xc3\xa4t;1.2;Acme GmbH;MIT;77;alt;Jo;2026-11-01\n"), OK);
	CHECK_STR(b->components[0].name, STR("Schaltger\xc3\xa4t"));
	CHECK_STR(b->components[0].version, STR("1.2"));
	CHECK_STR(component_more(&b->components[0])->supplier->name, STR("Acme GmbH"));
	CHECK_INT(b->components[0].licences.n, 1);
	CHECK_STR(property(&b->components[0], "bomgate:list:serial"), STR("77"));
	CHECK_STR(b->components[0].description, STR("alt"));
	CHECK_STR(property(&b->components[0], "bomgate:stated-by"), STR("Jo"));
	CHECK_INT(diags.n, 0);
	b = read(STR("GER\xc3\x84T;SOFTWARESTAND;LIEFERANT\nx;2;y\n"), OK);
	CHECK_STR(b->components[0].name, STR("x"));
	CHECK_STR(b->components[0].version, STR("2"));
	CHECK_STR(component_more(&b->components[0])->supplier->name, STR("y"));
	b = read(STR("# \xe8\xa8\x98\xe8\xbc\x89\xe8\x80\x85: \xe5\xb1\xb1\xe7\x94\xb0\n# \xe8\xa8\x98\xe8\xbc\x89\xe6\x97\xa5: 2026-11-01\n"
		     "\xe8\xa3\xbd\xe5\x93\x81\xe5\x90\x8d\t\xe3\x83\x90\xe3\x83\xbc\xe3\x82\xb8\xe3\x83\xa7\xe3\x83\xb3\t"
		     "\xe3\x83\x99\xe3\x83\xb3\xe3\x83\x80\xe3\x83\xbc\tCPE\n"
		     "\xe8\xa3\x85\xe7\xbd\xae\t3.1\t\xe6\xa0\xaa\xe5\xbc\x8f\tcpe:/h:acme:box:3.1\n"), OK);
	CHECK_STR(b->components[0].name, STR("\xe8\xa3\x85\xe7\xbd\xae"));
	CHECK_STR(b->components[0].version, STR("3.1"));
	CHECK_STR(component_more(&b->components[0])->supplier->name, STR("\xe6\xa0\xaa\xe5\xbc\x8f"));
	CHECK_STR(property(&b->components[0], "bomgate:stated-by"), STR("\xe5\xb1\xb1\xe7\x94\xb0"));
	CHECK_STR(property(&b->components[0], "bomgate:stated-on"), STR("2026-11-01"));
	CHECK_INT(diags.n, 0);
	b = read(STR("\"Product\nName\",\xe3\x80\x80version\xc2\xa0,Supplier:\nx,\xc2\xa0" "1.2\xe3\x80\x80,Acme\n"), OK);
	CHECK_STR(b->components[0].name, STR("x"));
	CHECK_STR(b->components[0].version, STR("1.2"));
	CHECK_STR(component_more(&b->components[0])->supplier->name, STR("Acme"));
}

/* Which of two columns is meant is not for us to say. */
static void headings_twice(void)
{
	read(STR("product,Version,version\nx,1,2\n"), FAILED);
	CHECK(said("\"version\"") && said("columns 2 and 3"));
	CHECK_INT(diags.items[0].offset, 0);
	read(STR("# stated by: Jo\nproduct_name,Product-Name\nx,y\n"), FAILED);
	CHECK_INT(diags.items[0].offset, 16);
	/* two words of one meaning: the one that stands first in the table counts, the other is kept */
	struct bom *b = read(STR("Hersteller;Name;Release;Lieferant;Produkt;Version\nA;n;7;B;p;1\n"), OK);
	CHECK_STR(b->components[0].name, STR("p"));
	CHECK_STR(b->components[0].version, STR("1"));
	CHECK_STR(component_more(&b->components[0])->supplier->name, STR("A"));
	CHECK_STR(property(&b->components[0], "bomgate:list:name"), STR("n"));
	CHECK_STR(property(&b->components[0], "bomgate:list:release"), STR("7"));
	CHECK_STR(property(&b->components[0], "bomgate:list:lieferant"), STR("B"));
	CHECK(said("\"release\" is kept as a property") && said("\"name\" is kept") && said("\"lieferant\" is kept"));
	/* columns of one's own, empty ones, serial numbers and notes are all kept */
	b = read(STR("product,rack,rack,,,asset,serial,note,comment\nx,1,2,3,4,5,6,7,8\n"), OK);
	CHECK_INT(b->components[0].properties.n, 7);
	CHECK_STR(b->components[0].description, STR("7"));
	CHECK_STR(property(&b->components[0], "bomgate:list:comment"), STR("8"));
	CHECK_INT(diags.n, 1); /* who states it */
}

/* What is not read says how to save it instead. */
static void not_text(void)
{
	/* 製品名,バージョン in Shift_JIS, as Excel saves it in Japan: never taken for Windows-1252 */
	read(STR("\x90\xbb\x95\x69\x96\xbc,\x83\x6f\x81\x5b\x83\x57\x83\x87\x83\x93\nx,1\n"), FAILED);
	CHECK(said("Shift_JIS") && said("CSV UTF-8"));
	read(STR("product,version,cpe\n\x83\x6f\x83\x62\x83\x4e,1,\n"), FAILED);
	CHECK(said("Shift_JIS"));
	CHECK_STR(read(STR("product;note\n\x84" "Box\x93 f\xfcr M\xfcller \x96 gro\xdf;1\n"), OK)->components[0].name,
		  STR("\xe2\x80\x9e" "Box\xe2\x80\x9c f\xc3\xbcr M\xc3\xbcller \xe2\x80\x93 gro\xc3\x9f"));
	CHECK(said("Windows-1252"));
	read(STR("PK\x03\x04\x14\0\6\0"), FAILED);
	CHECK(said("workbook") && said("CSV UTF-8"));
	read(STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), FAILED);
	CHECK(said("workbook"));
	read(STR("p\0r\0o\0d\0u\0c\0t\0\n\0"), FAILED);
	CHECK(said("byte order mark"));
	read(STR("\xff\xfep\0r"), FAILED);
	CHECK(said("UTF-16"));
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

TEST_MAIN(TEST_CASE(table), TEST_CASE(separator_line), TEST_CASE(lines), TEST_CASE(encodings), TEST_CASE(headings), TEST_CASE(headings_twice),
	  TEST_CASE(not_text), TEST_CASE(bad))

#include "test.h"

#include "base/diag.h"
#include "base/map.h"
#include "base/redact.h"
#include "base/sha256.h"

static void strings(void)
{
	struct str rest = STR("a,,b"), left = STR(" \t x \r\n");
	uint64_t n;

	CHECK_STR(str_cut(&rest, ','), STR("a"));
	CHECK_STR(str_cut(&rest, ','), STR(""));
	CHECK_STR(str_cut(&rest, ','), STR("b"));
	CHECK(rest.s == NULL);
	CHECK_STR(str_trim(left), STR("x"));
	CHECK(str_to_u64(STR("18446744073709551615"), &n) && n == UINT64_MAX);
	CHECK(!str_to_u64(STR("18446744073709551616"), &n) && !str_to_u64(STR(""), &n) && !str_to_u64(STR("-1"), &n));
	CHECK_INT(str_find(STR("abcabd"), STR("abd"), 0), 3);
	CHECK(str_find(STR("ab"), STR("abc"), 0) == STR_NOT_FOUND);
	CHECK(str_cmp(STR("a"), STR("ab")) < 0 && str_cmp(STR("b"), STR("ab")) > 0 && str_cmp(STR(""), STR_NONE) == 0);
	CHECK_STR(str_folder(STR("a/b/c")), STR("a/b"));
	CHECK_STR(str_folder(STR("/a")), STR(""));
	CHECK_STR(str_folder(STR("a")), STR(""));
	CHECK(str_one_of(STR("npm|Go"), STR("Go")) && !str_one_of(STR("npm|Go"), STR("G")) && !str_one_of(STR_NONE, STR("Go")));
	CHECK_INT(str_utf8_valid(STR("gr\xc3\xbc\xc3\x9f")), 6);
	CHECK_INT(str_utf8_valid(STR("12345678\xed\xa0\x80")), 8);
	CHECK_INT(str_utf8_valid(STR("\xc0\x80")), 0);
}

static void digests(void)
{
	struct arena *a = arena_new(0);
	char text[200];
	uint8_t sum[20];

	CHECK_STR(sha256_hex(a, STR("")), STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	CHECK_STR(sha256_hex(a, STR("abc")), STR("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	CHECK_STR(sha256_hex(a, STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
		  STR("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
	sha1_of(STR("abc"), sum);
	CHECK_STR(hex_of(a, sum, 20), STR("a9993e364706816aba3e25717850c26c9cd0d89d"));
	memset(text, 'x', sizeof text);
	for (size_t n = 0; n < sizeof text; n++) { /* in pieces as in one */
		struct sha256 c;
		uint8_t whole[32], pieces[32];
		sha256_of(str_make(text, n), whole);
		sha256_init(&c);
		for (size_t i = 0; i < n; i += 7)
			sha256_add(&c, text + i, n - i < 7 ? n - i : 7);
		sha256_end(&c, pieces);
		CHECK(memcmp(whole, pieces, 32) == 0);
	}
	arena_free(a);
}

static void hex(void)
{
	struct arena *a = arena_new(0);
	uint8_t bytes[256];
	char want[513];

	for (unsigned i = 0; i < 256; i++) {
		bytes[i] = (uint8_t)i;
		snprintf(want + i * 2, 3, "%02x", i);
	}
	CHECK_STR(hex_of(a, bytes, 256), str_make(want, 512));
	for (size_t n = 0; n < 9; n++)
		CHECK_STR(hex_of(a, bytes + 153, n), str_make(want + 306, 2 * n));
	arena_free(a);
}

static void maps(void)
{
	struct arena *a = arena_new(0);
	struct map m;

	map_init(&m, a);
	for (int i = 0; i < 1000; i++) {
		bool fresh;
		map_put(&m, arena_printf(a, "key %d", i % 500), &fresh)->value.num += 1;
		CHECK(fresh == (i < 500));
	}
	CHECK_INT(m.n, 500);
	CHECK_INT(map_get(&m, STR("key 17"))->value.num, 2);
	CHECK(map_get(&m, STR("key 500")) == NULL);
	CHECK_STR(m.entries[499].key, STR("key 499"));
	arena_free(a);
}

static void arenas(void)
{
	struct arena *a = arena_new(0);
	struct arena_mark mark;
	int *list = arena_array(a, 4, sizeof *list);

	list[3] = 7;
	list = arena_grow(a, list, 4, 100000, sizeof *list);
	CHECK_INT(list[3], 7);
	CHECK_INT(list[99999], 0);
	mark = arena_mark(a);
	arena_alloc(a, 5 << 20);
	arena_pop(a, mark);
	CHECK_STR(arena_concat(a, STR("a"), STR_NONE, STR("c")), STR("ac"));
	arena_free(a);

	/* Emptied, an arena keeps its first block, and still gives zeros. */
	a = arena_new(0);
	mark = arena_mark(a);
	memset(arena_alloc(a, 100), 1, 100);
	arena_alloc(a, 1 << 20);
	arena_pop(a, mark);
	size_t kept = arena_used(a);
	const char *again = arena_alloc(a, 100);
	CHECK(kept > 0 && kept < 1 << 20 && arena_used(a) == kept && again[0] == 0 && again[99] == 0);
	arena_free(a);

	/* Large blocks come back used, and still give zeros. */
	for (int round = 0; round < 3; round++) {
		a = arena_new(0);
		arena_expect_much(a);
		char *bytes = arena_alloc(a, 1000);
		bool zeros = true;
		for (size_t i = 0; i < 1000; i++)
			zeros = zeros && bytes[i] == 0;
		CHECK(zeros && arena_used(a) > 1 << 20);
		memset(bytes, 1, 1000);
		arena_free(a);
	}
}

static void diagnostics(void)
{
	struct arena *a = arena_new(0);
	struct diags d;

	diag_init(&d, a);
	diag_add(&d, SEV_WARNING, "input.entry", STR("f"), 4, "w");
	CHECK_INT(diag_exit_code(&d), 0);
	diag_add(&d, SEV_ERROR, "input.syntax", STR("f"), 6, "e");
	diag_add(&d, SEV_ERROR, "data.missing", STR_NONE, DIAG_NO_OFFSET, "no data");
	CHECK_INT(diag_exit_code(&d), 4);
	diag_add(&d, SEV_ERROR, "usage.option", STR_NONE, DIAG_NO_OFFSET, "bad");
	CHECK_INT(diag_exit_code(&d), 2);
	diag_locate(&d, 0, STR("f"), STR("a\nb\nc\n"));
	CHECK_INT(d.items[1].line, 4);
	CHECK_INT(d.items[0].line, 3);
	CHECK_INT(d.items[0].column, 1);
	for (int i = 0; i < 3000; i++)
		diag_add(&d, SEV_NOTICE, "input.note", STR("f"), 1, "n %d", i);
	CHECK_INT(d.n, 4 + 1001);
	arena_free(a);
}

static void redacts(void)
{
	struct arena *a = arena_new(0);

	CHECK_STR(redact(a, STR("https://user:p@ss@host.example/x: no")), STR("https://host.example/x: no"));
	CHECK_STR(redact(a, STR("a://b@c d://e@f/g@h")), STR("a://c d://f/g@h"));
	CHECK_STR(redact(a, STR("https://host.example/a@b")), STR("https://host.example/a@b"));
	CHECK_STR(redact(a, STR("git+ssh://git@host.example/x ssh://git:secret@host.example/x")),
		  STR("git+ssh://git@host.example/x ssh://host.example/x"));
	CHECK_STR(redact(a, STR("x://")), STR("x://"));
	CHECK_STR(redact(a, STR("x://@")), STR("x://"));
	arena_free(a);
}

TEST_MAIN(TEST_CASE(redacts), TEST_CASE(strings), TEST_CASE(digests), TEST_CASE(hex), TEST_CASE(maps), TEST_CASE(arenas), TEST_CASE(diagnostics))

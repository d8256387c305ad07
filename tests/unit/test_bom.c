#include "test.h"

#include "model/bom.h"

static void integrities(void)
{
	static const struct {
		const char *sri, *algorithm, *hex; /* hex NULL: refused */
	} cases[] = {
		{ "md5-kAFQmDzST7DWlj99KOF/cg==", "MD5", "900150983cd24fb0d6963f7d28e17f72" }, /* of "abc", as the others (RFC 1321, FIPS 180) */
		{ "sha1-qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", "SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0", "SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=?x=y", "SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa", NULL, NULL },   /* too short */
		{ "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0aa", NULL, NULL }, /* too long */
		{ "sha256-ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", NULL, NULL },	/* base64 for URLs is another */
		{ "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAF\x80" "0=", NULL, NULL },
		{ "sha256-", NULL, NULL },
		{ "sha7-qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", NULL, NULL },
	};
	struct arena *a = arena_new(0);
	struct diags d;

	diag_init(&d, a);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct bom *b = bom_new(a, &d);
		bom_add(b);
		CHECK_INT(bom_integrity(b, 0, str_of(cases[i].sri)), cases[i].hex != NULL);
		CHECK_INT(b->components[0].hashes.n, cases[i].hex != NULL);
		if (cases[i].hex && b->components[0].hashes.n) {
			CHECK_STR(b->components[0].hashes.items[0].algorithm, str_of(cases[i].algorithm));
			CHECK_STR(b->components[0].hashes.items[0].value, str_of(cases[i].hex));
		}
	}
	arena_free(a);
}

/* Every digit of the alphabet and every byte that is none, at each of the four places. */
static void digits(void)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	struct arena *a = arena_new(0);
	struct diags d;

	diag_init(&d, a);
	for (unsigned c = 1; c < 256; c++)
		for (unsigned place = 0; place < 4; place++) {
			char text[] = "sha384-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", want[9];
			const char *at = strchr(letters, (int)c);
			struct bom *b = bom_new(a, &d);
			if (c == '?' || c == ' ' || c == '=') /* have a meaning of their own */
				continue;
			text[7 + 8 + place] = (char)c;
			bom_add(b);
			CHECK_INT(bom_integrity(b, 0, str_of(text)), at != NULL);
			if (!at)
				continue;
			snprintf(want, sizeof want, "%06x", (unsigned)(at - letters) << (18 - 6 * place));
			CHECK_STR(str_sub(b->components[0].hashes.items[0].value, 12, 6), str_of(want));
		}
	arena_free(a);
}

/* A copy holds nothing of what it was made from: that arena is gone afterwards. */
static void copying(void)
{
	struct arena *a = arena_new(0), *from_arena = arena_new(0);
	struct diags d;

	diag_init(&d, a);
	struct bom *to = bom_new(a, &d), *from = bom_new(from_arena, &d);
	bom_add(to);
	bom_add(from)->name = arena_str(from_arena, STR("plain"));
	struct component *c = bom_add(from);
	c->name = arena_str(from_arena, STR("rich"));
	struct component_more *more = component_add_more(from_arena, c);
	more->cpe = arena_str(from_arena, STR("cpe:2.3:a:acme:rich:1:*:*:*:*:*:*:*"));
	more->subpath = arena_str(from_arena, STR("sub"));
	*VEC_ADD(from_arena, &more->reporters) = arena_str(from_arena, STR("tool"));
	*VEC_ADD(from_arena, &more->references) = (struct external_reference){ .type = STR("vcs"), .url = arena_str(from_arena, STR("https://git.example/x")) };
	party_set(from_arena, &more->supplier, (struct party){ .kind = PARTY_ORGANIZATION, .name = arena_str(from_arena, STR("Acme")) });
	CHECK_INT(bom_append(to, from), 1);
	component_add_more(from_arena, c)->cpe = STR("changed");
	party_set(from_arena, &more->supplier, (struct party){ .name = STR("changed") });
	arena_free(from_arena);
	CHECK(to->components[1].more == NULL);
	CHECK_STR(component_more(&to->components[1])->cpe, STR_NONE);
	const struct component_more *copy = component_more(&to->components[2]);
	CHECK_STR(copy->cpe, STR("cpe:2.3:a:acme:rich:1:*:*:*:*:*:*:*"));
	CHECK_STR(copy->subpath, STR("sub"));
	CHECK_STR(copy->reporters.items[0], STR("tool"));
	CHECK_STR(copy->references.items[0].url, STR("https://git.example/x"));
	CHECK_STR(party_said(copy->supplier)->name, STR("Acme"));
	arena_free(a);
}

TEST_MAIN(TEST_CASE(integrities), TEST_CASE(digits), TEST_CASE(copying))

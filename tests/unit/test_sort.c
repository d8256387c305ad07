#include "test.h"

#include "base/sort.h"

struct pair {
	uint32_t key, place;
	char more[16];
};

static int by_key(const void *x, const void *y)
{
	const struct pair *a = x, *b = y;

	return a->key < b->key ? -1 : a->key > b->key;
}

/* In order by key, and those of one key in the order of before; every element still there once. */
static bool is_sorted(const struct pair *p, size_t n, struct arena *a)
{
	bool *seen = arena_array(a, n + 1, sizeof *seen);

	for (size_t i = 0; i < n; i++) {
		if (p[i].place >= n || seen[p[i].place] || p[i].more[3] != (char)p[i].place)
			return false;
		seen[p[i].place] = true;
		if (i && (p[i - 1].key > p[i].key || (p[i - 1].key == p[i].key && p[i - 1].place > p[i].place)))
			return false;
	}
	return true;
}

static void check_order(struct arena *a, size_t n, uint32_t (*key)(size_t i, size_t n))
{
	struct pair *p = arena_array(a, n + 1, sizeof *p);
	size_t before;

	for (size_t i = 0; i < n; i++)
		p[i] = (struct pair){ key(i, n), (uint32_t)i, { 0, 0, 0, (char)i } };
	p[n].key = 77;
	before = arena_used(a);
	sort_items(a, p, n, sizeof *p, by_key);
	CHECK_INT(arena_used(a), before); /* its room was given back */
	CHECK(is_sorted(p, n, a));
	CHECK(p[n].key == 77);
}

static uint32_t upwards(size_t i, size_t n)
{
	return (uint32_t)i;
}

static uint32_t downwards(size_t i, size_t n)
{
	return (uint32_t)(n - i);
}

static uint32_t few(size_t i, size_t n)
{
	return (uint32_t)(i * 2654435761u >> 13) % 5;
}

static uint32_t many(size_t i, size_t n)
{
	return (uint32_t)i * 2654435761u;
}

static uint32_t runs(size_t i, size_t n)
{
	return (uint32_t)(i % 37);
}

static uint32_t last_first(size_t i, size_t n)
{
	return i + 1 == n ? 0 : (uint32_t)i + 1;
}

static void all(void)
{
	uint32_t (*const kinds[])(size_t, size_t) = { upwards, downwards, few, many, runs, last_first };

	for (size_t n = 0; n < 70; n++)
		for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
			struct arena *a = arena_new(0);
			check_order(a, n, kinds[k]);
			arena_free(a);
		}
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
		struct arena *a = arena_new(0);
		check_order(a, 5003, kinds[k]);
		arena_free(a);
	}
}

static void nothing(void)
{
	struct arena *a = arena_new(0);

	sort_items(a, NULL, 0, sizeof(struct pair), by_key);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(all), TEST_CASE(nothing))

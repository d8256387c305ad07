/* The static build's memory functions under other names, against a plain loop, for all small lengths and overlaps. */
#include <stdlib.h>
#include <string.h>

#undef __GLIBC__
#define memchr fast_memchr
#define memcmp fast_memcmp
#define memcpy fast_memcpy
#define memmove fast_memmove
#include "base/mem.c"
#undef memchr
#undef memcmp
#undef memcpy
#undef memmove
#include "test.h"

static bool moves(size_t n, size_t from, size_t to)
{
	uint8_t got[300], want[300], kept[300];

	for (size_t i = 0; i < sizeof got; i++)
		got[i] = want[i] = kept[i] = (uint8_t)rand();
	fast_memmove(got + to, got + from, n);
	for (size_t i = 0; i < n; i++)
		want[to + i] = kept[from + i];
	for (size_t i = 0; i < sizeof got; i++)
		if (got[i] != want[i])
			return false;
	return true;
}

static void test_move(void)
{
	bool good = true;

	for (size_t n = 0; n < 140; n++)
		for (size_t to = 0; to < 150; to += 1 + to / 7)
			good = good && moves(n, 70, to);
	CHECK(good);
}

static void test_copy(void)
{
	static uint8_t from[9000], to[9000];
	bool good = true;

	for (size_t i = 0; i < sizeof from; i++)
		from[i] = (uint8_t)(rand() | 1);
	for (size_t n = 0; n < 8900; n += 1 + n / 50) {
		memset(to, 0, sizeof to);
		fast_memcpy(to + 3, from + 5, n);
		good = good && to[2] == 0 && to[3 + n] == 0;
		for (size_t i = 0; i < n; i++)
			good = good && to[3 + i] == from[5 + i];
	}
	CHECK(good);
}

static void test_find_and_compare(void)
{
	uint8_t a[200], b[200];
	bool good = true;

	for (size_t round = 0; round < 20000; round++) {
		size_t n = (size_t)rand() % 100, at = (size_t)rand() % 100, i = 0;
		int c = rand() % 40, want = 0;
		for (size_t k = 0; k < sizeof a; k++)
			a[k] = b[k] = (uint8_t)(200 + rand() % 40);
		a[(size_t)rand() % 200] = (uint8_t)(200 + c);
		while (i < n && a[at + i] != 200 + c)
			i++;
		good = good && fast_memchr(a + at, 200 + c, n) == (i == n ? NULL : a + at + i);
		for (size_t k = n; k-- > 0;)
			want = a[at + k] != b[at + k] ? a[at + k] - b[at + k] : want;
		int got = fast_memcmp(a + at, b + at, n);
		good = good && (got < 0) == (want < 0) && (got > 0) == (want > 0);
	}
	CHECK(good);
}

static void test_count(void)
{
	char text[5000];

	for (size_t i = 0; i < sizeof text; i++)
		text[i] = i % 3 ? 'x' : '\n';
	CHECK_INT(str_count(STR_NONE, '\n'), 0);
	CHECK_INT(str_count(str_make(text, 1), '\n'), 1);
	CHECK_INT(str_count(str_make(text, 5000), '\n'), 1667);
	CHECK_INT(str_count(str_make(text + 1, 4998), 'x'), 3332);
	memset(text, 'x', sizeof text);
	CHECK_INT(str_count(str_make(text, 5000), 'x'), 5000);
}

TEST_MAIN(TEST_CASE(test_move), TEST_CASE(test_copy), TEST_CASE(test_find_and_compare), TEST_CASE(test_count))

/* A unit test program: includes this, calls CHECK… in functions, and ends with TEST_MAIN(f, g, …). Prints a line a check that
 * fails ("not ok …"), a line a function that passed ("ok …"), and "skip …" for what cannot run here. */
#ifndef TEST_H
#define TEST_H

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

static int test_failed_here, test_failed_all;

#define CHECK(condition) test_check((condition) != 0, #condition, __FILE__, __LINE__)
/* Two struct str. */
#define CHECK_STR(got, want) test_check_str((got), (want), #got, __FILE__, __LINE__)
#define CHECK_INT(got, want) test_check_int((long long)(got), (long long)(want), #got, __FILE__, __LINE__)

static inline int test_check(int good, const char *what, const char *file, int line)
{
	if (!good) {
		printf("not ok %s:%d %s\n", file, line, what);
		test_failed_here++;
	}
	return good;
}

static inline int test_check_str(struct str got, struct str want, const char *what, const char *file, int line)
{
	if (str_eq(got, want) && (got.s == NULL) == (want.s == NULL))
		return 1;
	printf("not ok %s:%d %s: got \"%.*s\", want \"%.*s\"\n", file, line, what, STR_ARG(got), STR_ARG(want));
	test_failed_here++;
	return 0;
}

static inline int test_check_int(long long got, long long want, const char *what, const char *file, int line)
{
	if (got == want)
		return 1;
	printf("not ok %s:%d %s: got %lld, want %lld\n", file, line, what, got, want);
	test_failed_here++;
	return 0;
}

/* A whole file of the project or the corpus, malloced; absent where it is not there. */
static inline struct str test_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return STR_NONE;
	fseek(f, 0, SEEK_END);
	long n = ftell(f);
	rewind(f);
	char *p = malloc((size_t)n + 1);
	if (fread(p, 1, (size_t)n, f) != (size_t)n)
		n = 0;
	fclose(f);
	p[n] = 0;
	return str_make(p, (size_t)n);
}

/* The unpacked corpus (environment BOMGATE_CORPUS), or NULL. */
static inline const char *test_corpus(void)
{
	const char *dir = getenv("BOMGATE_CORPUS");
	return dir && *dir ? dir : NULL;
}

#define TEST_SKIP(why) (printf("skip %s: %s\n", __func__, (why)), fflush(stdout))

struct test_case {
	const char *name;
	void (*run)(void);
};

static inline int test_run(const struct test_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		test_failed_here = 0;
		cases[i].run();
		if (!test_failed_here)
			printf("ok %s\n", cases[i].name);
		test_failed_all += test_failed_here;
		fflush(stdout);
	}
	return test_failed_all != 0;
}

#define TEST_CASE(f) { #f, f }
#define TEST_MAIN(...)                                                                                                   \
	int main(void)                                                                                                   \
	{                                                                                                                \
		static const struct test_case cases[] = { __VA_ARGS__ };                                                 \
		return test_run(cases, sizeof cases / sizeof cases[0]);                                                  \
	}

#endif

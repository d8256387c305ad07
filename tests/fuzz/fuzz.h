/* Fuzzing: a target for each row of each table (readers, formats, orderings, VEX and ignore files …), all in one list. A target
 * takes any bytes; it must come back, without a fault that a sanitiser sees, and keep the promise that it checks (fuzz_broken).
 *
 * build/fuzz/fuzz replays the seeds (the golden inputs, tests/fuzz/seeds) and mutates them, the same way on every run;
 * build/fuzz/libfuzzer is the same list under clang's libFuzzer, the target named by the environment variable FUZZ_TARGET. */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/vec.h"

struct target {
	const char *kind; /* "reader", "format", "ordering", "vex", … */
	const char *name;
	size_t row;	  /* in its table */
	void (*run)(const struct target *t, struct str bytes);
};

struct targets {
	struct target *items;
	size_t n, cap;
};

/* All targets, in the order of the tables. */
void fuzz_targets(struct arena *a, struct targets *out);
void fuzz_targets_of_trust(struct arena *a, struct targets *out); /* targets_trust.c: a part of them */
/* Is the file (path below the project's root) a seed of the target? */
bool fuzz_seed(const struct target *t, struct str path, struct str bytes);
/* Seeds that no file holds (archives, database files), appended. */
void fuzz_made_seeds(struct arena *a, const struct target *t, struct str **seeds, size_t *n);
/* A promise is broken: says so and aborts, as a sanitiser would. */
void fuzz_broken(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));

#endif

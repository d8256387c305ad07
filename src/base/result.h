/* What a function that can fail returns; the story goes into the diagnostics. */
#ifndef BASE_RESULT_H
#define BASE_RESULT_H

enum result {
	OK = 0,	     /* all of it */
	PARTIAL = 1, /* something usable, and at least one diagnostic says what is missing */
	FAILED = 2,  /* nothing usable, and at least one diagnostic says why */
};

static inline enum result result_worse(enum result a, enum result b)
{
	return a > b ? a : b;
}

#endif

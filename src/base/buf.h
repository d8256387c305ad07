/* A growing byte buffer for output, on the heap. It has a maximum: past it every append is dropped and `full` says so, so
 * that a writer checks once at the end. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/arena.h"

struct buf {
	char *s; /* NUL behind the last byte once anything was appended */
	size_t len, cap, max;
	bool full;
	/* Where what is final goes at a checkpoint, so that a big document is never whole in memory; NULL: it stays here. False
	 * ends the writing (full). */
	bool (*drain)(void *context, struct str bytes);
	void *context;
};

#define BUF_MAX ((size_t)4 << 30)

void buf_init(struct buf *b, size_t max); /* max 0: BUF_MAX */
void buf_free(struct buf *b);
void buf_reset(struct buf *b); /* len 0, memory kept */
/* The writer looks back at nothing before this point. */
void buf_checkpoint(struct buf *b);
void buf_add(struct buf *b, struct str s);
void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *c);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->s ? b->s : "", b->len };
}

#endif

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max ? max : BUF_MAX };
}

void buf_free(struct buf *b)
{
	free(b->s);
	*b = (struct buf){ .max = b->max };
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->full = false;
}

#define DRAIN_AT ((size_t)1 << 20)

void buf_checkpoint(struct buf *b)
{
	if (!b->drain || b->full || b->len < DRAIN_AT)
		return;
	if (!b->drain(b->context, (struct str){ b->s, b->len }))
		b->full = true;
	b->len = 0;
}

static bool make_room(struct buf *b, size_t n)
{
	size_t max = b->max ? b->max : BUF_MAX;

	if (b->full || n > max || b->len > max - n) {
		b->full = true;
		return false;
	}
	size_t need = b->len + n + 1;
	if (need <= b->cap)
		return true;
	size_t cap = b->cap ? b->cap : 256;
	while (cap < need)
		cap = cap > SIZE_MAX / 2 ? need : cap * 2;
	char *p = realloc(b->s, cap);
	if (!p) {
		b->full = true;
		return false;
	}
	b->s = p;
	b->cap = cap;
	return true;
}

void buf_add(struct buf *b, struct str s)
{
	if (!s.len || !make_room(b, s.len))
		return;
	str_copy(b->s + b->len, s.s, s.len);
	b->len += s.len;
	b->s[b->len] = 0;
}

void buf_addc(struct buf *b, char c)
{
	if ((b->full || b->cap - b->len < 2 || b->len >= b->max) && !make_room(b, 1))
		return;
	b->s[b->len++] = c;
	b->s[b->len] = 0;
}

void buf_adds(struct buf *b, const char *c)
{
	buf_add(b, str_of(c));
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n > 0 && make_room(b, (size_t)n)) {
		vsnprintf(b->s + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

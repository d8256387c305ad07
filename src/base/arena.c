#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#define GAP 16 /* poisoned bytes between allocations, so that an overrun is seen */
#else
#define POISON(p, n) ((void)0)
#define UNPOISON(p, n) ((void)0)
#define GAP 0
#endif

#define ALIGN 16
#define FIRST_BLOCK (16u << 10)
#define HUGE_PAGE ((size_t)2 << 20)
#define LARGEST_SMALL ((size_t)1 << 20)
#define LARGEST_BLOCK (2 * HUGE_PAGE - sizeof(struct block)) /* what follows the small ones */
#define MOST_SPARES 4
#define SIZES 8 /* FIRST_BLOCK to LARGEST_SMALL, each twice the one before, and LARGEST_BLOCK */
#define ARENA_CEILING ((size_t)8 << 30)

struct block {
	struct block *before;
	size_t size, used; /* of the bytes behind this header */
	size_t dirty;	   /* up to here they were handed out before; behind it they are still the system's zeros */
	size_t mapped;	   /* bytes to unmap; 0: from calloc */
} __attribute__((aligned(ALIGN)));

struct arena {
	struct block *last;
	size_t total, ceiling;
	bool much;
	void **adopted;
	size_t nadopted;
};

/* Out of memory is no condition that a caller could mend: say so and end (70, an internal fault). */
static _Noreturn void out_of_memory(size_t n)
{
	char text[96];
	int len = snprintf(text, sizeof text, "bomgate: out of memory (%zu bytes more were needed)\n", n);

	if (len > 0 && write(2, text, (size_t)len) < 0)
		_exit(70);
	_exit(70);
}

/* Blocks of the usual sizes that an arena gave back, for the next one: their pages are there already, and how far they were
 * used is known. Not under AddressSanitizer, which has to see what is freed. */
static _Thread_local struct {
	struct block *first;
	unsigned n;
} spares[SIZES];

/* Which of the usual sizes this is; SIZES: none. */
static unsigned size_class(size_t size)
{
	if (size == LARGEST_BLOCK)
		return SIZES - 1;
	for (unsigned i = 0; i < SIZES - 1; i++)
		if (size == (size_t)FIRST_BLOCK << i)
			return i;
	return SIZES;
}

/* Large blocks lie on huge pages where the system has them: one page fault instead of 512, which were a third of the time that reading
 * a lockfile took. */
static struct block *map_block(size_t size)
{
	size_t want = (size + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
	char *p = mmap(NULL, want + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	size_t before = (HUGE_PAGE - ((uintptr_t)p & (HUGE_PAGE - 1))) & (HUGE_PAGE - 1);
	if (before)
		munmap(p, before);
	if (HUGE_PAGE - before)
		munmap(p + before + want, HUGE_PAGE - before);
	struct block *b = (struct block *)(void *)(p + before);
	madvise(b, want, MADV_HUGEPAGE); /* only a wish */
	b->mapped = want;
	return b;
}

static void free_block(struct block *b)
{
	if (b->mapped)
		munmap(b, b->mapped);
	else
		free(b);
}

static struct block *take_spare(size_t size)
{
	unsigned c = size_class(size);
	struct block *b = c < SIZES ? spares[c].first : NULL;

	if (b) {
		spares[c].first = b->before;
		spares[c].n--;
		b->used = 0;
	}
	return b;
}

static void drop_block(struct block *b)
{
	unsigned c = size_class(b->size);

	if (GAP || c == SIZES || spares[c].n == MOST_SPARES) {
		free_block(b);
		return;
	}
	b->before = spares[c].first;
	spares[c].first = b;
	spares[c].n++;
}

static char *block_bytes(struct block *b)
{
	return (char *)(b + 1);
}

struct arena *arena_new(size_t ceiling)
{
	struct arena *a = calloc(1, sizeof *a);

	if (!a)
		out_of_memory(sizeof *a);
	a->ceiling = ceiling ? ceiling : ARENA_CEILING;
	return a;
}

void arena_expect_much(struct arena *a)
{
	a->much = true;
}

void arena_free(struct arena *a)
{
	if (!a)
		return;
	while (a->last) {
		struct block *b = a->last;
		a->last = b->before;
		UNPOISON(block_bytes(b), b->size);
		drop_block(b);
	}
	for (size_t i = 0; i < a->nadopted; i++)
		free(a->adopted[i]);
	free(a->adopted);
	free(a);
}

void arena_adopt(struct arena *a, void *malloced)
{
	void **more = realloc(a->adopted, (a->nadopted + 1) * sizeof *more);

	if (!more)
		out_of_memory(sizeof *more);
	a->adopted = more;
	a->adopted[a->nadopted++] = malloced;
}

static void add_block(struct arena *a, size_t need)
{
	size_t size = FIRST_BLOCK;

	/* Always one of the usual sizes, also behind a block that was made for one large piece. */
	while (a->last && size <= a->last->size && size <= LARGEST_SMALL)
		size *= 2;
	if (size > LARGEST_SMALL || a->much)
		size = LARGEST_BLOCK;
	if (size < need)
		size = need;
	if (size > a->ceiling - a->total || a->total > a->ceiling)
		out_of_memory(size);
	struct block *b = take_spare(size);
	if (!b)
		b = !GAP && size >= LARGEST_BLOCK ? map_block(sizeof *b + size) : calloc(1, sizeof *b + size);
	if (!b)
		out_of_memory(size);
	b->before = a->last;
	b->size = size;
	POISON(block_bytes(b), size);
	a->last = b;
	a->total += size;
}

/* The n bytes from offset `from` of the last block, zeroed: only what was in use before needs it. */
static void *zeroed(struct arena *a, size_t from, size_t n)
{
	struct block *b = a->last;
	char *p = block_bytes(b) + from;

	UNPOISON(p, n);
	if (from < b->dirty)
		memset(p, 0, b->dirty - from < n ? b->dirty - from : n);
	if (b->dirty < b->used)
		b->dirty = b->used;
	return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
	if (n > SIZE_MAX / 2)
		out_of_memory(n);
	size_t need = ((n ? n : 1) + GAP + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (!a->last || a->last->size - a->last->used < need)
		add_block(a, need);
	size_t from = a->last->used;
	a->last->used += need;
	return zeroed(a, from, n);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		out_of_memory(SIZE_MAX);
	return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n, size_t size)
{
	if (size && new_n > SIZE_MAX / 2 / size)
		out_of_memory(SIZE_MAX);
	size_t have = old_n * size, want = new_n * size;
	size_t have_need = ((have ? have : 1) + GAP + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	size_t want_need = ((want ? want : 1) + GAP + ALIGN - 1) & ~(size_t)(ALIGN - 1);

	if (old && want >= have && a->last && a->last->used >= have_need &&
	    (char *)old == block_bytes(a->last) + a->last->used - have_need &&
	    a->last->size - a->last->used >= want_need - have_need) {
		size_t from = a->last->used - have_need + have;
		a->last->used += want_need - have_need;
		zeroed(a, from, want - have);
		return old;
	}
	void *p = arena_alloc(a, want);
	if (old && have)
		memcpy(p, old, have < want ? have : want);
	return p;
}

struct str arena_str(struct arena *a, struct str s)
{
	if (!s.s)
		return s;
	char *p = arena_alloc(a, s.len + 1);
	if (s.len)
		str_copy(p, s.s, s.len);
	return (struct str){ p, s.len };
}

char *arena_cstr(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.len + 1);

	if (s.len)
		str_copy(p, s.s, s.len);
	return p;
}

struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		n = 0;
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ p, (size_t)n };
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	struct str s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

struct str arena_lower(struct arena *a, struct str s)
{
	if (!s.s)
		return s;
	char *p = arena_alloc(a, s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		p[i] = ascii_lower(s.s[i]);
	return (struct str){ p, s.len };
}

struct str arena_concat(struct arena *a, struct str x, struct str y, struct str z)
{
	char *p = arena_alloc(a, x.len + y.len + z.len + 1);

	if (x.len)
		str_copy(p, x.s, x.len);
	if (y.len)
		str_copy(p + x.len, y.s, y.len);
	if (z.len)
		str_copy(p + x.len + y.len, z.s, z.len);
	return (struct str){ p, x.len + y.len + z.len };
}

struct arena_mark arena_mark(struct arena *a)
{
	return (struct arena_mark){ a->last, a->last ? a->last->used : 0 };
}

/* The first block stays: a scratch arena that is emptied for every component would get it anew each time. */
void arena_pop(struct arena *a, struct arena_mark m)
{
	while (a->last && a->last != m.block && a->last->before) {
		struct block *b = a->last;
		a->last = b->before;
		a->total -= b->size;
		UNPOISON(block_bytes(b), b->size);
		drop_block(b);
	}
	if (a->last) {
		size_t used = a->last == m.block ? m.used : 0;
		POISON(block_bytes(a->last) + used, a->last->used - used);
		a->last->used = used;
	}
}

size_t arena_used(const struct arena *a)
{
	return a->total;
}

struct arena_snapshot {
	struct arena_mark mark;
	size_t size;
	char bytes[];
};

/* Between the allocations stand poisoned bytes, so memcpy would be reported. */
__attribute__((no_sanitize("address"))) static void copy_raw(char *to, const char *from, size_t n)
{
#if defined(__SANITIZE_ADDRESS__)
	for (size_t i = 0; i < n; i++)
		((volatile char *)to)[i] = from[i];
#else
	memcpy(to, from, n);
#endif
}

struct arena_snapshot *arena_snapshot(struct arena *a)
{
	size_t size = 0, at = 0;

	for (struct block *b = a->last; b; b = b->before)
		size += b->used;
	struct arena_snapshot *s = malloc(sizeof *s + size);
	if (!s)
		out_of_memory(size);
	s->mark = arena_mark(a);
	s->size = size;
	for (struct block *b = a->last; b; b = b->before) {
		copy_raw(s->bytes + at, block_bytes(b), b->used);
		at += b->used;
	}
	return s;
}

void arena_restore(struct arena *a, const struct arena_snapshot *s)
{
	size_t at = 0;

	arena_pop(a, s->mark);
	for (struct block *b = a->last; b; b = b->before) {
		copy_raw(block_bytes(b), s->bytes + at, b->used);
		at += b->used;
	}
}

void arena_snapshot_free(struct arena_snapshot *s)
{
	free(s);
}

/* Merge sort from below over pointers (short runs by insertion; two runs that follow each other are not merged), then one pass that moves each
 * element once. musl's qsort is a smoothsort that moves elements byte by byte: it was a seventh of the time of reading lockfiles. */
#include "base/sort.h"

#define RUN 8

typedef int compare_function(const void *, const void *);

static size_t ordered(const char *items, size_t n, size_t size, compare_function *compare)
{
	size_t i = 1;

	while (i < n && compare(items + (i - 1) * size, items + i * size) <= 0)
		i++;
	return i;
}

static void insertion(const char **p, size_t n, compare_function *compare)
{
	for (size_t i = 1; i < n; i++) {
		const char *it = p[i];
		size_t k = i;
		for (; k > 0 && compare(p[k - 1], it) > 0; k--)
			p[k] = p[k - 1];
		p[k] = it;
	}
}

/* from[0, left) and from[left, n), each in order, into `to`. */
static void merge(const char **to, const char **from, size_t left, size_t n, compare_function *compare)
{
	size_t i = 0, k = left;

	if (left >= n || compare(from[left - 1], from[left]) <= 0) {
		memcpy(to, from, n * sizeof *to);
		return;
	}
	while (i < left && k < n)
		*to++ = compare(from[i], from[k]) <= 0 ? from[i++] : from[k++];
	memcpy(to, from + (i < left ? i : k), (i < left ? left - i : n - k) * sizeof *to);
}

void sort_items(struct arena *a, void *items, size_t n, size_t size, compare_function *compare)
{
	if (n < 2 || ordered(items, n, size, compare) >= n)
		return;
	struct arena_mark mark = arena_mark(a);
	const char **p = arena_array(a, n, sizeof *p), **other = arena_array(a, n, sizeof *other);
	for (size_t i = 0; i < n; i++)
		p[i] = (const char *)items + i * size;
	for (size_t i = 0; i < n; i += RUN)
		insertion(p + i, n - i < RUN ? n - i : RUN, compare);
	for (size_t width = RUN; width < n; width *= 2) {
		for (size_t i = 0; i < n; i += 2 * width)
			merge(other + i, p + i, n - i < width ? n - i : width, n - i < 2 * width ? n - i : 2 * width, compare);
		const char **swap = p;
		p = other;
		other = swap;
	}
	char *sorted = arena_array(a, n, size);
	for (size_t i = 0; i < n; i++)
		memcpy(sorted + i * size, p[i], size);
	memcpy(items, sorted, n * size);
	arena_pop(a, mark);
}

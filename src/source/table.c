/* The tables of readers and joins. */
#include "source/source.h"

const struct reader readers[] = {
#define READER(fn, name, ecosystem, files, flags, limit) { name, ecosystem, files, flags, limit, source_##fn },
#include "source/readers.def"
#undef READER
	{ 0 },
};
const size_t readers_n = sizeof readers / sizeof readers[0] - 1;

const struct join joins[] = {
#define JOIN(fn) { #fn, join_##fn },
#include "source/joins.def"
#undef JOIN
	{ 0 },
};
const size_t joins_n = sizeof joins / sizeof joins[0] - 1;

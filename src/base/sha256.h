/* SHA-256 and SHA-1 (FIPS 180-4). SHA-256 uses the processor's SHA instructions where it has them. */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

struct sha256 {
	uint32_t state[8];
	uint64_t len;
	uint8_t block[64];
};

void sha256_init(struct sha256 *c);
void sha256_add(struct sha256 *c, const void *data, size_t n);
void sha256_end(struct sha256 *c, uint8_t out[32]);
/* Of one buffer. */
void sha256_of(struct str data, uint8_t out[32]);
/* The same as 64 lower-case hex digits on the arena. */
struct str sha256_hex(struct arena *a, struct str data);
void sha1_of(struct str data, uint8_t out[20]);
/* n bytes as 2n lower-case hex digits into `out`, without an end; the same on the arena. */
void hex_write(const uint8_t *bytes, size_t n, char *out);
struct str hex_of(struct arena *a, const uint8_t *bytes, size_t n);

#endif

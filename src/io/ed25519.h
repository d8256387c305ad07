/* Ed25519 (RFC 8032, 5.1.7), verification only, by libsodium: transparency logs sign by it, and mbedTLS does not know it. */
#ifndef IO_ED25519_H
#define IO_ED25519_H

#include "base/arena.h"

/* Is `signature` (64 bytes) the key's (32 bytes) over the message? The scalar must be the canonical one, the key's point of no small order: by such
 * a "key" anybody signs. */
bool ed25519_verify(struct str key, struct str message, struct str signature);
/* The library's name and version, for `version`. */
struct str ed25519_library_version(struct arena *a);

#endif

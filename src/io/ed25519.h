/* Ed25519 (RFC 8032, 5.1.7), verification only: transparency logs sign by it, and mbedTLS does not know it. Nothing secret passes through
 * here, so that its time may depend on its input. */
#ifndef IO_ED25519_H
#define IO_ED25519_H

#include "base/str.h"

/* Is `signature` (64 bytes) the key's (32 bytes) over the message? The scalar must be the canonical one. */
bool ed25519_verify(struct str key, struct str message, struct str signature);

#endif

/* Base64 (RFC 4648, sections 4 and 5). Digests of lockfiles have a decoder of their own in model/bom.c: there are thousands of a known
 * length, decoded in place. */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include "base/buf.h"

/* The standard alphabet, padded. */
void base64_encode(struct buf *out, struct str bytes);
/* Standard or URL-safe alphabet, padded or not, on the arena; blanks between the digits only where `blanks`. Absent where it is none. */
struct str base64_decode(struct arena *a, struct str text, bool blanks);

#endif

/* DER (X.690), piece by piece, over mbedTLS's reading of tags and lengths. A cursor is a struct str of what is left. */
#ifndef IO_DER_H
#define IO_DER_H

#include "base/arena.h"

#define DER_INTEGER 0x02
#define DER_OCTETS 0x04
#define DER_OID 0x06
#define DER_TIME 0x18 /* GeneralizedTime */
#define DER_SEQUENCE 0x30
#define DER_SET 0x31
#define DER_CONTEXT(n) (0xa0 | (n)) /* constructed, context-specific */

/* The value under the cursor where it has this tag: its content, and the cursor moves behind it. Absent where it has another, or is broken. */
struct str der_take(struct str *at, int tag);
/* Skips a value of any tag and gives its whole DER; absent at the end or where it is broken. */
struct str der_skip(struct str *at);
static inline bool der_is(struct str at, int tag)
{
	return at.len && (unsigned char)at.s[0] == tag;
}
/* A value of this tag around the content, on the arena. */
struct str der_wrap(struct arena *a, int tag, struct str content);

#endif

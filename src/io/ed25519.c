#include "io/ed25519.h"

#include <sodium.h>

bool ed25519_verify(struct str key, struct str message, struct str signature)
{
	/* Without sodium_init(): it seeds random numbers and chooses among ciphers and hashes by the processor, none of which stands in the way of
	 * a verification, and it would draw each of them into the static binary (150 kB). */
	return key.len == crypto_sign_PUBLICKEYBYTES && signature.len == crypto_sign_BYTES &&
	       crypto_sign_verify_detached((const unsigned char *)signature.s, (const unsigned char *)message.s, message.len, (const unsigned char *)key.s) == 0;
}

struct str ed25519_library_version(struct arena *a)
{
	return arena_printf(a, "libsodium %s", sodium_version_string());
}

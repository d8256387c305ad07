#include "vuln/remote.h"

#include <unistd.h>

#include "base/sha256.h"
#include "io/archive.h"
#include "io/http.h"
#include "vuln/store.h"

struct str remote_url(struct arena *a, struct str base, struct str name)
{
	while (base.len && base.s[base.len - 1] == '/')
		base.len--;
	return arena_concat(a, base, STR("/"), name);
}

/* Are these the bytes that the manifest describes? Block by block, as they will be checked again when they are read. */
static bool is_it(const struct vuln_file_info *f, struct str bytes, struct str blocks)
{
	uint8_t digest[32];

	if (bytes.len != f->size || blocks.len != (f->size + VULN_BLOCK - 1) / VULN_BLOCK * 32)
		return false;
	for (size_t i = 0, at = 0; at < bytes.len; i++, at += VULN_BLOCK) {
		sha256_of(str_sub(bytes, at, VULN_BLOCK), digest);
		if (memcmp(digest, blocks.s + i * 32, 32) != 0)
			return false;
	}
	return true;
}

static bool get(struct arena *a, struct str url, size_t limit, struct str *kept, struct http_response *r, struct str *why)
{
	struct http_request q = { .method = "GET", .url = url, .limit = limit, .follow = true, .plain_allowed = true, .connect_seconds = 10, .total_seconds = 600 };
	struct http_patience patience = http_patience;

	if (!http_do_patiently(a, &q, &patience, kept, r, why))
		return false;
	if (r->status == 200)
		return true;
	*why = arena_printf(a, "it was answered with %ld", r->status);
	return false;
}

/* Packed from one address; what broke off is kept in `part`. */
static bool get_packed(struct arena *a, struct str base, const struct vuln_file_info *f, struct str blocks, struct str part, struct str *out,
		       bool *absent, struct str *why)
{
	struct http_response r = { 0 };
	struct str kept = STR_NONE, none;
	size_t limit = (size_t)f->size + (f->size >> 6) + 4096; /* packing never adds more */

	if (!file_read(a, part.s, limit, &kept, &none))
		kept = STR_NONE;
	bool good = get(a, remote_url(a, base, arena_concat(a, f->tree, STR(".zst"), STR_NONE)), limit, &kept, &r, why);
	*absent = !good && r.status == 404;
	if (!good) {
		if (kept.len)
			(void)file_write_atomic(part.s, kept, &none);
		return false;
	}
	unlink(part.s);
	if (!archive_unpack(a, r.body, (size_t)f->size + 1, out, why)) {
		*why = arena_concat(a, STR("what came cannot be unpacked: "), *why, STR_NONE);
		return false;
	}
	good = is_it(f, *out, blocks);
	if (!good)
		*why = STR("what came is not what the manifest says (another digest)");
	return good;
}

static bool get_plain(struct arena *a, struct str base, const struct vuln_file_info *f, struct str blocks, struct str *out, struct str *why)
{
	struct http_response r = { 0 };
	struct str kept = STR_NONE;

	if (!get(a, remote_url(a, base, http_encode(a, f->name)), (size_t)f->size + 1, &kept, &r, why))
		return false;
	*out = r.body;
	if (is_it(f, r.body, blocks))
		return true;
	*why = STR("what came is not what the manifest says (another digest)");
	return false;
}

bool remote_get(struct arena *a, const struct str *bases, size_t n, const struct vuln_file_info *f, struct str blocks, struct str path,
		struct str *why)
{
	struct str reasons = STR_NONE, part = arena_concat(a, path, STR(".part"), STR_NONE);

	file_remove_pipe(path.s);
	file_remove_pipe(part.s);
	for (size_t i = 0; i < n; i++) {
		struct arena *own = arena_new(0);
		struct str bytes, cause = STR_NONE;
		bool absent = false;
		bool good = get_packed(own, bases[i], f, blocks, part, &bytes, &absent, &cause) ||
			    (absent && get_plain(own, bases[i], f, blocks, &bytes, &cause));
		good = good && file_write_atomic(path.s, bytes, &cause);
		if (!good)
			reasons = arena_printf(a, "%.*s%s%.*s: %.*s", STR_ARG(reasons), reasons.len ? "; " : "", STR_ARG(bases[i]), STR_ARG(cause));
		arena_free(own);
		if (good)
			return true;
	}
	*why = arena_concat(a, STR("it cannot be fetched: "), reasons, STR_NONE);
	return false;
}

#include "cmd/db_publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/file.h"
#include "io/pack.h"
#include "vuln/trust.h"

#define KEY_MAX ((size_t)4096)
#define MANIFEST_MAX ((size_t)256 << 20)
#define FILE_MAX ((size_t)4 << 30)
#define LEVEL 15 /* measured on npm's texts: 19 takes five times as long for 4 % less */

static int failed(struct str path, const char *what, struct str why)
{
	complain("%.*s: %s: %.*s", STR_ARG(path), what, STR_ARG(why));
	return 4;
}

/* A file that only its owner reads, and never over another. */
static bool write_secret(const char *path, struct str text, struct str *why)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool good = fd >= 0 && write(fd, text.s, text.len) == (ssize_t)text.len;
	int error = errno;

	if (fd >= 0 && close(fd) != 0)
		good = false;
	if (!good)
		*why = str_of(strerror(error));
	return good;
}

static int make_key(struct invocation *in, struct str path)
{
	struct str private_pem, public_pem, why, beside = arena_concat(in->arena, path, STR(".pub"), STR_NONE);
	struct signature_key key;

	if (!signature_key_make(in->arena, &private_pem, &public_pem, &why))
		return failed(path, "no key was made", why);
	if (!write_secret(arena_cstr(in->arena, path), private_pem, &why))
		return failed(path, "cannot be written", why);
	if (!file_write_atomic(beside.s, public_pem, &why))
		return failed(beside, "cannot be written", why);
	if (signature_key_read(in->arena, public_pem, &key, &why))
		printf("%.*s: private, keep it secret; %.*s: public, key %.*s\n", STR_ARG(path), STR_ARG(beside), STR_ARG(key.id));
	return 0;
}

static int print_key(struct invocation *in, struct str path)
{
	struct str text, why, pem, base64 = STR_NONE;
	struct signature_key key;

	if (!file_read(in->arena, arena_cstr(in->arena, path), KEY_MAX, &text, &why) || !signature_key_read(in->arena, text, &key, &why))
		return failed(path, "cannot be used", why);
	pem = signature_key_pem(in->arena, &key);
	printf("key %.*s\n%.*s", STR_ARG(key.id), STR_ARG(pem));
	for (struct str rest = pem; rest.len;) {
		struct str line = str_cut(&rest, '\n');
		if (!str_starts(line, STR("-----")))
			base64 = arena_concat(in->arena, base64, line, STR_NONE);
	}
	printf("PUBLISHED_KEY(\"name\", \"%.*s\")\n", STR_ARG(base64));
	return 0;
}

int db_key(struct invocation *in, struct diags *d)
{
	struct str out = option_get(in, "output");

	(void)d;
	if (out.len && in->arguments.n == 1)
		return make_key(in, out);
	if (!out.len && in->arguments.n == 2)
		return print_key(in, in->arguments.items[1]);
	complain("db key: -o FILE makes a pair of keys, FILE shows one; such as: bomgate db key -o data.pem");
	return 2;
}

/* The private key: a file, else the environment's, which is taken out of it. */
static bool read_key(struct invocation *in, struct str *pem)
{
	struct str path = option_get(in, "key"), why;
	const char *value = getenv("BOMGATE_DATABASE_KEY");

	if (path.len) {
		if (file_read(in->arena, arena_cstr(in->arena, path), KEY_MAX, pem, &why))
			return true;
		complain("%.*s: cannot be read: %.*s", STR_ARG(path), STR_ARG(why));
		return false;
	}
	if (value && *value) {
		*pem = arena_str(in->arena, str_of(value));
		unsetenv("BOMGATE_DATABASE_KEY");
		return true;
	}
	complain("db sign: by which key? --key FILE names the private one, or the variable BOMGATE_DATABASE_KEY holds it");
	return false;
}

static bool pack(struct invocation *in, struct str dir, struct str out, const struct vuln_file_info *f, struct str *why)
{
	struct arena *own = arena_new(0);
	struct str bytes, packed, to = file_join(own, out, arena_concat(own, f->tree, STR(".zst"), STR_NONE));
	enum file_kind kind;

	(void)in;
	bool good = file_kind(to.s, &kind); /* the name is the content: it was packed before */
	if (!good && file_read(own, file_join(own, dir, f->name).s, FILE_MAX, &bytes, why)) {
		*why = STR("out of memory");
		good = bytes.len == f->size && pack_zstd(own, bytes, LEVEL, &packed) && file_write_atomic(to.s, packed, why);
	}
	arena_free(own);
	return good;
}

int db_sign(struct invocation *in, struct diags *d)
{
	struct str out = option_get(in, "output"), pem, text, signed_text, why;
	struct signature_key key;

	if (in->arguments.n != 2) {
		complain("db sign: which folder? One, such as: bomgate db sign db --key data.pem -o public");
		return 2;
	}
	if (!read_key(in, &pem))
		return 2;
	struct str dir = in->arguments.items[1], path = file_join(in->arena, dir, STR("manifest.json"));
	if (!file_read(in->arena, path.s, MANIFEST_MAX, &text, &why))
		return failed(path, "cannot be read", why);
	if (!vuln_manifest_sign(in->arena, text, pem, &signed_text, &key, &why))
		return failed(path, "cannot be signed", why);
	/* Its own signature does not matter here; that it is a whole database does. */
	struct vuln_place place = { .dir = dir };
	*VEC_ADD(in->arena, &place.keys) = (struct vuln_key){ STR("own"), key };
	if (!out.len && !file_write_atomic(path.s, signed_text, &why))
		return failed(path, "cannot be written", why);
	if (out.len) {
		if (!file_make_folders(arena_cstr(in->arena, out), &why))
			return failed(out, "cannot be made", why);
		if (!file_write_atomic(file_join(in->arena, out, STR("manifest.json")).s, signed_text, &why))
			return failed(out, "cannot be written", why);
		place.dir = out;
	}
	struct vuln_db *db = vuln_open_place(in->arena, &place, d);
	if (!db) {
		for (size_t i = 0; i < d->n; i++)
			complain("%.*s: %.*s", STR_ARG(d->items[i].input), STR_ARG(d->items[i].text));
		return 4;
	}
	for (VEC_EACH(const struct vuln_file_info, f, &vuln_about(db)->files))
		if (out.len && !pack(in, dir, out, f, &why))
			return failed(f->name, "cannot be packed", why);
	if (!option_is(in, "quiet"))
		printf("%.*s: serial %llu, signed by %.*s, %zu files\n", STR_ARG(place.dir), (unsigned long long)vuln_about(db)->serial, STR_ARG(key.id),
		       vuln_about(db)->files.n);
	vuln_close(db);
	return 0;
}

/* `docker save` archives (manifest.json, and since version 25 an OCI layout beside it) and OCI layouts (opencontainers/image-spec
 * image-layout.md) in a tar or a folder. */
#include "source/image.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/map.h"
#include "base/sha256.h"
#include "io/archive.h"
#include "io/file.h"
#include "syntax/json.h"

#define SMALL_FILE ((size_t)4 << 20)   /* manifests and configurations: real ones have kilobytes */
#define SMALL_FILES ((size_t)64 << 20) /* of all of them */
#define MOST_LAYERS 500		       /* the engines stop at 127 */
#define MOST_INDEXES 8		       /* indexes in indexes */

struct layer_name {
	struct str name;   /* of the file in the archive or folder */
	struct str digest; /* hex SHA-256 of the file as it lies there; absent: only that of what is unpacked */
	struct str diff_id; /* hex SHA-256 of the unpacked tar; absent where not said */
};

struct store {
	struct scan *scan;
	struct arena *arena;
	enum image_form form;
	struct str path;
	struct map small; /* name to struct str *, of an archive */
	struct image *out;
	VEC(struct layer_name) layers;
};

static bool fail(struct store *st, const char *code, struct str why)
{
	diag_add(st->scan->diags, SEV_ERROR, code, st->path, DIAG_NO_OFFSET, "%.*s", STR_ARG(why));
	return false;
}

static struct str clean_name(struct str name)
{
	while (str_starts(name, STR("./")))
		name = str_from(name, 2);
	return name;
}

/* One walk over the archive for its small JSON files, wherever they stand. */
static bool read_small_files(struct store *st)
{
	struct str why = STR_NONE;
	struct archive_entry_info e;
	struct archive_in *in = archive_in_open(st->arena, arena_cstr(st->arena, st->path), &why);
	size_t total = 0;

	map_init(&st->small, st->arena);
	if (!in)
		return fail(st, "input.archive", arena_printf(st->arena, "this is no archive that can be read: %.*s", STR_ARG(why)));
	while (archive_in_next(in, &e)) {
		struct str *text = ARENA_NEW(st->arena, struct str);
		struct str name = arena_str(st->arena, clean_name(e.name));
		if (e.kind != FILE_REGULAR || !e.size || e.size > SMALL_FILE || total > SMALL_FILES)
			continue;
		char first;
		size_t n;
		if (!archive_in_piece(in, &first, 1, &n) || (first != '{' && first != '['))
			continue;
		if (!archive_in_read(in, st->arena, SMALL_FILE, text, &why))
			continue;
		*text = arena_concat(st->arena, str_make(&first, 1), *text, STR_NONE);
		total += text->len;
		map_put(&st->small, name, NULL)->value.ptr = text;
	}
	why = archive_in_error(in);
	archive_in_close(in);
	return !why.s || fail(st, "input.archive", arena_printf(st->arena, "the archive is damaged: %.*s", STR_ARG(why)));
}

static bool small_file(struct store *st, struct str name, struct str *out)
{
	struct str why;

	if (st->form == IMAGE_OCI_DIR)
		return file_read(st->arena, file_join(st->arena, st->path, name).s, SMALL_FILE, out, &why);
	const struct map_entry *e = map_get(&st->small, name);
	if (e)
		*out = *(struct str *)e->value.ptr;
	return e != NULL;
}

static const struct json *small_json(struct store *st, struct str name, struct str *text)
{
	struct str own;

	text = text ? text : &own;
	return small_file(st, name, text) ? json_parse(st->arena, *text, NULL, NULL) : NULL;
}

/* "sha256:HEX" as its file; absent where it is none (other algorithms, or a path in its place). */
static struct str blob_name(struct arena *a, struct str digest, struct str *hex)
{
	*hex = str_starts(digest, STR("sha256:")) ? str_from(digest, 7) : STR_NONE;
	if (hex->len != 64)
		return STR_NONE;
	for (size_t i = 0; i < 64; i++)
		if (ascii_hex(hex->s[i]) < 0)
			return STR_NONE;
	return arena_concat(a, STR("blobs/sha256/"), *hex, STR_NONE);
}

static const struct json *blob_json(struct store *st, struct str digest)
{
	struct str hex, text, name = blob_name(st->arena, digest, &hex);
	const struct json *tree = name.len ? small_json(st, name, &text) : NULL;

	if (!tree) {
		fail(st, "input.image", arena_printf(st->arena, "the image's %.*s is not there, or is no JSON", STR_ARG(str_sub(digest, 0, 100))));
		return NULL;
	}
	if (!str_eq(sha256_hex(st->arena, text), hex)) {
		fail(st, "input.digest", arena_printf(st->arena, "%.*s does not hold what its digest says", STR_ARG(digest)));
		return NULL;
	}
	return tree;
}

static void set_diff_ids(struct store *st, const struct json *config)
{
	size_t i = 0;
	struct str os = json_get_string(config, "os"), architecture = json_get_string(config, "architecture"), hex;

	if (os.len && architecture.len)
		st->out->platform = arena_printf(st->arena, "%.*s/%.*s", STR_ARG(os), STR_ARG(architecture));
	for (JSON_EACH(id, json_path(config, "rootfs.diff_ids"))) {
		if (i >= st->layers.n)
			break;
		if (blob_name(st->arena, json_string(id), &hex).len)
			st->layers.items[i].diff_id = hex;
		i++;
	}
}

/* ---- docker save */

static bool docker_manifest(struct store *st)
{
	const struct json *tree = small_json(st, STR("manifest.json"), NULL), *image = json_child(tree);

	if (json_type(tree) != JSON_ARRAY || !image)
		return fail(st, "input.image", STR("there is no manifest.json with an image in it: make the archive with `docker save`, or name an "
						   "OCI layout with oci-archive:"));
	if (json_sibling(image))
		diag_add(st->scan->diags, SEV_WARNING, "input.image", st->path, DIAG_NO_OFFSET,
			 "the archive holds %zu images; only the first one (%.*s) is read", json_count(tree), STR_ARG(json_string(json_child(json_get(image, "RepoTags")))));
	st->out->name = json_string(json_child(json_get(image, "RepoTags")));
	for (JSON_EACH(layer, json_get(image, "Layers"))) {
		struct layer_name l = { .name = clean_name(json_string(layer)) };
		if (!l.name.len || st->layers.n == MOST_LAYERS)
			return fail(st, "input.image", STR("manifest.json names a layer that is none, or more than 500"));
		if (str_starts(l.name, STR("blobs/sha256/")) && l.name.len == 77)
			l.digest = str_from(l.name, 13);
		*VEC_ADD(st->arena, &st->layers) = l;
	}
	struct str config = clean_name(json_get_string(image, "Config")), text;
	const struct json *c = small_json(st, config, &text);
	if (c) {
		st->out->digest = arena_concat(st->arena, STR("sha256:"), sha256_hex(st->arena, text), STR_NONE);
		set_diff_ids(st, c);
	}
	return true;
}

/* ---- OCI layouts */

static bool is_attestation(const struct json *descriptor)
{
	return str_is(json_string(json_path(descriptor, "platform.os")), "unknown");
}

/* Of several platforms: linux/amd64, else the first. */
static const struct json *choose(struct store *st, const struct json *index)
{
	const struct json *first = NULL, *best = NULL;
	size_t n = 0;

	for (JSON_EACH(one, json_get(index, "manifests"))) {
		if (is_attestation(one))
			continue;
		n++;
		first = first ? first : one;
		if (!best && str_is(json_string(json_path(one, "platform.os")), "linux") &&
		    str_is(json_string(json_path(one, "platform.architecture")), "amd64"))
			best = one;
	}
	best = best ? best : first;
	if (n > 1)
		diag_add(st->scan->diags, SEV_WARNING, "input.image", st->path, DIAG_NO_OFFSET,
			 "the layout holds %zu images; only one of them (%.*s) is read", n, STR_ARG(json_get_string(best, "digest")));
	return best;
}

static bool oci_manifest(struct store *st)
{
	const struct json *tree = small_json(st, STR("index.json"), NULL);

	if (!tree || !json_get(tree, "manifests"))
		return fail(st, "input.image", STR("there is no index.json with manifests in it: this is no OCI image layout"));
	for (int depth = 0; json_get(tree, "manifests") && depth < MOST_INDEXES; depth++) {
		const struct json *one = choose(st, tree);
		static const char *const names[] = { "io.containerd.image.name", "org.opencontainers.image.ref.name" };
		if (!one)
			return fail(st, "input.image", STR("the index names no image"));
		for (size_t i = 0; i < 2 && !st->out->name.len; i++)
			st->out->name = json_get_string(json_get(one, "annotations"), names[i]);
		st->out->digest = json_get_string(one, "digest");
		tree = blob_json(st, st->out->digest);
		if (!tree)
			return false;
	}
	for (JSON_EACH(layer, json_get(tree, "layers"))) {
		struct layer_name l = { 0 };
		l.name = blob_name(st->arena, json_get_string(layer, "digest"), &l.digest);
		if (!l.name.len || st->layers.n == MOST_LAYERS)
			return fail(st, "input.image", STR("the manifest names a layer without a sha256 digest, or more than 500"));
		*VEC_ADD(st->arena, &st->layers) = l;
	}
	if (!json_get(tree, "layers"))
		return fail(st, "input.image", STR("the manifest has no layers"));
	const struct json *config = blob_json(st, json_string(json_path(tree, "config.digest")));
	if (!config)
		return false;
	set_diff_ids(st, config);
	return true;
}

/* ---- layers */

struct raw_layer {
	struct archive_in *outer; /* stands at the layer, or NULL: fd */
	int fd;
	struct sha256 sum;
	bool plain, begun; /* plain: a tar that is not packed, whose sum is the diff id too */
	bool ended;
};

static bool raw_read(void *data, void *buffer, size_t size, size_t *n)
{
	struct raw_layer *l = data;
	const unsigned char *b = buffer;

	*n = 0;
	if (l->outer) {
		if (!archive_in_piece(l->outer, buffer, size, n)) {
			l->ended = true;
			return false;
		}
	} else {
		ssize_t got = read(l->fd, buffer, size);
		if (got <= 0) {
			l->ended = got == 0;
			return false;
		}
		*n = (size_t)got;
	}
	if (!l->begun)
		l->plain = !(*n > 3 && ((b[0] == 0x1f && b[1] == 0x8b) || (b[0] == 0x28 && b[1] == 0xb5) || (b[0] == 0xfd && b[1] == '7')));
	l->begun = true;
	sha256_add(&l->sum, buffer, *n);
	return true;
}

static bool check_digest(struct store *st, struct raw_layer *raw, const struct layer_name *l)
{
	static char rest[1 << 16];
	size_t n;
	uint8_t sum[32];

	while (raw_read(raw, rest, sizeof rest, &n)) /* what stands behind the tar's end */
		;
	sha256_end(&raw->sum, sum);
	struct str hex = hex_of(st->arena, sum, sizeof sum), want = l->digest.len ? l->digest : raw->plain ? l->diff_id : STR_NONE;
	if (!raw->ended)
		return fail(st, "input.archive", arena_printf(st->arena, "the layer %.*s cannot be read to its end", STR_ARG(l->name)));
	return !want.len || str_eq(hex, want) ||
	       fail(st, "input.digest", arena_printf(st->arena, "the layer %.*s does not hold what its digest says", STR_ARG(l->name)));
}

static bool apply(struct store *st, struct image_files *files, struct raw_layer *raw, const struct layer_name *l)
{
	struct archive_feed feed = { raw_read, raw };
	struct str why = STR_NONE;

	sha256_init(&raw->sum);
	bool good = image_files_apply(files, &feed, &why) ||
		    fail(st, "input.layer", arena_printf(st->arena, "the layer %.*s cannot be read whole: %.*s", STR_ARG(l->name), STR_ARG(why)));
	return check_digest(st, raw, l) && good;
}

static bool apply_from_folder(struct store *st, struct image_files *files, const struct layer_name *l)
{
	struct raw_layer raw = { .fd = open(file_join(st->arena, st->path, l->name).s, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) };
	bool good;

	if (raw.fd < 0)
		return fail(st, "input.image", arena_printf(st->arena, "the layer %.*s is not there", STR_ARG(l->name)));
	good = apply(st, files, &raw, l);
	close(raw.fd);
	return good;
}

/* The archive once more, up to the layer: nothing is put aside, and of a plain tar the rest is passed over without reading. `docker
 * save` may name a layer by a link to another one. */
static bool apply_from_archive(struct store *st, struct image_files *files, const struct layer_name *l)
{
	struct str want = l->name, why = STR_NONE;

	for (int links = 0; links < 3; links++) {
		struct archive_entry_info e;
		struct archive_in *in = archive_in_open(st->arena, arena_cstr(st->arena, st->path), &why);
		struct str next = STR_NONE;
		while (in && archive_in_next(in, &e)) {
			if (!str_eq(clean_name(e.name), want))
				continue;
			if (e.kind == FILE_LINK) {
				size_t slash = str_rchr(want, '/');
				next = e.hard_link ? arena_str(st->arena, clean_name(e.link)) :
						     tree_resolve(st->arena, slash == STR_NOT_FOUND ? STR("") : str_sub(want, 0, slash), e.link);
				break;
			}
			struct raw_layer raw = { .outer = in, .fd = -1 };
			bool good = apply(st, files, &raw, l);
			archive_in_close(in);
			return good;
		}
		archive_in_close(in);
		if (!next.len)
			break;
		want = next;
	}
	return fail(st, "input.image", arena_printf(st->arena, "the layer %.*s is not in the archive", STR_ARG(l->name)));
}

bool image_read(struct scan *s, enum image_form form, struct str path, struct image *out)
{
	struct store st = { .scan = s, .arena = s->arena, .form = form, .path = path, .out = out };
	bool good = true;

	*out = (struct image){ 0 };
	if (form != IMAGE_OCI_DIR && !read_small_files(&st))
		return false;
	struct str ignored;
	bool docker = form == IMAGE_DOCKER_ARCHIVE && (small_file(&st, STR("manifest.json"), &ignored) || !small_file(&st, STR("index.json"), &ignored));
	if (!(docker ? docker_manifest(&st) : oci_manifest(&st)))
		return false;
	struct image_files *files = image_files_new(s);
	for (VEC_EACH(const struct layer_name, l, &st.layers)) {
		good = (form == IMAGE_OCI_DIR ? apply_from_folder(&st, files, l) : apply_from_archive(&st, files, l)) && good;
		out->layers++;
	}
	image_files_take(files);
	return good;
}

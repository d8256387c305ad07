#include "test.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "io/archive.h"

struct file {
	const char *name;
	struct str text;
	const char *link;
};

static struct str pack(struct arena *a, bool zip, bool gzip, const struct file *files, size_t n, size_t cap)
{
	struct archive *w = archive_write_new();
	char *p = arena_alloc(a, cap);
	size_t used = 0;

	if (zip)
		archive_write_set_format_zip(w);
	else
		archive_write_set_format_pax_restricted(w);
	if (gzip)
		archive_write_add_filter_gzip(w);
	archive_write_open_memory(w, p, cap, &used);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();
		archive_entry_set_pathname(e, files[i].name);
		archive_entry_set_filetype(e, files[i].link ? AE_IFLNK : AE_IFREG);
		archive_entry_set_perm(e, 0755);
		if (files[i].link)
			archive_entry_set_symlink(e, files[i].link);
		archive_entry_set_size(e, (int64_t)files[i].text.len);
		archive_write_header(w, e);
		archive_write_data(w, files[i].text.s, files[i].text.len);
		archive_entry_free(e);
	}
	archive_write_close(w);
	archive_write_free(w);
	return str_make(p, used);
}

static const struct file two[] = {
	{ "a/one.json", { "{\"x\":1}", 7 }, NULL },
	{ "../link", { "", 0 }, "/etc/passwd" },
	{ "b", { "", 0 }, NULL },
};

static void reads_entries(void)
{
	struct arena *a = arena_new(0);
	struct archive_entry_info info;
	struct str text, why;

	for (int kind = 0; kind < 3; kind++) {
		struct str bytes = pack(a, kind == 0, kind == 2, two, 3, 1 << 16);
		struct archive_in *r = archive_in_open_bytes(a, bytes, &why);
		CHECK(r != NULL);
		CHECK(archive_in_next(r, &info));
		CHECK_STR(info.name, STR("a/one.json"));
		CHECK_INT(info.kind, FILE_REGULAR);
		CHECK(archive_in_read(r, a, 7, &text, &why));
		CHECK_STR(text, STR("{\"x\":1}"));
		CHECK(archive_in_next(r, &info));
		CHECK_INT(info.kind, FILE_LINK);
		CHECK_STR(info.name, STR("../link"));
		CHECK(archive_in_next(r, &info));
		CHECK(archive_in_read(r, a, 10, &text, &why));
		CHECK_INT(text.len, 0);
		CHECK(!archive_in_next(r, &info));
		CHECK(archive_in_error(r).s == NULL);
		archive_in_close(r);
	}
	arena_free(a);
}

static void limits_hold(void)
{
	struct arena *a = arena_new(0);
	struct archive_entry_info info;
	struct str text, why = STR_NONE;
	struct str bytes = pack(a, true, false, two, 3, 1 << 16);
	struct archive_in *r = archive_in_open_bytes(a, bytes, &why);

	CHECK(archive_in_next(r, &info));
	CHECK(!archive_in_read(r, a, 6, &text, &why));
	CHECK(str_has(why, STR("limit")));
	CHECK(archive_in_next(r, &info)); /* the others can still be read */
	archive_in_close(r);
	/* 512 MB of zeros in half a MB: past 64 MB the ratio ends it. */
	size_t big = (size_t)96 << 20;
	struct file zeros = { "zeros", { arena_alloc(a, big), big }, NULL };
	bytes = pack(a, true, false, &zeros, 1, 1 << 20);
	CHECK(bytes.len > 0 && bytes.len < 400000);
	r = archive_in_open_bytes(a, bytes, &why);
	CHECK(archive_in_next(r, &info));
	CHECK(!archive_in_read(r, a, (size_t)1 << 30, &text, &why));
	CHECK(str_has(archive_in_error(r), STR("200 times")));
	CHECK(!archive_in_next(r, &info));
	archive_in_close(r);
	arena_free(a);
}

static void unpacks_streams(void)
{
	struct arena *a = arena_new(0);
	struct str text, why, gz = STR("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00");

	CHECK(archive_unpack(a, gz, 5, &text, &why));
	CHECK_STR(text, STR("hello"));
	CHECK(!archive_unpack(a, gz, 4, &text, &why));
	CHECK(archive_unpack(a, STR("plain"), 5, &text, &why));
	CHECK_STR(text, STR("plain"));
	arena_free(a);
}

static void broken_ones_end(void)
{
	struct arena *a = arena_new(0);
	struct archive_entry_info info;
	struct str why;

	for (int kind = 0; kind < 3; kind++) {
		struct str bytes = pack(a, kind == 0, kind == 2, two, 3, 1 << 16);
		for (size_t cut = 0; cut < bytes.len * 2; cut += bytes.len > 2000 ? 7 : 1) {
			struct arena *own = arena_new(0);
			char *copy = malloc(bytes.len);
			memcpy(copy, bytes.s, bytes.len);
			struct str broken = str_make(copy, cut < bytes.len ? cut : bytes.len);
			if (cut >= bytes.len)
				copy[cut - bytes.len] ^= 0x55;
			struct str text, reason;
			struct archive_in *r = archive_in_open_bytes(own, broken, &why);
			int n = 0;
			while (r && archive_in_next(r, &info) && n++ < 100)
				archive_in_read(r, own, 1 << 20, &text, &reason);
			CHECK(n < 100);
			archive_in_close(r);
			free(copy);
			arena_free(own);
		}
	}
	arena_free(a);
}

static bool is_json(const void *context, struct str name)
{
	return !str_eq(name, *(const struct str *)context) && str_ends(name, STR(".json"));
}

static void takes_files_once(void)
{
	static const struct file good[] = { { "x.json", { "1", 1 }, NULL }, { "l.json", { "", 0 }, "/etc/passwd" }, { "b.txt", { "2", 1 }, NULL },
					    { "no.json", { "3", 1 }, NULL }, { "y.json", { "45", 2 }, NULL } };
	static const struct file twice[] = { { "x.json", { "1", 1 }, NULL }, { "x.json", { "2", 1 }, NULL } };
	static const struct file other[] = { { "b.txt", { "1", 1 }, NULL }, { "b.txt", { "2", 1 }, NULL }, { "x.json", { "1", 1 }, NULL } };
	struct arena *a = arena_new(0);
	struct archive_files f;
	struct str no = STR("no.json"), why = STR_NONE;
	struct str zip = pack(a, true, false, good, 5, 1 << 16);

	CHECK(archive_take(a, zip, 100, is_json, &no, &f, &why));
	CHECK_INT(f.n, 2);
	CHECK_STR(f.items[0].name, STR("x.json"));
	CHECK_STR(archive_file_of(&f, STR("y.json"))->bytes, STR("45"));
	CHECK(!archive_file_of(&f, STR("l.json")) && !archive_file_of(&f, no));
	CHECK(!archive_take(a, zip, 1, is_json, &no, &f, &why));
	for (size_t cut = 1; cut < zip.len; cut++) {
		why = STR_NONE;
		CHECK(!archive_take(a, str_sub(zip, 0, zip.len - cut), 100, is_json, &no, &f, &why) && why.len);
	}
	CHECK(!archive_take(a, pack(a, true, false, twice, 2, 1 << 16), 100, is_json, &no, &f, &why));
	CHECK_STR(why, STR("it holds x.json twice"));
	CHECK(archive_take(a, pack(a, true, false, other, 3, 1 << 16), 100, is_json, &no, &f, &why));
	CHECK_INT(f.n, 1);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(reads_entries), TEST_CASE(limits_hold), TEST_CASE(unpacks_streams), TEST_CASE(broken_ones_end), TEST_CASE(takes_files_once))

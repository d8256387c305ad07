#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"

static char root[] = "/tmp/bomgate-file-XXXXXX";

static const char *at(struct arena *a, const char *name)
{
	return file_join(a, str_of(root), str_of(name)).s;
}

static void writes_and_reads(void)
{
	struct arena *a = arena_new(0);
	struct str why = STR_NONE, got;

	CHECK(mkdtemp(root) != NULL);
	CHECK(file_make_folders(at(a, "x/y/z"), &why));
	CHECK(file_make_folders(at(a, "x/y/z/"), &why));
	CHECK(file_write_atomic(at(a, "x/one"), STR("hello"), &why));
	CHECK(file_read(a, at(a, "x/one"), 5, &got, &why));
	CHECK_STR(got, STR("hello"));
	CHECK(file_write_atomic(at(a, "x/one"), STR(""), &why));
	CHECK(file_read(a, at(a, "x/one"), 5, &got, &why));
	CHECK_INT(got.len, 0);
	CHECK(!file_read(a, at(a, "x/none"), 5, &got, &why));
	CHECK(why.len > 0);
	CHECK(!file_read(a, at(a, "x"), 5, &got, &why));
	CHECK(!file_write_atomic(at(a, "none/one"), STR("x"), &why));
	CHECK(!file_make_folders(at(a, "x/one"), &why));
	CHECK(!file_make_folders(at(a, "x/one/two"), &why));
	arena_free(a);
}

static void limits_hold(void)
{
	struct arena *a = arena_new(0);
	struct str why = STR_NONE, got;
	int ends[2];

	CHECK(file_write_atomic(at(a, "six"), STR("123456"), &why));
	CHECK(!file_read(a, at(a, "six"), 5, &got, &why));
	CHECK(str_has(why, STR("limit")));
	CHECK(file_read(a, at(a, "six"), 6, &got, &why));
	/* A pipe has no size: it is counted while it is read. */
	CHECK(pipe(ends) == 0);
	CHECK(write(ends[1], "123456", 6) == 6);
	close(ends[1]);
	CHECK(!file_read_fd(a, ends[0], 5, &got, &why));
	close(ends[0]);
	struct str big = str_make(arena_alloc(a, 300000), 300000);
	CHECK(file_write_atomic(at(a, "big"), big, &why));
	int fd = open(at(a, "big"), O_RDONLY);
	CHECK(file_read_fd(a, fd, 300000, &got, &why));
	CHECK_INT(got.len, 300000);
	close(fd);
	CHECK(unlink(at(a, "big")) == 0);
	arena_free(a);
}

static void lists_in_order(void)
{
	struct arena *a = arena_new(0);
	struct str why = STR_NONE;
	struct file_entries e;
	enum file_kind kind;

	CHECK(file_write_atomic(at(a, "B"), STR("12"), &why));
	CHECK(file_write_atomic(at(a, "a"), STR("1"), &why));
	CHECK(symlink("x", at(a, "link")) == 0);
	CHECK(file_list(a, root, &e, &why));
	CHECK_INT(e.n, 5);
	CHECK_STR(e.items[0].name, STR("B"));
	CHECK_INT(e.items[0].size, 2);
	CHECK_STR(e.items[1].name, STR("a"));
	CHECK_INT(e.items[2].kind, FILE_LINK);
	CHECK_STR(e.items[3].name, STR("six"));
	CHECK_INT(e.items[4].kind, FILE_FOLDER);
	CHECK(file_kind(at(a, "link"), &kind) && kind == FILE_FOLDER);
	CHECK(!file_kind(at(a, "nothing"), &kind));
	CHECK(!file_list(a, at(a, "nothing"), &e, &why));
	/* No temporary file stays behind, and the folder goes. */
	unlink(at(a, "B"));
	unlink(at(a, "a"));
	unlink(at(a, "link"));
	unlink(at(a, "six"));
	unlink(at(a, "x/one"));
	rmdir(at(a, "x/y/z"));
	rmdir(at(a, "x/y"));
	rmdir(at(a, "x"));
	CHECK(rmdir(root) == 0);
	arena_free(a);
}

TEST_MAIN(TEST_CASE(writes_and_reads), TEST_CASE(limits_hold), TEST_CASE(lists_in_order))

/* go.sum and go.work.sum (go.dev/ref/mod#go-sum-files), and vendor/modules.txt as cmd/go writes it. */
#include "source/golang.h"

#include "syntax/lines.h"

enum result source_go_sum(struct reading *r)
{
	struct go_sum *sum = r->data = ARENA_NEW(r->arena, struct go_sum);
	sum->arena = r->arena;
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str rest = str_trim(l.line);
		if (!rest.len)
			continue;
		struct str path = str_cut(&rest, ' '), version = str_cut(&rest, ' '), hash = str_trim(rest);
		if (!path.len || !version.len || !str_starts(hash, STR("h1:")) || hash.len != 47) {
			if (str_starts(hash, STR("h")) && str_chr(hash, ':') < 4 && !str_starts(hash, STR("h1:")))
				continue; /* a later kind of hash: cmd/go leaves unknown ones alone too */
			reading_problem(r, l.offset, "a line of go.sum has the form \"path version h1:hash\": run `go mod tidy`");
			continue;
		}
		if (str_ends(version, STR("/go.mod")))
			continue;
		*VEC_ADD(r->arena, &sum->lines) = (struct go_sum_line){ path, version, hash, l.offset, l.number };
	}
	return reading_done(r);
}

/* "# path version [=> path [version]]"; only where packages or a "## " line follow: at the end stand replacements of modules
 * that are not in the build. */
static void vendored(struct reading *r, struct str line, size_t offset)
{
	struct go_words w;
	struct str group, name;

	go_words(str_from(line, 2), &w);
	size_t arrow = 0;
	for (size_t i = 1; i < w.n && i < GO_WORDS; i++)
		if (str_is(w.word[i], "=>"))
			arrow = i;
	size_t left = arrow ? arrow : w.n, right = arrow ? w.n - arrow - 1 : 0;
	if (left < 1 || left > 2 || (arrow && (right < 1 || right > 2))) {
		reading_problem(r, offset, "a module line has the form \"# path version\": run `go mod vendor`");
		return;
	}
	if (left == 1 && !arrow)
		return; /* a module of the workspace */
	struct go_replace by = { .new_path = arrow ? w.word[arrow + 1] : STR_NONE,
				 .new_version = right == 2 ? w.word[arrow + 2] : STR_NONE };
	go_split(w.word[0], &group, &name);
	uint32_t c = reading_add(r, group, name, left == 2 ? w.word[1] : STR_NONE, offset);
	go_identify(r, c, w.word[0], left == 2 ? w.word[1] : STR_NONE, arrow ? &by : NULL,
		    tree_resolve(r->arena, reading_dir(r), STR("..")));
}

enum result source_go_vendor(struct reading *r)
{
	struct str pending = STR_NONE;
	size_t pending_offset = 0;
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		if (str_starts(l.line, STR("# "))) {
			pending = l.line;
			pending_offset = l.offset;
		} else if (l.line.len && pending.s) {
			if (!str_starts(l.line, STR("## workspace")))
				vendored(r, pending, pending_offset);
			pending = STR_NONE;
		}
	}
	return reading_done(r);
}

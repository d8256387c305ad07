/* Dockerfiles (moby/buildkit, "Dockerfile reference"): the images of FROM, of COPY --from and of mounts. ARG values from before
 * the first FROM are filled in; names of stages are no images. What ends up in an image that nothing else is built from counts
 * as needed at run time, the rest as needed for building. */
#include "base/map.h"
#include "source/common.h"
#include "source/container.h"
#include "syntax/lines.h"

struct stage {
	struct str name;
	struct str base; /* as written, filled in */
	size_t offset;
	uint32_t from;	 /* index of the stage it is built from, or UINT32_MAX */
	bool used;	 /* by another stage */
};

struct dockerfile {
	struct reading *r;
	struct arena *arena;
	char escape;
	struct map args; /* of before the first FROM: name to struct str * */
	VEC(struct stage) stages;
	VEC(struct use {
		struct str image;
		size_t offset;
		uint32_t stage;
	}) copies;
};

#define NO_STAGE UINT32_MAX
#define LONGEST_LINE 65536

static struct str next_word(struct str *rest)
{
	struct str s = str_trim(*rest);
	size_t end = 0;

	while (end < s.len && !ascii_blank(s.s[end]))
		end++;
	*rest = str_from(s, end);
	return str_sub(s, 0, end);
}

/* Without its quotes, which may stand anywhere in a word as in a shell: ubuntu:"$VERSION", ${NAME:-"word"}. */
static struct str unquote(const struct dockerfile *d, struct str s)
{
	if (str_chr(s, '"') == STR_NOT_FOUND && str_chr(s, '\'') == STR_NOT_FOUND)
		return s;
	char *copy = arena_alloc(d->arena, s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] != '"' && s.s[i] != '\'')
			copy[n++] = s.s[i];
	return str_make(copy, n);
}

static bool name_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_';
}

/* $NAME, ${NAME}, ${NAME:-word}, ${NAME:+word}; what has no value stays as it is written. */
static struct str fill_in(struct dockerfile *d, struct str s, int depth)
{
	size_t dollar = str_chr(s, '$'), end, name_end;

	if (dollar == STR_NOT_FOUND || depth > 8)
		return s;
	bool braces = dollar + 1 < s.len && s.s[dollar + 1] == '{';
	size_t start = dollar + 1 + braces;
	for (name_end = start; name_end < s.len && name_char(s.s[name_end]);)
		name_end++;
	end = name_end;
	struct str name = str_sub(s, start, name_end - start), word = STR_NONE, value = STR_NONE;
	char kind = 0;
	if (braces) {
		end = str_find(s, STR("}"), name_end);
		if (end == STR_NOT_FOUND || !name.len)
			return s;
		if (end > name_end + 1 && s.s[name_end] == ':') {
			kind = s.s[name_end + 1];
			word = str_sub(s, name_end + 2, end - name_end - 2);
		}
		end++;
	}
	struct map_entry *e = map_get(&d->args, name);
	if (e && ((struct str *)e->value.ptr)->s)
		value = *(struct str *)e->value.ptr;
	if (kind == '-' && !value.len)
		value = word;
	if (kind == '+')
		value = value.len ? word : STR("");
	struct str rest = fill_in(d, str_from(s, end), depth + 1);
	if (!value.s)
		return arena_concat(d->arena, str_sub(s, 0, end), rest, STR(""));
	struct str whole = arena_concat(d->arena, str_sub(s, 0, dollar), fill_in(d, value, depth + 1), rest);
	return whole.len > LIMIT_NAME ? s : whole; /* values that grow from line to line end here */
}

static uint32_t stage_of(const struct dockerfile *d, struct str name)
{
	for (size_t i = d->stages.n; i > 0; i--)
		if (d->stages.items[i - 1].name.len && str_eq_nocase(d->stages.items[i - 1].name, name))
			return (uint32_t)(i - 1);
	return NO_STAGE;
}

static void on_from(struct dockerfile *d, struct str rest, size_t offset)
{
	struct str word = next_word(&rest);

	while (str_starts(word, STR("--")))
		word = next_word(&rest);
	struct str base = fill_in(d, unquote(d, word), 0), as = next_word(&rest);
	if (!base.len) {
		reading_problem(d->r, offset, "FROM without an image");
		return;
	}
	uint32_t from = stage_of(d, base);
	if (from != NO_STAGE)
		d->stages.items[from].used = true;
	struct stage *s = VEC_ADD(d->arena, &d->stages);
	*s = (struct stage){ .base = base, .offset = offset, .from = from };
	if (str_eq_nocase(as, STR("AS")))
		s->name = next_word(&rest);
}

static void on_arg(struct dockerfile *d, struct str rest)
{
	if (d->stages.n)
		return; /* of a stage: it cannot reach a FROM */
	for (struct str word = next_word(&rest); word.len; word = next_word(&rest)) {
		size_t equals = str_chr(word, '=');
		struct str text = equals == STR_NOT_FOUND ? STR_NONE : fill_in(d, unquote(d, str_from(word, equals + 1)), 0); /* may name itself */
		struct map_entry *e = map_put(&d->args, str_sub(word, 0, equals), NULL);
		struct str *value = e->value.ptr ? e->value.ptr : ARENA_NEW(d->arena, struct str);
		*value = text;
		e->value.ptr = value;
	}
}

/* `image` may lie in the buffer of joined lines. */
static void use(struct dockerfile *d, struct str image, size_t offset)
{
	uint64_t number;
	uint32_t stage = stage_of(d, image);

	if (stage == NO_STAGE && str_to_u64(image, &number) && number < d->stages.n)
		stage = (uint32_t)number;
	if (stage != NO_STAGE)
		d->stages.items[stage].used = true;
	else if (image.len && d->stages.n)
		*VEC_ADD(d->arena, &d->copies) = (struct use){ fill_in(d, arena_str(d->arena, image), 0), offset, (uint32_t)(d->stages.n - 1) };
}

/* --from=… of COPY and ADD; from=… of --mount. */
static void on_flags(struct dockerfile *d, struct str rest, size_t offset)
{
	for (struct str word = next_word(&rest); str_starts(word, STR("--")); word = next_word(&rest)) {
		if (str_starts(word, STR("--from=")))
			use(d, unquote(d, str_from(word, 7)), offset);
		for (struct str list = str_starts(word, STR("--mount=")) ? str_from(word, 8) : STR_NONE; list.s;) {
			struct str option = str_cut(&list, ',');
			if (str_starts(option, STR("from=")))
				use(d, unquote(d, str_from(option, 5)), offset);
		}
	}
}

/* Skips the here-documents that an instruction's line opens ("<<EOF", "<<-'EOF'"). */
static void skip_heredocs(struct lines *l, struct str line)
{
	for (size_t at = 0; (at = str_find(line, STR("<<"), at)) != STR_NOT_FOUND;) {
		at += 2;
		bool dash = at < line.len && line.s[at] == '-';
		size_t start = at + dash, end;
		char quote = start < line.len && (line.s[start] == '"' || line.s[start] == '\'') ? line.s[start] : 0;
		start += quote != 0;
		for (end = start; end < line.len && name_char(line.s[end]);)
			end++;
		struct str word = str_sub(line, start, end - start);
		if (!word.len || !(ascii_alpha(word.s[0]) || word.s[0] == '_'))
			continue;
		while (lines_next(l))
			if (str_eq(dash ? str_trim(l->line) : l->line, word))
				break;
	}
}

static void instruction(struct dockerfile *d, struct lines *l, struct str line, size_t offset)
{
	struct str rest = line, word = next_word(&rest);

	if (str_eq_nocase(word, STR("FROM")))
		on_from(d, arena_str(d->arena, rest), offset); /* the buffer of joined lines is used again, what is kept of it is not */
	else if (str_eq_nocase(word, STR("ARG")))
		on_arg(d, arena_str(d->arena, rest));
	else if (str_eq_nocase(word, STR("COPY")) || str_eq_nocase(word, STR("ADD")) || str_eq_nocase(word, STR("RUN"))) {
		on_flags(d, rest, offset);
		skip_heredocs(l, rest);
	}
}

/* "# escape=`" and "# syntax=image", only before anything else. */
static bool directive(struct dockerfile *d, struct str line, size_t offset)
{
	struct str rest = str_trim(str_from(line, 1));
	size_t equals = str_chr(rest, '=');

	if (equals == STR_NOT_FOUND)
		return false;
	struct str name = str_trim(str_sub(rest, 0, equals)), value = str_trim(str_from(rest, equals + 1));
	if (str_eq_nocase(name, STR("escape")) && value.len == 1)
		d->escape = value.s[0];
	else if (str_eq_nocase(name, STR("syntax")) && value.len)
		container_add(d->r, value, offset, SCOPE_BUILD);
	else
		return str_eq_nocase(name, STR("check"));
	return true;
}

/* An instruction that goes on behind the escape character. What is past the buffer is a shell script: nothing of ours. */
static struct str join_lines(struct dockerfile *d, struct lines *l, struct str line, char *joined)
{
	size_t n = 0;
	bool more = true;

	while (more) {
		more = line.len && line.s[line.len - 1] == d->escape;
		line.len -= more;
		if (line.len < LONGEST_LINE - n) {
			memcpy(joined + n, line.s, line.len);
			n += line.len;
			joined[n++] = ' ';
		} else
			n = n < LONGEST_LINE ? n : LONGEST_LINE;
		bool any = false;
		while (more && !any && lines_next(l)) { /* comments and empty lines between do not end it */
			line = str_trim(l->line);
			any = line.len && line.s[0] != '#';
		}
		more = any;
	}
	return str_make(joined, n);
}

static void read_lines(struct dockerfile *d)
{
	struct lines l;
	bool top = true;
	char *joined = arena_alloc(d->arena, LONGEST_LINE);

	lines_open(&l, d->r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(l.line);
		size_t offset = l.offset;
		if (line.len && line.s[0] == '#') {
			top = top && directive(d, line, offset);
			continue;
		}
		top = false;
		if (!line.len)
			continue;
		if (line.s[line.len - 1] == d->escape)
			line = join_lines(d, &l, line, joined);
		instruction(d, &l, line, offset);
	}
}

static void add_images(struct dockerfile *d)
{
	bool *ships = arena_array(d->arena, d->stages.n + 1, sizeof *ships);

	for (size_t i = d->stages.n; i > 0; i--) {
		struct stage *s = &d->stages.items[i - 1];
		ships[i - 1] = ships[i - 1] || !s->used;
		if (ships[i - 1] && s->from != NO_STAGE)
			ships[s->from] = true;
	}
	for (size_t i = 0; i < d->stages.n; i++) {
		struct stage *s = &d->stages.items[i];
		if (s->from == NO_STAGE && !str_is(s->base, "scratch"))
			container_add(d->r, s->base, s->offset, ships[i] ? SCOPE_RUNTIME : SCOPE_BUILD);
	}
	for (VEC_EACH(struct use, u, &d->copies))
		container_add(d->r, u->image, u->offset, ships[u->stage] ? SCOPE_RUNTIME : SCOPE_BUILD);
}

enum result source_dockerfile(struct reading *r)
{
	struct dockerfile d = { .r = r, .arena = r->arena, .escape = '\\' };
	size_t bad = str_utf8_valid(r->text);

	if (bad != r->text.len)
		return reading_error(r, bad, "not valid UTF-8");
	map_init(&d.args, r->arena);
	read_lines(&d);
	add_images(&d);
	return reading_done(r);
}

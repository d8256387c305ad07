#include "match/findings.h"

#include "base/limits.h"
#include "base/sha256.h"
#include "format/format.h"
#include "format/unpack.h"
#include "syntax/json.h"

#define SUMMARY_LENGTH 200

const struct findings_format findings_formats[] = {
#define FINDINGS_FORMAT(fn, name, title, keys) { name, title, keys, findings_##fn },
#include "match/findings_formats.def"
#undef FINDINGS_FORMAT
};
const size_t findings_formats_n = sizeof findings_formats / sizeof findings_formats[0];

struct reported *findings_add(struct findings_reading *r, size_t offset)
{
	struct reported *e = VEC_ADD(r->arena, &r->out->list);

	e->offset = offset;
	return e;
}

void findings_id(struct findings_reading *r, struct reported *e, struct str id)
{
	id = str_trim(id);
	if (!id.len || id.len > LIMIT_NAME)
		return;
	for (VEC_EACH(const struct str, known, &e->ids))
		if (str_eq(*known, id))
			return;
	*VEC_ADD(r->arena, &e->ids) = id;
}

void findings_check(struct findings_reading *r)
{
	const struct reported *e = &r->out->list.items[r->out->list.n - 1];
	bool named = e->purl.len || e->name.len, sane = e->name.len <= LIMIT_NAME && e->version.len <= LIMIT_NAME && e->purl.len <= 4 * LIMIT_NAME;

	if (named && sane && e->ids.n)
		return;
	diag_add(r->diags, SEV_ERROR, "input.entry", r->out->path, e->offset, "a finding %s, so it cannot be judged",
		 !sane ? "with a name of absurd length" : named ? "without an id" : "names no component");
	r->out->damaged = true;
	r->out->list.n--;
}

struct str findings_line(struct str text)
{
	text = str_trim(text);
	text = str_trim(str_sub(text, 0, str_chr(text, '\n')));
	if (text.len <= SUMMARY_LENGTH)
		return text;
	size_t end = SUMMARY_LENGTH;
	while (end > 0 && ((unsigned char)text.s[end] & 0xc0) == 0x80)
		end--;
	return str_sub(text, 0, end);
}

bool findings_close(struct findings_reading *r, struct json_cursor *c)
{
	if (json_close(c))
		return true;
	diag_add(r->diags, SEV_ERROR, "input.syntax", r->out->path, c->error_offset, "%s; what stands before it was taken", c->error);
	return false;
}

/* Does the document have one of the keys at its top? Trivy before version 0.20 wrote a list of results. */
static bool has_key(struct arena *a, struct str text, const char *keys)
{
	struct json_cursor c;
	struct str key;

	json_open(&c, a, text);
	if (json_peek(&c) == JSON_ARRAY && str_has(str_of(keys), STR("Results"))) {
		json_enter_array(&c);
		if (!json_next(&c) || json_peek(&c) != JSON_OBJECT)
			return false;
		json_enter_object(&c);
		return json_next_key(&c, &key) && str_is(key, "Target");
	}
	if (json_peek(&c) != JSON_OBJECT)
		return false;
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_one_of(str_of(keys), key))
			return true;
		json_skip(&c);
	}
	return false;
}

static bool is_cyclonedx(struct arena *a, struct str path, struct str bytes)
{
	struct diags quiet;
	struct str text;
	const struct format *found = NULL;

	diag_init(&quiet, a);
	return format_find(a, &quiet, path, bytes, &text, &found) == OK && found && str_is(str_of(found->standard), "cyclonedx");
}

static const struct findings_format *row_for(struct arena *a, struct str path, struct str text)
{
	for (size_t i = 0; i < findings_formats_n; i++) {
		const struct findings_format *row = &findings_formats[i];
		if (row->keys ? has_key(a, text, row->keys) : is_cyclonedx(a, path, text))
			return row;
	}
	return NULL;
}

enum result findings_read(struct arena *a, struct diags *d, struct str path, struct str bytes, struct findings_file *out)
{
	struct findings_reading r = { .arena = a, .diags = d, .text = bytes, .out = out };
	struct str known = STR("");
	size_t before = d->n;

	*out = (struct findings_file){ .path = path, .sha256 = sha256_hex(a, bytes), .size = bytes.len, .damaged = true };
	if (format_unpack(a, d, path, bytes, &r.text) == FAILED)
		return FAILED;
	out->damaged = false;
	const struct findings_format *row = row_for(a, path, r.text);
	if (!row) {
		for (size_t i = 0; i < findings_formats_n; i++)
			known = arena_printf(a, "%.*s%s%s", STR_ARG(known), i ? ", " : "", findings_formats[i].title);
		diag_add(d, SEV_ERROR, "input.format", path, DIAG_NO_OFFSET, "this is no report that is known; there are %.*s", STR_ARG(known));
		out->damaged = true;
		return FAILED;
	}
	out->format = out->tool = str_of(row->name);
	bool read = row->read(&r);
	diag_locate(d, before, path, r.text);
	if (!read)
		out->damaged = true;
	return !read ? FAILED : out->damaged ? PARTIAL : OK;
}

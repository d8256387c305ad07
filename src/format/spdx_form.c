#include "format/spdx_tag.h"

/* Finds (or, where `make` is set, makes) the field along "a.b" of an object. */
static struct spdx_node *at_path(struct arena *a, struct spdx_node *object, struct str path, struct str text, bool make)
{
	while (path.s && object) {
		const struct spdx_field *f = spdx_field_by_json(object->object, str_cut(&path, '.'));
		struct spdx_node *n = f ? spdx_node_get(object, f->id) : NULL;
		if (!n && f && make)
			n = spdx_node_add(a, object, f->id, text);
		object = n;
	}
	return object;
}

bool spdx_form_read(struct arena *a, struct str text, struct spdx_node *object)
{
	struct str form = str_of(spdx_object_form(object->object)), rest = str_trim(text);

	while (form.len) {
		if (form.s[0] == ' ' || form.s[0] == ':') {
			if (form.s[0] == ':' && (!rest.len || rest.s[0] != ':'))
				return false;
			if (form.s[0] == ':')
				rest = str_from(rest, 1);
			rest = str_trim(rest); /* blanks, however many */
			form = str_from(form, 1);
			continue;
		}
		size_t close = str_chr(form, '}'), n = 0;
		struct str path = str_sub(form, 1, close - 1);
		form = str_from(form, close + 1);
		while (n < rest.len && (!form.len || (form.s[0] == ' ' ? !ascii_blank(rest.s[n]) : rest.s[n] != form.s[0])))
			n++;
		struct str value = str_trim(str_sub(rest, 0, n));
		if (!value.len)
			return false;
		at_path(a, object, path, value, true);
		rest = str_from(rest, n);
	}
	return true;
}

void spdx_form_write(struct buf *out, const struct spdx_node *object)
{
	for (struct str form = str_of(spdx_object_form(object->object)); form.len;) {
		if (form.s[0] != '{') {
			buf_addc(out, form.s[0]);
			form = str_from(form, 1);
			continue;
		}
		size_t close = str_chr(form, '}');
		const struct spdx_node *n = at_path(NULL, (struct spdx_node *)(uintptr_t)object, str_sub(form, 1, close - 1), STR_NONE, false);
		buf_add(out, n ? n->text : STR("NOASSERTION"));
		form = str_from(form, close + 1);
	}
}

void spdx_code_read(struct arena *a, struct str text, struct spdx_node *code)
{
	size_t open = str_chr(text, '('), close = str_rchr(text, ')');

	spdx_node_add(a, code, F_CODE_VALUE, str_trim(str_sub(text, 0, open == STR_NOT_FOUND ? text.len : open)));
	if (open == STR_NOT_FOUND || close == STR_NOT_FOUND || close < open)
		return;
	struct str list = str_trim(str_sub(text, open + 1, close - open - 1));
	if (str_starts_nocase(list, STR("excludes:")))
		list = str_trim(str_from(list, 9));
	while (list.s) {
		struct str one = str_trim(str_cut(&list, ','));
		if (one.len)
			spdx_node_add(a, code, F_CODE_EXCLUDED, one);
	}
}

void spdx_code_write(struct buf *out, const struct spdx_node *code)
{
	const char *before = " (excludes: ";

	buf_add(out, spdx_node_text(code, F_CODE_VALUE));
	for (SPDX_EACH(e, spdx_node_get(code, F_CODE_EXCLUDED))) {
		buf_adds(out, before);
		buf_add(out, e->text);
		before = ", ";
	}
	if (*before == ',')
		buf_addc(out, ')');
}

bool spdx_range_read(struct arena *a, struct str text, bool lines, struct str file, struct spdx_node *range)
{
	struct str end = str_trim(text), start = str_trim(str_cut(&end, ':'));
	uint64_t n;

	end = str_trim(end);
	if (!str_to_u64(start, &n) || !str_to_u64(end, &n))
		return false;
	for (int i = 0; i < 2; i++) {
		struct spdx_node *p = spdx_node_add(a, range, i ? F_RANGE_END : F_RANGE_START, STR_NONE);
		spdx_node_add(a, p, lines ? F_POINTER_LINE : F_POINTER_OFFSET, i ? end : start);
		spdx_node_add(a, p, F_POINTER_REFERENCE, file.len ? file : STR("NOASSERTION"));
	}
	return true;
}

bool spdx_range_write(struct buf *out, const struct spdx_node *range, bool lines)
{
	enum spdx_field_id id = lines ? F_POINTER_LINE : F_POINTER_OFFSET;
	struct str start = spdx_node_text(spdx_node_get(range, F_RANGE_START), id), end = spdx_node_text(spdx_node_get(range, F_RANGE_END), id);

	if (!start.len || !end.len)
		return false;
	buf_printf(out, "%.*s:%.*s", STR_ARG(start), STR_ARG(end));
	return true;
}

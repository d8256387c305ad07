/* .trivyignore (one id a line, "exp:2027-01-31" behind it, '#' begins a comment) and .trivyignore.yaml (vulnerabilities[] with id,
 * paths, purls, expired_at, statement). */
#include "decide/exceptions.h"
#include "decide/policy_parse.h"
#include "syntax/lines.h"
#include "syntax/yaml.h"

static struct str word(struct str *rest)
{
	struct str w;

	*rest = str_trim(*rest);
	for (size_t i = 0; i < rest->len; i++) {
		if (!ascii_blank(rest->s[i]))
			continue;
		w = str_sub(*rest, 0, i);
		*rest = str_from(*rest, i);
		return w;
	}
	w = *rest;
	*rest = STR("");
	return w;
}

bool ignore_trivyignore(struct statement_file *f)
{
	struct lines l;

	lines_open(&l, f->text);
	while (lines_next(&l)) {
		size_t comment = str_chr(l.line, '#');
		struct str rest = comment == STR_NOT_FOUND ? l.line : str_sub(l.line, 0, comment), id = word(&rest), more;
		struct statement *s;
		if (!id.len)
			continue;
		s = statement_new(f, l.offset);
		s->shown.id = id;
		s->shown.why = comment == STR_NOT_FOUND ? STR_NONE : str_trim(str_from(l.line, comment + 1));
		*VEC_ADD(f->x->arena, &s->ids) = id;
		while ((more = word(&rest)).len) {
			if (!str_starts(more, STR("exp:")))
				return statement_wrong(f, l.offset, "\"%.*s\": after the id only exp:YYYY-MM-DD is known", STR_ARG(str_sub(more, 0, 60)));
			s->shown.until = str_from(more, 4);
			if (!policy_until(s->shown.until, &s->until))
				return statement_wrong(f, l.offset, "\"%.*s\" is no day", STR_ARG(str_sub(s->shown.until, 0, 60)));
		}
	}
	return true;
}

static bool yaml_entry(struct statement_file *f, const struct value *v)
{
	struct statement *s = statement_new(f, v->offset);
	struct arena *a = f->x->arena;

	s->shown.id = value_get_text(v, "id");
	if (!s->shown.id.len)
		return statement_wrong(f, v->offset, "an entry has no id");
	*VEC_ADD(a, &s->ids) = s->shown.id;
	s->shown.why = value_get_text(v, "statement");
	for (VALUE_EACH(path, value_get(v, "paths")))
		*VEC_ADD(a, &s->paths) = value_text(path);
	for (VALUE_EACH(purl, value_get(v, "purls"))) {
		struct named n = named_of(a, value_text(purl));
		if (!n.is_purl)
			return statement_wrong(f, purl->offset, "\"%.*s\" is no purl", STR_ARG(str_sub(value_text(purl), 0, 80)));
		statement_about(a, s, n);
	}
	s->shown.until = value_get_text(v, "expired_at");
	if (s->shown.until.s && !policy_until(s->shown.until, &s->until))
		return statement_wrong(f, v->offset, "expired_at: \"%.*s\" is no day", STR_ARG(str_sub(s->shown.until, 0, 60)));
	return true;
}

bool ignore_trivyignore_yaml(struct statement_file *f)
{
	struct yaml_documents docs = { 0 };
	struct str error = STR_NONE;
	size_t offset = 0;

	if (!yaml_parse(f->x->arena, f->text, false, &docs, &error, &offset))
		return statement_wrong(f, offset, "no valid YAML: %.*s", STR_ARG(error));
	for (size_t i = 0; i < docs.n; i++)
		for (VALUE_EACH(v, value_get(docs.items[i], "vulnerabilities")))
			if (!yaml_entry(f, v))
				return false;
	return true;
}

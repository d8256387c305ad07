#include "format/spdx_rules.h"

#define OBJECT(...)
#define FORM(...)
#define VALUES(...)
#define FIELD(object, id, json, tag, type, of, flags, since, until)                                                      \
	{ O_##object, F_##object##_##id, json, tag, type, of, flags, since, until },
const struct spdx_field spdx_fields[F_COUNT] = {
#include "format/spdx_rules.def"
};
#undef FIELD
#undef OBJECT

#define FIELD(...)
#define OBJECT(id, name, tag) { name, tag },
static const struct {
	const char *name, *tag;
} objects[O_COUNT] = {
#include "format/spdx_rules.def"
};
#undef OBJECT
#undef FORM

#define OBJECT(...)
#define FORM(object, form) [O_##object] = form,
static const char *const forms[O_COUNT] = {
#include "format/spdx_rules.def"
};
#undef FORM
#undef VALUES

#define FORM(...)
#define VALUES(id, words) words,
static const char *const values[V_COUNT] = {
#include "format/spdx_rules.def"
};
#undef FORM
#undef VALUES
#undef FIELD
#undef OBJECT

const struct spdx_relation spdx_relations[] = {
#define RELATION(type, kind, scope, turned, since, spdx3, spdx3_turned) { #type, kind, scope, turned, since, spdx3, spdx3_turned },
#include "format/spdx_relations.def"
#undef RELATION
};
const size_t spdx_relations_n = sizeof spdx_relations / sizeof spdx_relations[0];

const struct spdx_algorithm spdx_algorithms[] = {
#define ALGORITHM(spdx2, model, spdx3, digits, since) { spdx2, model, spdx3, digits, since },
#include "format/spdx_algorithms.def"
#undef ALGORITHM
};
const size_t spdx_algorithms_n = sizeof spdx_algorithms / sizeof spdx_algorithms[0];

const char *spdx_object_name(enum spdx_object o)
{
	return objects[o].name;
}

const char *spdx_object_tag(enum spdx_object o)
{
	return objects[o].tag;
}

const char *spdx_object_form(enum spdx_object o)
{
	return forms[o];
}

void spdx_object_fields(enum spdx_object o, size_t *first, size_t *end)
{
	static size_t starts[O_COUNT], ends[O_COUNT];

	if (ends[o] == 0) { /* idempotent, so that two threads may do it at once */
		for (size_t i = F_COUNT; i > 0; i--)
			if (spdx_fields[i - 1].object == o)
				starts[o] = i - 1;
		for (size_t i = 0; i < F_COUNT; i++)
			if (spdx_fields[i].object == o)
				ends[o] = i + 1;
	}
	*first = starts[o];
	*end = ends[o];
}

const struct spdx_field *spdx_field_by_json(enum spdx_object o, struct str key)
{
	size_t i, end;

	spdx_object_fields(o, &i, &end);
	for (; i < end; i++)
		if (key.len && spdx_fields[i].object == o && str_is(key, spdx_fields[i].json))
			return &spdx_fields[i];
	return NULL;
}

bool spdx_field_in(const struct spdx_field *f, int version)
{
	return (!f->since || version >= f->since) && (!f->until || version <= f->until);
}

int spdx_version_of(struct str version)
{
	if (str_starts_nocase(version, STR("SPDX-")))
		version = str_from(version, 5);
	return str_is(version, "2.3") ? 23 : str_is(version, "2.2") || str_is(version, "2.2.1") || str_is(version, "2.2.2") ? 22 : 0;
}

static bool same_word(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		char x = ascii_lower(a.s[i]), y = ascii_lower(b.s[i]);
		if ((x == '_' ? '-' : x) != (y == '_' ? '-' : y))
			return false;
	}
	return true;
}

struct str spdx_value_of(enum spdx_values v, struct str word, int version)
{
	if (v == V_RELATION) {
		for (size_t i = 0; i < spdx_relations_n; i++)
			if ((!version || spdx_relations[i].since <= version) && same_word(word, str_of(spdx_relations[i].type)))
				return str_of(spdx_relations[i].type);
		return STR_NONE;
	}
	if (v == V_ALGORITHM) {
		for (size_t i = 0; i < spdx_algorithms_n; i++)
			if ((!version || spdx_algorithms[i].since <= version) && same_word(word, str_of(spdx_algorithms[i].spdx2)))
				return str_of(spdx_algorithms[i].spdx2);
		return STR_NONE;
	}
	for (struct str rest = str_of(values[v]); rest.s;) {
		struct str one = str_cut(&rest, ' ');
		if (same_word(word, one))
			return one;
	}
	return STR_NONE;
}

const struct spdx_relation *spdx_relation_by_type(struct str type)
{
	if (str_eq_nocase(type, STR("DESCRIBE"))) /* Trivy of 2022 */
		type = STR("DESCRIBES");
	for (size_t i = 0; i < spdx_relations_n; i++)
		if (same_word(type, str_of(spdx_relations[i].type)))
			return &spdx_relations[i];
	return NULL;
}

const struct spdx_relation *spdx_relation_for(enum dependency_kind kind, unsigned scope)
{
	for (size_t i = 0; i < spdx_relations_n; i++)
		if (spdx_relations[i].kind == kind && spdx_relations[i].scope == scope)
			return &spdx_relations[i];
	return NULL;
}

const struct spdx_algorithm *spdx_algorithm_of(struct str name)
{
	for (size_t i = 0; i < spdx_algorithms_n; i++)
		if (same_word(name, str_of(spdx_algorithms[i].spdx2)) || same_word(name, str_of(spdx_algorithms[i].model)) ||
		    same_word(name, str_of(spdx_algorithms[i].spdx3)))
			return &spdx_algorithms[i];
	return NULL;
}

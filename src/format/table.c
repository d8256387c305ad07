/* The table of SBOM formats. */
#include "format/format.h"

const struct format formats[] = {
#define FORMAT(fn, name, standard, versions, otherwise, file, media)                                                     \
	{ name, standard, versions, otherwise, file, media, fn##_detect, fn##_read, fn##_write },
#include "format/formats.def"
#undef FORMAT
	{ 0 },
};
const size_t formats_n = sizeof formats / sizeof formats[0] - 1;

const struct format *format_by_name(struct str name)
{
	for (size_t i = 0; i < formats_n; i++)
		if (str_is(name, formats[i].name))
			return &formats[i];
	return NULL;
}

bool format_has_version(const struct format *f, struct str version)
{
	struct str rest = str_of(f->versions);

	while (rest.s)
		if (str_eq(str_cut(&rest, ' '), version))
			return true;
	return false;
}

void loss_note(struct losses *l, const char *what, bool kept)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->list.n; i++) {
		if (str_is(l->list.items[i].what, what) && l->list.items[i].kept == kept) {
			l->list.items[i].count++;
			return;
		}
	}
	*VEC_ADD(l->arena, &l->list) = (struct loss){ .what = arena_str(l->arena, str_of(what)), .count = 1, .kept = kept };
}

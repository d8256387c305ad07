/* From OSV's ecosystem, or an ordering's own name, to the ordering. */
#include "version/version.h"

static const struct {
	const char *name, *ordering;
} ecosystems[] = {
#define ECOSYSTEM(name, ordering) { name, ordering },
#include "version/ecosystems.def"
#undef ECOSYSTEM
};

static const struct ordering *by_name(struct str name)
{
	for (size_t i = 0; i < orderings_n; i++)
		if (str_is(name, orderings[i].name))
			return &orderings[i];
	return NULL;
}

static const char *ordering_of(struct str ecosystem)
{
	for (size_t i = 0; i < sizeof ecosystems / sizeof ecosystems[0]; i++)
		if (str_is(ecosystem, ecosystems[i].name))
			return ecosystems[i].ordering;
	return NULL;
}

bool version_ecosystem_known(struct str ecosystem)
{
	return ordering_of(str_cut(&ecosystem, ':')) != NULL;
}

const struct ordering *version_ordering(struct str ecosystem)
{
	struct str suffix = ecosystem;
	struct str name = str_cut(&suffix, ':');
	const char *row = ordering_of(name);

	if (!row)
		return suffix.s ? NULL : by_name(name);
	if (row[0] != ':')
		return by_name(str_of(row));
	/* "Root:Debian:12", "TuxCare:AlmaLinux:9": one step in, and never a second one; what stands behind ':' is for no suffix */
	const char *inner = suffix.s ? ordering_of(str_cut(&suffix, ':')) : row + 1;
	return inner && inner[0] != ':' ? by_name(str_of(inner)) : NULL;
}

enum order version_compare(const struct ordering *o, struct str a, struct str b)
{
	return o && o->valid(a) && o->valid(b) ? o->compare(a, b) : ORDER_UNKNOWN;
}

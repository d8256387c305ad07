/* Which versions of a product are supported, as the fleet file lists them. */
#include "cmd/fleet.h"
#include "cmd/version_range.h"
#include "source/source.h"

/* Tags say v1.2.3, documents 1.2.3. */
static struct str plain(struct str v)
{
	return v.len > 1 && (v.s[0] == 'v' || v.s[0] == 'V') && v.s[1] >= '0' && v.s[1] <= '9' ? str_from(v, 1) : v;
}

static bool is_range(struct str text)
{
	return text.len && strchr("<>=^~!", text.s[0]);
}

bool fleet_version_valid(struct str text)
{
	struct version_range r = { 0 };

	return text.len && (!is_range(text) || version_range_parse(text, &r));
}

static bool fits(struct str text, struct str version)
{
	struct version_range r = { 0 };

	if (!is_range(text))
		return str_eq(text, version) || path_glob(text, version) || path_glob(plain(text), plain(version));
	if (!version_range_parse(text, &r))
		return false;
	for (size_t i = 0; i < r.n; i++)
		r.bounds[i].version = plain(r.bounds[i].version);
	return version_range_has(&r, version_ordering(STR("semver")), plain(version)) != RANGE_OUT;
}

bool fleet_supports(struct fleet_versions *v, struct str version)
{
	bool any = false;

	for (VEC_EACH(struct fleet_version, x, &v->list))
		if (fits(x->text, version))
			any = x->found = true;
	return any;
}

void fleet_versions_missing(struct fleet *f)
{
	for (size_t i = 0; i < f->versions.n; i++) {
		struct fleet_versions *v = f->versions.items[i];
		f->product = v->product;
		for (VEC_EACH(const struct fleet_version, x, &v->list))
			if (!x->found)
				fleet_fail(f, false, arena_printf(f->arena, "%.*s %.*s", STR_ARG(v->product), STR_ARG(x->text)),
					   STR("there is no SBOM of this supported version: nothing is known of it"));
	}
	f->product = STR_NONE;
}

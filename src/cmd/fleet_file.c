/* The fleet file: a YAML list of products. */
#include "base/limits.h"
#include "cmd/fleet.h"
#include "io/file.h"
#include "syntax/yaml.h"

static const char *const keys[] = { "name", "repository", "sboms", "version", "versions", "latest", "owner", "exposure", "human_impact", "config", "patchable",
				    "accept_no_data" };

static bool known(struct str key)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (str_is(key, keys[i]))
			return true;
	return false;
}

static struct str beside(struct arena *a, struct str file, struct str path)
{
	size_t slash = str_rchr(file, '/');

	if (!path.len || path.s[0] == '/' || slash == STR_NOT_FOUND)
		return path;
	return file_join(a, str_sub(file, 0, slash ? slash : 1), path);
}

/* `versions`: a text or a list of texts. NULL in *out: all are supported. */
static bool take_versions(struct fleet *f, struct str file, struct str product, const struct value *v, struct fleet_versions **out)
{
	const struct value *list = value_get(v, "versions");

	*out = NULL;
	if (!list)
		return true;
	*out = ARENA_NEW(f->arena, struct fleet_versions);
	(*out)->product = product;
	for (const struct value *e = list->type == VALUE_LIST ? value_first(list) : list; e; e = list->type == VALUE_LIST ? e->next : NULL) {
		if (!fleet_version_valid(value_text(e))) {
			complain("%.*s: product %.*s: versions are texts such as \"2.1.0\", \"v2.*\" or \">=1.4,<2\"", STR_ARG(file), STR_ARG(product));
			return false;
		}
		*VEC_ADD(f->arena, &(*out)->list) = (struct fleet_version){ value_text(e), false };
	}
	if (!(*out)->list.n) {
		complain("%.*s: product %.*s: versions names none", STR_ARG(file), STR_ARG(product));
		return false;
	}
	*VEC_ADD(f->arena, &f->versions) = *out;
	return true;
}

static void add_sboms(struct fleet *f, struct str file, const struct fleet_unit *like, struct str sboms)
{
	bool list = str_starts(sboms, STR("list:"));
	struct fleet part = { .arena = f->arena };
	struct str path = beside(f->arena, file, list ? str_from(sboms, 5) : sboms);

	fleet_add(&part, list ? arena_concat(f->arena, STR("list:"), path, STR_NONE) : path, 0, 0);
	for (VEC_EACH(const struct fleet_unit, u, &part.units)) {
		struct fleet_unit *to = VEC_ADD(f->arena, &f->units);
		*to = *like;
		to->path = u->path;
		to->shown = u->shown;
		to->folder = u->folder;
		to->is_list = u->is_list;
		to->repository = STR_NONE;
	}
	for (VEC_EACH(const struct fleet_failure, x, &part.failures))
		fleet_fail(f, x->data, x->what, x->why);
}

static bool add_product(struct fleet *f, struct str file, const struct value *v, unsigned leg, unsigned legs)
{
	struct fleet_unit like = { .product = value_get_text(v, "name"), .version = value_get_text(v, "version"), .owner = value_get_text(v, "owner"),
				   .exposure = value_get_text(v, "exposure"), .human_impact = value_get_text(v, "human_impact"),
				   .repository = value_get_text(v, "repository"), .home = value_get_text(v, "repository"),
				   .accept_no_data = value_is_true(value_get(v, "accept_no_data")), .config = beside(f->arena, file, value_get_text(v, "config")),
				   .not_patchable = value_get(v, "patchable") && !value_is_true(value_get(v, "patchable")) };
	struct str sboms = value_get_text(v, "sboms"), latest = value_get_text(v, "latest");
	uint64_t n = 0;

	if (v->type != VALUE_TABLE || !like.product.len || (!sboms.len && !like.repository.len)) {
		complain("%.*s: every product needs a name, and sboms or a repository", STR_ARG(file));
		return false;
	}
	for (VALUE_EACH(e, v))
		if (!known(e->key)) {
			complain("%.*s: product %.*s: there is no key `%.*s`", STR_ARG(file), STR_ARG(like.product), STR_ARG(e->key));
			return false;
		}
	if (latest.len && (!str_to_u64(latest, &n) || !n || n > 100)) {
		complain("%.*s: product %.*s: latest is a number from 1 to 100", STR_ARG(file), STR_ARG(like.product));
		return false;
	}
	if (like.config.len && (like.exposure.len || like.human_impact.len)) {
		complain("%.*s: product %.*s: exposure and human_impact stand in its config, or here; not both", STR_ARG(file), STR_ARG(like.product));
		return false;
	}
	if (legs && str_hash(like.product) % legs + 1 != leg)
		return true;
	if (!take_versions(f, file, like.product, v, &like.versions))
		return false;
	*VEC_ADD(f->arena, &f->asked) = like.product;
	f->product = like.product;
	if (like.repository.len)
		fleet_add_repository(f, &like, (unsigned)n);
	if (sboms.len)
		add_sboms(f, file, &like, sboms);
	f->product = STR_NONE;
	return true;
}

bool fleet_add_file(struct fleet *f, struct str path, unsigned leg, unsigned legs)
{
	struct yaml_documents docs = { 0 };
	struct str text, why;
	size_t at = 0;

	if (!file_read(f->arena, arena_cstr(f->arena, path), LIMIT_MANIFEST, &text, &why) || !yaml_parse(f->arena, text, false, &docs, &why, &at)) {
		complain("%.*s: %.*s", STR_ARG(path), STR_ARG(why));
		return false;
	}
	const struct value *list = docs.n == 1 ? value_get(docs.items[0], "products") : NULL;
	if (!list || list->type != VALUE_LIST) {
		complain("%.*s: a fleet file has a list `products`", STR_ARG(path));
		return false;
	}
	for (VALUE_EACH(v, list))
		if (!add_product(f, path, v, leg, legs))
			return false;
	return true;
}

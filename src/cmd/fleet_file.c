/* The fleet file: a YAML list of products. */
#include <stdarg.h>

#include "base/limits.h"
#include "cmd/fleet.h"
#include "io/file.h"
#include "syntax/yaml.h"

static const char *const keys[] = { "name", "repository", "sboms", "version", "versions", "latest", "owner", "exposure", "human_impact", "config", "patchable",
				    "accept_no_data" };

/* The file, for messages that name a line. */
struct fleet_text {
	struct str file, text;
};

static bool wrong(struct fleet *f, const struct fleet_text *t, size_t offset, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static bool wrong(struct fleet *f, const struct fleet_text *t, size_t offset, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	struct str why = arena_vprintf(f->arena, fmt, ap);
	va_end(ap);
	complain("%.*s:%zu: %.*s", STR_ARG(t->file), 1 + str_count(str_sub(t->text, 0, offset), '\n'), STR_ARG(why));
	return false;
}

static struct str all_keys(struct arena *a)
{
	struct str all = STR_NONE;

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		all = arena_concat(a, all, i ? STR(", ") : STR(""), str_of(keys[i]));
	return all;
}

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
static bool take_versions(struct fleet *f, const struct fleet_text *t, struct str product, const struct value *v, struct fleet_versions **out)
{
	const struct value *list = value_get(v, "versions");

	*out = NULL;
	if (!list)
		return true;
	*out = ARENA_NEW(f->arena, struct fleet_versions);
	(*out)->product = product;
	for (const struct value *e = list->type == VALUE_LIST ? value_first(list) : list; e; e = list->type == VALUE_LIST ? e->next : NULL) {
		if (!fleet_version_valid(value_text(e)))
			return wrong(f, t, e->offset, "product %.*s: versions are texts such as \"2.1.0\", \"v2.*\" or \">=1.4,<2\"", STR_ARG(product));
		*VEC_ADD(f->arena, &(*out)->list) = (struct fleet_version){ value_text(e), false };
	}
	if (!(*out)->list.n)
		return wrong(f, t, list->offset, "product %.*s: versions names none; leave it out where all are supported", STR_ARG(product));
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

static bool add_product(struct fleet *f, const struct fleet_text *t, const struct value *v, unsigned leg, unsigned legs)
{
	struct str file = t->file;
	struct fleet_unit like = { .product = value_get_text(v, "name"), .version = value_get_text(v, "version"), .owner = value_get_text(v, "owner"),
				   .exposure = value_get_text(v, "exposure"), .human_impact = value_get_text(v, "human_impact"),
				   .repository = value_get_text(v, "repository"), .home = value_get_text(v, "repository"),
				   .accept_no_data = value_is_true(value_get(v, "accept_no_data")), .config = beside(f->arena, file, value_get_text(v, "config")),
				   .not_patchable = value_get(v, "patchable") && !value_is_true(value_get(v, "patchable")) };
	struct str sboms = value_get_text(v, "sboms"), latest = value_get_text(v, "latest");
	uint64_t n = 0;

	if (v->type != VALUE_TABLE)
		return wrong(f, t, v->offset, "a product is a table, such as {name: shop, repository: acme/shop}");
	for (VALUE_EACH(e, v))
		if (!known(e->key))
			return wrong(f, t, e->offset, "there is no key `%.*s`; there are %.*s", STR_ARG(e->key), STR_ARG(all_keys(f->arena)));
	if (!like.product.len || (!sboms.len && !like.repository.len))
		return wrong(f, t, v->offset, "every product needs a name, and sboms (a folder of SBOMs) or a repository (OWNER/REPO)");
	if (latest.len && (!str_to_u64(latest, &n) || !n || n > 100))
		return wrong(f, t, value_get(v, "latest")->offset, "product %.*s: latest is a number from 1 to 100", STR_ARG(like.product));
	if (like.config.len && (like.exposure.len || like.human_impact.len))
		return wrong(f, t, v->offset, "product %.*s: exposure and human_impact stand in its config, or here; not both", STR_ARG(like.product));
	if (legs && str_hash(like.product) % legs + 1 != leg)
		return true;
	if (!take_versions(f, t, like.product, v, &like.versions))
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

	if (!file_read(f->arena, arena_cstr(f->arena, path), LIMIT_MANIFEST, &text, &why)) {
		complain("%.*s: %.*s", STR_ARG(path), STR_ARG(why));
		return false;
	}
	struct fleet_text t = { path, text };
	if (!yaml_parse(f->arena, text, false, &docs, &why, &at))
		return wrong(f, &t, at, "%.*s", STR_ARG(why));
	const struct value *list = docs.n == 1 ? value_get(docs.items[0], "products") : NULL;
	if (!list || list->type != VALUE_LIST)
		return wrong(f, &t, 0, "a fleet file has a list `products`, such as: products: [{name: shop, repository: acme/shop}]");
	for (VALUE_EACH(v, list))
		if (!add_product(f, &t, v, leg, legs))
			return false;
	return true;
}

#include "cmd/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "identity/purl.h"
#include "io/file.h"
#include "report/escape.h"
#include "source/source.h"
#include "vuln/ecosystem.h"
#include "vuln/osv_api.h"

#define OSV_API "https://api.osv.dev"

struct choice {
	VEC(struct osv_query) sent;
	size_t named_registry, private_name, no_version, no_ecosystem;
};

bool api_own_origin(const struct component *c)
{
	if (component_more(c)->no_own_origin)
		return false;
	for (VEC_EACH(const struct property, p, &c->qualifiers))
		if (str_is(p->name, "repository_url") || str_is(p->name, "download_url") || str_is(p->name, "vcs_url") || str_is(p->name, "registry_url"))
			return true;
	for (VEC_EACH(const struct property, p, &c->properties))
		if (str_is(p->name, "bomgate:registry"))
			return true;
	return component_more(c)->registry.len || c->download.len || c->commit.len;
}

/* Without regard to case: a name that is kept back in one spelling is kept back in all. */
static bool is_private(struct arena *a, const struct policy *p, struct str name)
{
	struct str low = arena_lower(a, name);

	for (size_t i = 0; i < p->private_packages.n; i++)
		if (path_glob(arena_lower(a, p->private_packages.items[i]), low))
			return true;
	return false;
}

static void choose(struct judgement *j, const struct bom *b, struct choice *out)
{
	struct map seen;

	map_init(&seen, j->arena);
	for (size_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		struct advisory_identity id;
		bool fresh;
		if (c->first_party)
			continue;
		purl_advisory_identity(j->arena, c, &id);
		if (!id.name.len || !ecosystem_find(id.ecosystem)) {
			out->no_ecosystem++;
		} else if (api_own_origin(c)) {
			out->named_registry++;
		} else if (is_private(j->arena, &j->policy, id.name) || is_private(j->arena, &j->policy, c->name)) {
			out->private_name++;
		} else if (!id.version.len) {
			out->no_version++;
		} else {
			struct osv_query q = { ecosystem_canonical(j->arena, id.ecosystem), id.name, id.version };
			map_put(&seen, arena_printf(j->arena, "%.*s\t%.*s\t%.*s", STR_ARG(q.ecosystem), STR_ARG(q.name), STR_ARG(q.version)), &fresh);
			if (fresh)
				*VEC_ADD(j->arena, &out->sent) = q;
		}
	}
}

static void tell(struct str url, const struct choice *c)
{
	struct buf line;

	complain("osv-api: %zu packages are sent to %.*s; not sent: %zu from a registry, archive or commit of their own, %zu named by `private`, %zu without a version, "
		 "%zu without a public ecosystem",
		 c->sent.n, STR_ARG(url), c->named_registry, c->private_name, c->no_version, c->no_ecosystem);
	for (VEC_EACH(const struct osv_query, q, &c->sent)) {
		buf_init(&line, 0);
		buf_adds(&line, "osv-api: sent ");
		escape_log(&line, q->ecosystem);
		buf_addc(&line, ' ');
		escape_log(&line, q->name);
		buf_addc(&line, ' ');
		escape_log(&line, q->version);
		fprintf(stderr, "bomgate: %.*s\n", STR_ARG(buf_str(&line)));
		buf_free(&line);
	}
}

static void remove_folder(struct arena *a, struct str dir)
{
	struct file_entries entries;
	struct str why;

	if (!file_list(a, dir.s, &entries, &why))
		return;
	for (VEC_EACH(struct file_entry, e, &entries)) {
		struct str path = file_join(a, dir, e->name);
		if (e->kind == FILE_FOLDER)
			remove_folder(a, path);
		else
			unlink(path.s);
	}
	rmdir(dir.s);
}

bool api_ask(struct judgement *j, struct diags *d, const struct bom *b, int64_t now)
{
	const char *own = getenv("BOMGATE_OSV_API"), *temp = getenv("RUNNER_TEMP");
	struct osv_api q = { .url = own && *own ? str_of(own) : STR(OSV_API), .now = now };
	struct choice c = { 0 };
	size_t records = 0, errors = d->n;

	if (!temp || !*temp)
		temp = getenv("TMPDIR");
	struct str folder = arena_printf(j->arena, "%s/bomgate-osv-XXXXXX", temp && *temp ? temp : "/tmp");
	choose(j, b, &c);
	tell(q.url, &c);
	if (!c.sent.n)
		return true;
	if (!mkdtemp((char *)folder.s)) {
		diag_add(d, SEV_ERROR, "data.osv-api", folder, DIAG_NO_OFFSET, "a folder for what OSV's API answers cannot be made");
		return false;
	}
	q.folder = folder;
	q.queries = c.sent.items;
	q.n = c.sent.n;
	struct vuln_db *more = osv_api_ask(&q, j->arena, d, &records);
	bool good = more || !records;
	for (size_t i = errors; i < d->n; i++)
		good &= d->items[i].severity != SEV_ERROR;
	if (good)
		vuln_add(j->db, more, q.queries, q.n);
	if (more)
		good = vuln_read_all(more) && good; /* the folder goes */
	remove_folder(j->arena, folder);
	complain("osv-api: %zu records came", records);
	return good;
}

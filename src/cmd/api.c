#include "cmd/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd/api_private.h"
#include "cmd/api_settings.h"
#include "identity/purl.h"
#include "io/file.h"
#include "report/escape.h"
#include "vuln/ecosystem.h"
#include "vuln/osv_api.h"

#define OSV_API "https://api.osv.dev"

#define MOST_TOLD 100 /* names kept back that the log lists */

struct choice {
	VEC(struct osv_query) sent;
	VEC(const struct kept *) kept; /* one for each name */
	size_t kinds[KEPT_KINDS], no_version, no_ecosystem;
};

static void choose(struct judgement *j, const struct bom *b, struct choice *out)
{
	const char *server = getenv("GITHUB_SERVER_URL");
	struct bom *user = bom_new(j->arena, b->diags);
	struct kept_names names;
	struct map seen;

	api_settings_user(j->arena, user);
	kept_names(j->arena, b, user, &j->policy, str_of(server), &names);
	map_init(&seen, j->arena);
	for (size_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		struct advisory_identity id;
		struct kept *kept;
		bool fresh;
		if (c->first_party)
			continue;
		purl_advisory_identity(j->arena, c, &id);
		if (!id.name.len || !ecosystem_find(id.ecosystem)) {
			out->no_ecosystem++;
		} else if ((kept = kept_of(j->arena, &names, id.ecosystem, id.name))) {
			out->kinds[kept->kind]++;
			if (!kept->components++)
				*VEC_ADD(j->arena, &out->kept) = kept;
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

static void tell_line(const char *what, struct str ecosystem, struct str name, const char *between, struct str rest)
{
	struct buf line;

	buf_init(&line, 0);
	buf_adds(&line, what);
	escape_log(&line, ecosystem);
	buf_addc(&line, ' ');
	escape_log(&line, name);
	buf_adds(&line, between);
	escape_log(&line, rest);
	fprintf(stderr, "bomgate: %.*s\n", STR_ARG(buf_str(&line)));
	buf_free(&line);
}

static void tell(struct arena *a, struct str url, const struct choice *c)
{
	struct str kinds = STR("");

	for (int i = 0; i < KEPT_KINDS; i++)
		if (c->kinds[i])
			kinds = arena_printf(a, "%.*s%zu %s, ", STR_ARG(kinds), c->kinds[i], kept_words((enum kept_kind)i));
	complain("osv-api: %zu packages are sent to %.*s; not sent: %.*s%zu without a version, %zu without a public ecosystem", c->sent.n, STR_ARG(url), STR_ARG(kinds),
		 c->no_version, c->no_ecosystem);
	for (VEC_EACH(const struct osv_query, q, &c->sent))
		tell_line("osv-api: sent ", q->ecosystem, q->name, " ", q->version);
	for (size_t i = 0; i < c->kept.n && i < MOST_TOLD; i++)
		tell_line("osv-api: kept back ", c->kept.items[i]->ecosystem, c->kept.items[i]->name, ": ", c->kept.items[i]->why);
	if (c->kept.n > MOST_TOLD)
		complain("osv-api: kept back %zu more", c->kept.n - MOST_TOLD);
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
	tell(j->arena, q.url, &c);
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

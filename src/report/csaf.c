/* CSAF 2.1 (OASIS): one vulnerability a flaw, its products the components that have it, each with its SSVC Selection List
 * (metrics[].content.ssvc_v2). */
#include "base/map.h"
#include "report/changes.h"
#include "report/selections.h"
#include "syntax/json_writer.h"

struct csaf {
	const struct report *r;
	struct json_writer w;
	struct str *products; /* by component: the product's id; absent where no finding names it */
	struct map flaws;     /* id to the list of its findings */
};

struct flaw {
	VEC(const struct finding *) findings;
};

static void collect(struct csaf *c)
{
	const struct report *r = c->r;

	map_init(&c->flaws, r->arena);
	c->products = arena_array(r->arena, r->bom->ncomponents + 1, sizeof *c->products);
	for (VEC_EACH(const struct finding, f, &r->findings->list)) {
		if (f->state == FINDING_FIXED)
			continue;
		struct map_entry *m = map_put(&c->flaws, f->id, NULL);
		struct flaw *flaw = m->value.ptr;
		if (!flaw)
			m->value.ptr = flaw = ARENA_NEW(r->arena, struct flaw);
		*VEC_ADD(r->arena, &flaw->findings) = f;
		if (!c->products[f->component].s)
			c->products[f->component] = arena_printf(r->arena, "CSAFPID-%04u", f->component);
	}
}

static void put_document(struct csaf *c)
{
	const struct report *r = c->r;
	struct json_writer *w = &c->w;
	struct str name = r->repository.len ? r->repository : STR("unnamed");
	struct str server = r->server_url.len ? r->server_url : STR("https://github.com");

	json_put_key(w, "document");
	json_begin_object(w);
	json_member(w, "category", STR("csaf_base"));
	json_member(w, "csaf_version", STR("2.1"));
	json_put_key(w, "distribution");
	json_begin_object(w);
	json_put_key(w, "tlp");
	json_begin_object(w);
	json_member(w, "label", STR("AMBER"));
	json_end_object(w);
	json_end_object(w);
	json_put_key(w, "publisher");
	json_begin_object(w);
	json_member(w, "category", STR("user"));
	json_member(w, "name", name);
	json_member(w, "namespace", arena_printf(r->arena, "%.*s/%.*s", STR_ARG(server), STR_ARG(name)));
	json_end_object(w);
	json_member(w, "title", arena_printf(r->arena, "Findings of %.*s%s%.*s", STR_ARG(name), r->commit.len ? " at " : "", STR_ARG(r->commit)));
	json_put_key(w, "tracking");
	json_begin_object(w);
	json_member(w, "current_release_date", r->timestamp);
	json_put_key(w, "generator");
	json_begin_object(w);
	json_put_key(w, "engine");
	json_begin_object(w);
	json_member(w, "name", STR("bomgate"));
	json_member(w, "version", str_of(r->version));
	json_end_object(w);
	json_end_object(w);
	json_member(w, "id", arena_printf(r->arena, "bomgate-%.*s", STR_ARG(r->commit.len ? r->commit : r->timestamp)));
	json_member(w, "initial_release_date", r->timestamp);
	json_put_key(w, "revision_history");
	json_begin_array(w);
	json_begin_object(w);
	json_member(w, "date", r->timestamp);
	json_member(w, "number", STR("1"));
	json_member(w, "summary", STR("First version"));
	json_end_object(w);
	json_end_array(w);
	json_member(w, "status", STR("final"));
	json_member(w, "version", STR("1"));
	json_end_object(w);
	json_end_object(w);
}

static void put_products(struct csaf *c)
{
	struct json_writer *w = &c->w;

	json_put_key(w, "product_tree");
	json_begin_object(w);
	json_put_key(w, "full_product_names");
	json_begin_array(w);
	for (size_t i = 0; i < c->r->bom->ncomponents; i++) {
		const struct component *x = &c->r->bom->components[i];
		if (!c->products[i].s)
			continue;
		json_begin_object(w);
		json_member(w, "name", arena_printf(c->r->arena, "%.*s%s%.*s", STR_ARG(component_title(c->r->arena, x)), x->version.len ? " " : "",
						    STR_ARG(x->version)));
		json_member(w, "product_id", c->products[i]);
		if (x->purl.len) {
			json_put_key(w, "product_identification_helper");
			json_begin_object(w);
			json_member_strings(w, "purls", &x->purl, 1);
			json_end_object(w);
		}
		json_end_object(w);
	}
	json_end_array(w);
	json_end_object(w);
}

static bool is_cve(struct str id)
{
	return str_starts(id, STR("CVE-")) && id.len >= 13;
}

/* The statement of VEX that lifts it, where that says "not affected". */
static bool not_affected(const struct finding *f)
{
	return f->lifted && str_starts(f->lifted->why, STR("not affected"));
}

static void put_ids(struct csaf *c, const struct finding *f)
{
	struct json_writer *w = &c->w;
	bool any = false;

	if (is_cve(f->id))
		json_member(w, "cve", f->id);
	for (size_t i = 0; i < f->ids.n; i++) {
		if (is_cve(f->ids.items[i]))
			continue;
		if (!any) {
			json_put_key(w, "ids");
			json_begin_array(w);
		}
		any = true;
		json_begin_object(w);
		json_member(w, "system_name", STR("OSV"));
		json_member(w, "text", f->ids.items[i]);
		json_end_object(w);
	}
	if (any)
		json_end_array(w);
}

/* One product stands once in a list, even where two findings name it. */
static void put_status(struct csaf *c, const struct flaw *flaw, const char *key, bool lifted)
{
	struct json_writer *w = &c->w;
	bool any = false;

	for (size_t i = 0; i < flaw->findings.n; i++) {
		const struct finding *f = flaw->findings.items[i];
		bool repeated = false;
		for (size_t k = 0; k < i; k++)
			repeated = repeated || flaw->findings.items[k]->component == f->component;
		if (not_affected(f) != lifted || repeated)
			continue;
		if (!any) {
			json_put_key(w, key);
			json_begin_array(w);
		}
		any = true;
		json_put_string(w, c->products[f->component]);
	}
	if (any)
		json_end_array(w);
}

static void put_remediations(struct csaf *c, const struct flaw *flaw)
{
	struct json_writer *w = &c->w;

	json_put_key(w, "remediations");
	json_begin_array(w);
	for (size_t i = 0; i < flaw->findings.n; i++) {
		const struct finding *f = flaw->findings.items[i];
		if (not_affected(f))
			continue;
		json_begin_object(w);
		json_member(w, "category", f->fixed.len ? STR("vendor_fix") : STR("none_available"));
		json_member(w, "details", f->fixed.len ? arena_printf(c->r->arena, "Upgrade to %.*s.", STR_ARG(f->fixed)) : STR("No fix is known yet."));
		json_member_strings(w, "product_ids", &c->products[f->component], 1);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_metrics(struct csaf *c, const struct flaw *flaw)
{
	struct json_writer *w = &c->w;

	json_put_key(w, "metrics");
	json_begin_array(w);
	for (size_t i = 0; i < flaw->findings.n; i++) {
		json_begin_object(w);
		json_put_key(w, "content");
		json_begin_object(w);
		json_put_key(w, "ssvc_v2");
		selection_list(c->r, w, flaw->findings.items[i], false);
		json_end_object(w);
		json_member_strings(w, "products", &c->products[flaw->findings.items[i]->component], 1);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_flaw(struct csaf *c, const struct flaw *flaw)
{
	const struct finding *f = flaw->findings.items[0];
	struct json_writer *w = &c->w;
	bool open = false;

	for (size_t i = 0; i < flaw->findings.n; i++)
		open = open || !not_affected(flaw->findings.items[i]);
	json_begin_object(w);
	put_ids(c, f);
	put_metrics(c, flaw);
	if (f->summary.len) {
		json_put_key(w, "notes");
		json_begin_array(w);
		json_begin_object(w);
		json_member(w, "category", STR("summary"));
		json_member(w, "text", f->summary);
		json_end_object(w);
		json_end_array(w);
	}
	json_put_key(w, "product_status");
	json_begin_object(w);
	put_status(c, flaw, "known_affected", false);
	put_status(c, flaw, "known_not_affected", true);
	json_end_object(w);
	if (open)
		put_remediations(c, flaw);
	json_end_object(w);
}

void report_csaf(const struct report *r, struct buf *out)
{
	struct csaf c = { .r = r };

	collect(&c);
	json_writer_init(&c.w, out, false);
	json_begin_object(&c.w);
	json_member(&c.w, "$schema", STR("https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json"));
	put_document(&c);
	if (c.flaws.n) {
		put_products(&c);
		json_put_key(&c.w, "vulnerabilities");
		json_begin_array(&c.w);
		for (size_t i = 0; i < c.flaws.n; i++)
			put_flaw(&c, c.flaws.entries[i].value.ptr);
		json_end_array(&c.w);
	}
	json_end_object(&c.w);
	buf_addc(out, '\n');
}

/* OpenVEX 0.2.0 (openvex/spec): what this run says of each flaw in the product. A match is `affected` with the action that SSVC's
 * outcome asks for; what a VEX statement lifted is `not_affected` with its reason; what could not be decided is under investigation. */
#include "base/sha256.h"
#include "report/changes.h"
#include "syntax/json_writer.h"

/* The purl of what is judged: VEX readers find the product by it. */
static struct str product_id(const struct report *r)
{
	const struct bom *b = r->bom;

	if (b->subject != NO_COMPONENT && b->subject < b->ncomponents && b->components[b->subject].purl.len)
		return b->components[b->subject].purl;
	if (!r->repository.len)
		return STR_NONE;
	return arena_printf(r->arena, "pkg:github/%.*s%s%.*s", STR_ARG(arena_lower(r->arena, r->repository)), r->commit.len ? "@" : "",
			    STR_ARG(r->commit));
}

static bool is_vex(const struct finding *f)
{
	const char *kind = f->lifted ? f->lifted->kind : "";

	return strcmp(kind, "openvex") == 0 || strcmp(kind, "cyclonedx-vex") == 0 || strcmp(kind, "csaf") == 0;
}

static struct str action(const struct report *r, const struct finding *f)
{
	struct str fix = f->fixed.len ? arena_concat(r->arena, STR("update to "), f->fixed, STR_NONE) :
					STR("there is no fixed version yet: mitigate, or remove the component");

	if (f->silenced)
		return arena_concat(r->arena, STR("accepted for now: "), f->silenced_by, STR_NONE);
	if (f->decision.outcome == OUTCOME_DEFER)
		return arena_concat(r->arena, STR("Defer: no action at present; when it is time, "), fix, STR_NONE);
	return arena_concat(r->arena, report_level(r, f->decision.level), STR(": "), fix);
}

static void products(const struct report *r, struct json_writer *w, const struct component *c)
{
	struct str product = product_id(r);
	struct str part = c->purl.len ? c->purl : component_title(r->arena, c);

	json_put_key(w, "products");
	json_begin_array(w);
	json_begin_object(w);
	json_member(w, "@id", product.len ? product : part);
	if (product.len) {
		json_put_key(w, "subcomponents");
		json_begin_array(w);
		json_begin_object(w);
		json_member(w, "@id", part);
		json_end_object(w);
		json_end_array(w);
	}
	json_end_object(w);
	json_end_array(w);
}

static void statement(const struct report *r, struct json_writer *w, const struct finding *f)
{
	json_begin_object(w);
	json_put_key(w, "vulnerability");
	json_begin_object(w);
	json_member(w, "name", f->id);
	json_member_opt(w, "description", f->summary);
	json_put_key(w, "aliases");
	json_begin_array(w);
	for (size_t i = 0; i < f->ids.n; i++)
		if (!str_eq(f->ids.items[i], f->id))
			json_put_string(w, f->ids.items[i]);
	json_end_array(w);
	json_end_object(w);
	products(r, w, &r->bom->components[f->component]);
	if (f->silenced && is_vex(f)) {
		json_member(w, "status", STR("not_affected"));
		json_member(w, "impact_statement", f->silenced_by);
	} else if (f->decision.undecided && !f->silenced) {
		json_member(w, "status", STR("under_investigation"));
		json_member(w, "status_notes", decide_why_not(r->arena, &f->decision));
	} else {
		json_member(w, "status", STR("affected"));
		json_member(w, "action_statement", action(r, f));
		json_member(w, "status_notes", arena_concat(r->arena, STR("SSVC: "),
							    f->decision.rule.len ? f->decision.rule : decide_why(r->arena, &f->decision), STR_NONE));
	}
	json_end_object(w);
}

static void statements(const struct report *r, struct json_writer *w)
{
	json_put_key(w, "statements");
	json_begin_array(w);
	for (size_t i = 0; i < r->findings->list.n; i++)
		if (r->findings->list.items[i].state != FINDING_FIXED)
			statement(r, w, &r->findings->list.items[i]);
	json_end_array(w);
}

void report_openvex(const struct report *r, struct buf *out)
{
	struct json_writer w;
	struct buf body;

	/* The id is made of the content: the same statements have the same id. */
	buf_init(&body, 0);
	json_writer_init(&w, &body, true);
	json_begin_object(&w);
	statements(r, &w);
	json_end_object(&w);
	struct str digest = sha256_hex(r->arena, buf_str(&body));
	buf_free(&body);
	json_writer_init(&w, out, false);
	json_begin_object(&w);
	json_member(&w, "@context", STR("https://openvex.dev/ns/v0.2.0"));
	json_member(&w, "@id", arena_concat(r->arena, STR("urn:bomgate:vex:"), digest, STR_NONE));
	json_member(&w, "author", r->repository.len ? r->repository : STR("bomgate"));
	json_member(&w, "role", STR("automated triage by SSVC"));
	json_member(&w, "timestamp", r->timestamp);
	json_member_int(&w, "version", 1);
	json_member(&w, "tooling", arena_printf(r->arena, "bomgate %s", r->version));
	statements(r, &w);
	json_end_object(&w);
	buf_addc(out, '\n');
}

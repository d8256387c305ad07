/* SSVC Selection Lists 2.0.0 (CERT/CC, SelectionList_2_0_0.schema.json), one finding a line: the values of its decision points, all that
 * are still possible where one is not known, and the outcome. */
#include "report/selections.h"
#include "syntax/json_writer.h"

/* "ssvc:E:1.1.0" as namespace, key and version. */
static void put_identity(struct json_writer *w, struct str id)
{
	size_t last = str_rchr(id, ':');
	struct str version = last == STR_NOT_FOUND ? STR("") : str_from(id, last + 1), rest = str_sub(id, 0, last == STR_NOT_FOUND ? id.len : last);
	size_t colon = str_rchr(rest, ':');

	json_member(w, "namespace", colon == STR_NOT_FOUND ? rest : str_sub(rest, 0, colon));
	json_member(w, "key", colon == STR_NOT_FOUND ? rest : str_from(rest, colon + 1));
	json_member(w, "version", version);
}

static void put_selection(struct json_writer *w, const struct ssvc_point *p, unsigned possible)
{
	json_begin_object(w);
	put_identity(w, p->id);
	json_member(w, "name", p->name);
	json_put_key(w, "values");
	json_begin_array(w);
	for (unsigned v = 0; v < p->nvalues; v++) {
		if (!(possible & 1u << v))
			continue;
		json_begin_object(w);
		json_member(w, "key", p->values[v].key);
		json_member(w, "name", p->values[v].name);
		json_end_object(w);
	}
	json_end_array(w);
	json_end_object(w);
}

static bool is_web(struct str url)
{
	return str_starts(url, STR("https://")) || str_starts(url, STR("http://"));
}

static void put_references(struct json_writer *w, const struct decision *d)
{
	bool any = false;

	for (unsigned p = 0; p < NPOINTS; p++) {
		const struct point_value *v = &d->points[p];
		if (!is_web(v->url))
			continue;
		if (!any) {
			json_put_key(w, "references");
			json_begin_array(w);
		}
		any = true;
		json_begin_object(w);
		json_member(w, "uri", v->url);
		json_member(w, "summary", v->source);
		json_end_object(w);
	}
	if (any)
		json_end_array(w);
}

void selection_list(const struct report *r, struct json_writer *w, const struct finding *f, bool targets)
{
	const struct ssvc_table *t = r->policy->table;
	const struct decision *d = &f->decision;
	struct str purl = r->bom->components[f->component].purl;

	json_begin_object(w);
	json_member(w, "timestamp", r->timestamp);
	json_member(w, "schemaVersion", STR("2.0.0"));
	if (targets) {
		json_put_key(w, "target_ids");
		json_begin_array(w);
		for (size_t i = 0; i < f->ids.n; i++)
			json_put_string(w, f->ids.items[i]);
		if (purl.len)
			json_put_string(w, purl);
		json_end_array(w);
	}
	json_put_key(w, "selections");
	json_begin_array(w);
	for (unsigned i = 0; i < t->npoints; i++) {
		const struct point_value *v = i < d->ninputs ? &d->inputs[i].value : &d->points[i < NPOINTS ? i : 0];
		put_selection(w, t->points[i], v->possible | 1u << v->value);
	}
	put_selection(w, t->outcome, 1u << d->level);
	json_end_array(w);
	put_references(w, d);
	json_end_object(w);
}

void report_selections(const struct report *r, struct buf *out)
{
	for (size_t i = 0; i < r->findings->list.n; i++) {
		struct json_writer w;
		if (r->findings->list.items[i].state == FINDING_FIXED)
			continue;
		json_writer_init(&w, out, true);
		selection_list(r, &w, &r->findings->list.items[i], true);
		buf_addc(out, '\n');
	}
}

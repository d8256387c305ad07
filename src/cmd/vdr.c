#include "cmd/vdr.h"

#include <stdio.h>

#include "model/cvss.h"
#include "syntax/json_writer.h"

/* CycloneDX has no word for outcomes: the severity keeps their order. */
static const char *severity(enum outcome o)
{
	static const char *const words[] = { "low", "medium", "high", "critical" };

	return words[o];
}

static const char *cvss_method(const char *version)
{
	return strcmp(version, "2.0") == 0 ? "CVSSv2" : strcmp(version, "3.0") == 0 ? "CVSSv3" : strcmp(version, "3.1") == 0 ? "CVSSv31" : "CVSSv4";
}

static void put_ratings(struct json_writer *w, const struct judgement *j, const struct finding *f, struct str timestamp)
{
	struct cvss cvss;
	char score[32];

	json_put_key(w, "ratings");
	json_begin_array(w);
	json_begin_object(w);
	json_put_key(w, "source");
	json_begin_object(w);
	json_member(w, "name", STR("bomgate"));
	json_end_object(w);
	json_member(w, "severity", str_of(severity(f->decision.outcome)));
	json_member(w, "method", STR("SSVC"));
	json_member_opt(w, "vector", decide_vector(j->arena, &f->decision, timestamp));
	json_member(w, "justification", f->decision.rule.len ? f->decision.rule : decide_why(j->arena, &f->decision));
	json_end_object(w);
	if (f->cvss.len && f->cvss_score >= 0 && cvss_parse(f->cvss, &cvss)) {
		int n = snprintf(score, sizeof score, "%.1f", f->cvss_score);
		json_begin_object(w);
		json_put_key(w, "score");
		json_put_raw(w, str_make(score, (size_t)n));
		json_member(w, "severity", str_of(cvss_severity(f->cvss_score)));
		json_member(w, "method", str_of(cvss_method(cvss.version)));
		json_member(w, "vector", f->cvss);
		json_end_object(w);
	}
	json_end_array(w);
}

static void put_property(struct json_writer *w, const char *name, struct str value)
{
	if (!value.len)
		return;
	json_begin_object(w);
	json_member(w, "name", str_of(name));
	json_member(w, "value", value);
	json_end_object(w);
}

static void put_finding(struct json_writer *w, const struct judgement *j, const struct bom *b, const struct finding *f, struct str timestamp)
{
	json_begin_object(w);
	json_member(w, "id", f->id);
	json_put_key(w, "source");
	json_begin_object(w);
	json_member(w, "name", STR("OSV"));
	json_end_object(w);
	if (f->ids.n > 1) {
		json_put_key(w, "references");
		json_begin_array(w);
		for (size_t i = 0; i < f->ids.n; i++) {
			if (str_eq(f->ids.items[i], f->id))
				continue;
			json_begin_object(w);
			json_member(w, "id", f->ids.items[i]);
			json_put_key(w, "source");
			json_begin_object(w);
			json_member(w, "name", STR("OSV"));
			json_end_object(w);
			json_end_object(w);
		}
		json_end_array(w);
	}
	put_ratings(w, j, f, timestamp);
	json_member_opt(w, "description", f->summary);
	if (f->fixed.len)
		json_member(w, "recommendation", arena_printf(j->arena, "Upgrade to %.*s", STR_ARG(f->fixed)));
	json_put_key(w, "affects");
	json_begin_array(w);
	json_begin_object(w);
	json_member(w, "ref", b->components[f->component].ref);
	json_end_object(w);
	json_end_array(w);
	json_put_key(w, "properties");
	json_begin_array(w);
	put_property(w, "bomgate:ssvc:outcome", f->decision.outcome_name);
	put_property(w, "bomgate:ssvc:highest-possible", f->decision.highest_name);
	put_property(w, "bomgate:ssvc:table", f->decision.table);
	put_property(w, "bomgate:ssvc:human-impact-table", f->decision.human_impact_table);
	put_property(w, "bomgate:service", f->decision.service);
	put_property(w, "bomgate:lifted-by", f->silenced_by);
	json_end_array(w);
	json_end_object(w);
}

/* Refs that no two components share: what they have, else the purl, else the name; with the index where that is taken. */
static void name_components(struct arena *a, struct bom *b)
{
	struct map taken;

	map_init(&taken, a);
	for (uint32_t i = 0; i < b->ncomponents; i++) {
		struct component *c = &b->components[i];
		struct str ref = c->ref.len ? c->ref : c->purl.len ? c->purl : c->name;
		bool fresh;
		map_put(&taken, ref, &fresh);
		if (!fresh) {
			ref = arena_printf(a, "%.*s#%u", STR_ARG(ref), i);
			map_put(&taken, ref, &fresh);
		}
		c->ref = ref;
	}
}

void vdr_bom(const struct judgement *j, const struct bom *b, struct str timestamp, struct bom *out)
{
	struct arena *a = j->arena;

	*out = *b;
	out->components = arena_array(a, b->ncomponents + 1, sizeof *out->components);
	if (b->ncomponents)
		memcpy(out->components, b->components, b->ncomponents * sizeof *out->components);
	name_components(a, out);
	out->claims.items = NULL;
	out->claims.n = out->claims.cap = 0;
	for (VEC_EACH(const struct finding, f, &j->findings.list)) {
		struct json_writer w;
		struct buf bytes;
		if (f->state == FINDING_FIXED)
			continue;
		buf_init(&bytes, 0);
		json_writer_init(&w, &bytes, true);
		put_finding(&w, j, out, f, timestamp);
		struct claim *c = VEC_ADD(a, &out->claims);
		c->id = f->id;
		c->raw = arena_str(a, buf_str(&bytes));
		buf_free(&bytes);
	}
}

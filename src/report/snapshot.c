/* A dependency snapshot for GitHub's dependency graph (REST: POST /repos/{owner}/{repo}/dependency-graph/snapshots): one manifest a
 * file, its components by purl with what they need. The latest one of a correlator and detector replaces the one before. */
#include "base/map.h"
#include "report/changes.h"
#include "syntax/json_writer.h"

struct snapshot {
	const struct report *r;
	struct json_writer w;
	uint32_t *first; /* of each component: its edges in `to` */
	uint32_t *to;
};

/* Edges by component, so that a manifest is written in one pass. */
static void index_edges(struct snapshot *s)
{
	const struct bom *b = s->r->bom;
	size_t n = b->ncomponents;
	uint32_t *at = arena_array(s->r->arena, n + 1, sizeof *at);

	s->first = arena_array(s->r->arena, n + 2, sizeof *s->first);
	s->to = arena_array(s->r->arena, b->dependencies.n + 1, sizeof *s->to);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < b->dependencies.n; i++) {
			const struct dependency *d = &b->dependencies.items[i];
			if (d->kind != DEPENDS_ON || d->from >= n || d->to >= n || !b->components[d->to].purl.len)
				continue;
			if (pass == 0)
				s->first[d->from + 1]++;
			else
				s->to[s->first[d->from] + at[d->from]++] = d->to;
		}
		for (size_t i = 0; i < n && pass == 0; i++)
			s->first[i + 1] += s->first[i];
	}
}

static void put_component(struct snapshot *s, uint32_t i)
{
	const struct component *c = &s->r->bom->components[i];
	struct json_writer *w = &s->w;
	bool development = c->scope && !(c->scope & SCOPE_RUNTIME) && !(c->scope & ~(unsigned)(SCOPE_DEV | SCOPE_TEST | SCOPE_BUILD));

	json_put_key_str(w, c->purl);
	json_begin_object(w);
	json_member(w, "package_url", c->purl);
	if (c->direct_known)
		json_member(w, "relationship", c->direct ? STR("direct") : STR("indirect"));
	json_member(w, "scope", development ? STR("development") : STR("runtime"));
	if (s->first[i + 1] > s->first[i]) {
		struct map seen;
		map_init(&seen, s->r->arena);
		json_put_key(w, "dependencies");
		json_begin_array(w);
		for (uint32_t k = s->first[i]; k < s->first[i + 1]; k++) {
			bool fresh;
			map_put(&seen, s->r->bom->components[s->to[k]].purl, &fresh);
			if (fresh)
				json_put_string(w, s->r->bom->components[s->to[k]].purl);
		}
		json_end_array(w);
	}
	json_end_object(w);
}

/* Components by the input that names them, once over all evidence. */
static void put_manifests(struct snapshot *s)
{
	const struct bom *b = s->r->bom;
	struct json_writer *w = &s->w;
	VEC(uint32_t) *lists = arena_array(s->r->arena, b->inputs.n + 1, sizeof *lists);

	for (uint32_t i = 0; i < b->ncomponents; i++) {
		const struct component *c = &b->components[i];
		if (c->first_party || !c->purl.len)
			continue;
		for (size_t k = 0; k < c->evidence.n; k++) {
			uint32_t in = c->evidence.items[k].input;
			if (in < b->inputs.n && (!lists[in].n || lists[in].items[lists[in].n - 1] != i))
				*VEC_ADD(s->r->arena, &lists[in]) = i;
		}
	}
	json_put_key(w, "manifests");
	json_begin_object(w);
	for (size_t in = 0; in < b->inputs.n; in++) {
		struct map seen; /* purls of this manifest: keys of one object stand once */
		if (!lists[in].n)
			continue;
		json_put_key_str(w, b->inputs.items[in].path);
		json_begin_object(w);
		json_member(w, "name", b->inputs.items[in].path);
		json_put_key(w, "file");
		json_begin_object(w);
		json_member(w, "source_location", b->inputs.items[in].path);
		json_end_object(w);
		json_put_key(w, "resolved");
		json_begin_object(w);
		map_init(&seen, s->r->arena);
		for (size_t k = 0; k < lists[in].n; k++) {
			bool fresh;
			map_put(&seen, b->components[lists[in].items[k]].purl, &fresh);
			if (fresh)
				put_component(s, lists[in].items[k]);
		}
		json_end_object(w);
		json_end_object(w);
	}
	json_end_object(w);
}

void report_github(const struct report *r, struct buf *out)
{
	struct snapshot s = { .r = r };
	struct json_writer *w = &s.w;

	index_edges(&s);
	json_writer_init(w, out, false);
	json_begin_object(w);
	json_member_int(w, "version", 0);
	json_member(w, "sha", r->commit.len ? r->commit : STR("0000000000000000000000000000000000000000"));
	json_member(w, "ref", r->ref.len ? r->ref : STR("refs/heads/main"));
	json_put_key(w, "job");
	json_begin_object(w);
	json_member(w, "id", r->run_id.len ? r->run_id : STR("local"));
	json_member(w, "correlator", r->category.len ? arena_concat(r->arena, STR("bomgate/"), r->category, STR_NONE) : STR("bomgate"));
	json_member_opt(w, "html_url", r->run_url);
	json_end_object(w);
	json_put_key(w, "detector");
	json_begin_object(w);
	json_member(w, "name", STR("bomgate"));
	json_member(w, "version", str_of(r->version));
	json_member(w, "url", STR("https://github.com/bomgate/bomgate"));
	json_end_object(w);
	json_member(w, "scanned", r->timestamp);
	put_manifests(&s);
	json_end_object(w);
	buf_addc(out, '\n');
}

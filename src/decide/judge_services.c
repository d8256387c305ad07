/* Services: which files belong to which, and the values that each brings. */
#include "decide/judge.h"
#include "source/source.h"

#define SSVC_DEFAULT_SAFETY 1u	/* marginal: SSVC's own default where nothing is known */
#define SSVC_DEFAULT_MISSION 1u /* MEF support crippled */
#define MEDIUM 1u

static struct point_value configured(const struct setting *s, struct str source)
{
	unsigned value = (unsigned)s->value;

	return (struct point_value){ .value = value, .possible = 1u << value, .origin = ORIGIN_CONFIG, .source = source };
}

static struct point_value assumed(unsigned value, unsigned possible, const char *why)
{
	return (struct point_value){ .value = value, .possible = possible | 1u << value, .origin = ORIGIN_ASSUMED, .source = str_of(why) };
}

/* The environment's value, else the service's; NULL where neither says one. */
static const struct setting *said(const struct judge *j, const struct service *s, enum service_point point)
{
	const struct setting *e = &j->ctx->effective->points[point];

	return e->set ? e : s && s->points[point].set ? &s->points[point] : NULL;
}

static struct str source_of(const struct judge *j, const struct service *s, enum service_point point)
{
	if (j->ctx->effective->points[point].set)
		return arena_concat(j->arena, STR("environment "), j->ctx->effective->environment, STR(""));
	return s && s->name.s ? arena_concat(j->arena, STR("service "), s->name, STR("")) : STR("configuration");
}

static struct point_value from_config(const struct judge *j, const struct service *s, enum service_point point, unsigned otherwise,
				      unsigned possible)
{
	const struct setting *v = said(j, s, point);

	return v ? configured(v, source_of(j, s, point)) : assumed(otherwise, possible, "assumed: the configuration does not say");
}

/* Human Impact from Safety and Mission Impact by the table; where one of them is missing, SSVC's default stands in for it and
 * the result is not below medium. */
static struct point_value derived(const struct judge *j, const struct service *s, const struct point_value *safety,
				  const struct point_value *mission)
{
	const struct ssvc_table *t = j->ctx->policy->human_impact;
	unsigned values[2] = { safety->value, mission->value }, possible[2] = { safety->possible, mission->possible };
	bool whole = safety->origin != ORIGIN_ASSUMED && mission->origin != ORIGIN_ASSUMED;
	struct point_value v = { .value = ssvc_table_outcome(t, values, NULL), .possible = ssvc_table_possible(t, possible) };

	if (!whole && v.value < MEDIUM)
		v.value = MEDIUM;
	v.possible |= 1u << v.value;
	v.origin = whole ? ORIGIN_CONFIG : ORIGIN_ASSUMED;
	v.source = arena_printf(j->arena, "%s%.*s: safety impact %.*s, mission impact %.*s", whole ? "" : "partly assumed, ",
				STR_ARG(source_of(j, s, safety->origin != ORIGIN_ASSUMED ? SERVICE_SAFETY : SERVICE_MISSION)),
				STR_ARG(t->points[0]->values[safety->value].word), STR_ARG(t->points[1]->values[mission->value].word));
	return v;
}

static void human_impact(struct judge *j, const struct service *s, struct judged_service *out)
{
	const struct setting *direct = said(j, s, SERVICE_HUMAN_IMPACT), *safety = said(j, s, SERVICE_SAFETY),
			     *mission = said(j, s, SERVICE_MISSION);
	const struct effective *e = j->ctx->effective;
	bool environment = e->points[SERVICE_HUMAN_IMPACT].set || e->points[SERVICE_SAFETY].set || e->points[SERVICE_MISSION].set;
	struct point_value v = { 0 };

	/* What an environment says takes the place of all that the service says. */
	if (environment) {
		direct = e->points[SERVICE_HUMAN_IMPACT].set ? &e->points[SERVICE_HUMAN_IMPACT] : NULL;
		safety = e->points[SERVICE_SAFETY].set ? &e->points[SERVICE_SAFETY] : NULL;
		mission = e->points[SERVICE_MISSION].set ? &e->points[SERVICE_MISSION] : NULL;
	}
	out->in[KNOWN_SAFETY] = safety ? configured(safety, source_of(j, s, SERVICE_SAFETY)) :
					 assumed(SSVC_DEFAULT_SAFETY, 15, "assumed: the configuration does not say");
	out->in[KNOWN_MISSION] = mission ? configured(mission, source_of(j, s, SERVICE_MISSION)) :
					   assumed(SSVC_DEFAULT_MISSION, 15, "assumed: the configuration does not say");
	if (safety || mission) {
		v = derived(j, s, &out->in[KNOWN_SAFETY], &out->in[KNOWN_MISSION]);
		out->human_impact_table = j->ctx->policy->human_impact->id;
	}
	if (direct && (!(safety || mission) || direct->value > (int64_t)v.value)) {
		v = configured(direct, source_of(j, s, SERVICE_HUMAN_IMPACT));
		out->human_impact_table = STR_NONE;
	} else if (!safety && !mission) {
		v = assumed((unsigned)j->ctx->policy->assume[ASSUME_HUMAN_IMPACT].value, 15, "assumed: the configuration does not say");
	}
	if (s && s->human_impact_floor.set && v.value < s->human_impact_floor.value) {
		v = configured(&s->human_impact_floor, STR("the organisation's floor"));
		out->human_impact_table = STR_NONE;
	}
	out->in[KNOWN_HUMAN_IMPACT] = v;
}

static void judge_service(struct judge *j, const struct service *s, struct judged_service *out)
{
	const struct policy *p = j->ctx->policy;
	struct point_value *in = out->in;
	unsigned open = 2;

	out->name = s ? s->name : STR_NONE;
	out->owner = s ? s->owner : STR_NONE;
	out->small_development = s && s->development.value;
	out->small = (struct point_value){ .value = 0, .possible = 1, .origin = ORIGIN_CONFIG,
					   .source = s && s->name.s ? arena_concat(j->arena, STR("development only, service "), s->name, STR("")) :
								      STR("development only") };
	in[KNOWN_EXPOSURE] = from_config(j, s, SERVICE_EXPOSURE, (unsigned)p->assume[ASSUME_EXPOSURE].value, 7);
	human_impact(j, s, out);
	in[KNOWN_PUBLICLY_EXPOSED] = in[KNOWN_EXPOSURE];
	in[KNOWN_PUBLICLY_EXPOSED].value = in[KNOWN_EXPOSURE].value == open;
	in[KNOWN_PUBLICLY_EXPOSED].possible = (in[KNOWN_EXPOSURE].possible & 3u ? 1u : 0u) | (in[KNOWN_EXPOSURE].possible & 4u ? 2u : 0u);
	in[KNOWN_VALUE_DENSITY] = from_config(j, s, SERVICE_VALUE_DENSITY, 1, 3);
	in[KNOWN_MISSION_WELL_BEING] = from_config(j, s, SERVICE_MISSION_WELL_BEING, 2, 7);
	in[KNOWN_PUBLIC_SAFETY] = from_config(j, s, SERVICE_PUBLIC_SAFETY, 1, 3);
	if (!said(j, s, SERVICE_PUBLIC_SAFETY) && in[KNOWN_SAFETY].origin == ORIGIN_CONFIG) {
		in[KNOWN_PUBLIC_SAFETY] = in[KNOWN_SAFETY];
		in[KNOWN_PUBLIC_SAFETY].value = ssvc_table_outcome(j->public_safety, &in[KNOWN_SAFETY].value, NULL);
		in[KNOWN_PUBLIC_SAFETY].possible = 1u << in[KNOWN_PUBLIC_SAFETY].value;
	}
}

static void add(struct arena *a, struct service_ids *ids, uint32_t id)
{
	for (size_t i = 0; i < ids->n; i++)
		if (ids->items[i] == id)
			return;
	*VEC_ADD(a, ids) = id;
}

static bool fits(const struct str_list *globs, struct str what)
{
	for (size_t i = 0; i < globs->n; i++)
		if (path_glob(globs->items[i], what))
			return true;
	return false;
}

/* The services that name the path or the image; else the first one without paths, else the defaults. */
static void services_of_path(const struct judge *j, struct str path, struct service_ids *out)
{
	const struct policy *p = j->ctx->policy;
	size_t rest = p->services.n;

	for (size_t i = p->services.n; i-- > 0;)
		if (!p->services.items[i].paths.n && !p->services.items[i].images.n)
			rest = i;
	for (size_t i = 0; i < p->services.n; i++) {
		const struct service *s = &p->services.items[i];
		if ((path.s && fits(&s->paths, path)) || (j->ctx->image.s && fits(&s->images, j->ctx->image)))
			add(j->arena, out, (uint32_t)i);
	}
	if (!out->n)
		add(j->arena, out, (uint32_t)rest);
}

/* What something outside development reaches: from the components that the project asks for at run time (or without saying
 * why) along dependencies that are not for development only. */
static void reach_production(struct judge *j)
{
	const struct bom *b = j->bom;
	uint32_t *queue = arena_array(j->arena, b->ncomponents + 1, sizeof *queue), *first, *next;
	size_t head = 0, tail = 0;

	j->production = arena_array(j->arena, b->ncomponents + 1, sizeof *j->production);
	first = arena_array(j->arena, b->ncomponents + 1, sizeof *first);
	next = arena_array(j->arena, b->dependencies.n + 1, sizeof *next);
	for (size_t i = 0; i < b->dependencies.n; i++) {
		const struct dependency *d = &b->dependencies.items[i];
		if (d->kind != DEPENDS_ON || d->from >= b->ncomponents || d->to >= b->ncomponents)
			continue;
		next[i] = first[d->from];
		first[d->from] = (uint32_t)i + 1;
	}
	for (uint32_t c = 0; c < b->ncomponents; c++) {
		const struct component *x = &b->components[c];
		bool development = x->scope & (SCOPE_DEV | SCOPE_TEST) && !(x->scope & SCOPE_RUNTIME);
		if (!development && !x->first_party) {
			j->production[c] = true;
			queue[tail++] = c;
		}
	}
	while (head < tail) {
		for (uint32_t e = first[queue[head++]]; e; e = next[e - 1]) {
			const struct dependency *d = &b->dependencies.items[e - 1];
			if (j->production[d->to] || (d->scope & (SCOPE_DEV | SCOPE_TEST) && !(d->scope & SCOPE_RUNTIME)))
				continue;
			j->production[d->to] = true;
			queue[tail++] = d->to;
		}
	}
}

void judge_services(struct judge *j)
{
	const struct policy *p = j->ctx->policy;
	j->nservices = p->services.n + 1;
	j->services = arena_array(j->arena, j->nservices, sizeof *j->services);
	for (size_t i = 0; i < j->nservices; i++)
		judge_service(j, i < p->services.n ? &p->services.items[i] : NULL, &j->services[i]);
	j->of_input = arena_array(j->arena, j->bom->inputs.n + 1, sizeof *j->of_input);
	for (size_t i = 0; i < j->bom->inputs.n; i++)
		services_of_path(j, j->bom->inputs.items[i].path, &j->of_input[i]);
	services_of_path(j, STR_NONE, &j->nowhere);
	reach_production(j);
}

void judge_services_of(const struct judge *j, const struct component *c, struct service_ids *out)
{
	for (size_t i = 0; i < c->evidence.n; i++) {
		uint32_t input = c->evidence.items[i].input;
		const struct service_ids *ids = input < j->bom->inputs.n ? &j->of_input[input] : &j->nowhere;
		for (size_t s = 0; s < ids->n; s++)
			add(j->arena, out, ids->items[s]);
	}
	for (size_t s = 0; !out->n && s < j->nowhere.n; s++)
		add(j->arena, out, j->nowhere.items[s]);
}

bool judge_is_development(const struct judge *j, uint32_t component)
{
	const struct component *c = &j->bom->components[component];

	/* Only what the lockfile itself separates: a document made elsewhere (it has a ref) merely claims it. */
	return !j->production[component] && !c->ref.s && !c->first_party;
}

bool judge_shipped_before(const struct judge *j, uint32_t component)
{
	struct str key = j->ctx->base_production ? decide_component_key(j->arena, &j->bom->components[component]) : STR_NONE;

	return key.s && map_has(j->ctx->base_production, key);
}

void decide_production_keys(struct arena *a, const struct bom *b, struct map *out)
{
	struct judge j = { .bom = b, .arena = a };

	reach_production(&j);
	for (uint32_t c = 0; c < b->ncomponents; c++) {
		struct str key = j.production[c] ? decide_component_key(a, &b->components[c]) : STR_NONE;
		if (key.s)
			map_put(out, key, NULL);
	}
}

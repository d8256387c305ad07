/* Deciding 100,000 findings with 1,000 exceptions and 100 VEX documents: CPU milliseconds on standard output (at most 200). Built and
 * run by scripts/bench-decide. */
#include <stdio.h>
#include <time.h>

#include "base/buf.h"
#include "decide/baseline.h"
#include "decide/decide.h"
#include "decide/exceptions.h"
#include "decide/gate.h"

#define FINDINGS 100000
#define COMPONENTS 20000
#define EXCEPTIONS 1000
#define DOCUMENTS 100
#define STATEMENTS 20

static struct map facts;

static const struct cve_facts *lookup(void *data, struct str cve)
{
	(void)data;
	struct map_entry *m = map_get(&facts, cve);

	return m ? m->value.ptr : NULL;
}

struct documents {
	struct arena *arena;
	struct str text[DOCUMENTS];
};

static bool fetch(void *data, struct str what, struct str *text, struct str *why)
{
	struct documents *docs = data;
	uint64_t n = 0;

	(void)why;
	if (!str_to_u64(str_sub(what, 2, what.len - 7), &n) || n >= DOCUMENTS)
		return false;
	*text = docs->text[n];
	return true;
}

static struct str config(struct arena *a)
{
	struct buf b;
	struct str text;

	buf_init(&b, 0);
	buf_adds(&b, "services:\n  - {name: web, paths: ['web/**'], exposure: open, human_impact: high}\n"
		     "  - {name: job, paths: ['job/**'], exposure: small, human_impact: low, development: small}\n  - {name: rest}\nignore:\n");
	for (unsigned i = 0; i < EXCEPTIONS; i++)
		buf_printf(&b, "  - {id: CVE-2024-%u, component: 'pkg:npm/pkg-%u', until: 2099-01-01, reason: r}\n", i * 7, i * 7 % COMPONENTS);
	buf_adds(&b, "vex:\n");
	for (unsigned i = 0; i < DOCUMENTS; i++)
		buf_printf(&b, "  - {file: v/%u.json, author: acme, until: 2099-01-01}\n", i);
	text = arena_str(a, buf_str(&b));
	buf_free(&b);
	return text;
}

static void write_documents(struct documents *docs)
{
	for (unsigned k = 0; k < DOCUMENTS; k++) {
		struct buf b;
		buf_init(&b, 0);
		buf_adds(&b, "{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"author\":\"acme\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"statements\":[");
		for (unsigned i = 0; i < STATEMENTS; i++)
			buf_printf(&b, "%s{\"vulnerability\":{\"name\":\"CVE-2024-%u\"},\"products\":[{\"@id\":\"pkg:npm/pkg-%u\"}],\"status\":\"not_affected\","
				       "\"justification\":\"component_not_present\"}",
				   i ? "," : "", (k * STATEMENTS + i) * 11, (k * STATEMENTS + i) * 11 % COMPONENTS);
		buf_adds(&b, "]}");
		docs->text[k] = arena_str(docs->arena, buf_str(&b));
		buf_free(&b);
	}
}

static void fill(struct arena *a, struct bom *b, struct findings *f)
{
	for (unsigned i = 0; i < 40; i++)
		VEC_ADD(a, &b->inputs)->path = arena_printf(a, "%s/%u/package-lock.json", i % 3 == 0 ? "web" : i % 3 == 1 ? "job" : "lib", i);
	for (unsigned i = 0; i < COMPONENTS; i++) {
		struct component *c = bom_add(b);
		c->name = arena_printf(a, "pkg-%u", i);
		c->version = STR("1.2.3");
		c->ecosystem = STR("npm");
		c->purl = arena_printf(a, "pkg:npm/pkg-%u@1.2.3", i);
		c->scope = i % 5 ? SCOPE_RUNTIME : SCOPE_DEV;
		bom_evidence(b, i, i % 40, 0);
		bom_evidence(b, i, (i + 1) % 40, 0);
		if (i)
			bom_depend(b, i / 2, i, DEPENDS_ON, 0);
	}
	map_init(&facts, a);
	for (unsigned i = 0; i < FINDINGS; i++) {
		struct finding *x = VEC_ADD(a, &f->list);
		x->component = i % COMPONENTS;
		x->id = arena_printf(a, "CVE-2024-%u", i);
		*VEC_ADD(a, &x->ids) = x->id;
		*VEC_ADD(a, &x->ids) = arena_printf(a, "GHSA-%u", i);
		*VEC_ADD(a, &x->cves) = x->id;
		if (i % 3)
			continue;
		struct cve_facts *c = ARENA_NEW(a, struct cve_facts);
		*c = (struct cve_facts){ .id = x->id, .ssvc = true, .exploitation = 1u << i % 2, .automatable = 1u << i % 2, .technical_impact = 1,
					 .kev = i % 300 == 0, .epss = -1, .epss_percentile = -1 };
		map_put(&facts, x->id, NULL)->value.ptr = c;
	}
}

static double cpu(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

int main(void)
{
	struct arena *a = arena_new(0);
	struct diags d;
	struct documents docs = { .arena = a };
	struct policy p;
	struct effective e;
	struct findings f = { 0 };
	struct exceptions x;
	struct gate g;
	struct bom *b;

	diag_init(&d, a);
	b = bom_new(a, &d);
	fill(a, b, &f);
	write_documents(&docs);
	struct str text = config(a);
	struct policy_io io = { &docs, fetch };
	struct exceptions_io xio = { &docs, fetch, NULL };
	double start = cpu();
	if (policy_parse(a, &d, STR("c"), text, &io, &p) != OK || policy_effective(&p, &(struct policy_run){ 0 }, &d, &e) != OK ||
	    exceptions_load(&x, a, &d, &p, &xio) != OK) {
		fprintf(stderr, "%.*s\n", STR_ARG(d.items[0].text));
		return 1;
	}
	double loaded = cpu();
	struct decide_context ctx = { .arena = a, .policy = &p, .effective = &e, .facts = lookup, .kev_loaded = true, .ssvc_loaded = true };
	decide_run(&f, b, &ctx);
	double decided = cpu();
	exceptions_apply(&x, &f, b, NULL, 1795000000, 0, SEV_WARNING);
	double applied = cpu();
	struct gate_input in = { .findings = &f, .bom = b, .diags = &d, .policy = &p, .effective = &e, .matched = true,
				 .data = { [DATA_KEV] = { true, 0 }, [DATA_OSV] = { true, 0 } } };
	gate_decide(a, &in, &g);
	double end = cpu();
	fprintf(stderr, "load %.1f ms, decide %.1f ms, apply %.1f ms, gate %.1f ms; %zu lifted, %zu close the gate\n", loaded - start,
		decided - loaded, applied - decided, end - applied, g.lifted, g.closing);
	printf("%.1f\n", end - start);
	arena_free(a);
	return g.lifted == 0 || g.closing == 0;
}

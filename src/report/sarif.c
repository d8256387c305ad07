/* SARIF 2.1.0 (OASIS, 27 March 2020) as GitHub's code scanning takes it: one rule a flaw, one result a finding, level and
 * security-severity by the decision, relative URIs, fingerprints that outlive a new line or version. */
#include <stdlib.h>

#include "base/map.h"
#include "base/sha256.h"
#include "base/shown.h"
#include "report/changes.h"
#include "syntax/json_writer.h"

/* GitHub refuses a run with more results, and a file of more than 10 MB; it shows the first 5,000 results, each at its first location (so a
 * monorepo with a component in hundreds of files must not fill the file with places). */
#define MOST_RESULTS 25000
#define MOST_LOCATIONS 10
#define TEXT_MAX 1000 /* characters of a rule's texts: GitHub takes 1,024 */

struct sarif {
	const struct report *r;
	struct json_writer w;
	const struct finding **list; /* what becomes a result, the worst first */
	size_t n, left_out, lifted;
	struct map rules; /* id to its index */
	const uint32_t *ways;
};

static const char *level_of(const struct report *r, const struct finding *f)
{
	if (gate_closes(f, r->effective, r->pull_request))
		return "error";
	return f->decision.outcome >= OUTCOME_SCHEDULED ? "warning" : "note";
}

/* By the decision, not by CVSS, so that GitHub sorts as we do. */
static const char *severity_of(enum outcome o)
{
	static const char *const scores[] = { "2.0", "5.0", "8.0", "9.5" };

	return scores[o];
}

static int compare(const void *x, const void *y)
{
	const struct finding *a = *(const struct finding *const *)x, *b = *(const struct finding *const *)y;

	if (a->decision.level != b->decision.level)
		return a->decision.level > b->decision.level ? -1 : 1;
	if (a->state != b->state)
		return a->state == FINDING_NEW ? -1 : 1;
	int d = str_cmp(a->id, b->id);
	return d ? d : a->component < b->component ? -1 : a->component > b->component;
}

/* Code scanning shows what an exception lifted like any other alert, whatever `suppressions` says: such findings stay out. */
static void collect_results(struct sarif *s)
{
	const struct findings *all = s->r->findings;

	s->list = arena_array(s->r->arena, all->list.n + 1, sizeof *s->list);
	for (size_t i = 0; i < all->list.n; i++) {
		if (all->list.items[i].silenced)
			s->lifted++;
		else if (all->list.items[i].state != FINDING_FIXED)
			s->list[s->n++] = &all->list.items[i];
	}
	qsort(s->list, s->n, sizeof *s->list, compare);
	if (s->n > MOST_RESULTS) {
		s->left_out = s->n - MOST_RESULTS;
		s->n = MOST_RESULTS;
	}
}

/* A message: square brackets would be a link (SARIF 2.1.0, section 3.11.6), control characters and marks that
 * change the direction of text are nobody's words. */
static void short_text(struct json_writer *w, const char *key, struct str text, size_t most)
{
	struct buf safe;
	size_t characters = 0;

	buf_init(&safe, 0);
	for (size_t i = 0, n; i < text.len; i += n ? n : 1) {
		uint32_t u = shown_code_point(str_from(text, i), &n);
		characters += u > 0xffff || u == '[' || u == ']' || u == '\\' ? 2 : 1;
		if (characters > most) {
			buf_adds(&safe, "…");
			break;
		}
		if (!n)
			buf_adds(&safe, "\xef\xbf\xbd");
		else if (shown_hides(u))
			buf_addc(&safe, u < 0x80 ? ' ' : '?');
		else if (u == '[' || u == ']' || u == '\\')
			buf_printf(&safe, "\\%c", (char)u);
		else
			buf_add(&safe, str_sub(text, i, n));
	}
	json_put_key(w, key);
	json_begin_object(w);
	json_member(w, "text", buf_str(&safe));
	json_end_object(w);
	buf_free(&safe);
}

static void text_object(struct json_writer *w, const char *key, struct str text)
{
	short_text(w, key, text, SIZE_MAX);
}

static void put_rule(struct sarif *s, const struct finding *f)
{
	struct json_writer *w = &s->w;
	struct arena *a = s->r->arena;
	struct str title = f->summary.len ? f->summary : f->id;
	struct str others = STR("");

	for (size_t i = 0; i < f->ids.n && i < 20; i++)
		if (!str_eq(f->ids.items[i], f->id))
			others = arena_printf(a, "%.*s%s%.*s", STR_ARG(others), others.len ? ", " : "", STR_ARG(f->ids.items[i]));
	json_begin_object(w);
	json_member(w, "id", f->id);
	short_text(w, "shortDescription", title, TEXT_MAX);
	short_text(w, "fullDescription", others.len ? arena_printf(a, "%.*s (also %.*s)", STR_ARG(title), STR_ARG(others)) : title, TEXT_MAX);
	text_object(w, "help", arena_printf(a, "Decided by SSVC (%.*s). Why: %.*s. `bomgate explain %.*s` tells where each value comes from and what "
					       "would change the outcome.",
					    STR_ARG(f->decision.table), STR_ARG(f->decision.rule.len ? f->decision.rule : decide_why(a, &f->decision)),
					    STR_ARG(f->id)));
	json_put_key(w, "defaultConfiguration");
	json_begin_object(w);
	json_member(w, "level", str_of(level_of(s->r, f)));
	json_end_object(w);
	json_put_key(w, "properties");
	json_begin_object(w);
	json_member(w, "security-severity", str_of(severity_of(f->decision.outcome)));
	json_put_key(w, "tags");
	json_begin_array(w);
	json_put_string(w, STR("security"));
	json_put_string(w, STR("vulnerability"));
	if (f->kev)
		json_put_string(w, STR("known-exploited"));
	if (f->malicious)
		json_put_string(w, STR("malicious-package"));
	json_end_array(w);
	json_end_object(w);
	json_end_object(w);
}

/* The worst finding of a flaw stands first in the list, so the rule's level is the worst one. */
static void put_rules(struct sarif *s)
{
	json_put_key(&s->w, "rules");
	json_begin_array(&s->w);
	for (size_t i = 0; i < s->n; i++) {
		bool fresh;
		struct map_entry *e = map_put(&s->rules, s->list[i]->id, &fresh);
		if (!fresh)
			continue;
		e->value.num = s->rules.n - 1;
		put_rule(s, s->list[i]);
	}
	json_end_array(&s->w);
}

/* A relative reference (RFC 3986): percent-encoded, never absolute, never with a scheme. */
static struct str relative_uri(struct arena *a, struct str path)
{
	static const char keep[] = "-._~/!$&'()*+,;=@";
	struct buf out;

	while (path.len && path.s[0] == '/')
		path = str_from(path, 1);
	buf_init(&out, 0);
	for (size_t i = 0; i < path.len; i++) {
		char c = path.s[i];
		if (ascii_alpha(c) || ascii_digit(c) || (c && strchr(keep, c)))
			buf_addc(&out, c);
		else
			buf_printf(&out, "%%%02X", (unsigned char)c);
	}
	struct str text = arena_str(a, buf_str(&out));
	buf_free(&out);
	return text;
}

static void put_location(struct sarif *s, struct str path, uint32_t line)
{
	struct json_writer *w = &s->w;

	json_begin_object(w);
	json_put_key(w, "physicalLocation");
	json_begin_object(w);
	json_put_key(w, "artifactLocation");
	json_begin_object(w);
	json_member(w, "uri", relative_uri(s->r->arena, path));
	json_member(w, "uriBaseId", STR("%SRCROOT%"));
	json_end_object(w);
	json_put_key(w, "region");
	json_begin_object(w);
	json_member_int(w, "startLine", line ? line : 1);
	json_end_object(w);
	json_end_object(w);
	json_end_object(w);
}

/* A result without a location is refused: one whose component no file names is shown at the first input. */
static void put_locations(struct sarif *s, const struct component *c)
{
	const struct bom *b = s->r->bom;
	size_t n = 0;

	json_put_key(&s->w, "locations");
	json_begin_array(&s->w);
	for (size_t i = 0; i < c->evidence.n && n < MOST_LOCATIONS; i++) {
		if (c->evidence.items[i].input >= b->inputs.n)
			continue;
		put_location(s, b->inputs.items[c->evidence.items[i].input].path, c->evidence.items[i].line);
		n++;
	}
	if (!n)
		put_location(s, b->inputs.n ? b->inputs.items[0].path : s->r->policy->present ? s->r->policy->file : STR(".github/bomgate.yml"), 1);
	json_end_array(&s->w);
}

static void put_message(struct sarif *s, const struct finding *f, const struct component *c)
{
	struct arena *a = s->r->arena;
	struct str way = STR_NONE, fix = f->fixed.len ? arena_concat(a, STR("Fixed in "), f->fixed, STR(". ")) : STR("There is no fix yet. ");
	uint32_t *path;
	size_t n = dependency_path(s->r->bom, s->ways, a, f->component, &path);

	if (n > 1)
		way = arena_concat(a, STR("Comes in through "), component_title(a, &s->r->bom->components[path[0]]), STR(". "));
	else if (n == 1)
		way = STR("A direct dependency. ");
	text_object(&s->w, "message",
		    arena_printf(a, "%.*s: %.*s %.*s%s%.*s. %.*s%.*sWhy: %.*s.", STR_ARG(report_level(s->r, f->decision.level)),
				 STR_ARG(component_title(a, c)), STR_ARG(c->version), f->summary.len ? ": " : "", STR_ARG(str_sub(f->summary, 0, str_utf8_valid(str_sub(f->summary, 0, 200)))),
				 STR_ARG(fix), STR_ARG(way), STR_ARG(f->decision.rule.len ? f->decision.rule : decide_why(a, &f->decision))));
}

/* Made of what stays: ecosystem, name, flaw, file, service; neither the line nor the version. */
static struct str fingerprint(struct sarif *s, const struct finding *f, const struct component *c)
{
	struct str file;
	uint32_t line;

	component_place(s->r->bom, c, &file, &line);
	struct str text = arena_printf(s->r->arena, "%.*s\n%.*s\n%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(c->ecosystem), STR_ARG(c->group), STR_ARG(c->name),
				       STR_ARG(f->id), STR_ARG(file), STR_ARG(f->decision.service));
	return sha256_hex(s->r->arena, text);
}

static void put_result(struct sarif *s, const struct finding *f)
{
	static const char *const states[] = { [FINDING_NEW] = "new", [FINDING_OLD] = "unchanged", [FINDING_FIXED] = "absent" };
	const struct component *c = &s->r->bom->components[f->component];
	struct json_writer *w = &s->w;

	json_begin_object(w);
	json_member(w, "ruleId", f->id);
	json_member_int(w, "ruleIndex", (long long)map_get(&s->rules, f->id)->value.num);
	json_member(w, "kind", STR("fail"));
	json_member(w, "level", str_of(level_of(s->r, f)));
	put_message(s, f, c);
	put_locations(s, c);
	json_put_key(w, "partialFingerprints");
	json_begin_object(w);
	struct str print = fingerprint(s, f, c);
	json_member(w, "primaryLocationLineHash", arena_concat(s->r->arena, str_sub(print, 0, 32), STR(":1"), STR_NONE));
	json_member(w, "bomgate/v1", print);
	json_end_object(w);
	if (s->r->pull_request)
		json_member(w, "baselineState", str_of(states[f->state]));
	json_put_key(w, "properties");
	json_begin_object(w);
	json_member(w, "security-severity", str_of(severity_of(f->decision.outcome)));
	json_member(w, "outcome", report_level(s->r, f->decision.level));
	json_member_opt(w, "purl", c->purl);
	json_member_opt(w, "fixed", f->fixed);
	json_member_opt(w, "service", f->decision.service);
	json_member_opt(w, "owner", f->decision.owner);
	json_member_opt(w, "ssvc", decide_vector(s->r->arena, &f->decision, s->r->timestamp));
	json_end_object(w);
	json_end_object(w);
}

static void put_driver(struct sarif *s)
{
	struct json_writer *w = &s->w;

	json_put_key(w, "tool");
	json_begin_object(w);
	json_put_key(w, "driver");
	json_begin_object(w);
	json_member(w, "name", STR("bomgate"));
	json_member(w, "version", str_of(s->r->version));
	put_rules(s);
	json_end_object(w);
	json_end_object(w);
}

static void notification(struct sarif *s, struct str text)
{
	json_begin_object(&s->w);
	json_member(&s->w, "level", STR("note"));
	text_object(&s->w, "message", text);
	json_end_object(&s->w);
}

/* What could not be read, and what was left out: a tool that failed must not look like one that found nothing. */
static void put_invocation(struct sarif *s)
{
	static const char *const levels[] = { "note", "warning", "error" };
	const struct report *r = s->r;
	struct json_writer *w = &s->w;

	json_put_key(w, "invocations");
	json_begin_array(w);
	json_begin_object(w);
	json_member_bool(w, "executionSuccessful", r->gate->state == GATE_OPEN || r->gate->state == GATE_CLOSED);
	json_member_int(w, "exitCode", r->gate->exit_code);
	json_put_key(w, "toolExecutionNotifications");
	json_begin_array(w);
	for (size_t i = 0; i < r->diags->n && i < 1000; i++) {
		const struct diag *d = &r->diags->items[i];
		json_begin_object(w);
		json_member(w, "level", str_of(levels[d->severity]));
		bool place = report_in_commit(d->input);
		text_object(w, "message", place || !d->input.len ? d->text : arena_concat(r->arena, d->input, STR(": "), d->text));
		if (place) {
			json_put_key(w, "locations");
			json_begin_array(w);
			put_location(s, d->input, d->line);
			json_end_array(w);
		}
		json_end_object(w);
	}
	if (s->left_out)
		notification(s, arena_printf(r->arena, "%zu findings of the lowest outcome are left out here, because code scanning takes %d; "
						       "result.json has them all",
					     s->left_out, MOST_RESULTS));
	if (s->lifted)
		notification(s, arena_printf(r->arena, "%zu findings that an exception lifts are left out here; result.json has them all", s->lifted));
	json_end_array(w);
	json_end_object(w);
	json_end_array(w);
}

void report_sarif(const struct report *r, struct buf *out)
{
	struct sarif s = { .r = r };
	struct json_writer *w = &s.w;

	collect_results(&s);
	map_init(&s.rules, r->arena);
	s.ways = s.n ? dependency_ways(r->bom, r->arena) : NULL;
	json_writer_init(w, out, false);
	json_begin_object(w);
	json_member(w, "$schema", STR("https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"));
	json_member(w, "version", STR("2.1.0"));
	json_put_key(w, "runs");
	json_begin_array(w);
	json_begin_object(w);
	put_driver(&s);
	put_invocation(&s);
	json_put_key(w, "automationDetails");
	json_begin_object(w);
	json_member(w, "id", r->category.len ? arena_concat(r->arena, STR("bomgate/"), r->category, STR("/")) : STR("bomgate/"));
	json_end_object(w);
	if (r->commit.len && r->repository.len && r->server_url.len) {
		json_put_key(w, "versionControlProvenance");
		json_begin_array(w);
		json_begin_object(w);
		json_member(w, "repositoryUri", arena_concat(r->arena, r->server_url, STR("/"), r->repository));
		json_member(w, "revisionId", r->commit);
		json_end_object(w);
		json_end_array(w);
	}
	json_member(w, "columnKind", STR("utf16CodeUnits"));
	json_put_key(w, "results");
	json_begin_array(w);
	for (size_t i = 0; i < s.n; i++)
		put_result(&s, s.list[i]);
	json_end_array(w);
	json_end_object(w);
	json_end_array(w);
	json_end_object(w);
	buf_addc(out, '\n');
}

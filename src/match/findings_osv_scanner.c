/* osv-scanner's JSON report (pkg/models/results.go, versions 1 and 2): results[] of source and packages[], each with package
 * {name, version, ecosystem}, vulnerabilities[] (whole OSV records) and groups[] that join their ids. */
#include "match/findings.h"
#include "syntax/json.h"

static bool list_has(const struct json *list, struct str text)
{
	for (JSON_EACH(one, list))
		if (str_eq(json_string(one), text))
			return true;
	return false;
}

/* Aliases that osv-scanner worked out, and whether it saw the flaw's code called. */
static void add_group(struct findings_reading *r, struct reported *e, const struct json *groups, struct str id)
{
	for (JSON_EACH(group, groups)) {
		if (!list_has(json_get(group, "ids"), id))
			continue;
		for (JSON_EACH(one, json_get(group, "ids")))
			findings_id(r, e, json_string(one));
		for (JSON_EACH(one, json_get(group, "aliases")))
			findings_id(r, e, json_string(one));
		for (JSON_EACH(one, json_get(group, "experimentalAnalysis"))) {
			const struct json *called = json_get(one, "called");
			if (str_eq(json_key(one), id) && json_type(called) == JSON_FALSE)
				e->stated = STR("not called");
		}
	}
}

static void add_fixed(struct findings_reading *r, struct reported *e, const struct json *record)
{
	for (JSON_EACH(affected, json_get(record, "affected"))) {
		if (!str_eq(json_string(json_path(affected, "package.name")), e->name))
			continue;
		for (JSON_EACH(range, json_get(affected, "ranges")))
			for (JSON_EACH(event, json_get(range, "events")))
				if (!str_is(json_get_string(range, "type"), "GIT") && json_get_string(event, "fixed").len)
					*VEC_ADD(r->arena, &e->fixed) = json_get_string(event, "fixed");
	}
}

static struct str cvss_of(const struct json *record)
{
	struct str best = STR_NONE;

	for (JSON_EACH(one, json_get(record, "severity"))) {
		if (!best.len || str_is(json_get_string(one, "type"), "CVSS_V3"))
			best = json_get_string(one, "score");
	}
	return best;
}

static void read_record(struct findings_reading *r, const struct json *package, const struct json *record, struct str path, size_t offset)
{
	struct reported *e = findings_add(r, offset);
	const struct json *p = json_get(package, "package");

	e->ecosystem = json_get_string(p, "ecosystem");
	e->name = json_get_string(p, "name");
	e->version = json_get_string(p, "version");
	e->path = path;
	e->cvss = cvss_of(record);
	e->summary = findings_line(json_get_string(record, "summary"));
	if (!e->summary.len)
		e->summary = findings_line(json_get_string(record, "details"));
	findings_id(r, e, json_get_string(record, "id"));
	for (JSON_EACH(alias, json_get(record, "aliases")))
		findings_id(r, e, json_string(alias));
	if (e->ids.n)
		add_group(r, e, json_get(package, "groups"), e->ids.items[0]);
	add_fixed(r, e, record);
	findings_check(r);
}

static void read_packages(struct findings_reading *r, struct json_cursor *c, struct str path)
{
	if (json_peek(c) == JSON_NULL) {
		json_skip(c);
		return;
	}
	json_enter_array(c);
	while (json_next(c)) {
		size_t offset = json_offset(c);
		const struct json *package = json_read_tree(c);
		for (JSON_EACH(record, json_get(package, "vulnerabilities")))
			read_record(r, package, record, path, offset);
	}
}

static void read_result(struct findings_reading *r, struct json_cursor *c)
{
	struct json_cursor again = *c;
	struct str key, path = STR_NONE;

	json_enter_object(&again);
	while (json_next_key(&again, &key)) {
		if (str_is(key, "source"))
			path = json_get_string(json_read_tree(&again), "path");
		else
			json_skip(&again);
	}
	json_enter_object(c);
	while (json_next_key(c, &key)) {
		if (str_is(key, "packages"))
			read_packages(r, c, path);
		else
			json_skip(c);
	}
}

bool findings_osv_scanner(struct findings_reading *r)
{
	struct json_cursor c;
	struct str key;

	json_open(&c, r->arena, r->text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (!str_is(key, "results") || json_peek(&c) == JSON_NULL) {
			json_skip(&c);
			continue;
		}
		json_enter_array(&c);
		while (json_next(&c))
			read_result(r, &c);
	}
	return findings_close(r, &c);
}

/* CISA's catalogue (JSON, schema of 2021 with later fields) and FIRST's EPSS scores (CSV, plain or packed). */
#include <stdlib.h>

#include "base/limits.h"
#include "syntax/lines.h"
#include "vuln/build.h"

#define LIMIT_KEV ((size_t)256 << 20)  /* 1.3 MB today */
#define LIMIT_EPSS ((size_t)512 << 20) /* 10 MB unpacked today */

static bool bad_input(struct build *b, struct str path, size_t offset, const char *why)
{
	diag_add(b->diags, SEV_ERROR, "data.input", path, offset, "%s", why);
	return false;
}

static void read_kev_entry(struct build *b, struct json_cursor *c, struct str path)
{
	struct str key, id = STR_NONE, added = STR_NONE, due = STR_NONE, ransomware = STR_NONE;

	json_enter_object(c);
	while (json_next_key(c, &key)) {
		struct str v = json_read_string_or_skip(c);
		if (str_is(key, "cveID"))
			id = str_trim(v);
		else if (str_is(key, "dateAdded"))
			added = v;
		else if (str_is(key, "dueDate"))
			due = v;
		else if (str_is(key, "knownRansomwareCampaignUse"))
			ransomware = v;
	}
	if (json_failed(c))
		return;
	struct build_cve *v = build_cve(b, id);
	if (!v) {
		build_unreadable(b, path, "an entry has no CVE id that can be read");
		return;
	}
	v->facts.kev = v->facts.kev_catalogue = true;
	v->facts.kev_ransomware = str_eq_nocase(ransomware, STR("Known"));
	v->facts.kev_added = arena_str(b->arena, added);
	v->facts.kev_due = arena_str(b->arena, due);
	b->info->sources.items[b->info->sources.n - 1].records++;
}

bool build_kev(struct build *b, struct str path)
{
	struct arena_mark mark = arena_mark(b->scratch);
	struct vuln_source *s = build_source(b, "kev");
	struct json_cursor c;
	struct str text, key;
	bool list = false;

	if (!build_whole(b, path, LIMIT_KEV, &text))
		return false;
	json_open(&c, b->scratch, text);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "dateReleased")) {
			s->date = arena_str(b->arena, json_read_string_or_skip(&c));
		} else if (str_is(key, "vulnerabilities") && json_peek(&c) == JSON_ARRAY && !list) {
			list = true;
			json_enter_array(&c);
			while (json_next(&c))
				read_kev_entry(b, &c, path);
		} else {
			json_skip(&c);
		}
	}
	json_close(&c);
	s->digest = build_digest(b);
	bool ok = !json_failed(&c) || bad_input(b, path, c.error_offset, c.error);
	/* An empty catalogue would let everything pass: it is a wrong file. */
	if (ok && !s->records)
		ok = bad_input(b, path, DIAG_NO_OFFSET, "this is no KEV catalogue: it lists no vulnerability");
	arena_pop(b->scratch, mark);
	return ok;
}

/* "0.00383" times 100,000 (the file has five decimals); false where it is no number from 0 to 1. */
static bool share(struct str text, uint32_t *out)
{
	char copy[32], *end;

	if (!text.len || text.len >= sizeof copy || !(ascii_digit(text.s[0]) || text.s[0] == '.'))
		return false;
	memcpy(copy, text.s, text.len);
	copy[text.len] = 0;
	double v = strtod(copy, &end);
	if (*end || !(v >= 0 && v <= 1))
		return false;
	*out = (uint32_t)(v * 100000 + 0.5);
	return true;
}

bool build_epss(struct build *b, struct str path)
{
	struct arena_mark mark = arena_mark(b->scratch);
	struct vuln_source *s = build_source(b, "epss");
	struct lines l;
	struct str text;
	bool header = false;

	if (!build_whole(b, path, LIMIT_EPSS, &text))
		return false;
	lines_open(&l, text);
	while (lines_next(&l)) {
		struct str rest = str_trim(l.line), date;
		if (str_starts(rest, STR("#"))) {
			size_t at = str_find(rest, STR("score_date:"), 0);
			if (at != STR_NOT_FOUND) {
				date = str_from(rest, at + 11);
				s->date = b->epss_date = arena_str(b->arena, str_sub(date, 0, str_chr(date, ',')));
			}
			continue;
		}
		if (!rest.len)
			continue;
		if (!header) {
			header = str_starts_nocase(rest, STR("cve,epss,percentile"));
			if (!header)
				return bad_input(b, path, l.offset, "this is no EPSS file: the line `cve,epss,percentile` is missing");
			continue;
		}
		struct str id = str_cut(&rest, ','), epss = str_cut(&rest, ','), percentile = str_cut(&rest, ',');
		uint32_t e, p;
		struct build_cve *v = share(epss, &e) && share(percentile, &p) ? build_cve(b, id) : NULL;
		if (!v) {
			build_unreadable(b, path, "a line has no CVE id and two numbers");
			continue;
		}
		v->epss = e;
		v->percentile = p;
		s->records++;
	}
	s->digest = build_digest(b);
	arena_pop(b->scratch, mark);
	return (header && s->records) || bad_input(b, path, DIAG_NO_OFFSET, "this is no EPSS file: it lists no CVE");
}

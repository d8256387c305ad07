#include "syntax/json.h"
#include "vuln/vuln.h"

/* "CVE-2024-1: what it is" without the id, which stands before it in every report. */
static struct str without_id(struct str text)
{
	size_t n = str_starts(text, STR("CVE-")) ? 4 : 0;

	while (n && n < text.len && (ascii_digit(text.s[n]) || text.s[n] == '-'))
		n++;
	struct str rest = n && n < text.len && text.s[n] == ':' ? str_trim(str_from(text, n + 1)) : STR_NONE;
	return rest.len ? rest : text;
}

struct str vuln_summary(struct vuln_db *db, struct arena *a, struct str id, struct str ecosystem)
{
	struct str json = vuln_record_near(db, a, id, ecosystem), key, summary = STR_NONE, details = STR_NONE;
	struct json_cursor c;

	if (!json.s)
		return STR_NONE;
	json_open(&c, a, json);
	json_enter_object(&c);
	while (json_next_key(&c, &key)) {
		if (str_is(key, "summary"))
			summary = json_read_string_or_skip(&c);
		else if (str_is(key, "details"))
			details = json_read_string_or_skip(&c);
		else
			json_skip(&c);
	}
	if (json_failed(&c))
		return STR_NONE;
	/* Without a summary the first line of the details says what it is. */
	struct str text = str_trim(summary.len ? summary : details);
	return arena_str(a, without_id(str_trim(str_sub(text, 0, str_chr(text, '\n')))));
}

void vuln_summaries(struct vuln_db *db, struct arena *a, struct findings *f)
{
	for (VEC_EACH(struct finding, x, &f->list)) {
		for (VEC_EACH(struct match, m, &x->matches)) {
			if (!m->summary.s)
				m->summary = vuln_summary(db, a, m->id, m->ecosystem);
			if (!x->summary.len)
				x->summary = m->summary;
		}
	}
}

#include "report/escape.h"

#include "base/shown.h"

/* Walks s; `plain` appends one harmless character (its bytes, and what comes behind it). */
static void each_character(struct buf *out, struct str s, void (*plain)(struct buf *out, uint32_t u, struct str bytes, struct str rest))
{
	while (s.len) {
		size_t n;
		uint32_t u = shown_code_point(s, &n);
		if (!n) {
			buf_printf(out, "\\x%02x", (unsigned char)s.s[0]);
			n = 1;
		} else if (shown_hides(u)) {
			if (u < 0x100)
				buf_printf(out, "\\x%02x", u);
			else
				buf_printf(out, "\\u{%x}", u);
		} else {
			plain(out, u, str_sub(s, 0, n), str_from(s, n));
		}
		s = str_from(s, n);
	}
}

static void log_character(struct buf *out, uint32_t u, struct str bytes, struct str rest)
{
	buf_add(out, bytes);
	if ((u == '#' && str_starts(rest, STR("#["))) || (u == ':' && str_starts(rest, STR(":"))))
		buf_addc(out, '\\');
}

/* How many bytes at the start of s may stand as they are: printable ASCII without what log_character breaks. */
static size_t harmless(struct str s)
{
	size_t i = 0;

	while (i < s.len && s.s[i] >= ' ' && s.s[i] < 0x7f && !(i + 1 < s.len && (s.s[i] == '#' || s.s[i] == ':') && s.s[i + 1] == s.s[i]))
		i++;
	return i;
}

void escape_log(struct buf *out, struct str s)
{
	size_t n = harmless(s);

	buf_add(out, str_sub(s, 0, n));
	each_character(out, str_from(s, n), log_character);
}

static void command(struct buf *out, struct str s, bool property)
{
	while (s.len) {
		size_t n;
		uint32_t u = shown_code_point(s, &n);
		if (!n) {
			buf_adds(out, "\xef\xbf\xbd");
			n = 1;
		} else if (u == '%') {
			buf_adds(out, "%25");
		} else if (u == '\r') {
			buf_adds(out, "%0D");
		} else if (u == '\n') {
			buf_adds(out, "%0A");
		} else if (property && u == ':') {
			buf_adds(out, "%3A");
		} else if (property && u == ',') {
			buf_adds(out, "%2C");
		} else if (shown_hides(u)) {
			buf_adds(out, "?");
		} else {
			buf_add(out, str_sub(s, 0, n));
			if (u == '#' && str_starts(str_from(s, n), STR("#[")))
				buf_addc(out, '\\');
		}
		s = str_from(s, n);
	}
}

void escape_command_data(struct buf *out, struct str s)
{
	command(out, s, false);
}

void escape_command_property(struct buf *out, struct str s)
{
	command(out, s, true);
}

/* GitHub looks for mentions, issues and addresses in the text as it is shown, where neither a backslash nor an entity is left: a
 * space of no width behind the character that starts one breaks it. */
#define NO_WIDTH "&#8203;"

static void markdown_character(struct buf *out, uint32_t u, struct str bytes, struct str rest)
{
	if (u == '<')
		buf_adds(out, "&lt;");
	else if (u == '>')
		buf_adds(out, "&gt;");
	else if (u == '&')
		buf_adds(out, "&amp;");
	else if (u == '@')
		buf_adds(out, "@" NO_WIDTH);
	else if (u == '#')
		buf_adds(out, "\\#" NO_WIDTH);
	else if ((u == ':' && str_starts(rest, STR("//"))) || ((u == 'w' || u == 'W') && str_starts_nocase(rest, STR("ww."))) ||
		 (u == '-' && out->len > 1 && (out->s[out->len - 1] | 32) == 'h' && (out->s[out->len - 2] | 32) == 'g')) { /* "GH-1" */
		buf_add(out, bytes);
		buf_adds(out, NO_WIDTH);
	} else if (u < 0x80 && strchr("\\`*_{}[]|~$", (int)u) && u) {
		buf_addc(out, '\\');
		buf_add(out, bytes);
	} else {
		buf_add(out, bytes);
	}
}

void escape_markdown(struct buf *out, struct str s)
{
	if (s.len && strchr("-+", s.s[0])) /* the mark of a list item */
		buf_addc(out, '\\');
	each_character(out, s, markdown_character);
}

static void code_character(struct buf *out, uint32_t u, struct str bytes, struct str rest)
{
	(void)rest;
	if (u == '`')
		buf_addc(out, '\'');
	else if (u == '|') /* a cell ends at it even inside a code span; the backslash is taken away again */
		buf_adds(out, "\\|");
	else
		buf_add(out, bytes);
}

void escape_code(struct buf *out, struct str s)
{
	size_t before;

	buf_addc(out, '`');
	before = out->len;
	each_character(out, s, code_character);
	if (out->len == before)
		buf_addc(out, ' ');
	buf_addc(out, '`');
}

static void percent(struct buf *out, struct str s, const char *keep)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if (ascii_alpha((char)c) || ascii_digit((char)c) || (c && strchr(keep, c)))
			buf_addc(out, (char)c);
		else
			buf_printf(out, "%%%02X", c);
	}
}

void escape_url(struct buf *out, struct str s)
{
	if (str_starts_nocase(s, STR("https://")) || str_starts_nocase(s, STR("http://")))
		percent(out, s, "-._~:/?#@!$&+,;=%");
	else
		buf_addc(out, '#');
}

void escape_url_path(struct buf *out, struct str s)
{
	percent(out, s, "-._~/");
}

static void html_character(struct buf *out, uint32_t u, struct str bytes, struct str rest)
{
	switch (u) {
	case '#': /* the runner obeys "##[" in a page that is printed, too */
		buf_adds(out, str_starts(rest, STR("#[")) ? "&#35;" : "#");
		break;
	case '<':
		buf_adds(out, "&lt;");
		break;
	case '>':
		buf_adds(out, "&gt;");
		break;
	case '&':
		buf_adds(out, "&amp;");
		break;
	case '"':
		buf_adds(out, "&quot;");
		break;
	case '\'':
		buf_adds(out, "&#39;");
		break;
	default:
		buf_add(out, bytes);
	}
}

void escape_html(struct buf *out, struct str s)
{
	each_character(out, s, html_character);
}

void escape_shortened(struct buf *out, void (*escape)(struct buf *, struct str), struct str s, size_t n)
{
	size_t at = 0;

	while (at < s.len && n) {
		size_t len;
		shown_code_point(str_from(s, at), &len);
		at += len ? len : 1;
		n--;
	}
	escape(out, str_sub(s, 0, at));
	if (at < s.len)
		buf_adds(out, "…");
}

static void csv_character(struct buf *out, uint32_t u, struct str bytes, struct str rest)
{
	if (u == '"')
		buf_addc(out, '"');
	log_character(out, u, bytes, rest);
}

void escape_csv(struct buf *out, struct str s)
{
	static const char *const wide[] = { "\uff1d", "\uff0b", "\uff0d", "\uff20" }; /* full-width: some tables read them as the plain ones */
	struct str begin = str_trim(s);
	bool formula = begin.len && strchr("=+-@", begin.s[0]);

	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		formula = formula || str_starts(begin, str_of(wide[i]));
	buf_addc(out, '"');
	if (formula || (s.len && strchr("\t\r\n", s.s[0])))
		buf_addc(out, '\'');
	while (s.len) { /* a blank for what only moves on: names have line ends by accident, and a table's cell has one line */
		size_t n = 0;
		while (n < s.len && (unsigned char)s.s[n] >= 0x20)
			n++;
		each_character(out, str_sub(s, 0, n), csv_character);
		if (n < s.len)
			buf_addc(out, ' ');
		s = str_from(s, n + 1);
	}
	buf_addc(out, '"');
}

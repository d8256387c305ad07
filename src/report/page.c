#include "report/page.h"

#include "base/base64.h"
#include "base/sha256.h"
#include "report/escape.h"
#include "report/report.h"

/* 'sha256-<base64 of the digest>' as a policy wants it. */
static void put_hash(struct buf *out, struct str text)
{
	uint8_t digest[32];

	sha256_of(text, digest);
	buf_adds(out, "'sha256-");
	base64_encode(out, str_make((const char *)digest, sizeof digest));
	buf_addc(out, '\'');
}

/* JSON has '<' only inside strings, where its escape means the same. */
void page_data(struct buf *out, struct str json)
{
	size_t from = 0;

	buf_adds(out, "<script type=\"application/json\" id=\"data\">");
	for (size_t i = 0; i < json.len; i++) {
		const char *instead = json.s[i] == '<' ? "\\u003c" : json.s[i] == '>' ? "\\u003e" : json.s[i] == '&' ? "\\u0026" : NULL;
		if (!instead)
			continue;
		buf_add(out, str_make(json.s + from, i - from));
		buf_adds(out, instead);
		from = i + 1;
	}
	buf_add(out, str_make(json.s + from, json.len - from));
	buf_adds(out, "</script>\n");
}

void page_head(struct buf *out, const char *style, const char *script, struct str title)
{
	buf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\""
		      "default-src 'none'; base-uri 'none'; form-action 'none'; style-src ");
	put_hash(out, str_of(style));
	buf_adds(out, "; script-src ");
	put_hash(out, str_of(script));
	buf_adds(out, "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
		      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>bomgate: ");
	escape_html(out, title);
	buf_adds(out, "</title>\n<style>");
	buf_adds(out, style);
	buf_adds(out, "</style>\n</head>\n");
}

void page_end(struct buf *out, const char *script)
{
	buf_adds(out, "<script>");
	buf_adds(out, script);
	buf_adds(out, "</script>\n</body>\n</html>\n");
}

void page_tile(struct buf *out, size_t n, unsigned rank, struct str what)
{
	buf_adds(out, n ? "<li>" : "<li class=\"zero\">");
	if (rank < PAGE_PLAIN)
		buf_printf(out, "<strong class=\"o%u\">", rank);
	else
		buf_adds(out, "<strong>");
	report_number(out, n);
	buf_adds(out, "</strong>");
	escape_html(out, what);
	buf_adds(out, "</li>\n");
}

unsigned page_rank(unsigned level, unsigned levels)
{
	return levels > 1 ? (level * 3 + (levels - 1) / 2) / (levels - 1) : 0;
}

#include "test.h"

#include "base/span.h"

/* Each function against the byte by byte definition: every byte at every place of texts around the step of sixteen, and no look behind the
 * end (ASan sees that: the text is as long as it says). */
static bool stops_string(unsigned char c)
{
	return c == '"' || c == '\\' || c < 0x20;
}

static bool stops_until(unsigned char c)
{
	return c == ' ' || c == ':' || c == 0xc3;
}

static bool stops_blanks(unsigned char c)
{
	return c != ' ' && c != '\n' && c != '\r' && c != '\t';
}

static bool stops_printable(unsigned char c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
}

static size_t until(const char *s, size_t at, size_t end)
{
	return span_until(s, at, end, ' ', ':', (char)0xc3);
}

static size_t slow(const char *s, size_t at, size_t end, bool (*stops)(unsigned char))
{
	while (at < end && !stops((unsigned char)s[at]))
		at++;
	return at;
}

static void each(size_t (*fast)(const char *, size_t, size_t), bool (*stops)(unsigned char), char filler)
{
	bool good = true;

	for (size_t n = 0; n < 40; n++) {
		char *text = malloc(n + 1);
		char *exact = malloc(n ? n : 1);
		for (size_t place = 0; place <= n; place++)
			for (int c = 0; c < 256; c++) {
				memset(text, filler, n + 1);
				text[place] = (char)c;
				memcpy(exact, text, n);
				for (size_t at = 0; at <= n; at += 5)
					good = good && fast(exact, at, n) == slow(exact, at, n, stops);
			}
		free(exact);
		free(text);
	}
	CHECK(good);
}

static void spans(void)
{
	each(span_string, stops_string, 'a');
	each(until, stops_until, 'a');
	each(span_blanks, stops_blanks, ' ');
	each(span_blanks, stops_blanks, '\n');
	each(span_printable, stops_printable, 'a');
	each(span_printable, stops_printable, '\n');
}

TEST_MAIN(TEST_CASE(spans))

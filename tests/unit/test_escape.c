#include "report/escape.h"

#include "base/shown.h"
#include "io/gzip.h"
#include "provenance/verdict.h"
#include "publish/github.h"
#include "syntax/json_writer.h"
#include "test.h"

static struct arena *arena;

static struct str with(void (*escape)(struct buf *, struct str), struct str s)
{
	struct buf out;

	buf_init(&out, 0);
	escape(&out, s);
	struct str text = arena_str(arena, buf_str(&out));
	buf_free(&out);
	return text;
}

static void logs(void)
{
	CHECK_STR(with(escape_log, STR("lodash 4.17.21")), STR("lodash 4.17.21"));
	CHECK_STR(with(escape_log, STR("a\n::error::b")), STR("a\\x0a:\\:error:\\:b"));
	CHECK_STR(with(escape_log, STR("x ##[add-mask]a")), STR("x #\\#[add-mask]a"));
	CHECK_STR(with(escape_log, STR("a:::b # ##[[ #:")), STR("a:\\:\\:b # #\\#[[ #:"));
	CHECK_STR(with(escape_log, STR("~\x7f caf\xc3\xa9::")), STR("~\\x7f caf\xc3\xa9:\\:"));
	CHECK_STR(with(escape_log, STR("")), STR(""));
	CHECK_STR(with(escape_log, STR("\x1b[31m\xe2\x80\xae")), STR("\\x1b[31m\\u{202e}"));
	CHECK_STR(with(escape_log, STR("\xff\xc0\x80")), STR("\\xff\\xc0\\x80"));
}

static void commands(void)
{
	CHECK_STR(with(escape_command_data, STR("50% a\r\nb")), STR("50%25 a%0D%0Ab"));
	CHECK_STR(with(escape_command_property, STR("a:b,c")), STR("a%3Ab%2Cc"));
}

static void markdown(void)
{
	CHECK_STR(with(escape_markdown, STR("a|b <i> *c*")), STR("a\\|b &lt;i&gt; \\*c\\*"));
	CHECK_STR(with(escape_markdown, STR("@team")), STR("@&#8203;team"));
	CHECK_STR(with(escape_markdown, STR("o/r#1")), STR("o/r\\#&#8203;1"));
	CHECK_STR(with(escape_markdown, STR("GH-1")), STR("GH-&#8203;1"));
	CHECK_STR(with(escape_markdown, STR("https://x.example")), STR("https:&#8203;//x.example"));
	CHECK_STR(with(escape_markdown, STR("WWW.x.example")), STR("W&#8203;WW.x.example"));
	CHECK_STR(with(escape_markdown, STR("- item")), STR("\\- item"));
	CHECK_STR(with(escape_code, STR("a`b|c\n")), STR("`a'b\\|c\\x0a`"));
	CHECK_STR(with(escape_code, STR("")), STR("` `"));
}

static void urls(void)
{
	CHECK_STR(with(escape_url, STR("javascript:alert(1)")), STR("#"));
	CHECK_STR(with(escape_url, STR("https://x.example/a b)")), STR("https://x.example/a%20b%29"));
	CHECK_STR(with(escape_url_path, STR("a b/c?d#e")), STR("a%20b/c%3Fd%23e"));
	CHECK_STR(with(escape_csv, STR("a \"b\",\nc")), STR("\"a \"\"b\"\", c\""));
	CHECK_STR(with(escape_csv, STR("=1+1")), STR("\"'=1+1\""));
	CHECK_STR(with(escape_csv, STR(" \n=1")), STR("\"'  =1\""));
	CHECK_STR(with(escape_csv, STR("\uff1d1")), STR("\"'\uff1d1\""));
	CHECK_STR(with(escape_csv, STR("1 -2")), STR("\"1 -2\""));
	CHECK_STR(with(escape_csv, STR("")), STR("\"\""));
	CHECK_STR(with(escape_csv, STR("\u202ea\xc2\x9b\xff##[x::")), STR("\"\\u{202e}a\\x9b\\xff#\\#[x:\\:\""));
	CHECK_STR(with(escape_html, STR("##[x ###[ #")), STR("&#35;#[x #&#35;#[ #"));
	CHECK_STR(with(escape_html, STR("<a href=\"x\" b='c'>&")), STR("&lt;a href=&quot;x&quot; b=&#39;c&#39;&gt;&amp;"));
}

static void shortened(void)
{
	struct buf out;

	buf_init(&out, 0);
	escape_shortened(&out, escape_html, STR("\xe3\x81\x82\xe3\x81\x84\xe3\x81\x86"), 2);
	CHECK_STR(buf_str(&out), STR("\xe3\x81\x82\xe3\x81\x84…"));
	buf_free(&out);
}

static void packed(void)
{
	struct buf a, b;
	char *much = arena_alloc(arena, 200000);

	for (size_t i = 0; i < 200000; i++)
		much[i] = (char)(i * 2654435761u >> 13);
	buf_init(&a, 0);
	buf_init(&b, 0);
	CHECK(gzip_write(str_make(much, 200000), &a) && gzip_write(str_make(much, 200000), &b));
	CHECK(a.len > 20 && (unsigned char)a.s[0] == 0x1f && (unsigned char)a.s[1] == 0x8b);
	CHECK(str_eq(buf_str(&a), buf_str(&b)));
	buf_reset(&a);
	CHECK(gzip_write(STR(""), &a) && a.len == 20);
	buf_free(&a);
	buf_free(&b);
	CHECK_STR(github_base64(arena, STR("")), STR(""));
	CHECK_STR(github_base64(arena, STR("f")), STR("Zg=="));
	CHECK_STR(github_base64(arena, STR("fo")), STR("Zm8="));
	CHECK_STR(github_base64(arena, STR("foo")), STR("Zm9v"));
	CHECK_STR(github_base64(arena, STR("\xff\xfe\xfd\xfc")), STR("//79/A=="));
}

static void policies(void)
{
	struct named_digest one = { .name = STR("a.yml"), .sha256 = STR("0011") }, two[2] = { one, { .name = STR("b.yml"), .sha256 = STR("22") } };

	CHECK_STR(verdict_policy_digest(arena, NULL, 0), STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
	CHECK_STR(verdict_policy_digest(arena, &one, 1), STR("0011"));
	/* printf '0011  a.yml\n22  b.yml\n' | sha256sum */
	CHECK_STR(verdict_policy_digest(arena, two, 2), STR("335977aaa758b5fe09ee3ad015c41b379680313295619707be733bd0020fba45"));
}

static void servers(void)
{
	CHECK(!publish_is_ghes(STR("https://github.com")));
	CHECK(!publish_is_ghes(STR("https://acme.ghe.com")));
	CHECK(!publish_is_ghes(STR_NONE));
	CHECK(publish_is_ghes(STR("https://ghes.acme.example")));
	CHECK(publish_is_ghes(STR("https://github.com.evil.example")));
}

static void setup(void)
{
	arena = arena_new(0);
}

/* What nobody escapes for a format of its own, and what our documents must not hold. */
static void shown(void)
{
	struct str plain = STR("lodash 4.17.21"), text = shown_text(arena, plain);

	CHECK(text.s == plain.s && text.len == plain.len);
	CHECK_STR(shown_text(arena, STR("a\n\x1b[1m\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81\xff caf\xc3\xa9")), STR("a\\x0a\\x1b[1m\\x9b\\u{202e}\\u{e0041}\\xff caf\xc3\xa9"));
	CHECK_STR(shown_text(arena, str_make("a\0b", 3)), STR("a\\x00b"));
	CHECK_STR(with(json_quote, str_make("a\0b\n\xff", 5)), STR("\"a\xef\xbf\xbd" "b\\n\xef\xbf\xbd\""));
	CHECK_STR(with(json_quote, STR("##[x ###[ #[")), STR("\"#\\u0023[x ##\\u0023[ #[\""));
}

TEST_MAIN(TEST_CASE(setup), TEST_CASE(shown), TEST_CASE(logs), TEST_CASE(commands), TEST_CASE(markdown), TEST_CASE(urls), TEST_CASE(shortened), TEST_CASE(packed),
	  TEST_CASE(policies), TEST_CASE(servers))

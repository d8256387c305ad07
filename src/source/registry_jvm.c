/* Repositories of Maven and Gradle. What a project publishes to counts too: who has a repository manager fetches by it. */
#include "source/registry.h"
#include "syntax/xml.h"

/* ---- pom.xml and settings.xml */

/* The address with ${…} filled in from the file's own properties; what is not known stays, and makes it no public one. */
static struct str filled(struct registry_reading *r, const struct xml *root, struct str text)
{
	for (int i = 0; i < 8; i++) {
		size_t open = str_find(text, STR("${"), 0), close = open == STR_NOT_FOUND ? STR_NOT_FOUND : str_find(text, STR("}"), open);
		if (close == STR_NOT_FOUND)
			return text;
		struct str value = xml_child_text(xml_child(root, "properties"), arena_cstr(r->arena, str_sub(text, open + 2, close - open - 2)));
		if (!value.s)
			return text;
		text = arena_concat(r->arena, str_sub(text, 0, open), value, str_from(text, close + 1));
	}
	return text;
}

static void take_xml(struct registry_reading *r, const struct xml *root, const struct xml *x)
{
	for (XML_EACH(e, x)) {
		if (xml_is(e, "repository") || xml_is(e, "pluginRepository") || xml_is(e, "snapshotRepository") || xml_is(e, "mirror")) {
			if (xml_child(e, "url"))
				registry_says(r, STR_NONE, STR_NONE, filled(r, root, xml_child_text(e, "url")), 0);
			else if (!str_is(xml_child_text(e, "id"), "central"))
				registry_unclear(r, STR_NONE, STR_NONE, 0);
		} else {
			take_xml(r, root, e);
		}
	}
}

/* .mvn/maven.config: options of the command line, one of which chooses other settings. */
static bool chooses_settings(struct str text)
{
	return str_starts(text, STR("-s")) || str_starts(text, STR("-gs")) || str_has(text, STR("\n-s")) || str_has(text, STR("\n-gs")) || str_has(text, STR(" -s")) ||
	       str_has(text, STR(" -gs")) || str_has(text, STR("settings"));
}

void registry_maven(struct registry_reading *r)
{
	if (str_ends(r->path, STR("maven.config"))) {
		if (chooses_settings(r->text))
			registry_unclear(r, STR_NONE, STR_NONE, 0);
		return;
	}
	struct str why;
	size_t offset;
	const struct xml *root = xml_parse(r->arena, r->text, &why, &offset);

	if (!root)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
	else if (xml_is(root, "project") || xml_is(root, "settings"))
		take_xml(r, root, root);
}

/* ---- Gradle's build files: programs. Comments and strings are told apart, brackets counted, and no more. */


static bool word_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_';
}

/* Behind the string or comment that begins at i; i where none does. */
static size_t behind_text(struct str s, size_t i)
{
	char c = s.s[i];

	if (c == '/' && i + 1 < s.len && s.s[i + 1] == '/') {
		size_t n = str_chr(str_from(s, i), '\n');
		return n == STR_NOT_FOUND ? s.len : i + n;
	}
	if (c == '/' && i + 1 < s.len && s.s[i + 1] == '*') {
		size_t end = str_find(s, STR("*/"), i + 2);
		return end == STR_NOT_FOUND ? s.len : end + 2;
	}
	if (c != '"' && c != '\'')
		return i;
	for (size_t k = i + 1; k < s.len; k++) {
		if (s.s[k] == '\\')
			k++;
		else if (s.s[k] == c)
			return k + 1;
		else if (s.s[k] == '\n')
			return k;
	}
	return s.len;
}

static size_t behind_blanks(struct str s, size_t i)
{
	while (i < s.len && (ascii_blank(s.s[i]) || s.s[i] == '\n' || s.s[i] == '\r'))
		i++;
	return i;
}

/* What belongs to a word that ends at i: the brackets behind it (both of "maven("…") { … }"), else the rest of the line. */
static size_t extent(struct str s, size_t i)
{
	size_t k = i;

	for (int pair = 0; pair < 2; pair++) {
		size_t open = behind_blanks(s, k), depth = 0;
		if (open >= s.len || (s.s[open] != '{' && s.s[open] != '('))
			break;
		for (k = open; k < s.len;) {
			size_t next = behind_text(s, k);
			if (next > k) {
				k = next;
				continue;
			}
			depth += s.s[k] == '{' || s.s[k] == '(';
			depth -= s.s[k] == '}' || s.s[k] == ')';
			k++;
			if (!depth)
				break;
		}
	}
	if (k > i)
		return k;
	size_t line = str_chr(str_from(s, i), '\n');
	return line == STR_NOT_FOUND ? s.len : i + line;
}

/* The addresses in the strings of a stretch; unclear where it has none. */
static void take_addresses(struct registry_reading *r, struct str s, bool must)
{
	bool found = false;

	for (size_t i = 0; i < s.len;) {
		size_t next = behind_text(s, i);
		if (next > i && s.s[i] != '/' && str_has(str_sub(s, i, next - i), STR("://"))) {
			registry_urls(r, STR_NONE, STR_NONE, str_sub(s, i, next - i), false, 0);
			found = true;
		}
		i = next > i ? next : i + 1;
	}
	if (!found && must)
		registry_unclear(r, STR_NONE, STR_NONE, 0);
}

/* The next word from *i on, which moves behind it; false at the end. */
static bool next_word(struct str s, size_t *i, struct str *word)
{
	while (*i < s.len) {
		size_t next = behind_text(s, *i), n = 0;
		if (next > *i) {
			*i = next;
			continue;
		}
		while (*i + n < s.len && word_char(s.s[*i + n]))
			n++;
		*word = str_sub(s, *i, n);
		*i += n ? n : 1;
		if (n)
			return true;
	}
	return false;
}

/* The inside of `repositories { … }`: what is neither a public repository by its name nor tells its address is in doubt. */
static void take_repositories(struct registry_reading *r, struct str s)
{
	static const char public_words[] = "mavenCentral|google|gradlePluginPortal|j" "center|mavenLocal";
	static const char inner_words[] = "exclusiveContent|forRepository|forRepositories|if|else|all|repositories";

	struct str word;

	for (size_t i = 0; next_word(s, &i, &word);) {
		if (ascii_digit(word.s[0]) || str_one_of(str_of(inner_words), word)) /* what stands inside is looked at in turn */
			continue;
		size_t end = extent(s, i);
		if (!str_is(word, "filter") && !str_is(word, "content") && !str_is(word, "mavenContent"))
			take_addresses(r, str_sub(s, i, end - i), !str_one_of(str_of(public_words), word));
		i = end;
	}
}

void registry_gradle(struct registry_reading *r)
{
	struct str s = r->text, word;

	for (size_t i = 0; next_word(s, &i, &word);) {
		if (str_is(word, "repositories")) {
			size_t end = extent(s, i), open = behind_blanks(s, i);
			if (open < s.len && s.s[open] == '{')
				take_repositories(r, str_sub(s, open + 1, end > open + 2 ? end - open - 2 : 0));
			else if (open < s.len && s.s[open] == '.')
				take_repositories(r, str_sub(s, open + 1, end - open - 1));
			else if (open < s.len && s.s[open] == '(')
				registry_unclear(r, STR_NONE, STR_NONE, 0);
			i = end > i ? end : i;
		} else if (str_is(word, "from") && str_has(str_sub(s, i, 300), STR("://"))) { /* apply from: a script that lies elsewhere */
			struct str line = str_sub(s, i, str_chr(str_from(s, i), '\n'));
			if (str_has(line, STR("://")) && i > word.len + 6 && str_has(str_sub(s, i - word.len - 7 < s.len ? i - word.len - 7 : 0, 7), STR("apply")))
				registry_unclear(r, STR_NONE, STR_NONE, 0);
		}
	}
}

/* Options and variables that name registries, wherever they stand: requirements files, pip.conf, container files, workflows, scripts. No
 * grammar of any of them is needed: each mention of such a word is looked at with what follows it. */
#include "source/registry.h"

#define EVERY "npm|PyPI|Maven|NuGet|crates.io|Packagist|RubyGems|Pub|Hex|CRAN|ConanCenter"
#define MOST_VALUE 8192	   /* bytes that follow a word */
#define MOST_MENTIONS 2000 /* of one word in one file */

enum word_flags {
	ADDRESS = 1,  /* means something else where neither an address nor a variable follows */
	SCOPE = 2,    /* "@scope" stands before: only names in it */
	PATTERNS = 4, /* a list of patterns of module paths follows, no address */
	REPLACES = 8, /* what lockfiles name is looked for there instead */
	HOSTS = 16,   /* hosts follow, with or without a scheme */
};

static const struct {
	const char *ecosystem, *word;
	unsigned flags;
} words[] = {
	{ EVERY, "codeartifact", 0 }, /* services that set up registries for whatever tool */
	{ EVERY, "jfrog", 0 },
	{ EVERY, "artifactregistry", 0 },
	{ EVERY, "matchHost", HOSTS }, /* Renovate */
	{ EVERY, "registryUrls", HOSTS },
	{ "PyPI", "trusted-host", HOSTS },
	{ "npm", "registry=", ADDRESS }, /* echo "registry=…" >> .npmrc */
	{ "Maven", "settings.xml", 0 }, /* made or chosen by a script */
	{ "Maven", "maven-settings", 0 },
	{ "Maven", "mvn -s", 0 },
	{ "Maven", "mvnw -s", 0 },
	{ "PyPI", "index-url", 0 },	     /* --index-url, --extra-index-url, pip config set global.index-url, uv's keys */
	{ "PyPI", "index-urls", 0 },	     /* pixi */
	{ "PyPI", "index_url", 0 },	     /* easy_install, in setup.cfg */
	{ "PyPI", "pypi-url", 0 },
	{ "PyPI", "INDEX_URL", 0 },	     /* PIP_INDEX_URL, PIP_EXTRA_INDEX_URL, UV_INDEX_URL, UV_EXTRA_INDEX_URL */
	{ "PyPI", "find-links", 0 },
	{ "PyPI", "find_links", 0 },
	{ "PyPI", "FIND_LINKS", 0 },
	{ "PyPI", "--default-index", 0 },
	{ "PyPI", "DEFAULT_INDEX", 0 },
	{ "PyPI", "--index", ADDRESS },
	{ "PyPI", "UV_INDEX", 0 },
	{ "PyPI", "pypi-mirror", 0 },
	{ "PyPI", "PYPI_MIRROR", 0 },
	{ "PyPI", "poetry source add", 0 },
	{ "npm", "NPM_CONFIG_REGISTRY", 0 },
	{ "npm", "npm_config_registry", 0 },
	{ "npm", "NPM_REGISTRY_SERVER", 0 }, /* YARN_NPM_REGISTRY_SERVER */
	{ "npm", "npmRegistryServer", 0 },
	{ "npm", "YARN_REGISTRY", 0 },
	{ "npm", "registry-url", 0 },	     /* actions/setup-node */
	{ "npm", "--registry", ADDRESS },
	{ "npm", "set registry", 0 },	     /* npm config set registry */
	{ "npm", ":registry", ADDRESS | SCOPE },
	{ "Go", "GOPRIVATE", PATTERNS },
	{ "Go", "GONOPROXY", PATTERNS },
	{ "Go", "GONOSUMDB", PATTERNS },
	{ "crates.io", "CARGO_SOURCE_CRATES_IO_REPLACE_WITH", REPLACES },
	{ "RubyGems", "BUNDLE_MIRROR", REPLACES },
	{ "RubyGems", "set mirror.", REPLACES }, /* bundle config set mirror.… */
	{ "NuGet", "nuget add source", 0 },
	{ "NuGet", "sources add", ADDRESS },
	{ "NuGet", "--add-source", 0 },
	{ "NuGet", "restore --source", 0 },
	{ "NuGet", "restore -s", 0 },
	{ "NuGet", "source-url", 0 },	     /* actions/setup-dotnet */
	{ "NuGet", "RestoreSources", 0 },
	{ "NuGet", "RestoreAdditionalProjectSources", 0 },
	{ "Pub", "PUB_HOSTED_URL", REPLACES },
	{ "Hex", "HEX_MIRROR", REPLACES },
	{ "Hex", "HEX_MIRROR_URL", REPLACES },
	{ "Maven", "remoteRepositories", 0 },
};

static bool is_word(size_t which, const char *word)
{
	return strcmp(words[which].word, word) == 0;
}

static bool name_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '_' || c == '-';
}

static bool has_value(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (ascii_alpha(text.s[i]) || ascii_digit(text.s[i]) || text.s[i] == '$' || text.s[i] == '/' || text.s[i] == '*')
			return true;
	return false;
}

/* What follows the word: the rest of its line, and the lines that go on with it. */
static struct str value_at(const struct registry_reading *r, size_t at)
{
	size_t end = at;

	for (;;) {
		struct str rest = str_sub(r->text, end, MOST_VALUE);
		size_t line = str_chr(rest, '\n');
		end += line == STR_NOT_FOUND ? rest.len : line;
		struct str value = str_sub(r->text, at, end - at);
		bool goes_on = str_ends(str_trim(value), STR("\\")) || str_ends(str_trim(value), STR("[")) || !has_value(value);
		if (end >= r->text.len || end - at >= MOST_VALUE)
			return value;
		char next = end + 1 < r->text.len ? r->text.s[end + 1] : '\n';
		if (!goes_on && !((r->row->flags & REGISTRY_INI) && (next == ' ' || next == '\t')))
			return value;
		if (!has_value(value) && next != ' ' && next != '\t' && !str_ends(str_trim(value), STR("\\")))
			return value;
		end++;
	}
}

static bool pattern_char(char c)
{
	return name_char(c) || c == '.' || c == '/' || c == '*' || c == '~' || c == '?';
}

/* "git.acme.example,*.corp.example": each stands for modules whose path begins so. */
static void take_patterns(struct registry_reading *r, struct str ecosystem, struct str value)
{
	bool any = false;

	value = str_sub(value, 0, str_chr(value, '\n'));
	if (str_chr(value, '$') != STR_NOT_FOUND || !has_value(value)) {
		registry_unclear(r, ecosystem, STR_NONE, 0);
		return;
	}
	for (size_t i = 0; i < value.len;) {
		size_t n = 0;
		while (i + n < value.len && pattern_char(value.s[i + n]))
			n++;
		struct str one = str_sub(value, i, n);
		i += n ? n : 1;
		if (str_is(one, "*")) {
			registry_unclear(r, ecosystem, STR_NONE, 0);
			any = true;
		} else if (str_chr(one, '.') != STR_NOT_FOUND) {
			while (str_ends(one, STR("/")))
				one.len--;
			registry_unclear(r, ecosystem, arena_concat(r->arena, STR("/"), one, STR_NONE), 0);
			registry_unclear(r, ecosystem, arena_concat(r->arena, STR("/"), one, STR("/**")), 0);
			any = true;
		}
	}
	if (!any && !str_has(value, STR("off")))
		registry_unclear(r, ecosystem, STR_NONE, 0);
}

/* The "@scope" that ends at `at`, as a glob of names; absent where there is none. */
static struct str scope_before(struct registry_reading *r, size_t at)
{
	size_t begin = at;

	while (begin > 0 && (name_char(r->text.s[begin - 1]) || r->text.s[begin - 1] == '.' || r->text.s[begin - 1] == '~'))
		begin--;
	if (begin == at || begin == 0 || r->text.s[begin - 1] != '@')
		return STR_NONE;
	return arena_concat(r->arena, str_sub(r->text, begin - 1, at - begin + 1), STR("/*"), STR_NONE);
}

static bool host_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '.' || c == '-' || c == ':' || c == '/' || c == '@' || c == '_';
}

static void take_hosts(struct registry_reading *r, struct str ecosystem, struct str value)
{
	bool any = false;

	for (size_t i = 0; i < value.len;) {
		size_t n = 0;
		while (i + n < value.len && host_char(value.s[i + n]))
			n++;
		struct str one = str_sub(value, i, n), path, host;
		i += n ? n : 1;
		while (str_starts(one, STR(":")) || str_starts(one, STR("/")))
			one = str_from(one, 1);
		if (str_chr(one, '.') == STR_NOT_FOUND)
			continue;
		one = str_has(one, STR("://")) ? one : arena_concat(r->arena, STR("https://"), one, STR_NONE);
		host = registry_host(one, &path);
		if (!registry_is_forge(str_starts(host, STR("api.")) ? str_from(host, 4) : host))
			registry_says(r, ecosystem, STR_NONE, one, 0);
		any = true;
	}
	if (!any)
		registry_unclear(r, ecosystem, STR_NONE, 0);
}

static void take(struct registry_reading *r, size_t which, size_t at, size_t behind)
{
	struct str ecosystem = str_of(words[which].ecosystem), value = value_at(r, behind), names = STR_NONE;
	unsigned flags = words[which].flags, more = flags & REPLACES ? REGISTRY_REPLACES : 0;

	if (flags & PATTERNS) {
		take_patterns(r, ecosystem, value);
		return;
	}
	if (flags & HOSTS) {
		take_hosts(r, ecosystem, value);
		return;
	}
	if ((flags & SCOPE) && !(names = scope_before(r, at)).s)
		return;
	if ((flags & ADDRESS) && !str_has(value, STR("://")) && str_chr(value, '$') == STR_NOT_FOUND)
		return;
	registry_urls(r, ecosystem, names, value, true, more);
}

void registry_words(struct registry_reading *r)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		struct str word = str_of(words[i].word);
		if (r->row->ecosystem[0] && !str_one_of(str_of(r->row->ecosystem), str_of(words[i].ecosystem)))
			continue;
		size_t mentions = 0;
		for (size_t at = 0; (at = str_find(r->text, word, at)) != STR_NOT_FOUND; at += word.len) {
			if (++mentions > MOST_MENTIONS) {
				registry_unclear(r, str_of(words[i].ecosystem), STR_NONE, REGISTRY_REPLACES | REGISTRY_EVERYWHERE);
				break;
			}
			size_t behind = at + word.len;
			if (behind < r->text.len && name_char(r->text.s[behind]) && name_char(word.s[word.len - 1]) && !is_word(i, "BUNDLE_MIRROR"))
				continue;
			if (is_word(i, "registry=") && at && (name_char(r->text.s[at - 1]) || r->text.s[at - 1] == ':')) /* --registry= and the like */
				continue;
			take(r, i, at, behind);
		}
	}
}

void registry_pip(struct registry_reading *r)
{
	registry_words(r);
}

/* -i and -f are too short to be looked for everywhere. */
void registry_requirements(struct registry_reading *r)
{
	registry_words(r);
	for (struct str rest = r->text; rest.s;) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		if (str_starts(line, STR("- "))) /* in an environment.yml */
			line = str_trim(str_from(line, 2));
		if (line.len && (line.s[0] == '"' || line.s[0] == '\''))
			line = str_from(line, 1);
		if (str_starts(line, STR("-i")) || str_starts(line, STR("-f")))
			registry_urls(r, STR_NONE, STR_NONE, str_from(line, 2), true, 0);
	}
}

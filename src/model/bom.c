#include "model/bom.h"

#include "base/sha256.h"

void bom_init(struct bom *b, struct arena *a, struct diags *diags)
{
	*b = (struct bom){ .arena = a, .diags = diags, .subject = NO_COMPONENT };
	b->document.generator = NO_INPUT;
	intern_init(&b->names, a);
}

struct bom *bom_new(struct arena *a, struct diags *diags)
{
	struct bom *b = ARENA_NEW(a, struct bom);

	bom_init(b, a, diags);
	return b;
}

void bom_reserve(struct bom *b, size_t n)
{
	size_t cap = b->ncomponents + n;

	if (cap <= b->components_cap)
		return;
	b->components = arena_grow(b->arena, b->components, b->components_cap, cap, sizeof *b->components);
	b->components_cap = cap;
}

struct component *bom_add(struct bom *b)
{
	if (b->ncomponents == b->components_cap) {
		size_t cap = b->components_cap ? b->components_cap * 2 : 32;
		b->components = arena_grow(b->arena, b->components, b->components_cap, cap, sizeof *b->components);
		b->components_cap = cap;
	}
	struct component *c = &b->components[b->ncomponents++];
	c->parent = NO_COMPONENT;
	return c;
}

const struct component_more component_no_more;

struct component_more *component_add_more(struct arena *a, struct component *c)
{
	if (!c->more)
		c->more = ARENA_NEW(a, struct component_more);
	return c->more;
}

const struct dependency_more dependency_no_more;

struct dependency_more *dependency_add_more(struct arena *a, struct dependency *d)
{
	if (!d->more)
		d->more = ARENA_NEW(a, struct dependency_more);
	return d->more;
}

struct dependency *bom_depend(struct bom *b, uint32_t from, uint32_t to, enum dependency_kind kind, unsigned scope)
{
	struct dependency *d = VEC_ADD(b->arena, &b->dependencies);

	*d = (struct dependency){ .from = from, .to = to, .kind = kind, .scope = scope };
	return d;
}

void bom_evidence(struct bom *b, uint32_t c, uint32_t input, uint64_t offset)
{
	*VEC_ADD(b->arena, &b->components[c].evidence) = (struct evidence){ .input = input, .offset = offset };
}

void bom_hash(struct bom *b, uint32_t c, struct str algorithm, struct str hex)
{
	*VEC_ADD(b->arena, &b->components[c].hashes) = (struct hash){ algorithm, hex };
}

void bom_licence(struct bom *b, uint32_t c, enum licence_kind kind, enum licence_role role, struct str value)
{
	if (value.len)
		*VEC_ADD(b->arena, &b->components[c].licences) = (struct licence){ .kind = kind, .role = role, .value = value };
}

void bom_property(struct bom *b, uint32_t c, const char *name, struct str value)
{
	*VEC_ADD(b->arena, &b->components[c].properties) = (struct property){ str_of(name), value };
}

/* Each base64 digit with the highest bit set; 0 for the rest. */
static const unsigned char base64_digits[256] = {
#define DIGIT(value) (0x80 | (value))
#define ROW(first, value) [first] = DIGIT(value), [(first) + 1] = DIGIT((value) + 1), [(first) + 2] = DIGIT((value) + 2), \
	[(first) + 3] = DIGIT((value) + 3), [(first) + 4] = DIGIT((value) + 4), [(first) + 5] = DIGIT((value) + 5), \
	[(first) + 6] = DIGIT((value) + 6), [(first) + 7] = DIGIT((value) + 7), [(first) + 8] = DIGIT((value) + 8), \
	[(first) + 9] = DIGIT((value) + 9)
	ROW('A', 0), ROW('K', 10), ['U'] = DIGIT(20), ['V'] = DIGIT(21), ['W'] = DIGIT(22), ['X'] = DIGIT(23), ['Y'] = DIGIT(24), ['Z'] = DIGIT(25),
	ROW('a', 26), ROW('k', 36), ['u'] = DIGIT(46), ['v'] = DIGIT(47), ['w'] = DIGIT(48), ['x'] = DIGIT(49), ['y'] = DIGIT(50), ['z'] = DIGIT(51),
	ROW('0', 52), ['+'] = DIGIT(62), ['/'] = DIGIT(63),
#undef ROW
#undef DIGIT
};

/* Decodes base64 of exactly want bytes. */
static bool decode_digest(struct str text, uint8_t *out, size_t want)
{
	uint32_t bits = 0;
	size_t n = 0, i = 0;

	while (text.len && text.s[text.len - 1] == '=')
		text.len--;
	if (text.len / 4 * 3 + text.len % 4 * 6 / 8 != want)
		return false;
	const unsigned char *s = (const unsigned char *)text.s;
	for (; text.len - i >= 4; i += 4, n += 3) { /* four digits are three bytes */
		uint32_t v = base64_digits[s[i]], w = base64_digits[s[i + 1]], x = base64_digits[s[i + 2]], y = base64_digits[s[i + 3]];
		if (!(v & w & x & y))
			return false;
		bits = v << 18 | (w & 63) << 12 | (x & 63) << 6 | (y & 63);
		out[n] = (uint8_t)(bits >> 16);
		out[n + 1] = (uint8_t)(bits >> 8);
		out[n + 2] = (uint8_t)bits;
	}
	size_t have = 0;
	for (bits = 0; i < text.len; i++) {
		unsigned v = base64_digits[s[i]];
		if (!v)
			return false;
		bits = bits << 6 | (v & 63);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (uint8_t)(bits >> have);
		}
	}
	return true;
}

bool bom_integrity(struct bom *b, uint32_t c, struct str sri)
{
	static const struct {
		const char *prefix, *name;
		size_t bytes;
	} known[] = { { "sha512-", "SHA-512", 64 }, { "sha384-", "SHA-384", 48 }, { "sha256-", "SHA-256", 32 }, { "sha1-", "SHA-1", 20 },
		      { "md5-", "MD5", 16 } };
	bool all = true;

	for (struct str rest = sri; rest.s;) {
		struct str part = str_trim(str_cut(&rest, ' '));
		struct str option = part;
		bool good = part.len == 0;
		part = str_cut(&option, '?'); /* "sha512-…?options" */
		for (size_t i = 0; i < sizeof known / sizeof known[0] && part.len; i++) {
			uint8_t digest[64];
			if (!str_starts(part, str_of(known[i].prefix)))
				continue;
			if (decode_digest(str_from(part, strlen(known[i].prefix)), digest, known[i].bytes)) {
				bom_hash(b, c, str_of(known[i].name), hex_of(b->arena, digest, known[i].bytes));
				good = true;
			}
			break;
		}
		all = all && good;
	}
	return all;
}

static const struct {
	const char *cyclonedx, *spdx;
} types[] = {
#define TYPE(value, cyclonedx, spdx) [value] = { cyclonedx, spdx },
#include "model/component_type.def"
#undef TYPE
};

const struct party *party_said(const struct party *p)
{
	static const struct party none;

	return p ? p : &none;
}

void party_set(struct arena *a, struct party **to, struct party value)
{
	bool says = value.kind || value.name.s || value.email.s || value.url.s || value.phone.s || value.extra.s;

	if (!says) {
		*to = NULL;
		return;
	}
	if (!*to)
		*to = ARENA_NEW(a, struct party);
	**to = value;
}

const char *component_type_cyclonedx(enum component_type t)
{
	return types[t].cyclonedx;
}

const char *component_type_spdx(enum component_type t)
{
	return types[t].spdx;
}

static bool same_word(struct str word, const char *c)
{
	struct str other = str_of(c);

	if (!c || word.len != other.len)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char x = ascii_lower(word.s[i]), y = ascii_lower(other.s[i]);
		if ((x == '_' ? '-' : x) != (y == '_' ? '-' : y))
			return false;
	}
	return true;
}

bool component_type_of(struct str word, enum component_type *out)
{
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (same_word(word, types[i].cyclonedx) || same_word(word, types[i].spdx)) {
			*out = (enum component_type)i;
			return true;
		}
	return false;
}

struct str scope_text(struct arena *a, unsigned scope)
{
	static const struct {
		unsigned bit;
		const char *word;
	} words[] = { { SCOPE_RUNTIME, "runtime" }, { SCOPE_DEV, "dev" },   { SCOPE_TEST, "test" },	    { SCOPE_BUILD, "build" },
		      { SCOPE_OPTIONAL, "optional" }, { SCOPE_PEER, "peer" }, { SCOPE_PROVIDED, "provided" }, { SCOPE_EXCLUDED, "excluded" } };
	struct str text = STR("");

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (scope & words[i].bit)
			text = arena_concat(a, text, text.len ? STR(", ") : STR(""), str_of(words[i].word));
	return text;
}

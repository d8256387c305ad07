#include "vuln/output.h"

#include "base/limits.h"
#include "io/file.h"

uint32_t vuln_hash(struct str key)
{
	uint64_t h = str_hash(key);

	return (uint32_t)(h >> 32) ^ (uint32_t)h;
}

void output_init(struct output *o, struct build *b)
{
	*o = (struct output){ .b = b };
	o->refs = arena_array(b->arena, b->texts.n + 1, sizeof *o->refs);
	for (int i = 0; i < VULN_SECTIONS; i++)
		buf_init(&o->sections[i], VULN_FILE_MAX - 1);
}

void output_free(struct output *o)
{
	for (int i = 0; i < VULN_SECTIONS; i++)
		buf_free(&o->sections[i]);
}

void output_begin(struct output *o)
{
	for (int i = 0; i < VULN_SECTIONS; i++)
		buf_reset(&o->sections[i]);
	memset(o->counts, 0, sizeof o->counts);
	o->pieces = NULL;
	o->npieces = o->pieces_size = 0;
	for (size_t i = 0; i < o->used.n; i++)
		o->refs[o->used.items[i]] = 0;
	o->used.n = 0;
}

static void put(unsigned char *p, uint64_t v, int n)
{
	for (int i = 0; i < n; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

void output_u32(struct output *o, enum vuln_section s, uint32_t v)
{
	unsigned char p[4];

	put(p, v, 4);
	buf_add(&o->sections[s], str_make((char *)p, 4));
}

void output_varint(struct output *o, enum vuln_section s, uint64_t v)
{
	char p[10];
	size_t n = 0;

	for (; v > 0x7f; v >>= 7)
		p[n++] = (char)(v | 0x80);
	p[n++] = (char)v;
	buf_add(&o->sections[s], str_make(p, n));
}

uint32_t output_ref(struct output *o, uint32_t text)
{
	if (!o->refs[text]) {
		struct str t = build_text_at(o->b, text);
		o->refs[text] = (uint32_t)o->sections[SECTION_STRINGS].len + 1;
		*VEC_ADD(o->b->arena, &o->used) = text;
		output_varint(o, SECTION_STRINGS, t.len);
		buf_add(&o->sections[SECTION_STRINGS], t);
	}
	return o->refs[text] - 1;
}

void output_text(struct output *o, enum vuln_section s, uint32_t text)
{
	output_varint(o, s, output_ref(o, text));
}

void output_mark(struct output *o, enum vuln_section table, enum vuln_section of)
{
	output_u32(o, table, (uint32_t)o->sections[of].len);
}

struct str output_name(struct arena *a, struct str ecosystem, const char *suffix)
{
	char *p = arena_alloc(a, ecosystem.len * 3 + strlen(suffix) + 1);
	size_t n = 0;

	for (size_t i = 0; i < ecosystem.len; i++) {
		char c = ecosystem.s[i];
		if (ascii_alpha(c) || ascii_digit(c) || c == '-' || c == '_' || (c == '.' && i > 0)) {
			p[n++] = c;
		} else {
			p[n++] = '%';
			p[n++] = "0123456789ABCDEF"[(unsigned char)c >> 4];
			p[n++] = "0123456789ABCDEF"[(unsigned char)c & 15];
		}
	}
	/* A file name may have 255 bytes: the rest of a long one becomes its digest. */
	if (n > 150) {
		struct str hex = sha256_hex(a, ecosystem);
		n = 100;
		return arena_printf(a, "%.*s-%.*s%s", (int)n, p, 16, hex.s, suffix);
	}
	memcpy(p + n, suffix, strlen(suffix));
	return str_make(p, n + strlen(suffix));
}

static uint64_t section_size(const struct output *o, int i)
{
	return i == SECTION_BLOBS && o->pieces ? o->pieces_size : o->sections[i].len;
}

static void put_header(struct output *o, enum vuln_kind kind, char *header, uint64_t *size)
{
	unsigned char *h = (unsigned char *)header;
	uint64_t at = VULN_HEADER;

	memset(h, 0, VULN_HEADER);
	memcpy(h, VULN_MAGIC, sizeof VULN_MAGIC);
	put(h + 8, VULN_FORMAT, 4);
	put(h + 12, kind, 4);
	for (int i = 0; i < VULN_COUNTS; i++)
		put(h + 24 + 4 * i, o->counts[i], 4);
	for (int i = 0; i < VULN_SECTIONS; i++) {
		put(h + 56 + 16 * i, at, 8);
		put(h + 64 + 16 * i, section_size(o, i), 8);
		at += (section_size(o, i) + 7) & ~(uint64_t)7;
	}
	put(h + 16, at, 8);
	*size = at;
}

/* What goes to the file, with the digests of its blocks. */
struct stream {
	struct file_writer file;
	struct sha256 block;
	size_t in_block;
	struct buf digests;
};

static void end_block(struct stream *s)
{
	uint8_t digest[32];

	if (!s->in_block)
		return;
	sha256_end(&s->block, digest);
	buf_add(&s->digests, str_make((char *)digest, sizeof digest));
	sha256_init(&s->block);
	s->in_block = 0;
}

static void stream_put(struct stream *s, struct str bytes)
{
	file_writer_put(&s->file, bytes);
	while (bytes.len) {
		struct str part = str_sub(bytes, 0, VULN_BLOCK - s->in_block);
		sha256_add(&s->block, part.s, part.len);
		s->in_block += part.len;
		bytes = str_from(bytes, part.len);
		if (s->in_block == VULN_BLOCK)
			end_block(s);
	}
}

static void stream_sections(struct stream *s, struct output *o)
{
	for (int i = 0; i < VULN_SECTIONS; i++) {
		if (i == SECTION_BLOBS && o->pieces)
			for (size_t k = 0; k < o->npieces; k++)
				stream_put(s, o->pieces[k]);
		else
			stream_put(s, buf_str(&o->sections[i]));
		stream_put(s, str_make("\0\0\0\0\0\0\0", -section_size(o, i) & 7));
	}
}

static bool is_too_large(struct output *o, uint64_t size)
{
	bool full = size >= VULN_FILE_MAX;

	for (int i = 0; i < VULN_SECTIONS; i++)
		full |= o->sections[i].full;
	return full;
}

bool output_end(struct output *o, enum vuln_kind kind, struct str name, struct str ecosystem)
{
	static const char *const kinds[] = { "", "advisories", "texts", "cves" };
	struct build *b = o->b;
	struct stream s = { 0 };
	char header[VULN_HEADER];
	struct str path = file_join(b->arena, b->info->path, name), why = STR("it would be larger than 4 GB");
	uint64_t size;
	uint8_t digest[32];

	put_header(o, kind, header, &size);
	bool ok = !is_too_large(o, size) && file_writer_begin(&s.file, path.s, &why);
	if (ok) {
		buf_init(&s.digests, 0);
		sha256_init(&s.block);
		stream_put(&s, str_make(header, VULN_HEADER));
		stream_sections(&s, o);
		end_block(&s);
		sha256_of(buf_str(&s.digests), digest);
		*VEC_ADD(b->arena, &b->info->files) = (struct vuln_file_info){
			.name = name, .kind = str_of(kinds[kind]), .ecosystem = ecosystem, .tree = hex_of(b->arena, digest, 32),
			.size = size, .packages = o->counts[0], .records = o->counts[1], .blocks = arena_str(b->arena, buf_str(&s.digests))
		};
		buf_free(&s.digests);
		ok = file_writer_end(&s.file, true, &why);
	}
	if (!ok)
		diag_add(b->diags, SEV_ERROR, "data.write", path, DIAG_NO_OFFSET, "cannot be written: %.*s", STR_ARG(why));
	return ok;
}

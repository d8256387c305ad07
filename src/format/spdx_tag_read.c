/* SPDX 2 as tag-value (annex on formats, and the form of each field in clauses 6 to 12): a line a field, blocks by order. */
#include "base/diag.h"
#include "format/spdx.h"
#include "format/spdx_tag.h"
#include "syntax/lines.h"

#define DETECT_LINES 100

bool spdx_tag_detect(struct str text)
{
	struct lines l;

	lines_open(&l, text);
	for (int i = 0; i < DETECT_LINES && lines_next(&l); i++) {
		struct str line = str_trim(l.line);
		if (str_starts(line, STR("SPDXVersion:")))
			return true;
		if (i == 0 && line.len && (line.s[0] == '{' || line.s[0] == '<'))
			return false;
	}
	return false;
}

struct tag_reader {
	const struct spdx_tag_sink *sink;
	struct arena *keep, *scratch; /* for good; until the end of the parse */
	struct arena *nodes;
	struct arena_mark start;
	struct spdx_node *document, *creation;
	struct spdx_node *element;    /* of the block that is open: package, file, snippet, licence; or NULL */
	struct spdx_node *annotation; /* that is open, or NULL; review too */
	struct spdx_node *relation;   /* the last, until something else than its comment comes */
	bool broken, crlf;
};

/* ---- closing what is open */

static void close_relation(struct tag_reader *t)
{
	if (t->relation)
		t->sink->element(t->sink->to, t->relation);
	t->relation = NULL;
}

static void close_annotation(struct tag_reader *t)
{
	struct str element;

	if (!t->annotation)
		return;
	if (t->annotation->object != O_REVIEW) { /* a review hangs in the document already */
		element = spdx_node_text(t->annotation, F_ANNOTATION_ELEMENT);
		if (!element.len && t->element) {
			element = spdx_node_text(t->element, t->element->object == O_PACKAGE ? F_PACKAGE_ID :
							     t->element->object == O_FILE    ? F_FILE_ID :
											       F_SNIPPET_ID);
			if (element.len)
				spdx_node_add(t->scratch, t->annotation, F_ANNOTATION_ELEMENT, element);
		}
		t->sink->element(t->sink->to, t->annotation);
	}
	t->annotation = NULL;
}

static void close_element(struct tag_reader *t)
{
	if (!t->element)
		return;
	t->sink->element(t->sink->to, t->element);
	t->element = NULL;
	arena_pop(t->nodes, t->start); /* annotations and relationships are on the scratch */
}

/* ---- tags */

/* The object whose fields have this tag, given what is open: the open block first, else a block that it starts, else the
 * document. */
static const struct spdx_field *field_of(struct tag_reader *t, struct str tag, struct spdx_node **holder)
{
	struct spdx_node *open[] = { t->annotation, t->relation, t->element, t->document, t->creation };
	const struct spdx_field *found = NULL;

	for (size_t o = 0; o < sizeof open / sizeof open[0] && !found; o++)
		for (size_t i = 0; open[o] && i < F_COUNT && !found; i++)
			if (spdx_fields[i].object == open[o]->object && str_is(tag, spdx_fields[i].tag)) {
				found = &spdx_fields[i];
				*holder = open[o];
			}
	return found;
}

/* A tag of an object inside the open element (ExternalRefComment, ArtifactOf…): the last of its list, or a new one. */
static const struct spdx_field *inner_field_of(struct tag_reader *t, struct str tag, struct spdx_node **holder)
{
	for (size_t i = 0; t->element && i < F_COUNT; i++) {
		if (!str_is(tag, spdx_fields[i].tag))
			continue;
		for (size_t list = 0; list < F_COUNT; list++) {
			const struct spdx_field *f = &spdx_fields[list];
			if (f->object != t->element->object || f->type != T_OBJECT || f->of != (int)spdx_fields[i].object || !(f->flags & MANY))
				continue;
			struct spdx_node *have = spdx_node_get(t->element, f->id), *last = have ? have->last : NULL;
			if (!last || spdx_node_get(last, spdx_fields[i].id))
				last = spdx_node_add(t->nodes, t->element, f->id, STR_NONE);
			*holder = last;
			return &spdx_fields[i];
		}
	}
	return NULL;
}

/* Starts the block that this tag begins, if it does. */
static bool start_block(struct tag_reader *t, struct str tag, size_t offset)
{
	for (int o = 0; o < O_COUNT; o++) {
		if (!*spdx_object_tag(o) || !str_is(tag, spdx_object_tag(o)))
			continue;
		close_annotation(t);
		if (o == O_ANNOTATION) {
			t->annotation = spdx_node_object(t->scratch, o);
			t->annotation->offset = offset;
			return true;
		}
		if (o == O_REVIEW) {
			t->annotation = spdx_node_add(t->scratch, t->document, F_DOCUMENT_REVIEWS, STR_NONE);
			return true;
		}
		close_element(t);
		t->element = spdx_node_object(t->nodes, o);
		t->element->offset = offset;
		return true;
	}
	return false;
}

static void set_object(struct tag_reader *t, struct spdx_node *holder, const struct spdx_field *f, struct str tag, struct str value, size_t offset)
{
	struct arena *a = holder == t->element ? t->nodes : t->scratch;
	struct spdx_node *probe = spdx_node_object(a, (enum spdx_object)f->of);
	bool good = true;

	if (f->id == F_PACKAGE_CODE)
		spdx_code_read(a, value, probe);
	else if (f->id == F_SNIPPET_RANGES)
		good = spdx_range_read(a, value, str_is(tag, "SnippetLineRange"), spdx_node_text(holder, F_SNIPPET_FILE), probe);
	else
		good = spdx_form_read(a, value, probe);
	if (!good) {
		t->sink->fault(t->sink->to, SPDX_NOTICE_VALUE, offset, tag);
		return;
	}
	probe->offset = offset;
	if (f->id == F_DOCUMENT_RELATIONSHIPS) {
		t->relation = probe;
		return;
	}
	struct spdx_node *n = spdx_node_add(a, holder, f->id, STR_NONE);
	n->child = probe->child;
	n->last = probe->last;
	n->offset = offset;
}

static void read_field(struct tag_reader *t, struct str tag, struct str value, size_t offset)
{
	struct spdx_node *holder = NULL;

	/* The package's verification code and comments of relationships follow what they belong to; all else ends it. */
	if (!str_is(tag, "RelationshipComment"))
		close_relation(t);
	start_block(t, tag, offset);
	struct str written = tag;
	if (str_is(tag, "SnippetLineRange")) /* one field in JSON */
		tag = STR("SnippetByteRange");
	const struct spdx_field *f = field_of(t, tag, &holder);
	if (t->annotation && holder != t->annotation && f) {
		close_annotation(t);
		f = field_of(t, tag, &holder);
	}
	if (!f)
		f = inner_field_of(t, tag, &holder);
	if (!f) {
		t->sink->fault(t->sink->to, SPDX_NOTICE_LINE, offset, tag);
		return;
	}
	if (f->type == T_OBJECT) {
		set_object(t, holder, f, written, value, offset);
		return;
	}
	if (!(f->flags & MANY) && spdx_node_get(holder, f->id)) {
		t->sink->fault(t->sink->to, SPDX_NOTICE_DUPLICATE, offset, tag);
		return;
	}
	bool inside = t->element && holder != t->document && holder != t->creation && holder != t->annotation && holder != t->relation;
	spdx_node_add(inside ? t->nodes : t->scratch, holder, f->id, value)->offset = offset;
}

/* Without the carriage returns of CRLF, where the document's lines end so. */
static struct str plain_text(struct tag_reader *t, struct str s)
{
	size_t n = 0;

	if (!t->crlf || str_chr(s, '\r') == STR_NOT_FOUND)
		return s;
	char *p = arena_alloc(t->keep, s.len + 1);
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] != '\r' || i + 1 == s.len || s.s[i + 1] != '\n')
			p[n++] = s.s[i];
	return str_make(p, n);
}

/* A value that begins with <text>: up to </text>, over lines. */
static bool long_text(struct tag_reader *t, struct lines *l, size_t at, struct str *value)
{
	size_t end = str_find(l->text, STR("</text>"), at);

	if (end == STR_NOT_FOUND) {
		t->sink->broken(t->sink->to, at, "a <text> without its </text>; mend it, or make the SBOM again");
		t->broken = true;
		return false;
	}
	*value = plain_text(t, str_sub(l->text, at, end - at));
	while (l->at <= end && lines_next(l)) /* what stands behind it on its line does not count */
		;
	return true;
}

/* A carriage return alone ends a line too, as some old generators write it: the same text with line feeds. */
static struct str line_feeds(struct arena *a, struct str text)
{
	size_t at = 0;

	while (at < text.len && !(text.s[at] == '\r' && (at + 1 == text.len || text.s[at + 1] != '\n')))
		at++;
	if (at == text.len)
		return text;
	char *p = arena_cstr(a, text);
	for (; at < text.len; at++)
		if (p[at] == '\r' && p[at + 1] != '\n')
			p[at] = '\n';
	return str_make(p, text.len);
}

static void read_lines(struct tag_reader *t, struct str text)
{
	struct lines l;

	size_t end = str_chr(text, '\n');
	t->crlf = end != STR_NOT_FOUND && end > 0 && text.s[end - 1] == '\r';
	text = line_feeds(t->keep, text);

	lines_open(&l, text);
	while (!t->broken && lines_next(&l)) {
		struct str line = str_trim(l.line), value = line, tag;
		size_t offset = l.offset;
		if (!line.len || line.s[0] == '#')
			continue;
		tag = str_trim(str_cut(&value, ':'));
		bool word = tag.len > 0 && value.s;
		for (size_t i = 0; i < tag.len && word; i++)
			word = ascii_alpha(tag.s[i]);
		if (!word) {
			t->sink->fault(t->sink->to, SPDX_NOTICE_LINE, offset, line);
			continue;
		}
		value = str_trim(value);
		if (str_starts(value, STR("<text>"))) {
			size_t at = (size_t)(value.s - text.s) + 6;
			if (!long_text(t, &l, at, &value))
				return;
		}
		read_field(t, tag, value, offset);
	}
}

void spdx_tag_parse(struct str text, struct arena *keep, const struct spdx_tag_sink *sink)
{
	struct tag_reader t = { .sink = sink, .keep = keep, .scratch = arena_new(0), .nodes = arena_new(0) };
	size_t bad = str_utf8_valid(text);

	if (bad != text.len) {
		sink->broken(sink->to, bad, "not valid UTF-8; write the document again in UTF-8");
	} else {
		t.start = arena_mark(t.nodes);
		t.document = spdx_node_object(t.scratch, O_DOCUMENT);
		t.creation = spdx_node_object(t.scratch, O_CREATION);
		t.creation->field = &spdx_fields[F_DOCUMENT_CREATION];
		read_lines(&t, text);
		close_relation(&t);
		close_annotation(&t);
		close_element(&t);
		spdx_node_hang(t.document, t.creation);
		sink->element(sink->to, t.document);
	}
	arena_free(t.nodes);
	arena_free(t.scratch);
}

/* ---- into a bom */

struct tag_model {
	struct spdx_reading r;
	struct str package; /* SPDXID of the last package: files behind it belong to it */
	VEC(struct spdx_edge_text) implied;
	size_t elements; /* packages and files */
	bool described;	 /* a relationship says what the document is about */
	bool broken;
};

/* Text of tag-value lies in the document or on the bom's arena, but what stood in nodes must be copied. */
static void model_element(void *to, const struct spdx_node *node)
{
	struct tag_model *m = to;

	switch (node->object) {
	case O_PACKAGE:
		m->elements++;
		spdx_read_package(&m->r, node);
		m->package = spdx_node_text(node, F_PACKAGE_ID);
		break;
	case O_FILE:
		m->elements++;
		spdx_read_file(&m->r, node);
		if (m->package.len && spdx_node_text(node, F_FILE_ID).len)
			*VEC_ADD(m->r.scratch, &m->implied) =
				(struct spdx_edge_text){ .from = m->package, .to = spdx_node_text(node, F_FILE_ID) };
		break;
	case O_SNIPPET:
		spdx_read_snippet(&m->r, node);
		break;
	case O_EXTRACTED:
		spdx_read_extracted(&m->r, node);
		break;
	case O_RELATION:
		m->described |= str_starts_nocase(spdx_node_text(node, F_RELATION_TYPE), STR("DESCRIBE"));
		spdx_read_relation(&m->r, node);
		break;
	case O_ANNOTATION:
		spdx_read_annotation_of(&m->r, spdx_node_text(node, F_ANNOTATION_ELEMENT), node);
		break;
	default:
		for (SPDX_EACH(n, node))
			spdx_read_document_field(&m->r, n);
		break;
	}
}

static void model_fault(void *to, enum spdx_notice notice, size_t offset, struct str what)
{
	spdx_notice(&((struct tag_model *)to)->r, notice, offset, what);
}

static void model_broken(void *to, size_t offset, const char *why)
{
	struct tag_model *m = to;

	m->broken = true;
	diag_add(m->r.bom->diags, SEV_ERROR, "input.syntax", m->r.path, offset, "%s", why);
}

/* Files behind a package are part of it, unless the document says where they belong. */
static void add_implied(struct tag_model *m)
{
	struct map contained;

	map_init(&contained, m->r.scratch);
	for (VEC_EACH(const struct dependency, d, &m->r.bom->dependencies))
		if (d->kind == CONTAINS)
			map_put(&contained, dependency_more(d)->to_ref, NULL);
	for (VEC_EACH(const struct spdx_edge_text, e, &m->implied))
		if (!map_has(&contained, e->to))
			spdx_edge(&m->r, e->from, STR("CONTAINS"), e->to, STR_NONE, DIAG_NO_OFFSET);
}

/* Nothing ends a document of this syntax, so that a part of one reads like a smaller one. What tells: its last line ends, and
 * behind the packages a relationship says what is described (SPDX 2.3, 11.1: needed where there is more than one package). */
static enum result judge_end(struct tag_model *m, struct str text)
{
	struct bom *b = m->r.bom;
	bool ours = str_has(text, STR("\nCreator: Tool: " SPDX_TOOL)); /* always says what it describes */
	bool ends = text.len && (text.s[text.len - 1] == '\n' || text.s[text.len - 1] == '\r');

	if (m->described || m->broken)
		return OK;
	if (!ends || !m->elements || ours) {
		b->incomplete = true;
		diag_add(b->diags, SEV_ERROR, "input.cut", m->r.path, text.len, "%s; it seems to be a part of a document: fetch or make it again, whole",
			 !m->elements ? "the document names no package and no file" :
			 ours	      ? "nothing says what the document describes, as bomgate always writes" :
					"the last line does not end, and nothing says what the document describes");
		return b->ncomponents ? PARTIAL : FAILED;
	}
	if (m->elements > 1)
		diag_add(b->diags, SEV_WARNING, "input.undescribed", m->r.path, DIAG_NO_OFFSET,
			 "no relationship says what the document describes, though SPDX asks for one: nothing tells that it is whole");
	return OK;
}

enum result spdx_tag_read(struct bom *b, struct str path, struct str text)
{
	struct tag_model m = { 0 };
	struct spdx_tag_sink sink = { &m, model_element, model_fault, model_broken };

	spdx_reading_open(&m.r, b, path);
	b->document.syntax = STR("tag-value");
	spdx_make_room(b, text, STR("\nSPDXID:"), STR("\nRelationship:"));
	spdx_tag_parse(text, b->arena, &sink);
	add_implied(&m);
	b->incomplete = b->incomplete || m.broken;
	enum result result = !m.broken ? spdx_check_version(&m.r) : b->ncomponents ? PARTIAL : FAILED;
	result = result_worse(result, spdx_reading_close(&m.r));
	return result_worse(result, judge_end(&m, text));
}

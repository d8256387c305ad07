/* An SBOM made elsewhere as a source. */
#include "base/sha256.h"
#include "cmd/source_kinds.h"
#include "format/format.h"
#include "io/file.h"

enum result read_sbom_source(struct source_job *job)
{
	struct collected *out = job->out;
	struct str bytes, why;
	enum file_kind kind;
	const char *path = arena_cstr(job->arena, job->where);
	bool standard_input = str_is(job->where, "-");
	bool read = standard_input ? file_read_fd(job->arena, 0, LIMIT_SBOM, &bytes, &why) :
				     file_read(job->arena, path, LIMIT_SBOM, &bytes, &why);

	if (!read) {
		diag_add(job->diags, SEV_ERROR, standard_input || file_kind(path, &kind) ? "input.unreadable" : "usage.source", job->where,
			 DIAG_NO_OFFSET, "the SBOM cannot be read: %.*s", STR_ARG(why));
		out->bom.incomplete = true;
		return FAILED;
	}
	return source_take_document(job, job->where, bytes);
}

/* "incomplete" and the kinds of it that leave out what others made; all of the others' is there where only one's own is missing. */
static bool leaves_out(const struct composition *c)
{
	return str_starts(c->aggregate, STR("incomplete")) && !str_is(c->aggregate, "incomplete_third_party_only");
}

static bool names(const struct str *refs, size_t n, struct str ref)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(refs[i], ref))
			return true;
	return false;
}

static bool is_missing(struct str ref)
{
	return ref.len && !str_is(ref, "SPDXRef-DOCUMENT") && !str_is(ref, "NONE") && !str_is(ref, "NOASSERTION") && !str_starts(ref, STR("urn:cdx:"));
}

/* Edges between components of which none is listed. */
static void judge_edges(struct diags *d, struct str path, struct bom *b)
{
	size_t n = 0, elsewhere = 0;

	if (b->ncomponents > (b->subject != NO_COMPONENT))
		return;
	for (VEC_EACH(const struct dependency, e, &b->dependencies))
		if (!dependency_more(e)->listed && (is_missing(dependency_more(e)->from_ref) || is_missing(dependency_more(e)->to_ref))) {
			n++;
			elsewhere += str_starts(dependency_more(e)->from_ref, STR("DocumentRef-")) || str_starts(dependency_more(e)->to_ref, STR("DocumentRef-"));
		}
	if (!n)
		return;
	b->incomplete = true;
	if (elsewhere == n) {
		diag_add(d, SEV_ERROR, "input.incomplete", path, DIAG_NO_OFFSET,
			 "what the SBOM depends on stands in other documents (DocumentRef-…), which are not read with it; name an SBOM that lists it itself");
		return;
	}
	diag_add(d, SEV_ERROR, "input.incomplete", path, DIAG_NO_OFFSET,
		 "the SBOM tells of %zu dependenc%s between components and lists none of them; make it again, whole", n, n == 1 ? "y" : "ies");
}

/* A document that says of the whole, or of what it is about, that there is more than it lists: nobody has looked at that. */
static void judge_completeness(struct diags *d, struct str path, struct bom *b)
{
	struct str subject = b->subject != NO_COMPONENT ? b->components[b->subject].ref : STR_NONE;
	size_t inner = 0;
	bool whole = false;

	for (VEC_EACH(const struct composition, c, &b->compositions)) {
		if (!leaves_out(c))
			continue;
		bool all = !c->assemblies.n && !c->dependencies.n && !c->vulnerabilities.n;
		bool about = all || (subject.len && (names(c->assemblies.items, c->assemblies.n, subject) || names(c->dependencies.items, c->dependencies.n, subject)));
		whole |= about;
		inner += !about && (c->assemblies.n || c->dependencies.n);
	}
	if (whole && !b->incomplete)
		diag_add(d, SEV_ERROR, "input.incomplete", path, DIAG_NO_OFFSET,
			 "the SBOM says of itself that it is incomplete: what it leaves out was not looked at; make it whole, or accept that with --allow-incomplete");
	b->incomplete = b->incomplete || whole;
	if (inner)
		diag_add(d, SEV_NOTICE, "input.incomplete", path, DIAG_NO_OFFSET, "the SBOM says of %zu part%s that it does not list all that is in %s", inner,
			 inner == 1 ? "" : "s", inner == 1 ? "it" : "them");
}

/* What an SBOM is about is the product, whose own flaws are not looked up: where nothing else is listed, "no findings" would say more than is known. */
static void judge_alone(struct diags *d, struct str path, const struct bom *b)
{
	const struct component *c = b->ncomponents == 1 && b->subject == 0 ? &b->components[0] : NULL;

	if (c && c->ecosystem.len && c->version.len)
		diag_add(d, SEV_NOTICE, "input.nothing", path, DIAG_NO_OFFSET,
			 "the SBOM lists nothing but what it is about (%.*s), and what an SBOM is about is not matched; where you use it, an SBOM of the user lists it as a"
			 " component",
			 STR_ARG(c->purl.len ? c->purl : c->name));
}

void source_judge_document(struct diags *d, struct str path, struct bom *b)
{
	judge_completeness(d, path, b);
	judge_edges(d, path, b);
	judge_alone(d, path, b);
}

enum result source_take_document(struct source_job *job, struct str path, struct str bytes)
{
	struct collected *out = job->out;
	struct bom *part = bom_new(job->arena, job->diags);
	const struct format *found = NULL;
	enum result result = format_read(part, path, bytes, &found);
	struct original *o = VEC_ADD(job->arena, &out->originals);
	*o = (struct original){ .path = path, .bytes = bytes, .sha256 = sha256_hex(job->arena, bytes) };
	if (!part->inputs.n)
		*VEC_ADD(job->arena, &part->inputs) = (struct input){ .path = path };
	struct input *in = &part->inputs.items[0];
	in->reader = found ? str_of(found->name) : STR("sbom");
	in->sha256 = o->sha256;
	in->size = bytes.len;
	in->document = true;
	in->state = result == OK ? INPUT_OK : result == PARTIAL ? INPUT_PARTIAL : INPUT_FAILED;
	in->components = (uint32_t)part->ncomponents;
	if (result == FAILED) {
		in->components = 0;
		out->bom.incomplete = true;
		*VEC_ADD(job->arena, &out->bom.inputs) = *in;
		return FAILED;
	}
	o->standard = part->document.standard;
	o->version = part->document.version;
	o->timestamp = part->document.timestamp;
	if (part->document.generator < part->document.tools.n)
		o->generator = part->document.tools.items[part->document.generator];
	if (out->originals.n == 1)
		out->bom.document = part->document;
	source_judge_document(job->diags, path, part);
	in->state = part->incomplete && in->state == INPUT_OK ? INPUT_PARTIAL : in->state;
	uint32_t shift = bom_append(&out->bom, part);
	if (part->subject != NO_COMPONENT) {
		out->bom.components[part->subject + shift].first_party = true;
		bom_depend(&out->bom, out->bom.subject, part->subject + shift, DEPENDS_ON, 0);
	} else {
		for (uint32_t i = 0; i < part->ncomponents; i++)
			if (part->components[i].parent == NO_COMPONENT)
				bom_depend(&out->bom, out->bom.subject, i + shift, DEPENDS_ON, 0);
	}
	return OK;
}

/* Which SBOM is this? By the bytes, never by the name: packing first, then wrappers, then the rows of formats.def in their
 * order, then what is known to be no SBOM. */
#include "base/base64.h"
#include "base/limits.h"
#include "base/sha256.h"
#include "format/format.h"
#include "format/sniff.h"
#include "format/unpack.h"

#define WRAPPERS 4 /* a bundle around an envelope around a statement around GitHub's export */

struct reading_sbom {
	struct arena *arena;
	struct diags *diags;
	struct str path;
	const struct format *found;
	struct str text; /* of the document itself */
};

static enum result refuse(struct reading_sbom *r, const char *code, size_t at, const char *fmt, struct str what)
{
	struct str text = str_has(str_of(fmt), STR("%s")) ?
				  arena_printf(r->arena, "%.*s%.*s%s", (int)(strstr(fmt, "%s") - fmt), fmt, STR_ARG(what),
					       strstr(fmt, "%s") + 2) :
				  str_of(fmt);

	diag_add(r->diags, SEV_ERROR, code, r->path, at, "%.*s", STR_ARG(text));
	return FAILED;
}

/* The raw text of the value at an offset. */
static struct str value_at(struct reading_sbom *r, struct str text, size_t offset)
{
	struct json_cursor c = { .arena = r->arena, .text = text, .at = offset };

	return json_read_raw(&c);
}

static bool is_statement_of_sbom(struct str type)
{
	static const char *const starts[] = { "https://spdx.dev/Document", "http://spdx.dev/Document", "https://cyclonedx.org/bom",
					      "http://cyclonedx.org/bom", "https://cyclonedx.org/schema", "cyclonedx", "spdx",
					      "https://spdx.github.io", "https://cosign.sigstore.dev/attestation/v1" };

	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (str_starts(type, str_of(starts[i])))
			return true;
	return false;
}

/* The document inside an in-toto statement: the predicate, or its `Data` as an object or as a string (older cosign). */
static enum result open_statement(struct reading_sbom *r, struct str text, const struct sniff *s, struct str *inner)
{
	struct str type = sniff_string(s, "predicateType");
	const struct sniff_key *predicate = sniff_get(s, "predicate");
	struct sniff p;

	if (!is_statement_of_sbom(type))
		return refuse(r, "input.format", 0, "an in-toto statement of type %s, which is no SBOM", type);
	if (!predicate || (predicate->type != JSON_OBJECT && predicate->type != JSON_STRING))
		return refuse(r, "input.format", 0, "an in-toto statement without a predicate", STR_NONE);
	*inner = predicate->type == JSON_STRING ? predicate->text : value_at(r, text, predicate->offset);
	static const char *const marks[] = { "bomFormat", "spdxVersion", "@graph", NULL };
	if (!sniff_json(r->arena, *inner, marks, &p) || sniff_get(&p, "bomFormat") || sniff_get(&p, "spdxVersion"))
		return OK;
	const struct sniff_key *data = sniff_get(&p, "Data");
	if (data && data->type == JSON_STRING)
		*inner = data->text;
	else if (data && data->type == JSON_OBJECT)
		*inner = value_at(r, *inner, data->offset);
	return OK;
}

static enum result open_envelope(struct reading_sbom *r, struct str text, size_t at, struct str *inner)
{
	struct sniff s;

	if (!sniff_json(r->arena, text, NULL, &s) || s.error)
		return refuse(r, "input.syntax", at + s.error_offset, "a broken DSSE envelope", STR_NONE);
	struct str payload = sniff_string(&s, "payload");
	if (!payload.s)
		return refuse(r, "input.format", at, "a DSSE envelope without a payload", STR_NONE);
	*inner = base64_decode(r->arena, payload, true);
	if (!inner->s)
		return refuse(r, "input.format", at, "the payload of a DSSE envelope is no base64", STR_NONE);
	diag_add(r->diags, SEV_NOTICE, "input.signature", r->path, DIAG_NO_OFFSET,
		 "the SBOM lies in a signed envelope, whose signature was not checked here");
	return OK;
}

static const char *const decisive[] = { "bomFormat", "spdxVersion", "@graph", NULL };

/* Takes one wrapper off. *unwrapped says whether there was one. */
static enum result open_wrapper(struct reading_sbom *r, struct str text, struct str *inner, bool *unwrapped)
{
	struct sniff s;

	*unwrapped = false;
	if (!sniff_json(r->arena, text, decisive, &s))
		return OK;
	if (sniff_get(&s, "bomFormat") || sniff_get(&s, "spdxVersion") || sniff_get(&s, "@graph"))
		return OK;
	*unwrapped = true;
	const struct sniff_key *sbom = sniff_get(&s, "sbom"), *bundle = sniff_get(&s, "dsseEnvelope"),
			       *payload = sniff_get(&s, "payload"), *kind = sniff_get(&s, "payloadType");
	if (sbom && sbom->type == JSON_OBJECT && s.n <= 4) {
		*inner = value_at(r, text, sbom->offset);
		return s.error ? refuse(r, "input.syntax", s.error_offset, s.error, STR_NONE) : OK;
	}
	if (str_starts(sniff_string(&s, "_type"), STR("https://in-toto.io/Statement")) ||
	    (sniff_get(&s, "predicateType") && sniff_get(&s, "predicate"))) {
		if (s.error)
			return refuse(r, "input.syntax", s.error_offset, s.error, STR_NONE);
		return open_statement(r, text, &s, inner);
	}
	if (bundle && bundle->type == JSON_OBJECT)
		return open_envelope(r, value_at(r, text, bundle->offset), bundle->offset, inner);
	if (payload && kind && payload->type == JSON_STRING)
		return open_envelope(r, str_sub(text, 0, s.end), 0, inner);
	*unwrapped = false;
	return OK;
}

/* What people hand in that is no SBOM, with what to do instead. */
static const struct {
	const char *key, *with;
	const char *text;
} no_sbom[] = {
	{ "artifacts", "descriptor", "Syft's own format, which is no SBOM standard: let it write `-o cyclonedx-json` or `-o spdx-json`" },
	{ "matches", "descriptor", "a report of Grype, no SBOM" },
	{ "SchemaVersion", "Results", "a report of Trivy, no SBOM: let it write `--format cyclonedx` or `--format spdx-json`" },
	{ "detector", "manifests", "a dependency snapshot for GitHub, no SBOM: hand in the lockfiles or GitHub's SBOM export" },
	{ "lockfileVersion", NULL, "a package-lock.json, no SBOM: `bomgate generate file:…` reads lockfiles" },
	{ "runs", "version", "a SARIF report, no SBOM" },
	{ "vulnerabilities", "document", "a CSAF advisory or VEX, no SBOM: name it under `vex:` in the configuration" },
	{ "document", "product_tree", "a CSAF document, no SBOM: name it under `vex:` in the configuration" },
	{ "statements", "@context", "an OpenVEX document, no SBOM: name it under `vex:` in the configuration" },
	{ "affected", "id", "an OSV advisory, no SBOM" },
	{ "containers", "cveMetadata", "a CVE record, no SBOM" },
	{ "dependencies", "name", "a manifest or lockfile, no SBOM: `bomgate generate file:…` reads those" },
	{ "sbom", NULL, "a file with a key `sbom` that holds none" },
};

static enum result refuse_unknown(struct reading_sbom *r, struct str text)
{
	struct sniff s;
	struct str start = str_trim(str_sub(text, 0, 64 << 10));

	if (str_has(start, STR("spdxVersion:")) && str_has(start, STR("SPDXID:")))
		return refuse(r, "input.format", 0, "SPDX in YAML is not read: convert it to JSON (`pyspdxtools -i F -o F.json`)", STR_NONE);
	if (str_starts(start, STR("<"))) {
		if (str_has(start, STR("spdx.org/rdf")) || (str_has(start, STR("rdf:RDF")) && str_has(start, STR("spdx"))))
			return refuse(r, "input.format", 0, "SPDX in RDF/XML is not read: convert it to JSON or tag-value", STR_NONE);
		if (str_has(start, STR("<spdxVersion>")) || str_has(text, STR("<spdxVersion>")))
			return refuse(r, "input.format", 0, "SPDX in XML is not read: convert it to JSON or tag-value", STR_NONE);
		return refuse(r, "input.format", 0, "XML, but no CycloneDX document: its root is not in a namespace of CycloneDX", STR_NONE);
	}
	if (str_starts(text, STR("version https://git-lfs.github.com/spec/")))
		return refuse(r, "input.format", 0, "this is a pointer of Git LFS, not the SBOM itself; `git lfs pull` fetches it", STR_NONE);
	if (!sniff_json(r->arena, text, NULL, &s))
		return refuse(r, "input.format", 0, "this is no SBOM: neither JSON nor XML nor SPDX tag-value", STR_NONE);
	if (s.error)
		return refuse(r, "input.syntax", s.error_offset, s.error, STR_NONE);
	for (size_t i = 0; i < sizeof no_sbom / sizeof no_sbom[0]; i++)
		if (sniff_get(&s, no_sbom[i].key) && (!no_sbom[i].with || sniff_get(&s, no_sbom[i].with)))
			return refuse(r, "input.format", 0, "this is %s", str_of(no_sbom[i].text));
	return refuse(r, "input.format", 0, "JSON, but no SBOM: neither `bomFormat` nor `spdxVersion` nor an SPDX 3 `@graph` stands in it",
		      STR_NONE);
}

/* Lines of envelopes (cosign): the first that holds an SBOM. *only: the first line alone where there are several. */
static bool first_line(struct str text, struct str *line)
{
	size_t end = str_chr(text, '\n');

	if (end == STR_NOT_FOUND || !str_starts(text, STR("{")))
		return false;
	*line = str_trim(str_sub(text, 0, end));
	struct str rest = str_trim(str_from(text, end));
	return str_ends(*line, STR("}")) && str_starts(rest, STR("{")) &&
	       (str_has(*line, STR("\"payloadType\"")) || str_has(*line, STR("\"predicateType\"")));
}

static enum result find_inner(struct reading_sbom *r, struct str text, unsigned level);

static enum result find_lines(struct reading_sbom *r, struct str text, unsigned level)
{
	struct diags quiet;
	size_t sboms = 0, offset = 0;
	struct str chosen = STR_NONE;

	while (text.s) {
		struct str line = str_trim(str_cut(&text, '\n')), inner = line;
		bool unwrapped = line.len > 0;
		struct diags *mine = r->diags;
		diag_init(&quiet, r->arena);
		r->diags = &quiet;
		for (unsigned i = 0; i < WRAPPERS && unwrapped; i++)
			if (open_wrapper(r, inner, &inner, &unwrapped) != OK)
				inner = STR_NONE;
		r->diags = mine;
		for (size_t i = 0; inner.s && inner.len && i < formats_n; i++) {
			if (!formats[i].detect(inner))
				continue;
			if (sboms++ == 0)
				chosen = line;
			break;
		}
		offset += line.len;
	}
	(void)offset;
	if (!chosen.s)
		return refuse(r, "input.format", 0, "none of the lines of this file holds an SBOM", STR_NONE);
	if (sboms > 1)
		diag_add(r->diags, SEV_WARNING, "input.entry", r->path, DIAG_NO_OFFSET,
			 "%zu of the lines hold an SBOM; the first was read: split the file to read the others", sboms);
	return find_inner(r, chosen, level + 1);
}

static enum result find_inner(struct reading_sbom *r, struct str text, unsigned level)
{
	struct str inner, line;
	bool unwrapped;

	if (str_starts(text, STR("\xef\xbb\xbf")))
		text = str_from(text, 3);
	while (text.len && ascii_blank(text.s[0]) && text.s[0] != '\n')
		text = str_from(text, 1);
	if (!str_trim(str_sub(text, 0, 4096)).len && !str_trim(text).len)
		return refuse(r, "input.format", 0, "the file is empty", STR_NONE);
	if (level > WRAPPERS)
		return refuse(r, "input.format", 0, "wrapped more than four times", STR_NONE);
	if (first_line(text, &line) && line.len < text.len)
		return find_lines(r, text, level);
	if (open_wrapper(r, text, &inner, &unwrapped) != OK)
		return FAILED;
	if (unwrapped)
		return find_inner(r, inner, level + 1);
	for (size_t i = 0; i < formats_n; i++) {
		if (!formats[i].detect(text))
			continue;
		r->found = &formats[i];
		r->text = text;
		return OK;
	}
	return refuse_unknown(r, text);
}

enum result format_find(struct arena *a, struct diags *diags, struct str path, struct str bytes, struct str *text,
			const struct format **found)
{
	struct reading_sbom r = { .arena = a, .diags = diags, .path = path };
	struct str unpacked;

	*found = NULL;
	if (bytes.len > LIMIT_SBOM)
		return refuse(&r, "input.size", DIAG_NO_OFFSET, "larger than 1 GB, the limit for one SBOM: split it, or leave files out", STR_NONE);
	if (format_unpack(a, diags, path, bytes, &unpacked) != OK || find_inner(&r, unpacked, 0) != OK)
		return FAILED;
	*text = r.text;
	*found = r.found;
	return OK;
}

enum result format_read(struct bom *b, struct str path, struct str bytes, const struct format **found)
{
	const struct format *f = NULL;
	struct str text;
	size_t first = b->inputs.n, before = b->ncomponents;

	*VEC_ADD(b->arena, &b->inputs) = (struct input){ .path = path, .sha256 = sha256_hex(b->arena, bytes), .size = bytes.len };
	enum result result = format_find(b->arena, b->diags, path, bytes, &text, &f);
	if (result == OK) {
		b->inputs.items[first].reader = str_of(f->name);
		result = f->read(b, path, text);
	}
	struct input *in = &b->inputs.items[first];
	in->state = result == OK ? INPUT_OK : result == PARTIAL ? INPUT_PARTIAL : INPUT_FAILED;
	in->components = (uint32_t)(b->ncomponents - before);
	if (result == PARTIAL)
		b->incomplete = true;
	if (found)
		*found = f;
	return result;
}

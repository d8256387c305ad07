/* .terraform.lock.hcl (developer.hashicorp.com/terraform, "Dependency lock file"): blocks `provider "host/namespace/type" { … }`. */
#include "source/common.h"
#include "syntax/lines.h"

/* "…" at the start of the trimmed text; absent where there is none. */
static struct str in_quotes(struct str text)
{
	size_t open = str_chr(text, '"'), close = open == STR_NOT_FOUND ? open : str_chr(str_from(text, open + 1), '"');

	return close == STR_NOT_FOUND ? STR_NONE : str_sub(text, open + 1, close);
}

static uint32_t add_provider(struct reading *r, struct str address, size_t offset)
{
	size_t slash = str_rchr(address, '/');

	if (!address.len || slash == STR_NOT_FOUND) {
		reading_problem(r, offset, "a provider has an address such as \"host/namespace/type\": run `terraform init`");
		return NO_COMPONENT;
	}
	uint32_t c = reading_add(r, str_sub(address, 0, slash), str_from(address, slash + 1), STR_NONE, offset);
	r->bom->components[c].purl_type = STR("terraform");
	r->bom->components[c].ecosystem = STR_NONE;
	return c;
}

static void add_hash(struct reading *r, uint32_t c, struct str hash, size_t offset)
{
	if (str_starts(hash, STR("zh:"))) { /* SHA-256 of the archive */
		if (!reading_digest(r, c, arena_concat(r->arena, STR("sha256:"), str_from(hash, 3), STR(""))))
			bom_hash(r->bom, c, STR("zh"), hash);
	} else if (str_starts(hash, STR("h1:"))) {
		bom_hash(r->bom, c, STR("h1"), hash);
	} else {
		reading_problem(r, offset, "\"%.*s\" is no hash: run `terraform init`", STR_ARG(str_sub(hash, 0, 80)));
	}
}

enum result source_terraform_lock(struct reading *r)
{
	uint32_t here = NO_COMPONENT;
	bool block = false, hashes = false;
	size_t block_offset = 0;
	struct lines l;

	lines_open(&l, r->text);
	while (lines_next(&l)) {
		struct str line = str_trim(l.line);
		size_t offset = l.offset + (size_t)(line.len ? line.s - l.line.s : 0);
		if (!line.len || line.s[0] == '#' || str_starts(line, STR("//")))
			continue;
		if (!block) {
			if (!str_starts(line, STR("provider ")) || !str_ends(line, STR("{"))) {
				reading_problem(r, offset, "a provider block was expected here: run `terraform init`");
				continue;
			}
			block = true;
			block_offset = offset;
			here = add_provider(r, in_quotes(line), offset);
		} else if (hashes) {
			if (str_starts(line, STR("]")))
				hashes = false;
			else if (here != NO_COMPONENT)
				add_hash(r, here, in_quotes(line), offset);
		} else if (str_is(line, "}")) {
			if (here != NO_COMPONENT && !r->bom->components[here].version.len)
				reading_problem(r, block_offset, "the provider has no version: run `terraform init`");
			block = false;
		} else if (str_starts(line, STR("version")) && here != NO_COMPONENT) {
			r->bom->components[here].version = in_quotes(line);
			r->bom->components[here].direct_known = true;
			r->bom->components[here].direct = true;
		} else if (str_starts(line, STR("hashes"))) {
			hashes = !str_ends(line, STR("]"));
		}
	}
	if (block)
		return reading_error(r, block_offset, "the provider block is not closed: the file seems to be cut off");
	return reading_done(r);
}

#include "source/container.h"

#include "source/common.h"

struct reference {
	struct str registry, path, tag, digest;
};

static bool component_char(char c)
{
	return ascii_alpha(c) || ascii_digit(c) || c == '.' || c == '_' || c == '-';
}

static bool parse(struct str text, struct reference *out)
{
	size_t at = str_chr(text, '@'), slash = str_chr(text, '/');

	*out = (struct reference){ 0 };
	if (at != STR_NOT_FOUND) {
		out->digest = str_from(text, at + 1);
		text = str_sub(text, 0, at);
		size_t colon = str_chr(out->digest, ':');
		if (colon == STR_NOT_FOUND || out->digest.len - colon - 1 < 32)
			return false;
		for (size_t i = colon + 1; i < out->digest.len; i++)
			if (ascii_hex(out->digest.s[i]) < 0)
				return false;
	}
	struct str first = str_sub(text, 0, slash);
	if (slash != STR_NOT_FOUND && (str_has(first, STR(".")) || str_has(first, STR(":")) || str_is(first, "localhost"))) {
		out->registry = first;
		text = str_from(text, slash + 1);
	}
	size_t colon = str_rchr(text, ':');
	if (colon != STR_NOT_FOUND) {
		out->tag = str_from(text, colon + 1);
		text = str_sub(text, 0, colon);
		if (!out->tag.len || out->tag.len > 128)
			return false;
	}
	out->path = text;
	for (size_t i = 0; i < text.len; i++)
		if (!component_char(text.s[i]) && text.s[i] != '/')
			return false;
	for (size_t i = 0; i < out->tag.len; i++)
		if (!component_char(out->tag.s[i]))
			return false;
	for (size_t i = 0; i < out->registry.len; i++)
		if (!component_char(out->registry.s[i]) && out->registry.s[i] != ':')
			return false;
	return text.len && text.s[0] != '/' && text.s[text.len - 1] != '/' && !str_has(text, STR("//"));
}

static void qualifier(struct reading *r, uint32_t c, const char *name, struct str value)
{
	*VEC_ADD(r->arena, &r->bom->components[c].qualifiers) = (struct property){ str_of(name), value };
}

uint32_t container_add(struct reading *r, struct str text, size_t offset, unsigned scope)
{
	struct reference ref;
	struct str shown = str_sub(text, 0, 200);

	if (str_has(text, STR("$")) || str_has(text, STR("{{")) || str_has(text, STR("<%"))) {
		reading_notice(r, offset, "the image \"%.*s\" is known only where it is built or run, and is not listed", STR_ARG(shown));
		return NO_COMPONENT;
	}
	if (!parse(text, &ref)) {
		reading_problem(r, offset, "\"%.*s\" is no name of a container image", STR_ARG(shown));
		return NO_COMPONENT;
	}
	size_t slash = str_rchr(ref.path, '/');
	struct str space = slash == STR_NOT_FOUND ? STR_NONE : str_sub(ref.path, 0, slash), name = str_from(ref.path, slash + 1);
	bool oci = ref.registry.len && ref.digest.len;
	uint32_t c = reading_add(r, oci ? STR_NONE : space, name, ref.digest.len ? ref.digest : ref.tag, offset);
	struct component *it = &r->bom->components[c];
	it->type = COMPONENT_CONTAINER;
	it->ecosystem = STR_NONE;
	it->purl_type = oci ? STR("oci") : STR("docker");
	it->scope = scope;
	it->direct = it->direct_known = true;
	if (!ref.digest.len && !ref.tag.len)
		it->declared = STR("latest");
	if (oci) {
		qualifier(r, c, "repository_url", arena_concat(r->arena, ref.registry, STR("/"), ref.path));
		if (ref.tag.len)
			qualifier(r, c, "tag", ref.tag);
	} else {
		if (ref.registry.len)
			qualifier(r, c, "repository_url", ref.registry);
		if (ref.tag.len && ref.digest.len)
			bom_property(r->bom, c, "bomgate:tag", ref.tag);
	}
	if (str_starts(ref.digest, STR("sha256:")) && ref.digest.len == 71)
		bom_hash(r->bom, c, STR("SHA-256"), arena_lower(r->arena, str_from(ref.digest, 7)));
	return c;
}

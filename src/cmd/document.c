#include "cmd/document.h"

#include <stdlib.h>

#include "base/sha256.h"
#include "base/timestamp.h"
#include "cmd/version_info.h"
#include "identity/purl.h"

/* RFC 9562, version 5: SHA-1 over a namespace and a name. The namespace is the UUIDv5 of "bomgate" in the URL namespace. */
static struct str uuid5(struct arena *a, struct str name)
{
	static const uint8_t space[16] = { 0x6b, 0xa7, 0xb8, 0x11, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8 };
	uint8_t sum[20];
	struct str text = arena_concat(a, str_make((const char *)space, sizeof space), STR("bomgate\n"), name);

	sha1_of(text, sum);
	sum[6] = (uint8_t)((sum[6] & 0x0f) | 0x50);
	sum[8] = (uint8_t)((sum[8] & 0x3f) | 0x80);
	struct str hex = hex_of(a, sum, 16);
	return arena_printf(a, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.s, hex.s + 8, hex.s + 12, hex.s + 16, hex.s + 20);
}

struct str document_urn(struct arena *a, struct str text)
{
	return arena_concat(a, STR("urn:uuid:"), uuid5(a, text), STR_NONE);
}

static struct str serial(struct collected *c, const struct collect_options *o)
{
	struct arena *a = c->bom.arena;
	struct sha256 sum;
	uint8_t digest[32];

	sha256_init(&sum);
	for (size_t i = 0; i < c->bom.inputs.n; i++) {
		struct input *in = &c->bom.inputs.items[i];
		sha256_add(&sum, in->path.s, in->path.len);
		sha256_add(&sum, "\n", 1);
		sha256_add(&sum, in->sha256.s, in->sha256.len);
		sha256_add(&sum, "\n", 1);
	}
	sha256_end(&sum, digest);
	return arena_concat(a, STR("urn:uuid:"),
			    uuid5(a, arena_printf(a, "%.*s\n%.*s\n%.*s\n%.*s\n%s", STR_ARG(c->commit.id), STR_ARG(hex_of(a, digest, 32)),
						  STR_ARG(o->options_text), STR_ARG(timestamp_text(a, c->timestamp)), BOMGATE_VERSION)),
			    STR_NONE);
}

static void name_subject(struct collected *c, const struct collect_options *o)
{
	struct component *s = &c->bom.components[c->bom.subject];
	struct str repository = str_of(getenv("GITHUB_REPOSITORY"));

	if (repository.len && c->commit.id.s)
		c->repository = repository;
	s->name = o->name.len ? o->name : c->repository.len ? c->repository : STR("unnamed");
	if (c->commit.id.s) {
		s->version = c->commit.id;
		s->commit = c->commit.id;
	}
	size_t slash = str_rchr(c->repository, '/');
	bool on_github = repository.len || str_has(c->origin, STR("github.com/")) || str_has(c->origin, STR("github.com:"));
	if (!o->name.len && on_github && slash != STR_NOT_FOUND) {
		s->purl_type = STR("github");
		s->group = str_sub(c->repository, 0, slash);
		s->name = str_from(c->repository, slash + 1);
	} else {
		s->purl_type = STR("generic");
		if (slash != STR_NOT_FOUND && !o->name.len) {
			s->group = str_sub(c->repository, 0, slash);
			s->name = str_from(c->repository, slash + 1);
		}
	}
	purl_complete(&c->bom, s);
}

void document_finish(struct collected *c, const struct collect_options *o)
{
	struct bom *b = &c->bom;
	struct document *d = &b->document;
	struct arena *a = b->arena;
	struct str original_serial = d->serial;

	name_subject(c, o);
	d->timestamp = timestamp_text(a, c->timestamp);
	d->serial = serial(c, o);
	d->name = o->name.len ? o->name : c->repository.len ? c->repository : b->components[b->subject].name;
	if (c->originals.n) { /* the makers stay named; bomgate put them together */
		if (original_serial.len)
			*VEC_ADD(a, &d->properties) = (struct property){ STR("bomgate:original-serial"), original_serial };
		*VEC_ADD(a, &d->properties) = (struct property){ STR("bomgate:original-timestamp"), c->originals.items[0].timestamp };
	}
	struct tool *t = VEC_ADD(a, &d->tools);
	*t = (struct tool){ .vendor = STR("bomgate"), .name = STR("bomgate"), .version = STR(BOMGATE_VERSION) };
	if (!c->originals.n)
		d->generator = (uint32_t)(d->tools.n - 1);
	d->standard = d->version = d->syntax = STR_NONE;
	if (c->commit.id.s) {
		*VEC_ADD(a, &d->properties) = (struct property){ STR("bomgate:commit"), c->commit.id };
		*VEC_ADD(a, &d->properties) = (struct property){ STR("bomgate:commit-time"), timestamp_text(a, c->commit.time) };
	}
	if (c->looked_in_tree && !d->lifecycles.n)
		*VEC_ADD(a, &d->lifecycles) = STR("pre-build");
}

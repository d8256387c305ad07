/* What a file names may carry a credential in its address ("https://user:password@host/x.tgz"). It stands in the file already; it goes
 * no further: no SBOM, report, record or message has it. */
#include "base/redact.h"
#include "source/source.h"

static void redact_all(struct arena *a, struct str *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (texts[i]->len)
			*texts[i] = redact(a, *texts[i]);
}

void source_redact(struct arena *a, struct component *c)
{
	struct str *const texts[] = { &c->group, &c->name, &c->version, &c->declared, &c->alias, &c->download, &c->vcs };

	redact_all(a, texts, sizeof texts / sizeof texts[0]);
	for (VEC_EACH(struct property, q, &c->qualifiers))
		q->value = redact(a, q->value);
	for (VEC_EACH(struct property, p, &c->properties))
		p->value = redact(a, p->value);
	if (!c->more)
		return;
	struct str *const rare[] = { &c->more->subpath, &c->more->registry };
	redact_all(a, rare, sizeof rare / sizeof rare[0]);
	for (VEC_EACH(struct external_reference, x, &c->more->references))
		x->url = redact(a, x->url);
}

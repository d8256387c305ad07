/* bomgate merge: one SBOM of several. */
#include "identity/merge.h"

#include <stdlib.h>

#include "base/timestamp.h"
#include "cmd/document.h"
#include "cmd/output.h"
#include "cmd/read_sbom.h"
#include "cmd/version_info.h"

const struct option_spec cmd_merge_options[] = {
	{ "output", 'o', "FORMAT[@VERSION][=FILE]", "cyclonedx-json", "what to write, and where", OPTION_REPEAT },
	{ "weak", 0, NULL, NULL, "merge weak matches too (a Maven group left out, a name or CPE against a purl), marked as weak", OPTION_FLAG },
	{ "name", 0, "NAME", NULL, "name of the whole; without it that of the subject, where all have the same", 0 },
	{ "name-version", 0, "VERSION", NULL, "version of the whole", 0 },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static bool run_time(struct invocation *in, int64_t *out)
{
	struct str text = option_get(in, "timestamp");

	if (!text.s)
		text = str_of(getenv("SOURCE_DATE_EPOCH"));
	if (!text.len) {
		*out = timestamp_now();
		return true;
	}
	if (timestamp_parse(text, out))
		return true;
	complain("\"%.*s\" is no time; write RFC 3339 or seconds since 1970", STR_ARG(text));
	return false;
}

/* bomgate made this document; who made the parts stands in its tools and properties. */
static void finish_document(struct bom *b, int64_t now, const struct merge_options *o)
{
	struct document *d = &b->document;
	struct arena *a = b->arena;
	struct str seed = arena_printf(a, "merge\n%.*s\n%.*s\n%s\n%.*s\n", STR_ARG(o->name), STR_ARG(o->version), o->weak ? "weak" : "",
				       STR_ARG(timestamp_text(a, now)));

	for (size_t i = 0; i < b->inputs.n; i++)
		seed = arena_concat(a, seed, b->inputs.items[i].sha256, STR("\n"));
	d->serial = document_urn(a, seed);
	d->timestamp = timestamp_text(a, now);
	d->name = b->components[b->subject].name;
	for (size_t i = 0; i < d->tools.n; i++)
		if (str_is(d->tools.items[i].name, "bomgate") && str_is(d->tools.items[i].version, BOMGATE_VERSION)) {
			d->generator = (uint32_t)i;
			return;
		}
	*VEC_ADD(a, &d->tools) = (struct tool){ .vendor = STR("bomgate"), .name = STR("bomgate"), .version = STR(BOMGATE_VERSION) };
	d->generator = (uint32_t)(d->tools.n - 1);
}

static void tell(const struct merge_report *r)
{
	complain("%zu SBOMs, %zu components: %zu in the result, %zu merged (%zu of them by a weak match), %zu fields with more than one value",
		 r->documents, r->components, r->kept, r->merged, r->weak, r->disagreements);
	if (r->possible)
		complain("%zu weak matches were not merged (property bomgate:possibly-same); --weak merges them", r->possible);
	if (r->unversioned)
		complain("%zu components have no version and were matched with nothing", r->unversioned);
	if (r->dropped_fields)
		complain("%zu fields of the documents themselves stand once in the result; the others are kept as properties bomgate:merged:…", r->dropped_fields);
}

int cmd_merge(struct invocation *in)
{
	struct merge_options options = { .weak = option_is(in, "weak"), .name = option_get(in, "name"), .version = option_get(in, "name-version") };
	struct merge_report report;
	struct outputs outputs;
	struct diags diags;
	struct bom out;
	int64_t now;
	int code = 0;
	size_t read = 0;

	if (!in->arguments.n) {
		complain("merge takes SBOMs, such as: bomgate merge syft.json trivy.json");
		return 2;
	}
	if (!outputs_parse(in, "cyclonedx-json", NULL, &outputs) || !run_time(in, &now))
		return 2;
	diag_init(&diags, in->arena);
	bom_init(&out, in->arena, &diags);
	struct merge *m = merge_begin(&out, &options);
	for (size_t i = 0; i < in->arguments.n; i++) {
		struct arena *a = arena_new(0);
		struct bom *part = read_sbom(in, a, in->arguments.items[i], &code);
		if (part)
			merge_add(m, part, in->arguments.items[i]);
		else
			out.incomplete = true;
		read += part != NULL;
		arena_free(a);
	}
	merge_end(m, &report);
	if (!read)
		return 3;
	finish_document(&out, now, &options);
	if (!option_is(in, "quiet"))
		tell(&report);
	for (VEC_EACH(const struct output, o, &outputs)) {
		struct losses losses = { .arena = in->arena };
		struct buf text;
		buf_init(&text, 0);
		if (!output_render(in->arena, o, &out, &losses, &text) || !output_deliver(o, buf_str(&text)))
			code = 70;
		buf_free(&text);
		output_report_losses(o, &losses);
	}
	output_diagnostics(&diags, option_is(in, "verbose"), option_is(in, "quiet"));
	return code;
}

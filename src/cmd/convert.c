/* bomgate convert: an SBOM made elsewhere in another format or version. */
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "cmd/output.h"
#include "io/file.h"
#include "model/without.h"

const struct option_spec cmd_convert_options[] = {
	{ "output", 'o', "FORMAT[@VERSION][=FILE]", "cyclonedx-json", "what to write, and where", OPTION_REPEAT },
	{ "without", 0, "WHAT", NULL, "leave bulk out: files, license-texts, properties, evidence, cpes, hashes, references, annotations, vulnerabilities",
	  OPTION_REPEAT },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static bool leave_out(struct invocation *in, struct bom *b, bool quiet)
{
	struct str list;

	for (size_t i = 0; (list = option_nth(in, "without", i)).s; i++) {
		while (list.s) {
			struct str word = str_cut(&list, ',');
			size_t n;
			if (!bom_without(b, word, &n)) {
				complain("--without does not know `%.*s`; it knows files, license-texts, properties, evidence, cpes, hashes, "
					 "references, annotations, vulnerabilities", STR_ARG(word));
				return false;
			}
			if (!quiet)
				complain("left out: %zu %.*s", n, STR_ARG(word));
		}
	}
	return true;
}

static bool read_bytes(struct invocation *in, struct str path, struct str *bytes)
{
	struct str why;
	bool is_stdin = str_is(path, "-");
	bool done = is_stdin ? file_read_fd(in->arena, STDIN_FILENO, LIMIT_SBOM, bytes, &why) :
			       file_read(in->arena, arena_cstr(in->arena, path), LIMIT_SBOM, bytes, &why);

	if (!done)
		complain("%.*s: %.*s", STR_ARG(path), STR_ARG(why));
	return done;
}

/* What was converted, so that the original can be found again and compared. */
static void note_original(struct bom *b, const struct format *f)
{
	struct document *d = &b->document;
	struct arena *a = b->arena;

	for (VEC_EACH(const struct property, p, &d->properties))
		if (str_is(p->name, "bomgate:original:sha256"))
			return;
	*VEC_ADD(a, &d->properties) = (struct property){ STR("bomgate:original:sha256"), b->inputs.items[0].sha256 };
	*VEC_ADD(a, &d->properties) =
		(struct property){ STR("bomgate:original:format"), arena_printf(a, "%s@%.*s", f->name, STR_ARG(d->version)) };
}

static int write_one(struct invocation *in, const struct output *o, struct bom *b)
{
	struct losses losses = { .arena = in->arena };
	bool done = output_write(in->arena, o, b, &losses);

	if (!done)
		complain("%.*s could not be written", STR_ARG(o->name));
	output_report_losses(o, &losses);
	return done ? 0 : 70;
}

int cmd_convert(struct invocation *in)
{
	bool quiet = option_is(in, "quiet"), verbose = option_is(in, "verbose");
	const struct format *found = NULL;
	struct outputs outputs;
	struct diags diags;
	struct bom b;
	struct str bytes;

	if (in->arguments.n != 1) {
		complain("convert takes one SBOM (or `-` for standard input)");
		return 2;
	}
	if (!outputs_parse(in, "cyclonedx-json", NULL, &outputs))
		return 2;
	struct str path = in->arguments.items[0];
	if (str_starts(path, STR("sbom:")))
		path = str_from(path, 5);
	if (!read_bytes(in, path, &bytes))
		return 3;
	diag_init(&diags, in->arena);
	bom_init(&b, in->arena, &diags);
	enum result result = format_read(&b, path, bytes, &found);
	diag_locate(&diags, 0, path, bytes);
	diag_sort(&diags);
	output_diagnostics(&diags, verbose, quiet);
	if (result == FAILED)
		return 3;
	if (!leave_out(in, &b, quiet))
		return 2;
	note_original(&b, found);
	output_name_converter(&b);
	int code = 0;
	for (VEC_EACH(const struct output, o, &outputs)) {
		int one = write_one(in, o, &b);
		code = one ? one : code;
	}
	return code ? code : result == PARTIAL ? 3 : 0;
}

/* `bomgate generate SOURCE… [-o …]`: an SBOM. */
#include "cmd/collect.h"
#include "cmd/output.h"
#include "io/http.h"

const struct option_spec cmd_generate_options[] = {
	{ "output", 'o', "FORMAT[@VERSION][=FILE]", "table", "what to write, and where", OPTION_REPEAT },
	{ "exclude", 0, "GLOB", NULL, "inputs that are not read", OPTION_REPEAT },
	{ "name", 0, "NAME", NULL, "the subject's name", 0 },
	{ "allow-incomplete", 0, NULL, NULL, "exit 0 although an input could not be read whole", OPTION_FLAG },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

static struct str options_text(struct invocation *in)
{
	struct str text = STR("");

	for (size_t i = 0; i < in->options.n; i++) {
		const struct option_spec *o = in->options.items[i].spec;
		if (strcmp(o->name, "exclude") == 0 || strcmp(o->name, "name") == 0)
			text = arena_printf(in->arena, "%.*s%s=%.*s\n", STR_ARG(text), o->name, STR_ARG(in->options.items[i].value));
	}
	return text;
}

int cmd_generate(struct invocation *in)
{
	struct collect_options o = { .timestamp = option_get(in, "timestamp"), .name = option_get(in, "name"),
				     .options_text = options_text(in) };
	struct outputs outputs;
	struct collected c = { 0 };
	struct diags diags;
	int code = 0;

	if (!outputs_parse(in, "table", NULL, &outputs))
		return 2;
	for (size_t i = 0; i < in->arguments.n; i++)
		*VEC_ADD(in->arena, &o.sources) = in->arguments.items[i];
	for (size_t i = 0; option_nth(in, "exclude", i).s; i++)
		*VEC_ADD(in->arena, &o.exclude) = option_nth(in, "exclude", i);
	diag_init(&diags, in->arena);
	http_set_offline(option_is(in, "offline"));
	enum result result = collect(in->arena, &diags, &o, &c);
	for (size_t i = 0; i < outputs.n && result != FAILED && code == 0; i++) {
		struct buf bytes;
		buf_init(&bytes, 0);
		if (!output_render(in->arena, &outputs.items[i], &c.bom, NULL, &bytes) ||
		    !output_deliver(&outputs.items[i], buf_str(&bytes)))
			code = 70;
		buf_free(&bytes);
	}
	diag_sort(&diags);
	output_diagnostics(&diags, option_is(in, "verbose"), option_is(in, "quiet"));
	collect_end(&c);
	if (code == 0)
		code = diag_exit_code(&diags);
	return code == 3 && option_is(in, "allow-incomplete") ? 0 : code;
}

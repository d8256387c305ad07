#include "cmd/read_sbom.h"

#include <unistd.h>

#include "base/limits.h"
#include "base/sha256.h"
#include "cmd/output.h"
#include "identity/fold.h"
#include "io/file.h"

struct bom *read_sbom(struct invocation *in, struct arena *a, struct str path, int *code)
{
	struct diags *diags = ARENA_NEW(a, struct diags);
	const struct format *found = NULL;
	struct str bytes, why;

	if (str_starts(path, STR("sbom:")))
		path = str_from(path, 5);
	bool done = str_is(path, "-") ? file_read_fd(a, STDIN_FILENO, LIMIT_SBOM, &bytes, &why) :
					file_read(a, arena_cstr(a, path), LIMIT_SBOM, &bytes, &why);
	if (!done) {
		complain("%.*s: %.*s", STR_ARG(path), STR_ARG(why));
		*code = 3;
		return NULL;
	}
	diag_init(diags, a);
	struct bom *b = bom_new(a, diags);
	enum result result = format_read(b, path, bytes, &found);
	if (result != FAILED) {
		purl_complete_all(b);
		identity_check(b);
	}
	diag_locate(diags, 0, path, bytes);
	diag_sort(diags);
	output_diagnostics(diags, option_is(in, "verbose"), option_is(in, "quiet"));
	if (result != OK)
		*code = 3;
	if (result == FAILED)
		return NULL;
	if (!b->inputs.n)
		*VEC_ADD(a, &b->inputs) = (struct input){ .path = path };
	struct input *input = &b->inputs.items[0];
	input->reader = found ? str_of(found->name) : STR("sbom");
	if (!input->sha256.len)
		input->sha256 = sha256_hex(a, bytes);
	input->size = bytes.len;
	input->components = (uint32_t)b->ncomponents;
	input->state = result == OK ? INPUT_OK : INPUT_PARTIAL;
	return b;
}

/* `-o FORMAT[@VERSION][=FILE]`: what the commands that make an SBOM write, and where. */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include "cmd/command.h"
#include "format/format.h"

struct output {
	struct str name;	     /* "cyclonedx-json", "purls", … */
	const struct format *format; /* NULL for lists and reports */
	struct str version;	     /* of the standard; absent: the row's default */
	struct str file;	     /* absent: standard output */
};

struct outputs {
	struct output *items;
	size_t n, cap;
};

/* The `-o` options of the invocation (default: `otherwise` to standard output). `others` names further words that the command
 * writes itself ("sarif|markdown"), or NULL. False with a message (exit 2). */
bool outputs_parse(struct invocation *in, const char *otherwise, const char *others, struct outputs *out);
/* The same for commands that make no SBOM: `names` ("table|json") are all that they write, the first where nothing is said. */
bool outputs_own(struct invocation *in, const char *names, struct outputs *out);
/* Renders the bom as an SBOM or a list. False with a diagnostic in bom->diags. `losses` may be NULL. */
bool output_render(struct arena *a, const struct output *o, const struct bom *b, struct losses *losses, struct buf *out);
/* Puts the bytes where the output says: a file by temporary name and rename, or standard output. False with a message. */
bool output_deliver(const struct output *o, struct str bytes);
/* Diagnostics of a bom on standard error, for commands without a report of their own; the first few notices, all where `verbose`. */
void output_diagnostics(const struct diags *d, bool verbose, bool quiet);
/* Renders and delivers in one, a big SBOM piece by piece. False with a message or a diagnostic. */
bool output_write(struct arena *a, const struct output *o, const struct bom *b, struct losses *losses);
/* What the target could not hold, on standard error. */
void output_report_losses(const struct output *o, const struct losses *l);
/* Names bomgate as the converter of a bom that was read from a document; the generator stays who it was. */
void output_name_converter(struct bom *b);

#endif

/* SBOM formats: a row of formats.def and one folder (format/<standard>_*.c) each. A reader fills a bom from a document found
 * out by its bytes; a writer puts a bom into a buffer. */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include "base/buf.h"
#include "model/bom.h"

/* What a writer could not put into the target as such. */
struct loss {
	struct str what;    /* "components[].pedigree" */
	size_t count;
	bool kept;	    /* in properties or annotations */
};
struct losses {
	struct arena *arena;
	VEC(struct loss) list;
};
void loss_note(struct losses *l, const char *what, bool kept);

struct format_writing {
	const struct bom *bom;
	struct arena *arena;
	struct str version;   /* of the standard; one of the row's */
	struct losses *losses; /* may be NULL */
	struct buf *out;
};

struct format {
	const char *name;	   /* "cyclonedx-json": the word of -o */
	const char *standard;	   /* "cyclonedx", "spdx", "spdx3" */
	const char *versions;	   /* "1.2 1.3 1.4 1.5 1.6 1.7" */
	const char *default_version;
	const char *file_name;	   /* in the output folder: "sbom.cdx.json" */
	const char *media_type;
	/* Could these bytes (UTF-8, unpacked, the whole document) be this format? Cheap. */
	bool (*detect)(struct str text);
	/* Reads the document. b->arena holds everything; diagnostics name `path`. */
	enum result (*read)(struct bom *b, struct str path, struct str text);
	/* Writes; OK, or FAILED with a diagnostic in bom->diags. */
	enum result (*write)(struct format_writing *w);
};

extern const struct format formats[];
extern const size_t formats_n;

const struct format *format_by_name(struct str name);
bool format_has_version(const struct format *f, struct str version);
/* Takes packing and wrappers off and finds the row; *text is the document itself, UTF-8. FAILED with a diagnostic. */
enum result format_find(struct arena *a, struct diags *diags, struct str path, struct str bytes, struct str *text,
			const struct format **found);
/* Reads any SBOM: unpacks gzip, UTF-16, and the wrappers (GitHub's export, in-toto statement, DSSE, Sigstore bundle), finds the
 * format by the bytes, reads it. `bytes` must live on b->arena or longer. *found (may be NULL) is the row. */
enum result format_read(struct bom *b, struct str path, struct str bytes, const struct format **found);

/* The rows' functions. */
#define FORMAT(fn, name, standard, versions, otherwise, file, media)                                                     \
	bool fn##_detect(struct str text);                                                                               \
	enum result fn##_read(struct bom *b, struct str path, struct str text);                                          \
	enum result fn##_write(struct format_writing *w);
#include "format/formats.def"
#undef FORMAT

#endif

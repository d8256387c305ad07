/* The one-line forms of tag-value, both ways. */
#ifndef FORMAT_SPDX_TAG_H
#define FORMAT_SPDX_TAG_H

#include "base/buf.h"
#include "format/spdx.h"

/* What a parse of tag-value finds: elements (package, file, snippet, licence, relationship, annotation as they end; document and
 * creationInfo at last), lines that are no field, and why it had to end (static text). Nodes live during the call only. */
struct spdx_tag_sink {
	void *to;
	void (*element)(void *to, const struct spdx_node *node);
	void (*fault)(void *to, enum spdx_notice notice, size_t offset, struct str what);
	void (*broken)(void *to, size_t offset, const char *why);
};
/* Text that has to be changed (CRLF, CR) is put on `keep`, where it stays. */
void spdx_tag_parse(struct str text, struct arena *keep, const struct spdx_tag_sink *sink);

/* Fills the object from the text by its FORM of the rule table; false where the text does not have that form. */
bool spdx_form_read(struct arena *a, struct str text, struct spdx_node *object);
void spdx_form_write(struct buf *out, const struct spdx_node *object);
/* The two that no form can say. PackageVerificationCode: "hex (excludes: a, b)". */
void spdx_code_read(struct arena *a, struct str text, struct spdx_node *code);
void spdx_code_write(struct buf *out, const struct spdx_node *code);
/* SnippetByteRange, SnippetLineRange: "310:420"; the pointers refer to `file`. */
bool spdx_range_read(struct arena *a, struct str text, bool lines, struct str file, struct spdx_node *range);
bool spdx_range_write(struct buf *out, const struct spdx_node *range, bool lines);

#endif

/* The document's own facts: subject, serial number, tool, timestamp. */
#ifndef CMD_DOCUMENT_H
#define CMD_DOCUMENT_H

#include "cmd/collect.h"

/* Names the subject and fills bom.document: serial number (UUIDv5 over commit, inputs, options and timestamp), timestamp, tool,
 * commit and its time. */
void document_finish(struct collected *c, const struct collect_options *o);

/* "urn:uuid:…": the UUIDv5 of a text in bomgate's namespace. */
struct str document_urn(struct arena *a, struct str text);

#endif

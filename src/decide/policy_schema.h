/* The table of keys as a JSON schema for editors and as Markdown for docs/configuration.md. */
#ifndef DECIDE_POLICY_SCHEMA_H
#define DECIDE_POLICY_SCHEMA_H

#include "base/buf.h"

/* docs/bomgate.schema.json (JSON Schema 2020-12). */
void policy_schema(struct arena *a, struct buf *out);
/* One Markdown table a section. */
void policy_keys_markdown(struct arena *a, struct buf *out);

#endif

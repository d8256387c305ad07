/* TOML 1.0 (toml.io/en/v1.0.0), into a value tree. */
#ifndef SYNTAX_TOML_H
#define SYNTAX_TOML_H

#include "syntax/value.h"

/* The document's root table, or NULL with *error (on the arena) and *offset. */
struct value *toml_parse(struct arena *a, struct str text, struct str *error, size_t *offset);

#endif

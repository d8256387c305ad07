/* YAML files for readers. */
#ifndef SOURCE_READING_YAML_H
#define SOURCE_READING_YAML_H

#include "source/common.h"
#include "syntax/yaml.h"

/* All documents of the file, on `nodes` (r->scratch or r->arena; their texts live as long as the file's); false after an error was reported. */
bool reading_yaml_all(struct reading *r, struct arena *nodes, bool aliases, struct yaml_documents *out);
/* The one mapping that the file is, on r->scratch; NULL after an error was reported. */
const struct value *reading_yaml(struct reading *r, bool aliases);

#endif

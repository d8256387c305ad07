/* Which of the tools that a document lists made its component list. */
#ifndef FORMAT_GENERATOR_H
#define FORMAT_GENERATOR_H

#include "model/bom.h"

/* Index into d->tools: the last one where cdxgen is among them (it lists its helpers first), else the first that is neither a
 * library that serialises nor a converter, else the first; NO_INPUT where there is none. */
uint32_t generator_of(const struct document *d);
/* A library or converter, which never makes a component list itself? */
bool generator_is_helper(struct str tool_name);

#endif

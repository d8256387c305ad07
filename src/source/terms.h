/* Terms of Elixir (mix.lock) and Erlang (rebar.lock) as value trees: strings, binaries, atoms, numbers, lists, tuples, maps and
 * keyword lists. Nothing is evaluated. */
#ifndef SOURCE_TERMS_H
#define SOURCE_TERMS_H

#include "syntax/value.h"

/* The terms of a file one after another, as a list; NULL with *why and *offset. A tuple and a list are VALUE_LIST (a tuple with
 * inline_form); a map and a keyword list VALUE_TABLE; strings and binaries VALUE_STRING with `quoted`, atoms without, numbers
 * VALUE_NUMBER. `erlang`: comments begin with '%' and terms end with '.', else '#' begins a comment. */
struct value *terms_parse(struct arena *a, struct str text, bool erlang, const char **why, size_t *offset);
/* The i-th element, or NULL. */
const struct value *term_at(const struct value *list, size_t i);

#endif

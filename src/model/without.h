/* Leaving bulk out of a component list that goes to people who answer to vulnerabilities. */
#ifndef MODEL_WITHOUT_H
#define MODEL_WITHOUT_H

#include "model/bom.h"

struct without_word {
	const char *word, *what;
};
/* The words that bom_without knows; ends with word NULL. */
extern const struct without_word without_words[];

/* Leaves the named kind of thing out of b: false where the word is unknown. *count is how many things went. */
bool bom_without(struct bom *b, struct str word, size_t *count);

#endif

/* Private to `init`: what it found and was told, and the text it writes. */
#ifndef CMD_INIT_H
#define CMD_INIT_H

#include "cmd/judge.h"

struct init_answers {
	struct str name, owner;
	struct str exposure, human_impact; /* absent: not said, the assumption stays */
};

struct init_facts {
	struct str_list folders;  /* that hold lockfiles, sorted, "" for the root */
	struct str bundler;	  /* a bundler among the development dependencies; absent where none */
	bool development;	  /* there are development components at all */
};

/* The configuration without exceptions. */
void init_text(struct arena *a, const struct init_answers *answers, const struct init_facts *facts, struct buf *out);
/* `ignore:` for every finding that closes the gate. Returns how many entries. */
size_t init_exceptions(struct arena *a, const struct judgement *j, const struct bom *b, struct str until, struct str today, struct buf *out);
/* What lockfiles there are and how they are built. */
void init_look(struct arena *a, const struct bom *b, struct init_facts *out);
/* A text as a YAML scalar in double quotes. */
void init_quote(struct buf *out, struct str text);

#endif

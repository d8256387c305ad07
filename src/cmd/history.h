/* `bomgate history`: the steps share this. */
#ifndef CMD_HISTORY_H
#define CMD_HISTORY_H

#include "cmd/judge.h"

/* One file that a row reads, in one commit's tree. */
struct wanted {
	struct str path, blob;
	const struct reader *row;
	uint32_t blob_index; /* of struct history.blobs */
};
struct wanted_list {
	struct wanted *items;
	size_t n, cap;
	struct submodule *submodules;
	size_t nsubmodules, submodules_cap;
};

/* One distinct file: blob, path and row. Parsed once. */
struct distinct {
	uint32_t states;   /* how many states it is in */
	struct arena *arena; /* where it is in several: of its own, brought back to the moment behind the parsing for each */
	struct arena_snapshot *parsed;
	struct part *part;
};

/* A distinct set of files; many commits may have it. */
struct state {
	struct wanted_list files;
	uint32_t *components; /* indexes into history.components, sorted */
	size_t n;
};

struct moment { /* of one commit */
	struct git_commit_info info;
	uint32_t state;
};

/* A component over all commits. */
struct dated {
	uint32_t component; /* index into history.all */
	VEC(uint32_t) came; /* commit indexes, in pairs with `went` */
	VEC(uint32_t) went; /* UINT32_MAX: still there at the end */
};

struct history {
	struct invocation *in;
	struct arena *arena;
	struct diags diags;
	struct git *git;
	struct map trees;    /* tree id and folder to struct wanted_list * */
	struct map blobs;    /* blob, row and path to index of `distincts` */
	VEC(struct distinct) distincts;
	struct map states_by_key;
	VEC(struct state) states;
	VEC(struct moment) moments;
	struct bom all;	     /* every component that there ever was, once */
	struct map all_by_key;
	VEC(struct dated) dated;
	struct judgement judgement;
	const char *sboms;   /* folder, or NULL */
};

/* history_states.c: lists the files of each commit's tree, folders that are the same only once. False with a diagnostic. */
bool history_list(struct history *h, struct str commit);
/* Parses what is new and finds the components of each state, in the order of the commits. */
void history_read(struct history *h);
/* Works out when each component came and went. */
void history_date(struct history *h);
void history_end(struct history *h);
/* history_report.c */
void history_table(struct history *h, struct buf *out);
void history_json(struct history *h, bool compact, struct buf *out);
/* history_html.c: one page without network; its script draws from the same data as the JSON. */
void history_html(struct history *h, struct buf *out);

#endif

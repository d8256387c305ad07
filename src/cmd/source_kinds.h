/* The kinds of source: one row for each scheme of the command line. */
#ifndef CMD_SOURCE_KINDS_H
#define CMD_SOURCE_KINDS_H

#include "cmd/collect.h"

struct source_job {
	struct arena *arena;
	struct diags *diags;
	const struct collect_options *options;
	struct str where; /* behind the scheme */
	bool climb;	  /* git: the repository may lie above the folder */
	struct collected *out;
};

struct source_kind {
	const char *scheme;
	bool is_document; /* an SBOM made elsewhere */
	const char *help;
	enum result (*read)(struct source_job *job);
};

extern const struct source_kind source_kinds[];
extern const size_t source_kinds_n;
/* The row of a scheme, or NULL. */
const struct source_kind *source_kind_of(struct str scheme);

/* Opens the repository of a git source and sets commit, origin and the like in job->out, without reading its tree. */
bool source_open_git(struct source_job *job);

/* A scan as the run's options want it; and what came of it, into the run's bom. */
void source_begin_scan(struct scan *s, const struct source_job *job);
void source_end_scan(struct scan *s, const struct source_job *job);

/* An SBOM's bytes, from wherever they came, into the run's bom; the original is kept. `path` names it for people. */
enum result source_take_document(struct source_job *job, struct str path, struct str bytes);

/* Does an SBOM list what it is about? Sets b->incomplete, with a diagnostic, where it says that it does not, or names only what it leaves out. */
void source_judge_document(struct diags *d, struct str path, struct bom *b);

/* The rows' functions. */
#define SOURCE(fn, scheme, is_document, help) enum result read_##fn(struct source_job *job);
#include "cmd/source_kinds.def"
#undef SOURCE

#endif

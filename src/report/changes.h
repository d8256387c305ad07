/* What to do: findings grouped by the change that ends them (one package, from one version to another, in one service), and how
 * a component got in. */
#ifndef REPORT_CHANGES_H
#define REPORT_CHANGES_H

#include "report/report.h"

struct change_item {
	uint32_t component;
	struct str to;		/* smallest version that ends all findings of the change that close the gate (or all, where none does); absent: no fix yet */
	bool major;		/* `to` is another major version */
	enum outcome outcome;	/* the worst */
	unsigned level;		/* of the table, the worst */
	bool closes, is_new, undecided_fix; /* undecided_fix: some of them have no fixed version */
	VEC(const struct finding *) findings; /* worst first */
	struct str service, owner;
	struct str file;	/* of the best evidence; absent where none */
	uint32_t line;
	struct str via;		/* "direct", or the first dependency on the way; absent where not known */
};

struct changes {
	struct change_item *items;
	size_t n, cap;
};

/* What else the row holds beside its first finding: " and 3 more", and which of them the version that it names does not end: " and 3 more
 * (1 of them fixed only by 2.1.0)". Empty where there is one; not escaped: versions come from outside. On the report's arena. */
struct str change_more(const struct report *r, const struct change_item *c);
/* All changes, the worst first; silenced and fixed findings left out. */
void changes_of(const struct report *r, struct changes *out);

/* For each component the one before it on the shortest way from the product's own parts (NO_COMPONENT for those and where nothing
 * leads there): once a report, in time linear in the edges. */
uint32_t *dependency_ways(const struct bom *b, struct arena *a);
/* The components on the way to c, c itself last; returns how many, 0 where no edge leads there. */
size_t dependency_path(const struct bom *b, const uint32_t *ways, struct arena *a, uint32_t c, uint32_t **out);
/* "log4j-core", "@babel/core", "org.apache:foo" as people of the ecosystem write it. */
struct str component_title(struct arena *a, const struct component *c);
/* file and line of the evidence to show; file absent where there is none. */
void component_place(const struct bom *b, const struct component *c, struct str *file, uint32_t *line);

#endif

/* `bomgate ssvc`: the outcome of a decision table for given values; every outcome still possible where values are missing. */
#include <stdio.h>

#include "base/limits.h"
#include "cmd/command.h"
#include "decide/table.h"
#include "io/file.h"

const struct option_spec cmd_ssvc_options[] = {
	{ "table", 0, "TABLE", "deployer", "a published table by name or id, or a file in CERT/CC's JSON or CSV form", 0 },
	{ "human-impact-table", 0, "VERSION", "1.0.0", "1.0.0, or 2024.3.8 as Threatconnectome has it", 0 },
	{ NULL, 0, NULL, NULL, NULL, 0 },
};

struct ask {
	struct invocation *in;
	const struct ssvc_table *table;
	const struct ssvc_table *human_impact;
	unsigned possible[SSVC_MAX_POINTS]; /* bits; 0: nothing was said */
	unsigned safety_mission[2];
};

static const struct ssvc_table *choose_table(struct invocation *in)
{
	struct str name = option_get(in, "table"), text, why = STR_NONE;
	const struct ssvc_table *t = ssvc_table_published(in->arena, name.s ? name : STR("deployer"));
	size_t offset = 0;

	if (t)
		return t;
	if (!file_read(in->arena, arena_cstr(in->arena, name), LIMIT_CONFIG, &text, &why)) {
		complain("--table: \"%.*s\" is neither a published table (%.*s) nor a file that can be read (%.*s)", STR_ARG(name),
			 STR_ARG(ssvc_table_names(in->arena)), STR_ARG(why));
		return NULL;
	}
	t = ssvc_table_parse(in->arena, text, name, &why, &offset);
	if (!t)
		complain("%.*s: at byte %zu: %.*s", STR_ARG(name), offset, STR_ARG(why));
	return t;
}

/* The point of a table that a word of the command line means: its name or key, "exposure" for System Exposure. */
static int point_named(const struct ssvc_table *t, struct str word)
{
	for (unsigned i = 0; i < t->npoints; i++) {
		struct str name = t->points[i]->name, kind = t->points[i]->kind;
		if (ssvc_word_eq(word, name) || ssvc_word_eq(word, str_from(kind, str_rchr(kind, ':') + 1)))
			return (int)i;
		if (str_is(kind, "ssvc:EXP") && ssvc_word_eq(word, STR("exposure")))
			return (int)i;
	}
	return -1;
}

/* One value or several with commas between them: bits. */
static bool take_values(struct arena *a, const struct ssvc_point *p, struct str words, unsigned *bits)
{
	if (*bits) {
		complain("%.*s stands twice", STR_ARG(p->name));
		return false;
	}
	while (words.s) {
		struct str word = str_cut(&words, ',');
		unsigned v;
		if (!ssvc_value_of(p, word, &v)) {
			complain("%.*s: \"%.*s\" is no value of it; it is %.*s", STR_ARG(p->name), STR_ARG(word), STR_ARG(ssvc_value_words(a, p)));
			return false;
		}
		*bits |= 1u << v;
	}
	return true;
}

static struct str known_points(struct ask *q)
{
	struct arena *a = q->in->arena;
	struct str all = STR("");

	for (unsigned i = 0; i < q->table->npoints; i++)
		all = arena_concat(a, all, i ? STR(", ") : STR(""), arena_lower(a, q->table->points[i]->name));
	return ssvc_table_point(q->table, "ssvc:HI") >= 0 ? arena_concat(a, all, STR(", safety impact, mission impact"), STR("")) : all;
}

static bool take_argument(struct ask *q, struct str argument)
{
	struct str words = argument, name = str_cut(&words, '=');
	int at = point_named(q->table, name);

	if (!words.s) {
		complain("\"%.*s\": POINT=VALUE is wanted, such as exploitation=active", STR_ARG(argument));
		return false;
	}
	if (at >= 0)
		return take_values(q->in->arena, q->table->points[at], words, &q->possible[at]);
	at = ssvc_table_point(q->table, "ssvc:HI") >= 0 ? point_named(q->human_impact, name) : -1;
	if (at >= 0)
		return take_values(q->in->arena, q->human_impact->points[at], words, &q->safety_mission[at]);
	complain("\"%.*s\" is no decision point of %.*s; it has %.*s", STR_ARG(name), STR_ARG(q->table->id), STR_ARG(known_points(q)));
	return false;
}

/* Safety and mission impact become Human Impact; what was not said is possible. */
static bool fill(struct ask *q)
{
	int hi = ssvc_table_point(q->table, "ssvc:HI");

	if (q->safety_mission[0] || q->safety_mission[1]) {
		if (q->possible[hi]) {
			complain("give human_impact, or safety_impact with mission_impact, not both");
			return false;
		}
		for (unsigned i = 0; i < 2; i++)
			if (!q->safety_mission[i])
				q->safety_mission[i] = (1u << q->human_impact->points[i]->nvalues) - 1;
		q->possible[hi] = ssvc_table_possible(q->human_impact, q->safety_mission);
	}
	for (unsigned i = 0; i < q->table->npoints; i++)
		if (!q->possible[i])
			q->possible[i] = (1u << q->table->points[i]->nvalues) - 1;
	return true;
}

/* The whole table in the published order, tab-separated with a heading. */
static void print_table(const struct ssvc_table *t)
{
	printf("row");
	for (unsigned i = 0; i < t->npoints; i++)
		printf("\t%.*s", STR_ARG(t->points[i]->name));
	printf("\toutcome\n");
	for (size_t row = 0; row < t->nrows; row++) {
		size_t cell = 0, step = t->nrows;
		while (t->rows[cell] != row)
			cell++;
		printf("%zu", row);
		for (unsigned i = 0; i < t->npoints; i++) {
			step /= t->points[i]->nvalues;
			printf("\t%.*s", STR_ARG(t->points[i]->values[cell / step % t->points[i]->nvalues].word));
		}
		printf("\t%.*s\n", STR_ARG(t->outcome->values[t->cells[cell]].word));
	}
}

int cmd_ssvc(struct invocation *in)
{
	struct ask q = { .in = in };
	struct str version = option_get(in, "human-impact-table");
	unsigned outcomes;

	if (version.s && !str_is(version, "1.0.0") && !str_is(version, "2024.3.8")) {
		complain("--human-impact-table: \"%.*s\" is not known; it is 1.0.0 or 2024.3.8", STR_ARG(version));
		return 2;
	}
	q.human_impact = ssvc_table_published(in->arena, str_is(version, "2024.3.8") ? STR("human-impact-2024.3.8") : STR("human-impact"));
	q.table = choose_table(in);
	if (!q.table)
		return 2;
	if (in->arguments.n == 0) {
		print_table(q.table);
		return 0;
	}
	for (size_t i = 0; i < in->arguments.n; i++)
		if (!take_argument(&q, in->arguments.items[i]))
			return 2;
	if (!fill(&q))
		return 2;
	outcomes = ssvc_table_possible(q.table, q.possible);
	for (unsigned o = 0; o < q.table->outcome->nvalues; o++)
		if (outcomes & 1u << o)
			printf("%.*s\n", STR_ARG(q.table->outcome->values[o].word));
	return 0;
}

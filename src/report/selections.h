/* One finding as an SSVC Selection List 2.0.0. */
#ifndef REPORT_SELECTIONS_H
#define REPORT_SELECTIONS_H

#include "report/report.h"

struct json_writer;

/* The whole object; `targets`: with the ids of the flaw and the component's purl. */
void selection_list(const struct report *r, struct json_writer *w, const struct finding *f, bool targets);

#endif

/* One finding explained to a person. */
#ifndef REPORT_EXPLAIN_H
#define REPORT_EXPLAIN_H

#include "report/report.h"

/* In this order: the sentence; identity; the matched range; each decision point with value, source and date; the row of the table;
 * which single change would give another outcome; what to do; who depends on it. */
void report_explain(const struct report *r, const struct finding *f, struct buf *out);

#endif

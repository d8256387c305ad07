/* result.json, also as the data of report.html. */
#ifndef REPORT_RESULT_JSON_H
#define REPORT_RESULT_JSON_H

#include "report/report.h"

void result_json_write(const struct report *r, bool compact, struct buf *out);

#endif

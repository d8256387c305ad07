/* result.json, also as the data of report.html. */
#ifndef REPORT_RESULT_JSON_H
#define REPORT_RESULT_JSON_H

#include "report/report.h"
#include "syntax/json_writer.h"

void result_json_write(const struct report *r, bool compact, struct buf *out);
/* result_changes.c: "componentChanges", against the base; nothing where there is none. */
void result_component_changes(const struct report *r, struct json_writer *w);

#endif

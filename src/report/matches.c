/* One matched advisory a line, before aliases are joined. */
#include "match/match.h"
#include "report/report.h"

void report_matches(const struct report *r, struct buf *out)
{
	buf_add(out, match_rows(r->arena, r->bom, r->findings));
}

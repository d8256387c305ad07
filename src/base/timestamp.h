/* Points in time: seconds since 1970-01-01T00:00:00Z (proleptic Gregorian calendar, no leap seconds), and their RFC 3339 texts. */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H

#include "base/arena.h"

/* RFC 3339 date-time with any offset and fraction (dropped), a plain day "2026-11-27" (its first second in
 * UTC), or plain seconds since 1970. False where it is none of them or out of the years 1970 to 9999. */
bool timestamp_parse(struct str text, int64_t *out);
/* "2026-11-27T10:20:25Z". */
struct str timestamp_text(struct arena *a, int64_t t);
/* "2026-11-27", in UTC. */
struct str timestamp_day(struct arena *a, int64_t t);
/* The clock of the machine. */
int64_t timestamp_now(void);
/* "72h", "7d", "90m", "30s" into seconds. */
bool duration_parse(struct str text, int64_t *seconds);
/* "5 h", "3 d", "20 min" for people: the largest unit that leaves at least two, or one day and hours. */
struct str duration_text(struct arena *a, int64_t seconds);

#endif

/* Deciding once more from the record alone (result.json, the record of a run beside it): every outcome by the table from the recorded
 * values, the gate by decide/gate from the recorded policy, dates and diagnostics. No vulnerability data, no repository and no clock
 * is asked, so that the answer is the same two years later. */
#ifndef PROVENANCE_REDECIDE_H
#define PROVENANCE_REDECIDE_H

#include "base/result.h"
#include "decide/gate.h"
#include "syntax/json.h"

struct redecided {
	size_t findings, lifted;
	struct gate gate;
	struct str state, failed; /* of the gate; why nothing could be decided (FAILED) */
	struct str_list differences; /* what the record says otherwise, one sentence each */
	struct str_list notes;	     /* what rests on the record alone: a table of its own */
};

/* judged_at: the run's start as the record tells it (seconds since 1970). `statement` is the parsed provenance.json, or NULL; with
 * it each lifted finding must rest on an exception that the record names. OK: all agrees; PARTIAL: differences; FAILED: the record
 * holds too little (an older format, a broken file). */
enum result redecide(struct arena *a, const struct json *result, const struct json *statement, int64_t judged_at, struct redecided *out);

#endif

#include "model/finding.h"

static const struct {
	const char *word, *title;
} outcomes[] = {
	[OUTCOME_DEFER] = { "defer", "Defer" },
	[OUTCOME_SCHEDULED] = { "scheduled", "Scheduled" },
	[OUTCOME_OUT_OF_CYCLE] = { "out-of-cycle", "Out-of-cycle" },
	[OUTCOME_IMMEDIATE] = { "immediate", "Immediate" },
};

const char *outcome_word(enum outcome o)
{
	return outcomes[o].word;
}

const char *outcome_title(enum outcome o)
{
	return outcomes[o].title;
}

bool outcome_of(struct str word, enum outcome *out)
{
	for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++) {
		struct str known = str_of(outcomes[i].word);
		size_t at = 0;
		while (at < known.len && word.len == known.len) {
			char c = ascii_lower(word.s[at]);
			if ((c == '_' || c == ' ' ? '-' : c) != known.s[at])
				break;
			at++;
		}
		if (at == known.len && word.len == known.len) {
			*out = (enum outcome)i;
			return true;
		}
	}
	return false;
}

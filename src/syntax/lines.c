#include "syntax/lines.h"

void lines_open(struct lines *l, struct str text)
{
	*l = (struct lines){ .text = text, .at = str_starts(text, STR("\xef\xbb\xbf")) ? 3 : 0 };
}

bool lines_next(struct lines *l)
{
	if (l->at >= l->text.len)
		return false;
	struct str rest = str_from(l->text, l->at);
	size_t end = str_chr(rest, '\n');
	l->offset = l->at;
	l->number++;
	l->line = end == STR_NOT_FOUND ? rest : str_sub(rest, 0, end);
	l->at += end == STR_NOT_FOUND ? rest.len : end + 1;
	if (l->line.len && l->line.s[l->line.len - 1] == '\r')
		l->line.len--;
	return true;
}

static size_t marker(struct str text, struct str mark, size_t from)
{
	for (size_t at = from; (at = str_find(text, mark, at)) != STR_NOT_FOUND; at++)
		if (at == 0 || text.s[at - 1] == '\n')
			return at;
	return STR_NOT_FOUND;
}

size_t lines_conflict(struct str text)
{
	size_t start = marker(text, STR("<<<<<<< "), 0);
	size_t middle = start == STR_NOT_FOUND ? start : marker(text, STR("======="), start);

	return middle == STR_NOT_FOUND || marker(text, STR(">>>>>>> "), middle) == STR_NOT_FOUND ? STR_NOT_FOUND : start;
}

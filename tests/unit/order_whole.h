/* Three orderings are no total orders by their own definition: Maven's, where a dotted word stands against what follows a dash
 * (1.0.RC1 < 1.0 < 1.0-1 < 1.0.RC1); alpm's, where a version without a release equals every release, and what is left behind the last
 * separator is judged by itself; Conan's, where a number stands against text as text (11 < 2a < 5 < 11). */
#ifndef ORDER_WHOLE_H
#define ORDER_WHOLE_H

#include "version/version.h"

static bool conan_mixes_in(struct str list)
{
	while (list.s) {
		struct str item = str_cut(&list, '.');
		size_t n = 0;
		while (n < item.len && ascii_digit(item.s[n]))
			n++;
		if (n && n < item.len)
			return true;
	}
	return false;
}

/* As Conan takes it apart: the build behind the last '+', the pre-release behind the first '-'. */
static bool conan_mixes(struct str v)
{
	struct str items = str_trim(v), build = STR_NONE;
	size_t plus = str_rchr(items, '+');

	if (plus != STR_NOT_FOUND) {
		build = str_from(items, plus + 1);
		items = str_sub(items, 0, plus);
	}
	struct str pre = items;
	items = str_cut(&pre, '-');
	return conan_mixes_in(items) || conan_mixes_in(pre) || conan_mixes_in(build);
}

static bool is_ordered_wholly(const struct ordering *o, struct str v)
{
	if (strcmp(o->name, "alpm") == 0)
		return str_has(v, STR("-")) && (ascii_digit(v.s[v.len - 1]) || ascii_alpha(v.s[v.len - 1]));
	if (strcmp(o->name, "conan") == 0)
		return !conan_mixes(v);
	for (size_t i = 1; strcmp(o->name, "maven") == 0 && i < v.len; i++)
		if (v.s[i - 1] == '.' && !ascii_digit(v.s[i]))
			return false;
	return true;
}

#endif

/* Three orderings are no total orders by their own definition: Maven's, where a dotted word stands against what follows a dash
 * (1.0.RC1 < 1.0 < 1.0-1 < 1.0.RC1); alpm's, where a version without a release equals every release, and what is left behind the last
 * separator is judged by itself; Conan's, where a number stands against text as text (11 < 2a < 5 < 11). */
#ifndef ORDER_WHOLE_H
#define ORDER_WHOLE_H

#include "version/version.h"

static bool conan_mixes(struct str v)
{
	bool digits = false; /* the part began with one, and all so far were */

	for (size_t i = 0; i < v.len; i++) {
		bool begins = i == 0 || strchr(".-+", v.s[i - 1]);
		if (begins && (digits = ascii_digit(v.s[i])))
			continue;
		if (strchr(".-+", v.s[i]))
			digits = false;
		else if (digits && !ascii_digit(v.s[i]))
			return true;
	}
	return false;
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

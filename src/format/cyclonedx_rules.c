#include "format/cyclonedx.h"

bool cdx_document_has(struct str field, unsigned version)
{
	static const struct {
		const char *field;
		unsigned since;
	} table[] = { { "services", 2 },     { "properties", 5 },  { "formulation", 5 }, { "declarations", 6 }, { "definitions", 6 },
		      { "citations", 7 }, { "metadata.manufacture", 2 }, { "metadata.distributionConstraints", 7 } };

	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
		if (str_is(field, table[i].field))
			return version >= table[i].since;
	return false;
}

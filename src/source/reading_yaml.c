#include "source/reading_yaml.h"

bool reading_yaml_all(struct reading *r, struct arena *nodes, bool aliases, struct yaml_documents *out)
{
	struct str why = STR_NONE;
	size_t offset = 0;

	if (yaml_parse_onto(nodes, r->arena, r->text, aliases, out, &why, &offset))
		return true;
	reading_error(r, offset, "not valid YAML: %.*s; mend this line or write the file again with its tool", STR_ARG(why));
	return false;
}

const struct value *reading_yaml(struct reading *r, bool aliases)
{
	struct yaml_documents docs;

	if (!reading_yaml_all(r, r->scratch, aliases, &docs))
		return NULL;
	if (docs.n != 1 || docs.items[0]->type != VALUE_TABLE) {
		reading_error(r, docs.n ? docs.items[docs.n - 1]->offset : 0, "%s: write the file again with its tool",
			      docs.n == 0 ? "the file is empty" : docs.n > 1 ? "more than one document" : "a mapping was expected here");
		return NULL;
	}
	return docs.items[0];
}

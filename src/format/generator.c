#include "format/generator.h"

/* Starts of names, lower-case: seen in documents beside the tool that did the work. */
static const char *const helpers[] = {
	"bomgate", "cyclonedx-cli", "cyclonedx-core-java", "cyclonedx-javascript-library", "cyclonedx-library",
	"cyclonedx-python-lib", "cyclonedx-php-library", "cyclonedx-dotnet-library", "cyclonedx-go", "cyclonedx.core", "protobom",
	"sbom-convert", "sbomasm", "spdx-java", "spdx-tools", "tools-java", "tools-python", "trustinspector", "cdx-convert",
	"sbommerge", "lib4sbom", "bom-squad",
};

bool generator_is_helper(struct str name)
{
	for (size_t i = 0; i < sizeof helpers / sizeof helpers[0]; i++)
		if (str_starts_nocase(name, str_of(helpers[i])))
			return true;
	return false;
}

uint32_t generator_of(const struct document *d)
{
	for (size_t i = d->tools.n; i > 0; i--)
		if (str_eq_nocase(d->tools.items[i - 1].name, STR("cdxgen")))
			return (uint32_t)(i - 1);
	for (size_t i = 0; i < d->tools.n; i++)
		if (d->tools.items[i].name.len && !generator_is_helper(d->tools.items[i].name))
			return (uint32_t)i;
	return d->tools.n ? 0 : NO_INPUT;
}

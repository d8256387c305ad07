/* The vocabularies of SPDX 3 and the model's. */
#include <stdlib.h>

#include "format/spdx3.h"

static const struct {
	const char *type, *word;
} references[] = {
	{ "altWebPage", "website" },	     { "vcs", "vcs" },
	{ "issueTracker", "issue-tracker" }, { "securityAdvisory", "advisories" },
	{ "mailingList", "mailing-list" },   { "socialMedia", "social" },
	{ "chat", "chat" },		     { "documentation", "documentation" },
	{ "support", "support" },	     { "altDownloadLocation", "distribution" },
	{ "sourceArtifact", "source-distribution" }, { "license", "license" },
	{ "buildMeta", "build-meta" },	     { "buildSystem", "build-system" },
	{ "releaseNotes", "release-notes" }, { "securityThreatModel", "threat-model" },
	{ "securityAdversaryModel", "adversary-model" }, { "riskAssessment", "risk-assessment" },
	{ "vulnerabilityExploitabilityAssessment", "exploitability-statement" },
	{ "vulnerabilityDisclosureReport", "vulnerability-assertion" },
	{ "securityPenTestReport", "pentest-report" }, { "staticAnalysisReport", "static-analysis-report" },
	{ "dynamicAnalysisReport", "dynamic-analysis-report" }, { "runtimeAnalysisReport", "runtime-analysis-report" },
	{ "componentAnalysisReport", "component-analysis-report" }, { "certificationReport", "certification-report" },
	{ "qualityAssessmentReport", "quality-metrics" }, { "secureSoftwareAttestation", "attestation" },
	{ "securityPolicy", "security-contact" }, { "other", "other" },
};

const char *spdx3_reference_type(struct str word)
{
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++)
		if (str_is(word, references[i].word))
			return references[i].type;
	return NULL;
}

struct str spdx3_reference_word(struct str type)
{
	for (size_t i = 0; i < sizeof references / sizeof references[0]; i++)
		if (str_is(type, references[i].type))
			return str_of(references[i].word);
	return STR_NONE;
}

static const struct {
	enum component_type type;
	const char *purpose;
} purposes[] = {
	{ COMPONENT_LIBRARY, "library" },	  { COMPONENT_APPLICATION, "application" },
	{ COMPONENT_FRAMEWORK, "framework" },	  { COMPONENT_CONTAINER, "container" },
	{ COMPONENT_OPERATING_SYSTEM, "operatingSystem" }, { COMPONENT_DEVICE, "device" },
	{ COMPONENT_FIRMWARE, "firmware" },	  { COMPONENT_FILE, "file" },
	{ COMPONENT_PLATFORM, "platform" },	  { COMPONENT_DEVICE_DRIVER, "deviceDriver" },
	{ COMPONENT_MACHINE_LEARNING_MODEL, "model" }, { COMPONENT_DATA, "data" },
	{ COMPONENT_SOURCE, "source" },		  { COMPONENT_ARCHIVE, "archive" },
	{ COMPONENT_INSTALL, "install" },	  { COMPONENT_OTHER, "other" },
};

struct str spdx3_purpose(enum component_type t)
{
	for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++)
		if (purposes[i].type == t)
			return str_of(purposes[i].purpose);
	return STR_NONE;
}

bool spdx3_purpose_of(struct str word, enum component_type *out)
{
	for (size_t i = 0; i < sizeof purposes / sizeof purposes[0]; i++)
		if (str_eq_nocase(word, str_of(purposes[i].purpose))) {
			*out = purposes[i].type;
			return true;
		}
	return false;
}

static void put_tree(struct json_writer *w, const struct json *j, struct arena *a)
{
	switch (json_type(j)) {
	case JSON_OBJECT:
		json_begin_object(w);
		for (JSON_EACH(e, j)) {
			json_put_key_str(w, json_key(e));
			put_tree(w, e, a);
		}
		json_end_object(w);
		break;
	case JSON_ARRAY:
		json_begin_array(w);
		for (JSON_EACH(e, j))
			put_tree(w, e, a);
		json_end_array(w);
		break;
	case JSON_STRING:
		json_put_string(w, json_string(j));
		break;
	case JSON_NUMBER: {
		double d = json_to_double(j, 0);
		struct str text = arena_printf(a, "%.15g", d); /* the shortest that means the same number */
		for (int digits = 16; digits <= 17 && strtod(text.s, NULL) != d; digits++)
			text = arena_printf(a, "%.*g", digits, d);
		json_put_raw(w, text);
		break;
	}
	case JSON_TRUE:
	case JSON_FALSE:
		json_put_bool(w, json_type(j) == JSON_TRUE);
		break;
	default:
		json_put_null(w);
		break;
	}
}

struct str spdx3_raw(struct arena *a, const struct json *j)
{
	struct json_writer w;
	struct buf out;

	buf_init(&out, 0);
	json_writer_init(&w, &out, true);
	put_tree(&w, j, a);
	struct str s = arena_str(a, buf_str(&out));
	buf_free(&out);
	return s;
}

bool spdx3_reference_fits(const struct external_reference *e)
{
	return spdx_reference_fits(e) && !e->extra.len && spdx3_reference_type(e->type) != NULL;
}

bool spdx3_has_relation(struct str type)
{
	static const char words[] = "affects availableFrom configures coordinatedBy delegatedTo doesNotAffect exploitCreatedBy fixedBy fixedIn foundBy "
				    "hasAssessmentFor hasEvidence hasHost hasInput hasOutput invokedBy publishedBy reportedBy republishedBy "
				    "serializedInArtifact testedOn trainedOn underInvestigationFor";

	for (struct str rest = STR(words); rest.s;)
		if (str_eq(str_cut(&rest, ' '), type))
			return true;
	return false;
}

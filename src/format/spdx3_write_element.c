/* Components as SPDX 3 packages and files, claims as VEX relationships. */
#include "base/diag.h"
#include "base/timestamp.h"
#include "format/spdx3_rules.h"
#include "format/spdx3_writing.h"

static const struct extra *extra_of(const struct component *c, const char *standard, const char *field)
{
	for (VEC_EACH(const struct extra, e, &c->extra))
		if (str_is(e->standard, standard) && str_is(e->field, field))
			return e;
	return NULL;
}

/* The class that the component is written as: its own, where it was read from SPDX 3 and may stand in a document. */
static enum spdx3_class class_of(struct spdx3_writing *x, const struct component *c, bool file)
{
	const struct extra *own = extra_of(c, "spdx3", "type");
	struct arena_mark mark = arena_mark(x->s.scratch);
	enum spdx3_class type = own ? spdx3_class_of(json_string(json_parse(x->s.scratch, own->json, NULL, NULL))) : SPDX3_CLASS_NONE;

	arena_pop(x->s.scratch, mark);
	/* The abstract SoftwareArtifact stands in documents too, and is written as a package. */
	if (type && !spdx3_class_abstract(type) && spdx3_class_is(type, SPDX3_CLASS_software_SoftwareArtifact))
		return type;
	return file ? SPDX3_CLASS_software_File : SPDX3_CLASS_software_Package;
}

bool spdx3_is_file(const struct component *c)
{
	return c->type == COMPONENT_FILE && !c->version.len && !c->purl.len && !c->download.len && !extra_of(c, "spdx", "primaryPackagePurpose") &&
	       !extra_of(c, "spdx", "sourceInfo");
}

static void put_hashes(struct spdx3_writing *x, const struct component *c, struct spdx_keep *k)
{
	bool open = false;

	for (VEC_EACH(const struct hash, h, &c->hashes)) {
		const struct spdx_algorithm *a = spdx_algorithm_of(h->algorithm);
		if (!a || !h->value.len) {
			k->hashes = true;
			continue;
		}
		if (!open) {
			json_put_key(&x->j, "verifiedUsing");
			json_begin_array(&x->j);
		}
		open = true;
		json_begin_object(&x->j);
		json_member(&x->j, "type", STR("Hash"));
		json_member(&x->j, "algorithm", str_of(a->spdx3));
		json_member(&x->j, "hashValue", h->value);
		json_end_object(&x->j);
	}
	if (open)
		json_end_array(&x->j);
}

static void put_identifier(struct spdx3_writing *x, bool *open, struct str type, struct str value)
{
	if (!*open) {
		json_put_key(&x->j, "externalIdentifier");
		json_begin_array(&x->j);
	}
	*open = true;
	json_begin_object(&x->j);
	json_member(&x->j, "type", STR("ExternalIdentifier"));
	json_member(&x->j, "externalIdentifierType", type);
	json_member(&x->j, "identifier", value);
	json_end_object(&x->j);
}

static struct str cpe_type(struct str cpe)
{
	return str_starts_nocase(cpe, STR("cpe:/")) ? STR("cpe22") : STR("cpe23");
}

static void put_identifiers(struct spdx3_writing *x, const struct component *c)
{
	bool open = false;

	if (c->purl.len)
		put_identifier(x, &open, STR("packageUrl"), c->purl);
	for (VEC_EACH(const struct str, p, &component_more(c)->more_purls))
		put_identifier(x, &open, STR("packageUrl"), *p);
	if (component_more(c)->cpe.len)
		put_identifier(x, &open, cpe_type(component_more(c)->cpe), component_more(c)->cpe);
	for (VEC_EACH(const struct str, p, &component_more(c)->more_cpes))
		put_identifier(x, &open, cpe_type(*p), *p);
	if (open)
		json_end_array(&x->j);
}

/* The first website is the homepage of a package; the rest are externalRefs, where there is a type for them. */
static void put_references(struct spdx3_writing *x, const struct component *c, bool file)
{
	bool open = false;
	const struct external_reference *home = NULL;

	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references)) {
		if (!home && !file && str_is(e->type, "website") && !e->comment.len && spdx3_reference_fits(e)) {
			home = e;
			json_member(&x->j, "software_homePage", e->url);
		}
	}
	for (VEC_EACH(const struct external_reference, e, &component_more(c)->references)) {
		if (e == home)
			continue;
		if (!spdx3_reference_fits(e)) {
			loss_note(x->s.w->losses, "components[].externalReferences", true);
			continue;
		}
		if (!open) {
			json_put_key(&x->j, "externalRef");
			json_begin_array(&x->j);
		}
		open = true;
		json_begin_object(&x->j);
		json_member(&x->j, "type", STR("ExternalRef"));
		json_member(&x->j, "externalRefType", str_of(spdx3_reference_type(e->type)));
		json_put_key(&x->j, "locator");
		json_begin_array(&x->j);
		json_put_string(&x->j, e->url);
		json_end_array(&x->j);
		json_member_opt(&x->j, "comment", e->comment);
		json_end_object(&x->j);
	}
	if (open)
		json_end_array(&x->j);
}

/* SPDX 2's fields that SPDX 3 has under another name; the rest is kept. */
static void put_extras(struct spdx3_writing *x, const struct component *c, enum spdx3_class type, bool file, struct spdx_keep *k)
{
	static const struct {
		const char *spdx2, *spdx3;
		bool date, package_only;
	} shared[] = { { "summary", "summary", false, false },
		       { "comment", "comment", false, false },
		       { "builtDate", "builtTime", true, false },
		       { "releaseDate", "releaseTime", true, false },
		       { "validUntilDate", "validUntilTime", true, false },
		       { "copyrightText", "software_copyrightText", false, false },
		       { "sourceInfo", "software_sourceInfo", false, true },
		       { "attributionTexts", "software_attributionText", false, false } };

	for (VEC_EACH(const struct extra, e, &c->extra)) {
		bool done = (str_is(e->field, "name") && c->type != COMPONENT_FILE) || str_is(e->field, "primaryPackagePurpose");
		if (str_is(e->standard, "spdx3") && spdx3_property_legal(type, e->field, e->json)) {
			json_put_key_str(&x->j, e->field);
			json_put_raw(&x->j, e->json);
			continue;
		}
		if (str_is(e->standard, "spdx3")) {
			*VEC_ADD(x->s.scratch, &k->fields) = *e;
			continue;
		}
		if (!str_is(e->standard, "spdx"))
			continue;
		for (size_t i = 0; i < sizeof shared / sizeof shared[0] && !done; i++) {
			if (!str_is(e->field, shared[i].spdx2) || (shared[i].package_only && file))
				continue;
			const struct json *tree = json_parse(x->s.scratch, e->json, NULL, NULL);
			struct str text = json_string(tree);
			if (shared[i].date)
				text = spdx_time(x->s.scratch, text);
			if (json_type(tree) != JSON_ARRAY && !text.s)
				break;
			json_put_key(&x->j, shared[i].spdx3);
			if (json_type(tree) == JSON_ARRAY)
				json_put_raw(&x->j, e->json);
			else
				json_put_string(&x->j, text);
			done = true;
		}
		if (!done)
			*VEC_ADD(x->s.scratch, &k->fields) = *e;
	}
}

static struct str supplier_id(struct spdx3_writing *x, const struct party *p)
{
	return p->name.len ? spdx3_agent(x, p, false) : STR_NONE;
}

static struct str written_name(struct spdx3_writing *x, const struct component *c)
{
	const struct extra *own = c->type == COMPONENT_FILE ? NULL : extra_of(c, "spdx", "name"); /* of a file it is a stray key */
	struct str name = own ? json_string(json_parse(x->s.scratch, own->json, NULL, NULL)) : STR_NONE;

	return name.len ? name : spdx_package_name(x->s.scratch, c);
}

static bool is_uri(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.s[i] <= ' ' || strchr("<>\"{}|\\^`", s.s[i]))
			return false;
	return str_chr(s, ':') != STR_NOT_FOUND;
}

static void put_package_fields(struct spdx3_writing *x, const struct component *c, struct spdx_keep *k)
{
	struct arena *a = x->s.scratch;
	struct str from = c->download;

	json_member_opt(&x->j, "software_packageVersion", c->version);
	if (c->purl.len && is_uri(c->purl))
		json_member(&x->j, "software_packageUrl", c->purl);
	if (!from.len && c->vcs.len)
		from = arena_printf(a, "%s%.*s%s%.*s", str_starts(c->vcs, STR("git+")) ? "" : "git+", STR_ARG(c->vcs), c->commit.len ? "@" : "",
				    STR_ARG(c->commit));
	if (from.len && is_uri(from))
		json_member(&x->j, "software_downloadLocation", from);
	else if (from.len) {
		struct buf out;
		buf_init(&out, 0);
		json_quote(&out, from);
		*VEC_ADD(a, &k->fields) = (struct extra){ STR("spdx"), STR("downloadLocation"), arena_str(a, buf_str(&out)) };
		buf_free(&out);
	}
	struct str purpose = spdx3_purpose(c->type);
	bool said = extra_of(c, "spdx3", "software_primaryPurpose") != NULL;
	k->type = !purpose.s;
	if (!said && purpose.s && !(c->type == COMPONENT_LIBRARY && str_starts(x->s.w->bom->document.standard, STR("spdx")) &&
				    !extra_of(c, "spdx", "primaryPackagePurpose")))
		json_member(&x->j, "software_primaryPurpose", purpose);
}

void spdx3_write_component(struct spdx3_writing *x, uint32_t index)
{
	const struct component *c = &x->s.w->bom->components[index];
	struct arena_mark mark = arena_mark(x->s.scratch);
	struct spdx_keep k = { .w = x->s.w, .arena = x->s.scratch, .spdx3 = true };
	struct str supplier = supplier_id(x, party_said(component_more(c)->supplier));
	struct str originator = supplier_id(x, party_said(component_more(c)->originator));
	bool file = x->s.as_file[index], lossy = false;
	enum spdx3_class type = class_of(x, c, file);

	k.name = file ? c->name : written_name(x, c);
	spdx3_begin(x, spdx3_class_name(type), x->ids[index]);
	json_member(&x->j, "name", k.name.s ? k.name : STR(""));
	json_member_opt(&x->j, "description", c->description);
	json_member_opt(&x->j, "software_copyrightText", component_more(c)->copyright);
	if (!file)
		put_package_fields(x, c, &k);
	json_member_opt(&x->j, "suppliedBy", supplier);
	if (originator.len) {
		json_put_key(&x->j, "originatedBy");
		json_begin_array(&x->j);
		json_put_string(&x->j, originator);
		json_end_array(&x->j);
	}
	put_identifiers(x, c);
	put_hashes(x, c, &k);
	put_references(x, c, file);
	put_extras(x, c, type, file, &k);
	json_end_object(&x->j);
	struct str concluded = spdx_licence_text(&x->s, c->licences.items, c->licences.n, 1u << LICENCE_CONCLUDED, &lossy);
	struct str declared =
		spdx_licence_text(&x->s, c->licences.items, c->licences.n, 1u << LICENCE_DECLARED | 1u << LICENCE_UNSAID, &lossy);
	k.licences = lossy;
	spdx3_put_licence(x, x->ids[index], "hasConcludedLicense", concluded);
	spdx3_put_licence(x, x->ids[index], "hasDeclaredLicense", declared);
	for (VEC_EACH(const struct annotation, a, &component_more(c)->annotations))
		if (spdx_annotation_fits(a))
			spdx3_put_annotation(x, x->ids[index], a);
	if (c->parent < x->s.w->bom->ncomponents)
		k.parent = x->ids[c->parent];
	struct str kept = spdx_keep_component(&k, c);
	if (kept.s)
		spdx3_put_annotation(x, x->ids[index], &(struct annotation){ .type = STR("OTHER"), .comment = kept });
	arena_pop(x->s.scratch, mark);
}

/* ---- claims: the whole of each is kept in the document's annotation; this is what others read */

static const char *justification_of(struct str j)
{
	static const struct {
		const char *cyclonedx, *spdx3;
	} words[] = { { "code_not_present", "vulnerableCodeNotPresent" },
		      { "code_not_reachable", "vulnerableCodeNotInExecutePath" },
		      { "requires_environment", "vulnerableCodeCannotBeControlledByAdversary" },
		      { "protected_by_mitigating_control", "inlineMitigationsAlreadyExist" } };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (str_is(j, words[i].cyclonedx))
			return words[i].spdx3;
	return NULL;
}

static void write_vex(struct spdx3_writing *x, const struct claim *c, struct str vulnerability)
{
	static const struct {
		const char *state, *type, *relation;
	} forms[] = {
		{ "exploitable", "security_VexAffectedVulnAssessmentRelationship", "affects" },
		{ "not_affected", "security_VexNotAffectedVulnAssessmentRelationship", "doesNotAffect" },
		{ "false_positive", "security_VexNotAffectedVulnAssessmentRelationship", "doesNotAffect" },
		{ "resolved", "security_VexFixedVulnAssessmentRelationship", "fixedIn" },
		{ "resolved_with_pedigree", "security_VexFixedVulnAssessmentRelationship", "fixedIn" },
		{ "in_triage", "security_VexUnderInvestigationVulnAssessmentRelationship", "underInvestigationFor" },
	};
	VEC(struct str) to = { 0 };

	for (VEC_EACH(const struct str, ref, &c->affects)) {
		const struct map_entry *e = map_get(&x->s.refs, *ref);
		if (e && e->value.num)
			*VEC_ADD(x->s.scratch, &to) = x->ids[e->value.num - 1];
	}
	for (size_t i = 0; i < sizeof forms / sizeof forms[0] && to.n; i++) {
		if (!str_is(c->state, forms[i].state))
			continue;
		spdx3_begin(x, forms[i].type, spdx3_id(x, "Vex"));
		json_member(&x->j, "relationshipType", str_of(forms[i].relation));
		json_member(&x->j, "from", vulnerability);
		json_put_key(&x->j, "to");
		json_begin_array(&x->j);
		for (VEC_EACH(const struct str, t, &to))
			json_put_string(&x->j, *t);
		json_end_array(&x->j);
		if (i == 0)
			json_member(&x->j, "security_actionStatement", c->detail.len ? c->detail : STR("NOASSERTION"));
		else if (i <= 2) {
			if (justification_of(c->justification))
				json_member(&x->j, "security_justificationType", str_of(justification_of(c->justification)));
			json_member(&x->j, "security_impactStatement", c->detail.len ? c->detail : STR("NOASSERTION"));
		} else {
			json_member_opt(&x->j, "security_statusNotes", c->detail);
		}
		json_end_object(&x->j);
		return;
	}
	if (!to.n)
		return;
	for (VEC_EACH(const struct str, t, &to)) {
		spdx3_begin(x, "Relationship", spdx3_id(x, "Relationship"));
		json_member(&x->j, "relationshipType", STR("hasAssociatedVulnerability"));
		json_member(&x->j, "from", *t);
		json_put_key(&x->j, "to");
		json_begin_array(&x->j);
		json_put_string(&x->j, vulnerability);
		json_end_array(&x->j);
		json_end_object(&x->j);
	}
}

/* The one that it was read under, so that what refers to it goes on doing so. */
static struct str vulnerability_id(struct spdx3_writing *x, const struct claim *c)
{
	struct str ref = arena_str(x->s.w->arena, json_get_string(json_parse(x->s.scratch, c->raw, NULL, NULL), "bom-ref"));
	bool fresh = false;

	if (is_uri(ref) && (str_has(ref, STR("://")) || str_starts(ref, STR("urn:"))))
		map_put(&x->kept_ids, ref, &fresh);
	return fresh ? ref : spdx3_id(x, "Vulnerability");
}

void spdx3_write_claims(struct spdx3_writing *x)
{
	for (VEC_EACH(const struct claim, c, &x->s.w->bom->claims)) {
		struct arena_mark mark = arena_mark(x->s.scratch);
		struct str id = vulnerability_id(x, c);
		if (!c->id.len)
			continue;
		spdx3_begin(x, "security_Vulnerability", id);
		json_member(&x->j, "name", c->id);
		json_put_key(&x->j, "externalIdentifier");
		json_begin_array(&x->j);
		json_begin_object(&x->j);
		json_member(&x->j, "type", STR("ExternalIdentifier"));
		json_member(&x->j, "externalIdentifierType", str_starts(c->id, STR("CVE-")) ? STR("cve") : STR("securityOther"));
		json_member(&x->j, "identifier", c->id);
		json_end_object(&x->j);
		json_end_array(&x->j);
		json_end_object(&x->j);
		write_vex(x, c, id);
		arena_pop(x->s.scratch, mark);
	}
}

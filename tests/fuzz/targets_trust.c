/* Targets of what is believed or not: reports of other scanners, manifests of databases, records that are decided again, certificates and
 * time stamps. */
#include "fuzz.h"

#include "io/certificate.h"
#include "match/findings.h"
#include "provenance/redecide.h"
#include "provenance/trust.h"
#include "vuln/manifest.h"

#define CEILING ((size_t)1 << 30)

static void run_findings(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct findings_file f = { 0 };
	struct findings found = { 0 };
	struct diags d;

	diag_init(&d, a);
	enum result r = findings_read(a, &d, STR("report.json"), arena_str(a, bytes), &f);
	if (r != OK && !d.n)
		fuzz_broken("a report was not read whole, and nothing is said");
	for (VEC_EACH(const struct reported, e, &f.list))
		if (!e->ids.n || (!e->purl.len && !e->name.len))
			fuzz_broken("a finding of a report names no flaw or no component");
	struct findings_joining j = { .arena = a, .bom = bom_new(a, &d), .add = true };
	findings_join(&j, &f, &found);
	for (VEC_EACH(const struct finding, x, &found.list))
		if (x->component >= j.bom->ncomponents)
			fuzz_broken("a finding belongs to no component");
	arena_free(a);
}

static void run_manifest(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct vuln_info info = { 0 }, believed = { 0 };
	struct vuln_keys none = { 0 };
	const char *code = NULL;
	struct str why = STR_NONE, text = arena_str(a, bytes);

	if (manifest_take(a, text, &none, true, &believed, &code, &why))
		fuzz_broken("a manifest was believed that nobody can have signed");
	if (!code || !why.s)
		fuzz_broken("a manifest was refused without a reason");
	if (manifest_take(a, text, &none, false, &info, &code, &why)) {
		bool facts = false;
		for (VEC_EACH(const struct vuln_file_info, f, &info.files)) {
			facts |= str_is(f->kind, "cves");
			if (!f->name.len || f->name.s[0] == '.' || str_chr(f->name, '/') != STR_NOT_FOUND || f->tree.len != 64)
				fuzz_broken("a file of a manifest may lie elsewhere");
		}
		if ((info.kev || info.ssvc || info.epss) && !facts)
			fuzz_broken("a source was taken that no file holds");
	}
	arena_free(a);
}

/* The record alone may be anything; it never opens a gate over a finding that closes it. */
static void run_redecide(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	const struct json *result = json_parse(a, arena_str(a, bytes), NULL, NULL);
	struct redecided out = { 0 };

	if (result && redecide(a, result, NULL, 1790000000, &out) == OK && out.gate.state == GATE_OPEN &&
	    (out.gate.closing || out.gate.exit_code || out.differences.n))
		fuzz_broken("a record opened the gate over what closes it");
	arena_free(a);
}

static void run_certificate(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct certificate c = { 0 };
	struct str why = STR_NONE, der = arena_str(a, bytes);

	if (certificate_read(a, der, &c, &why)) {
		certificate_extension(&c, STR("\x55\x1d\x11"));
		certificate_extension(&c, STR("\x2b\x06\x01\x04\x01\x83\xbf\x30\x01\x08"));
		public_key_valid(c.key);
		public_key_verify(c.key, STR("message"), str_sub(der, 0, 72));
		if (certificate_chain(a, &c, &der, 1, NULL, 0, CERTIFICATE_SIGNS_CODE, c.from, &why))
			fuzz_broken("a certificate chains to no anchor");
	} else if (!why.s) {
		fuzz_broken("a certificate was refused without a reason");
	}
	arena_free(a);
}

static void run_token(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct str why = STR_NONE;
	int64_t at = 0;

	if (timestamp_token_verify(a, arena_str(a, bytes), STR("message\n"), NULL, 0, &at, &why))
		fuzz_broken("a time stamp of nobody was believed");
	if (!why.s)
		fuzz_broken("a time stamp was refused without a reason");
	arena_free(a);
}

static void add(struct arena *a, struct targets *out, const char *kind, const char *name, size_t row, void (*run)(const struct target *, struct str))
{
	*VEC_ADD(a, out) = (struct target){ kind, name, row, run };
}

static void run_trusted_root(const struct target *t, struct str bytes)
{
	struct arena *a = arena_new(CEILING);
	struct trust trust = { 0 };
	struct str why = STR_NONE;

	(void)t;
	bool good = trust_read(a, STR("root.json"), arena_str(a, bytes), &trust, &why);
	if (!good && !why.len)
		fuzz_broken("a trusted root was refused without a reason");
	if (good && !trust.authorities.n && !trust.keys.n && !trust.logs.n && !trust.stampers.n)
		fuzz_broken("a trusted root was taken that trusts nobody");
	arena_free(a);
}

void fuzz_targets_of_trust(struct arena *a, struct targets *out)
{
	for (size_t i = 0; i < findings_formats_n; i++)
		add(a, out, "findings", findings_formats[i].name, i, run_findings);
	add(a, out, "trust", "manifest", 0, run_manifest);
	add(a, out, "trust", "redecide", 1, run_redecide);
	add(a, out, "trust", "certificate", 2, run_certificate);
	add(a, out, "trust", "timestamp-token", 3, run_token);
	add(a, out, "trust", "trusted-root", 4, run_trusted_root);
}

/* Private to vuln/: the manifest of a database, read and believed. */
#ifndef VULN_MANIFEST_H
#define VULN_MANIFEST_H

#include "syntax/json.h"
#include "vuln/trust.h"

#define MANIFEST_NAME "manifest.json"
#define LIMIT_DATABASE_MANIFEST ((size_t)256 << 20) /* 64 digits a block of 64 kB: 400 MB of files give half a MB */

/* Reads a manifest: its signature first (info->signature), then the rest. False with *code ("data.signature", "data.manifest",
 * "data.format") and *why. Without must_be_signed one without signature is fine; a wrong one never is. */
bool manifest_take(struct arena *a, struct str text, const struct vuln_keys *keys, bool must_be_signed, struct vuln_info *info,
		   const char **code, struct str *why);
/* A whole number under the cursor (which fails where it is none), and one source as manifests and records of updates hold it. */
uint64_t manifest_number(struct json_cursor *c);
void manifest_source(struct json_cursor *c, struct vuln_source *s);
/* The bytes that are signed; the rest is the signature's line (absent where there is none). */
struct str manifest_body(struct str text, struct str *line);

#endif

#include "cmd/certificates.h"

#include <stdlib.h>
#include <unistd.h>

#include "cmd/command.h"
#include "io/file.h"
#include "io/http.h"

#define BUNDLE_MAX ((size_t)16 << 20)

static const char *const places[] = {
	"/etc/ssl/certs/ca-certificates.crt", /* Debian, Ubuntu, Alpine */
	"/etc/pki/tls/certs/ca-bundle.crt",   /* Fedora, RHEL, Amazon Linux */
	"/etc/ssl/ca-bundle.pem",	      /* SUSE */
	"/etc/ssl/cert.pem",		      /* Alpine's base image */
};

static const char *base_bundle(void)
{
	static const char *const variables[] = { "SSL_CERT_FILE", "CURL_CA_BUNDLE" };
	enum file_kind kind;

	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		const char *v = getenv(variables[i]);
		if (v && *v)
			return v;
	}
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (file_kind(places[i], &kind) && kind == FILE_REGULAR)
			return places[i];
	return NULL;
}

/* The bundle and the extra certificates in one temporary file, gone from the folder at once but readable by its descriptor. */
static const char *joined(struct arena *a, const char *base, const char *extra)
{
	struct str one = STR(""), two, why;
	char name[] = "/tmp/bomgate-ca-XXXXXX";

	if ((base && !file_read(a, base, BUNDLE_MAX, &one, &why)) || !file_read(a, extra, BUNDLE_MAX, &two, &why)) {
		complain("NODE_EXTRA_CA_CERTS cannot be read: %.*s; it is left out", STR_ARG(why));
		return base;
	}
	int fd = mkstemp(name);
	struct str all = arena_concat(a, one, STR("\n"), two);
	if (fd < 0 || write(fd, all.s, all.len) != (ssize_t)all.len) {
		complain("the certificates could not be put together; NODE_EXTRA_CA_CERTS is left out");
		if (fd >= 0)
			unlink(name);
		return base;
	}
	unlink(name);
	return arena_printf(a, "/proc/self/fd/%d", fd).s;
}

void certificates_find(struct arena *a)
{
	const char *extra = getenv("NODE_EXTRA_CA_CERTS"), *base = base_bundle();

	if (extra && *extra)
		http_set_certificates(joined(a, base, extra));
	else if (http_needs_certificates() || getenv("SSL_CERT_FILE") || getenv("CURL_CA_BUNDLE"))
		http_set_certificates(base);
}

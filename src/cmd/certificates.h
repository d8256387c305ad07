/* Whom TLS trusts. */
#ifndef CMD_CERTIFICATES_H
#define CMD_CERTIFICATES_H

#include "base/arena.h"

/* Finds the machine's certificates and hands them to io/http: SSL_CERT_FILE, CURL_CA_BUNDLE, else where distributions keep them;
 * NODE_EXTRA_CA_CERTS is added to them. Does nothing where the TLS library has a list of its own and none of the variables is set. */
void certificates_find(struct arena *a);

#endif

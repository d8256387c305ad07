/* What the vulnerability data says about one CVE: the inputs of a decision that hang on the flaw, not on the product. Text
 * lives as long as the database that it came from (or the arena that the caller gave). */
#ifndef MODEL_CVE_FACTS_H
#define MODEL_CVE_FACTS_H

#include "base/vec.h"

/* CISA's values as bits, because a record may name several; 0: the record does not say (or says an unknown word). */
enum ssvc_exploitation_bits { SSVC_EXPLOITATION_NONE = 1, SSVC_EXPLOITATION_POC = 2, SSVC_EXPLOITATION_ACTIVE = 4 };
enum ssvc_automatable_bits { SSVC_AUTOMATABLE_NO = 1, SSVC_AUTOMATABLE_YES = 2 };
enum ssvc_impact_bits { SSVC_IMPACT_PARTIAL = 1, SSVC_IMPACT_TOTAL = 2 };

/* A reference that its source tags as an exploit. */
struct exploit_reference {
	struct str url;
	struct str source; /* who tagged it: the short name of the CVE record's container ("mitre", "CISA-ADP"), "KEV", an OSV id */
};

struct cve_facts {
	struct str id; /* "CVE-2021-44228" */
	bool rejected; /* the CVE record says REJECTED: the id is dead */

	bool kev;	      /* in the catalogue, or CISA's container of the CVE record says so */
	bool kev_catalogue;   /* in the catalogue itself */
	bool kev_ransomware;
	struct str kev_added, kev_due; /* days, "2021-12-10"; absent where not said */

	bool ssvc;	      /* CISA's container has an SSVC block */
	bool ssvc_unreadable; /* it has one with a word that is not known: unknown, never "none" */
	unsigned exploitation, automatable, technical_impact; /* bits of the enums above */
	struct str ssvc_date; /* the block's timestamp */

	double epss, epss_percentile; /* -1 where none */
	struct str epss_date;

	struct str cvss;	/* vector: the CNA's, else CISA's; version 3 before 4 before 2 */
	struct str cvss_source; /* short name of the container */
	VEC(struct exploit_reference) exploits;
	struct str published, modified; /* of the CVE record; absent where none was loaded */
};

#endif

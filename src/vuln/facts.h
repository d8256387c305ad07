/* Private to vuln/: flags of a CVE's facts in the file. */
#ifndef VULN_FACTS_H
#define VULN_FACTS_H

enum fact_flags {
	FACT_REJECTED = 1,
	FACT_KEV = 2,
	FACT_CATALOGUE = 4,
	FACT_RANSOMWARE = 8,
	FACT_SSVC = 16,
	FACT_UNREADABLE = 32,
	FACT_CVSS = 64,
	FACT_EXPLOITS = 128,
	FACT_DATES = 256,
};

#endif

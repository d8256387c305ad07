/* What the readers of conda's lockfiles share. */
#ifndef SOURCE_CONDA_H
#define SOURCE_CONDA_H

#include "source/reading_yaml.h"

struct conda_url {
	struct str channel, subdir, name, version, build, type;
};

/* ".../channel/subdir/name-version-build.type" of a package's address; false where it is none. */
bool conda_cut_url(struct str url, struct conda_url *out);
/* A component by its address; name and version (may be absent) win over what stands there. NO_COMPONENT after a problem. */
uint32_t conda_add(struct reading *r, struct str url, struct str name, struct str version, size_t offset);
/* A package of PyPI, by address: a wheel, a repository, a folder. */
uint32_t conda_add_pypi(struct reading *r, struct str url, struct str name, struct str version, size_t offset);
/* The sha256 and md5 of an entry. */
void conda_add_hashes(struct reading *r, uint32_t c, const struct value *entry);

#endif

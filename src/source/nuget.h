/* .NET: what the readers of packages.lock.json, packages.config, *.deps.json, project.assets.json, project files and MSBuild's
 * shared property files keep for their join. */
#ifndef SOURCE_NUGET_H
#define SOURCE_NUGET_H

#include "base/map.h"
#include "source/common.h"

struct nuget_reference {
	uint32_t component;
	struct str name;    /* lower case */
	struct str version; /* as written, $(…) and all; absent where none */
};

/* A project file, Directory.Packages.props or Directory.Build.props. */
struct nuget_project {
	struct map properties; /* lower case name to struct str * */
	VEC(struct nuget_reference) references; /* PackageReference, GlobalPackageReference */
	VEC(struct nuget_reference) versions;	/* PackageVersion */
	struct map central, asked; /* the same by name, to struct nuget_reference * */
};

/* packages.lock.json, project.assets.json, *.deps.json */
struct nuget_lock {
	struct name_index by_name; /* lower case */
};

/* Puts what a NuGet version request means onto component c: "1.0" is the lowest version and the one that is taken, "[1.0]" exactly
 * this one, ranges and floating versions are declared. */
void nuget_version(struct reading *r, uint32_t c, struct str request);

#endif

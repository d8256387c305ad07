/* References to container images ("registry.example:5000/team/app:1.2@sha256:…"), as Dockerfiles, workflows and charts name
 * them (distribution/reference). */
#ifndef SOURCE_CONTAINER_H
#define SOURCE_CONTAINER_H

#include "source/source.h"

/* A component for the image: purl type docker, or oci where a registry and a digest are known. Without tag and digest it has
 * no version, only "latest" as what is asked for. NO_COMPONENT, after a diagnostic, where the reference is none, or holds
 * something that only a build or a run fills in (a notice). */
uint32_t container_add(struct reading *r, struct str reference, size_t offset, unsigned scope);

#endif

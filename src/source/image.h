/* Container images: layers applied in order with their whiteouts, as the image specification of OCI says; only the files that a reader
 * wants are kept, in memory, and nothing is written anywhere. Digests of manifests and layers are checked. */
#ifndef SOURCE_IMAGE_H
#define SOURCE_IMAGE_H

#include "source/scan.h"

enum image_form { IMAGE_DOCKER_ARCHIVE, IMAGE_OCI_ARCHIVE, IMAGE_OCI_DIR };

struct image {
	struct str name;     /* the first tag; absent where the archive names none */
	struct str platform; /* "linux/amd64"; absent where not said */
	struct str digest;   /* "sha256:…" of the manifest (OCI) or the configuration (docker save) */
	size_t layers;
};

/* Reads the image into s->tree. False where it could not be read whole: a diagnostic says why, and what was read stays. */
bool image_read(struct scan *s, enum image_form form, struct str path, struct image *out);

/* ---- private to image*.c */

/* The files of one image under its layers so far. */
struct image_files;
struct archive_feed;
struct image_files *image_files_new(struct scan *s);
/* Applies one layer (a tar, plain or packed). False with *why. */
bool image_files_apply(struct image_files *f, const struct archive_feed *feed, struct str *why);
/* Hands all that is left to the scan, sorted by path. */
void image_files_take(struct image_files *f);

#endif

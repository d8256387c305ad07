/* Root file systems and container images as sources. */
#include "cmd/source_kinds.h"
#include "io/file.h"
#include "source/image.h"

enum result read_rootfs_source(struct source_job *job)
{
	struct scan s;
	struct str why;
	enum file_kind kind;
	bool there = file_kind(arena_cstr(job->arena, job->where), &kind) && kind == FILE_FOLDER;

	source_begin_scan(&s, job);
	s.installed = true;
	if (!there || !scan_folder(&s, arena_cstr(job->arena, job->where), &why)) {
		diag_add(job->diags, SEV_ERROR, there ? "input.folder" : "usage.source", job->where, DIAG_NO_OFFSET, "%.*s",
			 STR_ARG(there ? why : STR("there is no such folder")));
		job->out->bom.incomplete = true;
		if (!there)
			return FAILED;
	}
	source_end_scan(&s, job);
	return OK;
}

static enum result read_image(struct source_job *job, enum image_form form)
{
	struct scan s;
	struct image image;
	enum file_kind kind;
	bool there = file_kind(arena_cstr(job->arena, job->where), &kind) && (kind == FILE_FOLDER) == (form == IMAGE_OCI_DIR);

	if (!there) {
		diag_add(job->diags, SEV_ERROR, "usage.source", job->where, DIAG_NO_OFFSET, "there is no such %s",
			 form == IMAGE_OCI_DIR ? "folder" : "file");
		return FAILED;
	}
	source_begin_scan(&s, job);
	s.installed = true;
	if (!image_read(&s, form, job->where, &image))
		job->out->bom.incomplete = true;
	if (image.name.len)
		job->out->image = image.name;
	source_end_scan(&s, job);
	return OK;
}

enum result read_docker_archive_source(struct source_job *job)
{
	return read_image(job, IMAGE_DOCKER_ARCHIVE);
}

enum result read_oci_archive_source(struct source_job *job)
{
	return read_image(job, IMAGE_OCI_ARCHIVE);
}

enum result read_oci_dir_source(struct source_job *job)
{
	return read_image(job, IMAGE_OCI_DIR);
}

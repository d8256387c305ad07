/* Private to vuln/: one file of the database while it is built (layout: vuln/store.h). */
#ifndef VULN_OUTPUT_H
#define VULN_OUTPUT_H

#include "vuln/build.h"
#include "vuln/store.h"

struct output {
	struct build *b;
	struct buf sections[VULN_SECTIONS];
	uint32_t counts[VULN_COUNTS];
	struct str *pieces; /* the content of BLOBS where it is not in its buffer (records, which are long) */
	size_t npieces;
	uint64_t pieces_size;
	uint32_t *refs;	   /* by text: offset in STRINGS + 1 */
	VEC(uint32_t) used; /* texts that have one, to forget them again */
};

void output_init(struct output *o, struct build *b);
void output_begin(struct output *o);
void output_u32(struct output *o, enum vuln_section s, uint32_t v);
void output_varint(struct output *o, enum vuln_section s, uint64_t v);
/* The text's offset in STRINGS (put there when first used); the same as a varint. */
uint32_t output_ref(struct output *o, uint32_t text);
void output_text(struct output *o, enum vuln_section s, uint32_t text);
/* The current length of `of` as an entry of the table. */
void output_mark(struct output *o, enum vuln_section table, enum vuln_section of);
/* Writes the file and lists it in the manifest; false with a diagnostic. */
bool output_end(struct output *o, enum vuln_kind kind, struct str name, struct str ecosystem);
void output_free(struct output *o);

/* "Packagist:https://x" → a file name: all but letters, digits, '.', '-', '_' as "%3A". */
struct str output_name(struct arena *a, struct str ecosystem, const char *suffix);
bool build_write_advisories(struct output *o);
bool build_write_texts(struct output *o);
bool build_write_cves(struct output *o);
/* All texts of the facts into the pool: the pool must not grow while a file is written. */
void build_intern_cves(struct build *b);
uint32_t vuln_hash(struct str key);

#endif

/* Parts that the step summary and the pull request comment share: GitHub-flavoured Markdown. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "report/changes.h"

/* "| Outcome | Change | … |" with its line below. */
void summary_table_head(struct buf *out);
/* One row; `why` tells why it closes the gate, else why it does not. */
void summary_change_row(const struct report *r, const struct change_item *c, struct buf *out);
/* Does its row have a star, for a value that nobody stated? Then the line below the table tells what that means. */
bool summary_is_assumed(const struct change_item *c);
void summary_star(struct buf *out);
/* "[`file:12`](link)", or the code span alone where there is nothing to link to; "–" where there is no file. */
void summary_place(const struct report *r, struct buf *out, struct str file, uint32_t line);
/* The id, as a link where it has the form of one. */
void summary_id(struct buf *out, struct str id);
/* The sentence of the verdict as a heading, what was scanned, reasons and warnings. */
void summary_verdict(const struct report *r, struct buf *out);
/* "Fixed by this change", at most `most` rows; nothing where there is none. */
void summary_fixed(const struct report *r, size_t most, struct buf *out);
size_t report_fixed_count(const struct report *r);
/* "Changes of components", folded; nothing without a base. */
void summary_components(const struct report *r, size_t budget, struct buf *out);
/* Values that nobody stated: how many findings rest on each; folded. */
void summary_assumed(const struct report *r, struct buf *out);
void summary_fold(struct buf *out, struct str title, size_t n);
void summary_fold_end(struct buf *out);

#endif

/* What the HTML pages (report.html, the timeline of `history`) share: one file each, without network. A content security policy allows
 * just the page's own style and script, by their digests. The style begins with html_style.inc; the script is html_kit.inc, which opens
 * a function, the page's own part, and the line that closes it. */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/buf.h"

/* Up to and with </head>. The title is escaped here; style and script are the program's own. */
void page_head(struct buf *out, const char *style, const char *script, struct str title);
/* The data that the script draws from: JSON, made harmless for where it stands. */
void page_data(struct buf *out, struct str json);
/* The script and the end of the page. */
void page_end(struct buf *out, const char *script);
/* A tile: a number and what it counts; rank 0 to 3 gives the colour of an outcome, PAGE_PLAIN none. */
#define PAGE_PLAIN 4
void page_tile(struct buf *out, size_t n, unsigned rank, struct str what);
/* The colour of a level of `levels`, 0 to 3: as the script's rank(). */
unsigned page_rank(unsigned level, unsigned levels);

#endif

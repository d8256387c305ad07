/* Text from outside, made harmless for where it goes. Every function appends to a buffer and takes any bytes. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include "base/buf.h"

/* A line of a log or terminal: controls (C0, C1, DEL, U+2028, U+2029, direction marks) and bad UTF-8 become \xNN or \u{N};
 * "##[" and "::" are broken, because the runner obeys them. One line stays one line. */
void escape_log(struct buf *out, struct str s);
/* Data of a workflow command "::error::<data>". */
void escape_command_data(struct buf *out, struct str s);
/* A property of a workflow command: also ':' and ','. */
void escape_command_property(struct buf *out, struct str s);
/* Text in GitHub-flavoured Markdown, also inside a table's cell: nothing of it is markup, a mention, a link or HTML. */
void escape_markdown(struct buf *out, struct str s);
/* A Markdown code span with its backticks, also inside a cell; harmless whatever s holds. */
void escape_code(struct buf *out, struct str s);
/* The target of a Markdown link or an HTML attribute: percent-encoded where it is no plain character of a URL. Only http and
 * https pass; anything else becomes "#". */
void escape_url(struct buf *out, struct str s);
/* A path as part of a URL: every byte but unreserved ones and '/' percent-encoded. */
void escape_url_path(struct buf *out, struct str s);
/* Text or attribute value in HTML. */
void escape_html(struct buf *out, struct str s);
/* A cell for CSV (RFC 4180), in quotes; one that a spreadsheet would take for a formula gets an apostrophe before it. Controls of ASCII
 * become blanks, everything else that does not show is spelt out as by escape_log, and what the runner obeys is broken. */
void escape_csv(struct buf *out, struct str s);
/* The first n characters (not bytes) of s, "…" behind them where it was longer. */
void escape_shortened(struct buf *out, void (*escape)(struct buf *, struct str), struct str s, size_t n);

#endif

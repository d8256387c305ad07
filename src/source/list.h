/* A list made by hand (`list:FILE`): what has no SBOM, such as appliances, old software, and what vendors send as a spreadsheet.
 *
 * Either one purl or CPE a line, or a table: CSV (RFC 4180) with ',', ';' or tab between its columns, and a first row that names
 * them, in any order and case, in English, German or Japanese: source/list_columns.def. The same heading twice is refused; of two words for
 * the same the one that stands first in the table counts. Other columns are kept as properties "bomgate:list:<column>". Lines that begin
 * with '#' are comments; "# stated by: NAME" and "# stated on: DATE" hold for all rows that do not say otherwise. UTF-8, UTF-16 with a
 * byte order mark, else Windows-1252 (told by a warning); Shift_JIS and workbooks are refused.
 *
 * Every component is weak: somebody says so, nothing proves it. Who and when stands in the properties "bomgate:stated-by" and
 * "bomgate:stated-on". */
#ifndef SOURCE_LIST_H
#define SOURCE_LIST_H

#include "model/bom.h"

/* Fills b, whose inputs.items[0] is this file. Text lives on b->arena or longer. Diagnostics "input.list" name path and offset
 * (into the decoded text *text, so that lines can be worked out). FAILED where it is no list; PARTIAL where rows had to be left
 * out. */
enum result list_read(struct bom *b, struct str path, struct str *text);

#endif

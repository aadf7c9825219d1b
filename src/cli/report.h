#ifndef HVS_CLI_REPORT_H
#define HVS_CLI_REPORT_H

#include <hvsnap/error.h>

#include <jansson.h>

/*
 * A file for a bug report.
 */

/* Have all strings of a document lose these names, up to NULL: each becomes "(hidden)"
 * where it stands as a word, in either case. Names of one sign are left alone.
 * Without memory nothing is left of it: NULL. */
void report_hide(json_t **document, const char *const *names);

/* Write it, readable for its owner alone; what was there is replaced. NULL is a document
 * that there was no memory for. */
int report_write(const json_t *document, const char *path,
                 struct hvs_error *err) HVS_MUST_CHECK;

#endif

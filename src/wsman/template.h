#ifndef HVS_WSMAN_TEMPLATE_H
#define HVS_WSMAN_TEMPLATE_H

#include "base/buf.h"

#include <stddef.h>

/* Embedded from soap-templates/ by the Makefile, each on one line; ends with a NULL
 * name. */
struct hvs_template {
    const char *name;
    const char *text;
};
extern const struct hvs_template hvs_templates[];

struct hvs_param {
    const char *name;
    const char *value; /* NULL: as if the row were not there */
};

/* The text of a template, or NULL. */
const char *hvs_template_text(const char *name);

/*
 * Append `text` to `out`, putting values in place of their placeholders:
 *
 *     {{NAME}}      escaped for XML
 *     {{NAME|wql}}  as the inside of a WQL literal, then for XML
 *     {{NAME|cim}}  for an embedded instance in a CDATA section: numeric references, the
 *                   only ones that Hyper-V's parser of them understands
 *     {{NAME|xml}}  as it stands: the value is XML already
 *
 * A placeholder without a value, a value without a placeholder, and a value that XML
 * cannot carry (a control character, bad UTF-8, a carriage return but with |cim) are
 * errors.
 */
int hvs_template_fill(struct hvs_buf *out, const char *text,
                      const struct hvs_param *params, size_t count,
                      struct hvs_error *err) HVS_MUST_CHECK;

#endif

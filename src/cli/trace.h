#ifndef HVS_CLI_TRACE_H
#define HVS_CLI_TRACE_H

#include "base/buf.h"

#include <hvsnap/client.h>

/* For hvs_client_opts.trace; arg is the struct notice that it goes to. */
void trace_told(void *arg, enum hvs_trace_kind kind, const char *text);

/* Append XML with each element on a line of its own, indented. Text that is no XML
 * comes out as it is. */
void trace_indent(struct hvs_buf *out, const char *xml);

#endif

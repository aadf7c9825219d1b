#ifndef HVS_CLI_ESCAPE_H
#define HVS_CLI_ESCAPE_H

#include "base/buf.h"

#include <stdint.h>

/*
 * The one way of a host's text to a terminal.
 *
 * A VM's name or a fault's text may hold anything: sequences that rewrite the screen,
 * controls that turn the direction of what follows, bytes that are no text. Those are
 * shown instead of sent: a control byte or one that is not UTF-8 as \xNN, any other
 * character as \u{NNNN}. A backslash stays as it is, so the result is for eyes only.
 */

enum escape_style {
    ESCAPE_LINE, /* a line break is shown as well */
    ESCAPE_TEXT, /* line breaks and tabs stay */
    ESCAPE_JSON, /* `text` is JSON already: as \uNNNN, line breaks stay */
};

void escape_add(struct hvs_buf *out, const char *text, size_t len,
                enum escape_style style);

/* The same for a string, on the heap; NULL when memory runs out. */
char *escape_line(const char *text);

/* Would the character upset a terminal? */
bool escape_needed(uint32_t character);

#endif

#ifndef HVS_CLI_OPERAND_H
#define HVS_CLI_OPERAND_H

#include <hvsnap/error.h>

#include <stddef.h>

/* What names a target, as it was written. */
struct operand {
    const char *text;
    unsigned line; /* of the file that --targets names; 0 on the command line */
};

/* Start from {0}. */
struct operands {
    struct operand *items;
    size_t count;
    char *lines; /* what those of a file point into */
};

/* Add one; its text is lent. */
int operands_add(struct operands *operands, const char *text, unsigned line,
                 struct hvs_error *err) HVS_MUST_CHECK;

/*
 * Add those of a file, one a line, whole: a name may begin or end with blanks. Lines that
 * are blank or begin with '#' are skipped. `text` is taken over, in any case; `name` is
 * for messages. Once only.
 */
int operands_add_lines(struct operands *operands, char *text, size_t len,
                       const char *name, struct hvs_error *err) HVS_MUST_CHECK;

void operands_clear(struct operands *operands);

#endif

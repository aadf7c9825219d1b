#ifndef HVS_CLI_NOTICE_H
#define HVS_CLI_NOTICE_H

#include <hvsnap/error.h>

#include <stdbool.h>
#include <stdio.h>

/*
 * All that goes to standard error. Texts are escaped here, since any of them may hold a
 * name that a host gave.
 */
struct notice {
    FILE *to;
    bool quiet;    /* no remarks; warnings and errors are told all the same */
    bool terminal; /* a line can be rewritten */
    bool drawn;    /* a line of progress stands there */
};

void notice_open(struct notice *notice, FILE *to, bool quiet);

/* "hvsnap: LABEL: message", "hint: ...", and the details indented. No label when NULL. */
void notice_error(struct notice *notice, const char *label, const struct hvs_error *err);

/* "hvsnap: warning: ..." */
void notice_warn(struct notice *notice, const char *fmt, ...) HVS_PRINTF(2, 3);

/* A remark, which --quiet leaves out. */
void notice_say(struct notice *notice, const char *fmt, ...) HVS_PRINTF(2, 3);

/* A question, and "[y/N]" with the cursor behind it. */
void notice_ask(struct notice *notice, const char *text);

/* Draw a line over the last one. Only on a terminal. */
void notice_draw(struct notice *notice, const char *text);

/* Take the drawn line away. */
void notice_clear(struct notice *notice);

#endif

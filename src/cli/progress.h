#ifndef HVS_CLI_PROGRESS_H
#define HVS_CLI_PROGRESS_H

#include "cli/notice.h"

#include <hvsnap/client.h>

/*
 * How far an operation is: on a terminal one line that is rewritten, elsewhere a line per
 * change of state, with --quiet nothing. No colours, so NO_COLOR has nothing to turn off.
 */
struct progress {
    struct notice *notice;
    const char *label; /* "hv01/web1" */
    bool plain;        /* tell it off a terminal too */
    int64_t began;
    bool known; /* the rest holds something */
    enum hvs_phase phase;
    char job[64];
    unsigned percent;
    unsigned told_percent; /* in the last plain line */
    int64_t told;          /* when that was */
};

/* Begin with a connection. `label` is lent. */
void progress_begin(struct progress *progress, struct notice *notice, const char *label,
                    bool plain);

/* For hvs_run_on_progress(); arg is the struct progress. */
void progress_told(void *arg, const struct hvs_progress *now);

/* Draw the line anew, so that its seconds go on. The number of ms until it wants to be
 * called again, or -1. */
int progress_tick(struct progress *progress);

void progress_end(struct progress *progress);

#endif

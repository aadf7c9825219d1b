#ifndef HVS_CLI_PROGRESS_H
#define HVS_CLI_PROGRESS_H

#include "cli/notice.h"

#include <hvsnap/client.h>

/*
 * How far a call is: on a terminal one line that is rewritten, elsewhere a line per
 * change of state of each target, with --quiet nothing. No colours, so NO_COLOR has
 * nothing to turn off.
 */
struct board {
    struct notice *notice;
    size_t total, done, failed; /* targets */
    size_t under_way;
    int64_t began;
    int64_t drawn;              /* when the line was */
    const struct progress *last; /* whose state changed last; NULL for none */
};

/* One target of it. */
struct progress {
    struct board *board;
    const char *label; /* "hv01/web1"; lent */
    bool plain;        /* tell it off a terminal too */
    int64_t began;
    bool known; /* the rest holds something */
    enum hvs_phase phase;
    char job[64];
    unsigned percent;
    unsigned told_percent; /* in the last plain line */
    int64_t told;          /* when that was */
    char busy[200];        /* why it waits in turn; "" when it does not */
};

void board_open(struct board *board, struct notice *notice, size_t total);

/* Draw the line anew, so that its seconds go on. The number of ms until it wants to be
 * called again, or -1. */
int board_tick(struct board *board);

void board_close(struct board *board);

/* Begin with a connection. */
void progress_begin(struct progress *progress, struct board *board, const char *label,
                    bool plain);

/* For hvs_run_on_progress(); arg is the struct progress. */
void progress_told(void *arg, const struct hvs_progress *now);

/* It waits in turn, and why. Trying again is no news until the host does more. */
void progress_busy(struct progress *progress, const char *why);

void progress_end(struct progress *progress);

#endif

#ifndef HVS_HYPERV_JOB_BOARD_H
#define HVS_HYPERV_JOB_BOARD_H

#include "hyperv/job.h"

/*
 * The jobs of one host that the operations of a fleet wait for. Whoever looks at its own
 * looks at those of all the others too, in one query, and tells them: polling costs as
 * much as for one, however many there are.
 *
 * A query only tells that a job is still at it. One that is over, or was not found, is
 * asked for by itself.
 */
struct hvs_job_board {
    struct hvs_job_board *next; /* the fleet's */
    char *key;                  /* which host, by which account */
    struct hvs_job_wait *first; /* those that wait */
    size_t count;
    const struct hvs_job_wait *reader; /* whose query is under way; or NULL */
};

/* NULL without memory. */
struct hvs_job_board *hvs_job_board_new(const char *key);
/* NULL is fine. */
void hvs_job_board_free(struct hvs_job_board *board);

/* Begin to wait; no harm when it is done already, or `board` is NULL. */
void hvs_job_board_join(struct hvs_job_board *board, struct hvs_job_wait *wait,
                        struct hvs_run *run);
void hvs_job_board_leave(struct hvs_job_wait *wait);

/* Are there others, so that one question for all is worth it? */
bool hvs_job_board_shared(const struct hvs_job_wait *wait);

/* Ask for all of them: HVS_CALL of wait->all, or HVS_FAIL. Then, with what it came to,
 * tell them. */
enum hvs_want hvs_job_board_ask(struct hvs_job_wait *wait, struct hvs_run *run,
                                struct hvs_error *err);
void hvs_job_board_tell(struct hvs_job_wait *wait, const struct hvs_run *run, bool well);

#endif

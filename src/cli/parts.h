#ifndef HVS_CLI_PARTS_H
#define HVS_CLI_PARTS_H

#include "base/buf.h"
#include "cli/task.h"

/*
 * A task with several snapshots of one VM, or jobs of one host, which are done one after
 * the other, since a VM does one thing at a time. One that fails does not keep the others
 * from it.
 */
struct part {
    const char *wanted;   /* as it was given */
    struct hvs_buf label; /* "hv01/web1: before-upgrade" */
    void *result;         /* the library's; or NULL */
    struct hvs_error err;
};

struct parts {
    struct task task;
    struct part *items;
    size_t count, next;
    bool after; /* all of them are done, and what comes after them was begun */
};

/* How a command does a part. */
struct parts_kind {
    struct task_kind task; /* of PARTS_TASK */
    int (*start)(const struct parts *parts, struct part *part, struct hvs_run **run,
                 struct hvs_error *err);
    /* Take what came of it into part->result. 1: it is not over, start again. */
    int (*end)(const struct parts *parts, struct part *part, struct hvs_run *run,
               struct hvs_error *err);
    /* What may be claimed of it, to have it wait in turn; NULL: it never does. */
    enum hvs_outcome (*outcome)(const struct part *part);
    /* Print it. parts_error() says how it ended. */
    void (*report)(const struct parts *parts, const struct part *part);
    void (*free)(void *result);
    /* When all of them are done: begin what is to be waited for then; *run stays NULL for
     * nothing. Asks task_may_begin() by itself. What it fails with becomes the error of
     * each part that had none. NULL: nothing comes after them. */
    int (*after)(struct parts *parts, struct hvs_run **run, struct hvs_error *err);
    void (*after_end)(struct parts *parts, struct hvs_run *run, struct hvs_error *err);
};

#define PARTS_TASK                                                          \
    {.size = sizeof(struct parts), .begin = parts_begin, .ended = parts_ended, \
     .report = parts_report, .clear = parts_clear}

int parts_begin(struct task *task, struct hvs_run **run, struct hvs_error *err);
int parts_ended(struct task *task, struct hvs_run *run, struct hvs_error *err);
void parts_report(struct task *task);
void parts_clear(struct task *task);

const struct hvs_error *parts_error(const struct parts *parts, const struct part *part);

#endif

#ifndef HVS_CLI_TASK_H
#define HVS_CLI_TASK_H

#include "cli/call.h"
#include "cli/door.h"
#include "cli/turn.h"

/*
 * What a call does for one target: operations of the library, one after the other. The
 * tasks of a call go on at the same time, as many as --parallel and --per-host allow;
 * what came of them is reported in the order of the targets.
 */
struct task;

/* How a command does a target. */
struct task_kind {
    size_t size; /* of a struct of the command's own, which begins with a struct task */
    bool prelude; /* another round follows: nothing but its failures counts */
    bool together; /* all begin at once, and those that are held go on when all are */
    bool whole; /* ... and none does, where one has failed by then */

    /* Begin the next operation, on task->client; leave *run NULL when all is done. Ask
     * task_may_begin() first. */
    int (*begin)(struct task *task, struct hvs_run **run, struct hvs_error *err);

    /* An operation is over: take what came of it by its _end(). A failure ends the task;
     * one after which it goes on is told by task_tell(). Ask task_again() first. */
    int (*ended)(struct task *task, struct hvs_run *run, struct hvs_error *err);

    /* How far it is; NULL: never mind. */
    void (*told)(struct task *task, const struct hvs_progress *now);

    /* Print what came of all of it; task->err says how it ended. */
    void (*report)(struct task *task);

    /* Free what the struct holds; NULL: nothing. */
    void (*clear)(struct task *task);
};

enum task_state { TASK_WAITING, TASK_RUNNING, TASK_OVER };

struct task {
    struct call *call;
    const struct task_kind *kind;
    struct work *work;
    enum task_state state;
    struct hvs_client *client; /* while it runs; lent */
    struct hvs_run *run;       /* its operation under way; lent, or NULL */
    struct hvs_error err;
    const char *label; /* of a part of it; NULL: the target's own */
    struct progress progress;
    bool told;  /* of what came of it, part by part */
    bool again; /* what has just ended waits in turn */
    struct turn turn;
    struct door door;
    struct tasks *all;
};

/* Do a task for each target of the call; meanwhile call->view is `view`, the command's
 * own. Fails only before anything was begun. */
int tasks_run(struct call *call, const struct task_kind *kind, void *view,
              struct hvs_error *err) HVS_MUST_CHECK;

/* May the next operation begin? Sets its time limit. Fails after a signal, or when the
 * time of the call is over. */
int task_may_begin(struct task *task, struct hvs_error *err) HVS_MUST_CHECK;

/* An operation failed: is it begun again in a while, since the VM was busy, nothing was
 * done, and call->wait_busy is not over? Then forget all of what came of it, so that
 * begin() begins the same again, and have ended() return 0; *err is empty. Otherwise *err
 * says how to wait, or for how long it was tried. Meanwhile the client serves others. */
bool task_again(struct task *task, enum hvs_outcome outcome, struct hvs_error *err);

/* Was there nobody to talk to? The other parts of a task would fare no better. */
bool task_is_unreachable(const struct hvs_error *err);

/* Count what came of a part of a task, and tell a failure on stderr under `label`. A task
 * that does so is not counted as a whole. */
void task_tell(struct task *task, const char *label, const struct hvs_error *err);

/* Its operation is about something else now than the target as a whole; lent for as long
 * as the task. */
void task_label(struct task *task, const char *label);

#endif

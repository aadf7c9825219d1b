#include "cli/task.h"

#include "base/clock.h"
#include "base/err.h"
#include "cli/escape.h"
#include "cli/json.h"
#include "cli/signals.h"

#include <stdlib.h>
#include <string.h>

/* All tasks of a call. */
struct tasks {
    struct call *call;
    struct task **items;
    size_t count;
    size_t first;    /* those before it are no longer waiting */
    size_t reported; /* that many, in order */
    size_t under_way;
    size_t untidy; /* tells which of them have something to be put back */
    bool together;
    size_t left;    /* how often one has made room for others */
    size_t in_turn; /* how many wait in turn */
    bool stopped;
    struct board board;
};

static void next_run(struct task *task);

/* Lines of their own for whoever follows along: nothing is kept back for them. */
static void tell_event(struct task *task, const char *event, const char *phase,
                       const struct hvs_progress *now, const char *reason)
{
    struct output *out = &task->call->out;
    json_t *line;

    if (out->format != OUTPUT_NDJSON)
        return;
    line = json_object();
    json_put(&line, "host", json_text(task->work->host->name));
    json_put(&line, "target", json_text(task->work->label));
    if (phase) {
        json_put(&line, "phase", json_string(phase));
        json_put(&line, "percent",
                 now->phase == HVS_PHASE_JOB || now->phase == HVS_PHASE_MERGE
                     ? json_integer(now->percent)
                     : json_null());
        json_put(&line, "job", json_text_or_null(now->job));
        json_put(&line, "elapsed_ms", json_integer(now->elapsed_ms));
    }
    if (reason)
        json_put(&line, "reason", json_text(reason));
    output_event(out, event, line);
}

static void told(void *arg, const struct hvs_progress *now)
{
    static const char *const phases[] = {"find",  "change", "job",
                                         "doubt", "verify", "merge"};
    struct task *task = arg;

    progress_told(&task->progress, now);
    if (task->kind->told)
        task->kind->told(task, now);
    tell_event(task, "progress", phases[now->phase], now, NULL);
}

static void tell_busy(struct task *task, const char *why)
{
    const struct hvs_progress now = {.job = "",
                                     .elapsed_ms = hvs_clock_ms() - task->progress.began};

    progress_busy(&task->progress, why);
    tell_event(task, "progress", "busy", &now, why);
}

void task_tell(struct task *task, const char *label, const struct hvs_error *err)
{
    task->told = true;
    call_count(task->call, label, err);
    if (err->domain)
        task->all->board.failed++;
}

void task_label(struct task *task, const char *label)
{
    task->label = task->progress.label = label;
}

/* Print what is over, in the order of the targets; lines as they come. */
static void report(struct tasks *all, struct task *just)
{
    struct task *task;

    if (all->call->out.format == OUTPUT_NDJSON && just)
        just->kind->report(just);
    while (all->reported < all->count) {
        task = all->items[all->reported];
        if (task->state != TASK_OVER)
            return;
        all->reported++;
        if (all->call->out.format != OUTPUT_NDJSON)
            task->kind->report(task);
        if (task->kind->clear)
            task->kind->clear(task);
    }
}

/* Make room for others. */
static void leave(struct task *task)
{
    host_give(task->work->host, task->client);
    task->client = NULL;
    task->all->under_way--;
    task->all->left++;
}

static void over(struct task *task)
{
    struct tasks *all = task->all;
    bool started = task->state == TASK_RUNNING;

    if (started)
        leave(task);
    task->state = TASK_OVER;
    progress_end(&task->progress);
    all->board.done++;
    if (task->kind->prelude && !task->err.domain)
        ;
    else if (!task->told || (task->err.domain && started))
        task_tell(task, task->label ? task->label : task->work->label, &task->err);
    report(all, task);
}

static void door_ended(void *arg, struct hvs_run *run)
{
    struct task *task = arg;

    door_seen(&task->door, run, &task->err);
    over(task);
}

/* It failed; before it is told, maybe one look at another port. */
static void failed(struct task *task)
{
    struct call *call = task->call;
    struct hvs_error ignored = {0};
    struct hvs_run *run = NULL;

    if (!task->all->stopped)
        door_look(&task->door, &task->work->target, &task->work->host->opts,
                  call->hosts.fleet, call_left(call), &task->err, &run);
    if (!run)
        over(task);
    else if (hvs_fleet_add(call->hosts.fleet, run, door_ended, task, &ignored) < 0)
        door_ended(task, run);
}

/* Back to those that have not been begun, until its time has come. */
static void wait_in_turn(struct task *task)
{
    struct tasks *all = task->all;
    size_t place = (size_t)(task->work - all->call->works);

    leave(task);
    task->again = false;
    task->state = TASK_WAITING;
    all->in_turn++;
    if (all->first > place)
        all->first = place;
}

static void ended(void *arg, struct hvs_run *run)
{
    struct task *task = arg;
    int rc = task->kind->ended(task, run, &task->err);

    task->run = NULL;
    if (rc == 0 && task->again) {
        wait_in_turn(task);
        return;
    }
    task->turn.tries = 0;
    if (rc < 0)
        failed(task);
    else
        next_run(task);
}

static void next_run(struct task *task)
{
    struct hvs_error why = {0};
    struct hvs_run *run = NULL;

    if (task->kind->begin(task, &run, &task->err) < 0) {
        failed(task);
        return;
    }
    if (!run) {
        over(task);
        return;
    }
    hvs_run_on_progress(run, told, task);
    task->run = run;
    if (hvs_fleet_add(task->call->hosts.fleet, run, ended, task, &why) == 0)
        return;
    hvs_run_stop(run, &why);
    task->run = NULL;
    if (task->kind->ended(task, run, &task->err) == 0)
        task->err = why;
    failed(task);
}

static void begin_with(struct task *task, struct hvs_client *client)
{
    task->client = client;
    task->state = TASK_RUNNING;
    task->all->under_way++;
    if (task->turn.due) {
        task->all->in_turn--;
    } else {
        progress_begin(&task->progress, &task->all->board, task->work->label,
                       task->call->command->changes);
        tell_event(task, "started", NULL, NULL, NULL);
    }
    next_run(task);
}

/* Begin one, where its host is not full. */
static void begin(struct task *task)
{
    struct call *call = task->call;
    struct hvs_client *client;
    size_t most = task->kind->together ? 0 : call->settings.per_host;
    int rc = host_take(task->work->host, most, &client, &task->err);

    hosts_forget(&call->hosts, most);
    if (rc < 0)
        over(task);
    else if (rc > 0)
        begin_with(task, client);
}

/* Begin as many as may go on at the same time. */
static void begin_more(struct tasks *all, int64_t now)
{
    size_t i, most = all->call->settings.parallel; /* --together has seen to it */

    for (i = all->first; i < all->count && (!most || all->under_way < most); i++) {
        if (all->items[i]->state == TASK_WAITING && all->items[i]->turn.due <= now)
            begin(all->items[i]);
        if (i == all->first && all->items[i]->state != TASK_WAITING)
            all->first++;
    }
}

/* Those that are held wait for each other: they go on in one breath. */
static void let_go(struct tasks *all)
{
    const struct hvs_error *first = &all->call->tally.first;
    struct hvs_error why = {0};
    struct task *task;
    size_t i;

    for (i = 0; i < all->count; i++) {
        task = all->items[i];
        if (task->state != TASK_OVER && !(task->run && hvs_run_is_held(task->run)))
            return;
    }
    if (all->board.failed && first->domain) {
        hvs_err_set(&why, first->domain, first->code,
                    "not begun, since another one failed");
        hvs_err_class(&why, first->class_);
    }
    for (i = 0; i < all->count; i++) {
        task = all->items[i];
        if (task->state == TASK_OVER)
            continue;
        if (task->kind->whole && why.domain)
            hvs_run_stop(task->run, &why);
        else
            hvs_run_release(task->run);
    }
}

/* After a signal: what goes on is given up, what waits is not begun. */
static void stop(struct tasks *all)
{
    struct hvs_error why = {0};
    size_t i, count = 0;

    all->stopped = true;
    signals_error(&why);
    hvs_fleet_stop(all->call->hosts.fleet, &why);
    for (i = all->first; i < all->count; i++) {
        if (all->items[i]->state != TASK_WAITING)
            continue;
        if (all->items[i]->turn.due) { /* task_may_begin() says no */
            begin_with(all->items[i], NULL);
            continue;
        }
        signals_error(&all->items[i]->err);
        hvs_err_prefix(&all->items[i]->err, "not begun");
        task_tell(all->items[i], NULL, &all->items[i]->err);
        over(all->items[i]);
        count++;
    }
    if (count)
        notice_say(&all->call->notice, "not begun: %zu of %zu", count, all->count);
}

/* Should signals end it all at once: what a person would then put back. */
static void prepare_last_words(struct tasks *all)
{
    struct hvs_buf text = HVS_BUF_INIT(65536);
    const char *by_hand;
    size_t i, untidy = 0;

    for (i = 0; i < all->count; i++) {
        const struct task *task = all->items[i];

        by_hand = task->run ? hvs_run_by_hand(task->run) : "";
        if (!*by_hand)
            continue;
        if (!untidy)
            hvs_buf_puts(&text, "hvsnap: to be put back by hand, on the host:\n");
        hvs_buf_puts(&text, "  ");
        escape_add(&text, task->work->label, strlen(task->work->label), ESCAPE_LINE);
        hvs_buf_printf(&text, ": %s\n", by_hand); /* of a GUID and words of ours */
        untidy = untidy * 31 + i + 1;
    }
    if (untidy != all->untidy)
        signals_say_last(hvs_buf_str(&text));
    all->untidy = untidy;
    hvs_buf_clear(&text);
}

/* How long to wait at the most, in ms; -1: for ever. `now` is when some were begun. */
static int longest_wait(struct tasks *all, int64_t now)
{
    int64_t wait = board_tick(&all->board), one;
    size_t i;

    for (i = all->first; all->in_turn && i < all->count; i++) {
        if (all->items[i]->state != TASK_WAITING || all->items[i]->turn.due <= now)
            continue; /* it waits for room */
        one = all->items[i]->turn.due - hvs_clock_ms();
        if (wait < 0 || one < wait)
            wait = one > 0 ? one : 0;
    }
    return (int)wait;
}

static void drive(struct tasks *all)
{
    struct hvs_fleet *fleet = all->call->hosts.fleet;
    struct pollfd signal = {.fd = signals_fd(), .events = POLLIN};
    size_t left, under_way;
    int64_t now;

    for (;;) {
        if (signals_caught() && !all->stopped)
            stop(all);
        now = hvs_clock_ms();
        left = all->left;
        if (!all->stopped)
            begin_more(all, now);
        under_way = hvs_fleet_step(fleet);
        if (all->together)
            let_go(all);
        prepare_last_words(all);
        if (all->reported == all->count)
            return;
        if (left == all->left && (under_way || all->in_turn)) /* none can begin now */
            hvs_fleet_wait(fleet, &signal, all->stopped ? 0 : 1, longest_wait(all, now));
    }
}

int tasks_run(struct call *call, const struct task_kind *kind, void *view,
              struct hvs_error *err)
{
    struct tasks all = {.call = call,
                        .count = call->work_count,
                        .together = kind->together};
    size_t i;
    int rc = -1;

    all.items = calloc(all.count + 1, sizeof(*all.items));
    if (!all.items)
        return hvs_err_memory(err);
    hosts_reserve(all.count);
    call->view = view;
    board_open(&all.board, &call->notice, all.count);
    for (i = 0; i < all.count; i++) {
        all.items[i] = calloc(1, kind->size);
        if (!all.items[i]) {
            hvs_err_memory(err);
            goto out;
        }
        *all.items[i] = (struct task){.call = call,
                                      .kind = kind,
                                      .work = &call->works[i],
                                      .all = &all};
    }
    drive(&all);
    rc = 0;
out:
    board_close(&all.board);
    call->view = NULL;
    for (i = 0; i < all.count; i++)
        free(all.items[i]);
    free(all.items);
    return rc;
}

int task_may_begin(struct task *task, struct hvs_error *err)
{
    return call_begin(task->call, task->client, err);
}

bool task_again(struct task *task, enum hvs_outcome outcome, struct hvs_error *err)
{
    /* at the same moment as the others, it could not be any more */
    if (err->class_ != HVS_CLASS_BUSY || outcome != HVS_OUTCOME_NOT_DONE ||
        task->all->stopped || task->kind->together ||
        !turn_wait(&task->turn, task->call, err))
        return false;
    tell_busy(task, turn_why(err));
    *err = (struct hvs_error){0};
    task->again = true;
    return true;
}

bool task_is_unreachable(const struct hvs_error *err)
{
    enum { COULDNT_CONNECT = 7 };

    return err->domain == HVS_NET && err->code == COULDNT_CONNECT;
}

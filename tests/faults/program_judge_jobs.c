#include "faults/program_truth.h"

#include <string.h>

/* Of a job that the host was at before: what is said of its end, and what it came to. */

/* JobState. */
enum { COMPLETED = 7, TERMINATED = 8, KILLED = 9 };

static int state_of(const struct program_said *said)
{
    return (int)json_integer_value(json_object_get(truth_job(said), "state"));
}

static bool has_ended(const struct program_said *said)
{
    return json_is_integer(json_object_get(truth_job(said), "end"));
}

/* Did it come to its own end? A service that has restarted does not know it any more, but
 * something was made, and nothing else of us makes any. */
static bool is_completed(const struct program_said *said)
{
    return (has_ended(said) && state_of(said) == COMPLETED) || *truth_made(said) ||
           truth_ours(said, CREATE, "");
}

/* The words that only some outcomes may have. */
static void judge_end(const struct program_said *said, bool so, bool otherwise)
{
    if (strcmp(said->outcome, "done") == 0) {
        if (!so)
            program_is(said, PROGRAM_WRONG, "done, and it is not so");
    } else if (strcmp(said->outcome, "not-done") == 0) {
        if (otherwise)
            program_is(said, PROGRAM_LOSS, "not done, and it was");
    } else if (strcmp(said->outcome, "started") != 0 &&
               strcmp(said->outcome, "unknown") != 0) {
        program_is(said, PROGRAM_WRONG, "no outcome");
    }
    if (said->code == 0 && strcmp(said->outcome, "done") != 0)
        program_is(said, PROGRAM_WRONG, "no error, and it is not done");
    if (strcmp(truth_text(said->item, "wanted"), said->host->job) != 0)
        program_is(said, PROGRAM_WRONG, "another job than the one that was named");
}

static void judge_named(const struct program_said *said)
{
    const char *name = said->c->verb->name, *made = truth_made(said);
    const json_t *named = json_object_get(said->item, "named");
    const json_t *row = truth_find(truth_snapshots(said->host->after), made);

    if (truth_ours(said, MODIFY, "") != truth_ours(said, MODIFY, made))
        program_is(said, PROGRAM_WRONG, "it changed another one");
    if (said->code == 0 && name && !json_is_object(named))
        program_is(said, PROGRAM_WRONG, "no error, and it does not say what it named");
    if (!json_is_object(named))
        return;
    if (strcmp(truth_text(named, "id"), made) != 0)
        program_is(said, PROGRAM_WRONG, "it names another one");
    if (said->code == 0 && row && !truth_has(said, "rename") &&
        strcmp(truth_text(row, "name"), name) != 0)
        program_is(said, PROGRAM_WRONG, "named, and it is called '%s'",
                   truth_text(row, "name"));
}

void judge_wait(const struct program_said *said)
{
    const char *told = truth_text(json_object_get(said->item, "job"), "snapshot_id");
    bool completed = is_completed(said), rival = truth_has_rival(said);

    judge_end(said, completed, completed);
    if (strcmp(said->outcome, "started") == 0 && !completed && !rival)
        program_is(said, PROGRAM_WRONG, "it goes on, and never came to its end");
    if (*told && *truth_made(said) && strcmp(told, truth_made(said)) != 0)
        program_is(said, PROGRAM_WRONG, "it made another snapshot");
    judge_named(said);
    if (truth_ours(said, ANY, "") - truth_ours(said, CREATE, "") !=
        (said->c->verb->name ? truth_ours(said, MODIFY, "") : 0))
        program_is(said, PROGRAM_WRONG, "it did what nobody asked for");
}

void judge_cancel(const struct program_said *said)
{
    size_t stopped = truth_ours(said, STOP, said->host->job);
    bool rival = truth_has_rival(said), known = truth_job(said);
    bool killed = json_is_true(json_object_get(said->item, "killed"));
    int state = state_of(said);

    judge_end(said,
              !is_completed(said) &&
                  ((has_ended(said) && (state == TERMINATED || state == KILLED) &&
                    stopped) ||
                   (rival && (!known || has_ended(said)))),
              stopped);
    if (strcmp(said->outcome, "started") == 0)
        program_is(said, PROGRAM_WRONG, "a stop does not go on");
    if (!said->changed && stopped)
        program_is(said, PROGRAM_LOSS, "not changed, and it was stopped");
    if (killed && (!said->changed || !said->c->verb->manner))
        program_is(said, PROGRAM_WRONG, "killed, without need");
    if (!killed && state == KILLED)
        program_is(said, PROGRAM_WRONG, "it was killed, and that is not told");
    if (json_is_true(json_object_get(said->item, "gone")) && known)
        program_is(said, PROGRAM_WRONG, "gone, and the host knows it");
    if (truth_ours(said, ANY, "") != stopped)
        program_is(said, PROGRAM_WRONG, "it did what nobody asked for");
}

/* The fleet of the pretend libhvsnap: its runs take turns. */
#include "cli/fake.h"

#include "base/err.h"

#include <stdlib.h>

struct hvs_fleet {
    struct {
        struct hvs_run *run;
        hvs_fleet_ended_fn *ended;
        void *arg;
    } members[16];
    size_t count;
};

int hvs_fleet_new(struct hvs_fleet **out, struct hvs_error *err)
{
    *out = calloc(1, sizeof(**out));
    return *out ? 0 : hvs_err_memory(err);
}

void hvs_fleet_free(struct hvs_fleet *fleet)
{
    free(fleet);
}

int hvs_fleet_add(struct hvs_fleet *fleet, struct hvs_run *run, hvs_fleet_ended_fn *ended,
                  void *arg, struct hvs_error *err)
{
    if (fleet->count == 16)
        return hvs_err_memory(err);
    fleet->members[fleet->count].run = run;
    fleet->members[fleet->count].ended = ended;
    fleet->members[fleet->count++].arg = arg;
    return 0;
}

size_t hvs_fleet_step(struct hvs_fleet *fleet)
{
    size_t i = 0;

    while (i < fleet->count) {
        struct hvs_run *run = fleet->members[i].run;
        hvs_fleet_ended_fn *ended = fleet->members[i].ended;
        void *arg = fleet->members[i].arg;

        if (hvs_run_step(run) == HVS_RUN_GOES_ON) {
            i++;
            continue;
        }
        fleet->members[i] = fleet->members[--fleet->count];
        ended(arg, run);
    }
    return fleet->count;
}

void hvs_fleet_stop(struct hvs_fleet *fleet, const struct hvs_error *why)
{
    size_t i;

    for (i = 0; i < fleet->count; i++)
        hvs_run_stop(fleet->members[i].run, why);
}

void hvs_fleet_wait(struct hvs_fleet *fleet, struct pollfd *yours, size_t count,
                    int most_ms)
{
    int wait = most_ms, one;
    size_t i;

    for (i = 0; i < fleet->count; i++) {
        one = hvs_run_timeout(fleet->members[i].run);
        if (one >= 0 && (wait < 0 || one < wait))
            wait = one;
    }
    poll(yours, (nfds_t)count, wait);
}

#include "faults/program_spawn.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { READY_MS = 30000, DURATION_MS = 200 };

/* Each host has ids of its own, so that what is told of one cannot pass for the other's.
 * Only the second one's are changed: what a command names is the first one's. */
static void make_own(json_t *row)
{
    char id[40];
    json_t *inner;
    size_t i;

    if (json_object_get(row, "id")) {
        snprintf(id, sizeof(id), "%s", json_string_value(json_object_get(row, "id")));
        id[0] = id[0] == 'B' ? 'D' : 'B';
        json_object_set_new(row, "id", json_string(id));
    }
    json_array_foreach(json_object_get(row, "snapshots"), i, inner)
    {
        make_own(inner);
    }
}

/* The small host, with jobs that do not last; but for one that is to go on. */
static void write_scenario(const struct program_case *c, const struct program_host *host)
{
    json_t *scenario, *of, *vm;
    char path[400];
    size_t i;

    snprintf(path, sizeof(path), "%s/tests/fixtures/scenarios/small.json",
             getenv("SRCDIR"));
    scenario = json_load_file(path, 0, NULL);
    of = json_array_get(json_object_get(scenario, "hosts"), 0);
    json_object_set_new(of, "duration_ms", json_integer(DURATION_MS));
    json_object_set_new(of, "merge_ms", json_integer(DURATION_MS));
    json_array_foreach(json_object_get(of, "vms"), i, vm)
    {
        if (host != c->hosts)
            make_own(vm);
        if (i == 0 && c->verb->job_ms)
            json_object_set_new(vm, "duration_ms", json_integer(c->verb->job_ms));
    }
    if (!of || json_dump_file(scenario, host->file[HOST_SCENARIO], 0) < 0)
        abort();
    json_decref(scenario);
}

/* "ready URL": under a name, where one is needed. Two hosts have two names, so that a
 * message tells them apart. */
static bool read_url(const struct program_case *c, struct program_host *host)
{
    char *text = program_read(host->file[HOST_READY]), *port, *end;
    bool ready = strncmp(text, "ready ", 6) == 0 && (end = strchr(text, '\n'));
    const char *name = host == c->hosts ? "127.0.0.1" : "localhost";

    if (c->kdc_hangs)
        name = "localhost";
    else if (c->resolver_hangs)
        name = "hv01.hvsnap.test";
    if (ready) {
        *end = '\0';
        port = strrchr(text, ':');
        port[1 + strspn(port + 1, "0123456789")] = '\0';
        snprintf(host->name, sizeof(host->name), "%s", name);
        snprintf(host->label, sizeof(host->label), "%s%.8s", name, port);
        snprintf(host->url, sizeof(host->url), "%.*s://%s%.8s",
                 (int)strcspn(text + 6, ":"), text + 6, name, port);
    }
    free(text);
    return ready;
}

static void spawn(const struct program_case *c, struct program_host *host)
{
    int64_t limit = program_now_ms() + READY_MS;
    struct program_words words = {0};
    size_t i;

    program_add(&words, getenv("HVSIM"));
    program_add(&words, "--log");
    program_add(&words, "--listen");
    program_add(&words, c->door->listen);
    program_add(&words, "--scenario");
    program_add(&words, host->file[HOST_SCENARIO]);
    program_add(&words, "--state");
    program_add(&words, host->file[HOST_STATE]);
    program_add(&words, "--ca-out");
    program_add(&words, host->file[HOST_CA]);
    if (c->verb->manner) {
        program_add(&words, "--set");
        program_add(&words, c->verb->manner);
    }
    for (i = 0; host == &c->hosts[c->faulty] && i < c->fault_count; i++) {
        program_add(&words, "--fault");
        program_add(&words, c->faults[i]);
    }
    host->pid = program_spawn(c, &words, host->file[HOST_READY], host->file[HOST_LOG]);
    while (!read_url(c, host)) {
        if (program_now_ms() > limit || waitpid(host->pid, NULL, WNOHANG))
            abort();
        program_nap();
    }
}

/* Have it be at a job that somebody has begun before. */
static void begin_job(const struct program_case *c, struct program_host *host)
{
    struct program_words words = {0};
    const json_t *of;
    int status;

    program_add(&words, getenv("HVSNAP"));
    program_add(&words, "create");
    program_add(&words, PROGRAM_VM);
    program_add(&words, "--detach");
    program_add(&words, "-H");
    program_add(&words, host->url);
    program_add(&words, "--user");
    program_add(&words, "HVTEST\\hvuser");
    program_add(&words, "--auth");
    program_add(&words, c->door->auth);
    program_add(&words, "--ca-file");
    program_add(&words, host->file[HOST_CA]);
    program_add(&words, "--password-file");
    program_add(&words, c->file[FILE_PASSWORD]);
    waitpid(program_spawn(c, &words, c->file[FILE_OUT], c->file[FILE_ERR]), &status, 0);
    json_decref(host->before);
    host->before = json_load_file(host->file[HOST_STATE], 0, NULL);
    of = json_array_get(json_object_get(host->before, "hosts"), 0);
    /* the faults count from there */
    if (status || json_integer_value(json_object_get(json_object_get(of, "counters"),
                                                     "requests")) != c->door->to_begin)
        abort();
    of = json_array_get(json_object_get(of, "jobs"), 0);
    snprintf(host->job, sizeof(host->job), "%s",
             json_string_value(json_object_get(of, "id")));
}

void program_host_start(struct program_case *c, struct program_host *host)
{
    write_scenario(c, host);
    spawn(c, host);
    host->before = json_load_file(host->file[HOST_STATE], 0, NULL);
    if (c->verb->job_ms)
        begin_job(c, host);
}

/* Is nothing to be expected of it any more? The job that it was at need not end, unless
 * it is waited for. */
bool program_host_rests(const struct program_case *c, const struct program_host *host)
{
    json_t *state = json_load_file(host->file[HOST_STATE], 0, NULL), *of, *job;
    bool stuck = host == &c->hosts[c->faulty] && program_has(c, "job-stuck");
    size_t i, busy = 0;

    of = json_array_get(json_object_get(state, "hosts"), 0);
    busy += json_integer_value(json_object_get(of, "late_requests")) != 0;
    json_array_foreach(json_object_get(of, "jobs"), i, job)
    {
        const char *id = json_string_value(json_object_get(job, "id"));

        busy += !stuck && json_is_null(json_object_get(job, "end")) &&
                (strcmp(id, host->job) != 0 || c->verb->effect == PROGRAM_WAITS);
    }
    json_decref(state);
    return of && !busy;
}

void program_host_end(struct program_host *host)
{
    kill(host->pid, SIGTERM);
    waitpid(host->pid, &host->status, 0);
    host->after = json_load_file(host->file[HOST_STATE], 0, NULL);
    host->log = program_read(host->file[HOST_LOG]);
}

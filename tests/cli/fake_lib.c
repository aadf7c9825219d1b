/*
 * A pretend libhvsnap behind its public API, for tests of the program alone: no network,
 * and the name of a VM says what comes of it.
 *
 *     gone, busy, denied   fails with that class, nothing done
 *     queue                is busy, but only when it is first asked for
 *     unsure               is busy, and whether it was done is unknown
 *     lost                 fails with an unknown outcome and a job
 *     hang                 goes on until it is stopped
 *     late                 fails with the deadline, its job goes on
 *     evil                 answers with names that would upset a terminal
 *     anything else        works
 *
 * The user "blind" sees no VMs at all. Asked at once what they are, "half" and "fe80::1"
 * answer over clear HTTP.
 */
#include "cli/fake.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often a run tells of its progress. */
#define STEPS 5

const char *hvs_version(void)
{
    return "0.0-fake";
}

const char *hvs_version_details(void)
{
    return "fake/1.0";
}

bool hvs_ticket_at_hand(const char *user, uint32_t timeout_ms)
{
    (void)user;
    (void)timeout_ms;
    return false;
}

const char *hvs_outcome_name(enum hvs_outcome outcome)
{
    static const char *const names[] = {"not-done", "done", "started", "unknown"};

    return names[outcome];
}

const char *hvs_snapshot_kind_name(enum hvs_snapshot_kind kind)
{
    return kind == HVS_KIND_AUTOMATIC ? "automatic"
           : kind == HVS_KIND_USER    ? "user"
                                      : "other";
}

const char *hvs_checkpoint_type_name(enum hvs_checkpoint_type type)
{
    return type == HVS_CHECKPOINT_PRODUCTION ? "production" : "unknown";
}

const char *hvs_vm_state_name(uint32_t state, char buf[16])
{
    (void)buf;
    return state == 2 ? "running" : "off";
}

int hvs_client_open(struct hvs_client **out, const struct hvs_client_opts *opts,
                    struct hvs_error *err)
{
    struct hvs_client *client = calloc(1, sizeof(*client));

    *out = client;
    if (!client)
        return hvs_err_memory(err);
    snprintf(client->host, sizeof(client->host), "%s", opts->host);
    client->plain_http = opts->plain_http;
    snprintf(client->user, sizeof(client->user), "%s", opts->user ? opts->user : "");
    snprintf(client->password, sizeof(client->password), "%s",
             opts->password ? opts->password : "");
    if (opts->trace)
        opts->trace(opts->trace_arg, HVS_TRACE_REQUEST,
                    "<s:Envelope><s:Body/></s:Envelope>");
    return 0;
}

void hvs_client_close(struct hvs_client *client)
{
    free(client);
}

void hvs_client_set_timeout(struct hvs_client *client, uint32_t timeout_ms)
{
    client->timeout_ms = timeout_ms;
}

const struct hvs_evidence *hvs_client_evidence(const struct hvs_client *client)
{
    return &client->evidence;
}

/* --- Runs --------------------------------------------------------------------------- */

int fake_start(struct hvs_run **out, struct hvs_client *client, const char *vm,
               struct hvs_error *err)
{
    struct hvs_run *run = calloc(1, sizeof(*run));

    *out = run;
    if (!run)
        return hvs_err_memory(err);
    run->client = client;
    snprintf(run->vm, sizeof(run->vm), "%s", vm ? vm : "");
    return 0;
}

void hvs_run_on_progress(struct hvs_run *run, hvs_progress_fn *fn, void *arg)
{
    run->fn = fn;
    run->arg = arg;
}

size_t hvs_run_fds(struct hvs_run *run, struct pollfd *fds, size_t max)
{
    (void)run;
    (void)fds;
    (void)max;
    return 0;
}

int hvs_run_timeout(struct hvs_run *run)
{
    const char *pace = getenv("FAKE_PACE_MS");

    if (strcmp(run->vm, "hang") == 0 && run->step == STEPS)
        return -1;
    return pace ? (int)strtol(pace, NULL, 10) : 1;
}

enum hvs_run_state hvs_run_step(struct hvs_run *run)
{
    static const struct hvs_progress merging = {HVS_PHASE_MERGE, "", 30, 600};
    static const struct hvs_progress told[STEPS] = {{HVS_PHASE_FIND, "", 0, 10},
                                                    {HVS_PHASE_CHANGE, "", 0, 20},
                                                    {HVS_PHASE_JOB, FAKE_JOB, 0, 30},
                                                    {HVS_PHASE_JOB, FAKE_JOB, 50, 400},
                                                    {HVS_PHASE_VERIFY, FAKE_JOB, 0, 500}};

    if (run->stopped.domain)
        return HVS_RUN_ENDED;
    if (run->hold && run->step == 1)
        return HVS_RUN_GOES_ON;
    if (run->step == STEPS)
        return strcmp(run->vm, "hang") == 0 ? HVS_RUN_GOES_ON : HVS_RUN_ENDED;
    run->fn(run->arg, strcmp(run->vm, "merge") == 0 ? &merging : &told[run->step]);
    run->step++;
    return HVS_RUN_GOES_ON;
}

bool hvs_run_is_held(const struct hvs_run *run)
{
    return run->hold && run->step == 1;
}

void hvs_run_release(struct hvs_run *run)
{
    run->hold = false;
}

const char *hvs_run_by_hand(const struct hvs_run *run)
{
    return strcmp(run->vm, "typed") == 0 ? "Set-VM typed" : "";
}

void hvs_run_stop(struct hvs_run *run, const struct hvs_error *why)
{
    run->stopped = *why;
}

/* What the run comes to, by the name of its VM. */
enum hvs_outcome fake_fate(const struct hvs_run *run, struct hvs_error *err)
{
    static const struct {
        const char *vm, *message, *hint;
        enum hvs_domain domain;
        enum hvs_class class_;
        enum hvs_outcome outcome;
    } fates[] = {
        {"gone", "no VM 'gone'", "hvsnap vms lists them", HVS_JOB, HVS_CLASS_NOT_FOUND,
         HVS_OUTCOME_NOT_DONE},
        {"busy", "another operation is under way", "", HVS_JOB, HVS_CLASS_BUSY,
         HVS_OUTCOME_NOT_DONE},
        {"unsure", "another operation is under way", "", HVS_JOB, HVS_CLASS_BUSY,
         HVS_OUTCOME_UNKNOWN},
        {"denied", "access denied", "", HVS_SOAP, HVS_CLASS_AUTH, HVS_OUTCOME_NOT_DONE},
        {"lost", "the reply was lost", "", HVS_NET, HVS_CLASS_UNKNOWN,
         HVS_OUTCOME_UNKNOWN},
        {"late", "the time is over", "", HVS_SYSTEM, HVS_CLASS_DEADLINE,
         HVS_OUTCOME_STARTED},
    };
    static unsigned queued;
    size_t i;

    if (run->stopped.domain) {
        *err = run->stopped;
        return HVS_OUTCOME_STARTED;
    }
    if (strcmp(run->vm, "queue") == 0 && !queued++) {
        hvs_err_set_hint(err, HVS_JOB, 32775, "look", "invalid state");
        hvs_err_detail(err, "in the host's words");
        hvs_err_detail(err, "the VM is off, and under way is: snapshot, 40 %");
        hvs_err_class(err, HVS_CLASS_BUSY);
        return HVS_OUTCOME_NOT_DONE;
    }
    for (i = 0; i < sizeof(fates) / sizeof(fates[0]); i++) {
        if (strcmp(fates[i].vm, run->vm) != 0)
            continue;
        hvs_err_set_hint(err, fates[i].domain, 0, fates[i].hint, "%s", fates[i].message);
        hvs_err_class(err, fates[i].class_);
        return fates[i].outcome;
    }
    return run->detach ? HVS_OUTCOME_STARTED : HVS_OUTCOME_DONE;
}

/* --- Things ------------------------------------------------------------------------- */

struct hvs_snapshot *fake_snapshot_new(const char *id, const char *name, const char *vm,
                                       const char *parent)
{
    struct hvs_snapshot *s = calloc(1, sizeof(*s));

    s->id = strdup(id);
    s->name = strdup(name);
    s->vm_id = strdup("AAAAAAAA-0000-0000-0000-000000000001");
    s->vm_name = strdup(vm);
    s->parent_id = parent ? strdup(parent) : NULL;
    s->notes = strdup("");
    s->created_ms = 1700000000000;
    s->expires_ms = HVS_TIME_NONE;
    return s;
}

void fake_snapshot_free(struct hvs_snapshot *s)
{
    if (!s)
        return;
    free(s->id);
    free(s->name);
    free(s->vm_id);
    free(s->vm_name);
    free(s->parent_id);
    free(s->notes);
    free(s);
}

static struct hvs_vm *vm_new(const char *name)
{
    struct hvs_vm *vm = calloc(1, sizeof(*vm));

    vm->id = strdup("AAAAAAAA-0000-0000-0000-000000000001");
    vm->name = strdup(name);
    vm->state = 2;
    vm->uptime_ms = 100000000;
    vm->version = strdup("10.0");
    vm->generation = 2;
    vm->checkpoint = HVS_CHECKPOINT_PRODUCTION;
    vm->snapshots = 2;
    vm->operation = strdup("");
    return vm;
}

static void vm_free(struct hvs_vm *vm)
{
    free(vm->id);
    free(vm->name);
    free(vm->version);
    free(vm->current_id);
    free(vm->operation);
    free(vm);
}

/* --- Operations --------------------------------------------------------------------- */

int hvs_identify_start(struct hvs_run **out, struct hvs_client *client, bool anonymous,
                       struct hvs_error *err)
{
    struct hvs_evidence *e = &client->evidence;

    e->hop_count = 1;
    e->hops[0].status = 200;
    e->hops[0].our_clock = 1700000000000;
    e->hops[0].host_clock = 1700000002000;
    e->clock_known = true;
    if (!anonymous) {
        snprintf(e->mechanism, sizeof(e->mechanism), "ntlm");
        snprintf(e->account, sizeof(e->account), "%s", client->user);
    }
    return fake_start(out, client, NULL, err);
}

int hvs_identify_end(struct hvs_run *run, struct hvs_identity **out,
                     struct hvs_error *err)
{
    const struct hvs_client *client = run->client;
    bool half = strcmp(client->host, "half") == 0 || strchr(client->host, ':');
    struct hvs_identity *identity;

    free(run);
    *out = NULL;
    if (!half || !client->plain_http)
        return hvs_err_set(err, HVS_NET, 7, "nothing answers");
    identity = calloc(1, sizeof(*identity));
    identity->vendor = strdup("Fake Corporation");
    identity->version = strdup("OS: 10.0 SP: 0.0 Stack: 3.0");
    identity->protocol = strdup("");
    *out = identity;
    return 0;
}

int hvs_identify(struct hvs_client *client, bool anonymous, struct hvs_identity **out,
                 struct hvs_error *err)
{
    (void)client;
    (void)anonymous;
    *out = NULL;
    return hvs_err_set(err, HVS_NET, 7, "nothing answers");
}

void hvs_identity_free(struct hvs_identity *identity)
{
    if (!identity)
        return;
    free(identity->vendor);
    free(identity->version);
    free(identity->protocol);
    free(identity);
}

int hvs_snapshot_list_start(struct hvs_run **out, struct hvs_client *client,
                            const char *vm, struct hvs_error *err)
{
    return fake_start(out, client, vm, err);
}

int hvs_snapshot_list_end(struct hvs_run *run, struct hvs_snapshot_list **out,
                          struct hvs_error *err)
{
    struct hvs_snapshot_list *list = NULL;
    bool evil = strcmp(run->vm, "evil") == 0;
    const char *vm = *run->vm ? run->vm : "web1";

    if (fake_fate(run, err) == HVS_OUTCOME_DONE) {
        list = calloc(1, sizeof(*list));
        list->items = calloc(2, sizeof(*list->items));
        list->vms = calloc(1, sizeof(*list->vms));
        list->count = 2;
        list->vm_count = 1;
        list->items[0] = fake_snapshot_new(ID_ONE, evil ? "\033[2J\u202e\xff" : "base",
                                           vm, NULL);
        list->items[1] = fake_snapshot_new(ID_TWO, "\u65e5\u672c\u8a9e", vm, ID_ONE);
        list->items[1]->current = true;
        list->vms[0] = vm_new(vm);
        list->vms[0]->current_id = strdup(ID_TWO);
    }
    free(run);
    *out = list;
    return list ? 0 : -1;
}

void hvs_snapshot_list_free(struct hvs_snapshot_list *list)
{
    size_t i;

    if (!list)
        return;
    for (i = 0; i < list->count; i++)
        fake_snapshot_free(list->items[i]);
    for (i = 0; i < list->vm_count; i++)
        vm_free(list->vms[i]);
    free(list->items);
    free(list->vms);
    free(list);
}

int hvs_vm_list_start(struct hvs_run **out, struct hvs_client *client, const char *vm,
                      struct hvs_error *err)
{
    return fake_start(out, client, vm, err);
}

int hvs_vm_list_end(struct hvs_run *run, struct hvs_vm_list **out, struct hvs_error *err)
{
    struct hvs_vm_list *list = NULL;

    if (fake_fate(run, err) == HVS_OUTCOME_DONE) {
        list = calloc(1, sizeof(*list));
        list->items = calloc(1, sizeof(*list->items));
        list->maybe_no_rights = strcmp(run->client->user, "blind") == 0;
        list->count = list->maybe_no_rights ? 0 : 1;
        if (list->count)
            list->items[0] = vm_new(*run->vm ? run->vm : "web1");
    }
    free(run);
    *out = list;
    return list ? 0 : -1;
}

void hvs_vm_list_free(struct hvs_vm_list *list)
{
    size_t i;

    if (!list)
        return;
    for (i = 0; i < list->count; i++)
        vm_free(list->items[i]);
    free(list->items);
    free(list);
}

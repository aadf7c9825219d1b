/*
 * Memory runs out at every place of every operation: once, and for good. Then there is
 * the right error and nothing else, or, where it can do without, a full result; what is
 * claimed is so, and all is freed.
 *
 *     test_alloc                          some of the places, evenly
 *     ALLOC_TRIES=0 test_alloc            all of them
 *     ALLOC_ONLY=create test_alloc        operations whose name begins so
 */
#include "faults/alloc.h"
#include "faults/trial.h"
#include "hvsim/action.h"
#include "hvsim/job.h"

#include <errno.h>
#include <libxml/xmlversion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Not so long that the judges call a failure needless. */
enum { TIMEOUT_MS = 120000, LATER_MS = 200000, TRIES = 15 };

static const struct operations *const commands_of[] = {
#define ALLOC_OF(name) &faults_##name,
    COMMANDS(ALLOC_OF)};

static const char *const logins[WIRE_LOGINS] = {"tls", "legs", "sealed"};
static const char *const kinds[] = {"our", "libxml2's"};

/* The driver's calls into the library: what is between them is the host. */
void __real_hvs_run_answer(struct hvs_run *run, const struct hvs_posted *posted,
                           int64_t now);
void __wrap_hvs_run_answer(struct hvs_run *run, const struct hvs_posted *posted,
                           int64_t now);
int __real_hvs_session_ask(void *arg, uint64_t connection, const char *certificate,
                           struct hvs_buf *authorization);
int __wrap_hvs_session_ask(void *arg, uint64_t connection, const char *certificate,
                           struct hvs_buf *authorization);

void __wrap_hvs_run_answer(struct hvs_run *run, const struct hvs_posted *posted,
                           int64_t now)
{
    alloc_arm(true);
    __real_hvs_run_answer(run, posted, now);
    alloc_arm(false);
}

int __wrap_hvs_session_ask(void *arg, uint64_t connection, const char *certificate,
                           struct hvs_buf *authorization)
{
    int rc;

    alloc_arm(true);
    rc = __real_hvs_session_ask(arg, connection, certificate, authorization);
    alloc_arm(false);
    return rc;
}

/* What the rows themselves have the host do before they start. */
int __real_sim_create(struct sim_host *host, struct sim_vm *vm, int kind, bool ignore,
                      const char *owner, struct sim_job **job);
int __wrap_sim_create(struct sim_host *host, struct sim_vm *vm, int kind, bool ignore,
                      const char *owner, struct sim_job **job);
struct sim_job *__real_sim_job_start(struct sim_host *host, struct sim_vm *vm, int type,
                                     const char *owner, sim_job_finish *finish);
struct sim_job *__wrap_sim_job_start(struct sim_host *host, struct sim_vm *vm, int type,
                                     const char *owner, sim_job_finish *finish);
void __real_sim_host_advance(struct sim_host *host);
void __wrap_sim_host_advance(struct sim_host *host);

int __wrap_sim_create(struct sim_host *host, struct sim_vm *vm, int kind, bool ignore,
                      const char *owner, struct sim_job **job)
{
    bool armed = alloc_arm(false);
    int rc = __real_sim_create(host, vm, kind, ignore, owner, job);

    alloc_arm(armed);
    return rc;
}

struct sim_job *__wrap_sim_job_start(struct sim_host *host, struct sim_vm *vm, int type,
                                     const char *owner, sim_job_finish *finish)
{
    bool armed = alloc_arm(false);
    struct sim_job *job = __real_sim_job_start(host, vm, type, owner, finish);

    alloc_arm(armed);
    return job;
}

void __wrap_sim_host_advance(struct sim_host *host)
{
    bool armed = alloc_arm(false);

    __real_sim_host_advance(host);
    alloc_arm(armed);
}

static bool is_memory(const struct hvs_error *err)
{
    return err->domain == HVS_SYSTEM && err->code == ENOMEM &&
           strstr(err->message, "out of memory");
}

/* It could not be begun: nobody on the host heard of it. */
static void judge_start(struct trial *trial)
{
    if (trial->wire.host->requests)
        trial_is(trial, VERDICT_WRONG, "it did not start, and the host was asked");
    if (trial->run)
        trial_is(trial, VERDICT_WRONG, "it did not start, and left a run");
}

static void attempt(struct trial *trial, const struct alloc_plan *plan)
{
    struct wire *wire = &trial->wire;
    size_t i;
    int rc;

    wire_open(wire, NULL, trial->login, TIMEOUT_MS);
    trial->timeout_ms = TIMEOUT_MS;
    trial->claim = (struct claim){.rows = HVS_BUF_INIT(1 << 20)};
    for (i = 0; i < COUNT(trial->operation->switches); i++)
        if (trial->operation->switches[i])
            wire_set(wire, trial->operation->switches[i]);
    trial->before = trial_snapshots(trial, "");
    alloc_begin(plan);
    alloc_arm(true);
    rc = trial->operation->start(trial, &trial->claim.err);
    alloc_arm(false);
    if (rc < 0) {
        judge_start(trial);
    } else {
        wire_run(wire, trial->run);
        trial->operation->end(trial);
        wire_pass(wire, LATER_MS);
        if (wire->endless)
            trial_is(trial, VERDICT_HANG, "it does not end");
        trial->operation->judge(trial);
    }
    wire_close(wire);
    free(trial->before);
    trial->before = NULL;
}

/* What a job that is over has made is told besides, where it can be asked. */
static bool may_lack_rows(const struct trial *trial)
{
    return strncmp(trial->operation->name, "wait", 4) == 0 && !trial->claim.rows.len;
}

/* Nothing says that anything failed: then nothing may be missing. */
static void judge_result(struct trial *trial, const struct claim *good)
{
    const struct claim *claim = &trial->claim;

    if (claim->outcome != good->outcome || claim->named != good->named ||
        claim->noted != good->noted || claim->changed != good->changed ||
        claim->put_back != good->put_back || !claim->id[0] != !good->id[0] ||
        claim->stopped != good->stopped || claim->started != good->started ||
        (claim->rows.len != good->rows.len && !may_lack_rows(trial)))
        trial_is(trial, VERDICT_WRONG,
                 "no error, and half a result: outcome %d for %d, %d%d%d for %d%d%d, "
                 "%zu bytes for %zu",
                 (int)claim->outcome, (int)good->outcome, claim->named, claim->noted,
                 claim->changed, good->named, good->noted, good->changed, claim->rows.len,
                 good->rows.len);
}

static void judge_error(struct trial *trial, const struct claim *good)
{
    const struct hvs_error *err = &trial->claim.err;

    if (!err->domain)
        judge_result(trial, good);
    else if (!is_memory(err) && !good->err.domain)
        trial_is(trial, VERDICT_WRONG, "another error: %d/%lld %.150s", (int)err->domain,
                 (long long)err->code, err->message);
}

struct row {
    const struct operation *operation;
    enum wire_login login;
    struct claim good;
    unsigned long places, tried, survived;
    bool bad;
};

/* xmlParserInputBufferCreateMem() of libxml2 2.9 loses two when it cannot fill them. */
static bool lost_by_libxml2(const struct alloc_plan *plan, size_t lost)
{
    return plan->whose == ALLOC_LIBXML && lost % 2 == 0 && LIBXML_VERSION < 21100;
}

static void try(struct row *row, const struct alloc_plan *plan)
{
    struct trial trial = {.operation = row->operation, .login = row->login};
    size_t live = alloc_live();

    attempt(&trial, plan);
    if (!alloc_failed())
        trial_is(&trial, VERDICT_WRONG, "it never came to that");
    judge_error(&trial, &row->good);
    row->survived += !trial.claim.err.domain;
    trial_clear(&trial);
    if (alloc_live() != live && !lost_by_libxml2(plan, alloc_live() - live))
        trial_is(&trial, VERDICT_WRONG, "%zu leaked", alloc_live() - live);
    row->tried++;
    if (trial.verdict == VERDICT_TRUE)
        return;
    row->bad = true;
    printf("# %s, %s, %s allocation %lu%s: %s\n", row->operation->name,
           logins[row->login], kinds[plan->whose], plan->at,
           plan->on ? " and all after it" : "", trial.why);
}

static void try_all(struct row *row, enum alloc_whose whose, unsigned long count,
                    unsigned long tries)
{
    unsigned long i, most = tries && tries < count ? tries : count;
    struct alloc_plan plan = {.whose = whose};

    row->places += count;
    for (i = 0; i < most; i++) {
        plan.at = 1 + i * count / most;
        for (plan.on = false;; plan.on = true) {
            try(row, &plan);
            if (plan.on)
                break;
        }
    }
}

static void run(struct row *row, unsigned long tries)
{
    static const struct alloc_plan none;
    struct trial trial = {.operation = row->operation, .login = row->login};
    unsigned long ours, libxml;

    attempt(&trial, &none); /* what is made once, for good, is made here */
    trial_clear(&trial);
    attempt(&trial, &none);
    ours = alloc_count(ALLOC_OURS);
    libxml = alloc_count(ALLOC_LIBXML);
    row->good = trial.claim;
    if (trial.verdict != VERDICT_TRUE || trial.claim.err.domain) {
        row->bad = true;
        printf("# %s: %s %s\n", row->operation->name, trial.why, trial.claim.err.message);
    }
    try_all(row, ALLOC_OURS, ours, tries);
    try_all(row, ALLOC_LIBXML, libxml, tries);
    trial_clear(&trial);
}

int main(void)
{
    const char *few = getenv("ALLOC_TRIES"), *only = getenv("ALLOC_ONLY");
    unsigned long tries = few ? strtoul(few, NULL, 10) : TRIES;
    size_t c, i, number = 0;
    enum wire_login login;
    bool good = true;

    setvbuf(stdout, NULL, _IOLBF, 0);
    alloc_setup();
    for (c = 0; c < COUNT(commands_of); c++)
        for (i = 0; i < commands_of[c]->count; i++)
            for (login = WIRE_BASIC; login < WIRE_LOGINS; login++) {
                struct row row = {.operation = &commands_of[c]->rows[i], .login = login};

                if (only && strncmp(row.operation->name, only, strlen(only)) != 0)
                    continue;
                run(&row, tries);
                good = good && !row.bad;
                printf("%s %zu - %s, %s: %lu places, %lu tries, %lu well\n",
                       row.bad ? "not ok" : "ok", ++number, row.operation->name,
                       logins[login], row.places, row.tried, row.survived);
            }
    printf("1..%zu\n", number);
    return good && number ? 0 : 1;
}

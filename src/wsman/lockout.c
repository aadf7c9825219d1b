#include "wsman/lockout.h"

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How long a host that says nothing to the first try holds up the others, in ms; twice as
 * long each time, since what it does not tell may have been a wrong one. */
enum { SILENT_MS = 2000, MOST_SILENT = 5 };

struct account {
    struct account *next;
    char *name;
    bool good;
    const struct hvs_trial *holder; /* whose try the others wait for; NULL for none */
    int64_t waited;                 /* since when somebody does; 0: nobody */
    unsigned silent;                /* tries that were not waited for any longer */
    char *refused_by;               /* a host; NULL for none */
};

struct hvs_lockout {
    pthread_mutex_t lock;
    struct account *first;
};

struct hvs_lockout *hvs_lockout_new(void)
{
    struct hvs_lockout *lockout = calloc(1, sizeof(*lockout));

    if (lockout)
        pthread_mutex_init(&lockout->lock, NULL);
    return lockout;
}

void hvs_lockout_free(struct hvs_lockout *lockout)
{
    struct account *next;

    if (!lockout)
        return;
    while (lockout->first) {
        next = lockout->first->next;
        free(lockout->first->name);
        free(lockout->first->refused_by);
        free(lockout->first);
        lockout->first = next;
    }
    pthread_mutex_destroy(&lockout->lock);
    free(lockout);
}

/* The account's row, made where there is none. NULL without memory. */
static struct account *row_of(struct hvs_lockout *lockout, const char *name)
{
    struct account *row;

    for (row = lockout->first; row; row = row->next)
        if (strcasecmp(row->name, name) == 0)
            return row;
    row = calloc(1, sizeof(*row));
    if (!row)
        return NULL;
    row->name = strdup(name);
    if (!row->name) {
        free(row);
        return NULL;
    }
    row->next = lockout->first;
    return lockout->first = row;
}

static enum hvs_may_try look(struct account *row, const struct hvs_trial *trial,
                             int64_t now, struct hvs_error *err)
{
    if (row->refused_by) {
        hvs_err_set_hint(err, HVS_AUTH, 0,
                         "mend the login at that host first; each further try "
                         "could lock the account",
                         "'%s' refused the account '%s', so it is not tried again",
                         row->refused_by, row->name);
        return HVS_TRY_NOT;
    }
    if (row->good || row->holder == trial)
        return HVS_TRY_FREELY;
    if (!row->holder)
        return HVS_TRY_FIRST;
    if (!row->waited)
        row->waited = now;
    return now - row->waited < SILENT_MS << row->silent ? HVS_TRY_LATER : HVS_TRY_FIRST;
}

static void hold(struct account *row, struct hvs_trial *trial)
{
    if (row->holder && row->silent < MOST_SILENT)
        row->silent++;
    row->holder = trial;
    row->waited = 0;
    trial->trying = true;
}

static enum hvs_may_try ask(struct hvs_trial *trial, int64_t now, bool try,
                            struct hvs_error *err)
{
    struct hvs_lockout *lockout = trial->lockout;
    enum hvs_may_try may = HVS_TRY_NOT;
    struct account *row;

    if (!lockout || !trial->account)
        return HVS_TRY_FREELY;
    pthread_mutex_lock(&lockout->lock);
    row = row_of(lockout, trial->account);
    if (row)
        may = look(row, trial, now, err);
    else
        hvs_err_memory(err);
    if (try && may == HVS_TRY_FIRST)
        hold(row, trial);
    pthread_mutex_unlock(&lockout->lock);
    return may;
}

enum hvs_may_try hvs_trial_ask(struct hvs_trial *trial, int64_t now,
                               struct hvs_error *err)
{
    return ask(trial, now, true, err);
}

enum hvs_may_try hvs_trial_look(struct hvs_trial *trial, int64_t now,
                                struct hvs_error *err)
{
    return ask(trial, now, false, err);
}

/* What a try told: `host` refused it, or it was let in, or neither. */
static void tell(struct hvs_trial *trial, const char *host, bool good)
{
    struct hvs_lockout *lockout = trial->lockout;
    struct account *row;

    if (!lockout || !trial->account)
        return;
    pthread_mutex_lock(&lockout->lock);
    row = row_of(lockout, trial->account);
    if (row) {
        if (row->holder == trial) {
            row->holder = NULL;
            row->waited = 0;
        }
        row->good = row->good || good;
        if (host && !row->refused_by)
            row->refused_by = strdup(host);
    }
    pthread_mutex_unlock(&lockout->lock);
    trial->trying = false;
}

void hvs_trial_refused(struct hvs_trial *trial, const char *host)
{
    tell(trial, host, false);
}

void hvs_trial_good(struct hvs_trial *trial)
{
    if (trial->trying)
        tell(trial, NULL, true);
}

void hvs_trial_over(struct hvs_trial *trial)
{
    if (trial->trying)
        tell(trial, NULL, false);
}

#include "wsman/lockout.h"

#include "base/err.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct account {
    struct account *next;
    char *name;
    bool on_trial, good;
    char *refused_by; /* a host; NULL for none */
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

static enum hvs_may_try ask(struct account *row, struct hvs_error *err)
{
    if (row->refused_by) {
        hvs_err_set_hint(err, HVS_AUTH, 0,
                         "mend the login at that host first; each further try "
                         "could lock the account",
                         "'%s' refused the account '%s', so it is not tried again",
                         row->refused_by, row->name);
        return HVS_TRY_NOT;
    }
    if (row->good)
        return HVS_TRY_FREELY;
    if (row->on_trial)
        return HVS_TRY_LATER;
    row->on_trial = true;
    return HVS_TRY_FIRST;
}

enum hvs_may_try hvs_trial_ask(struct hvs_trial *trial, struct hvs_error *err)
{
    struct hvs_lockout *lockout = trial->lockout;
    enum hvs_may_try may = HVS_TRY_NOT;
    struct account *row;

    if (!lockout || !trial->account || trial->first)
        return HVS_TRY_FREELY;
    pthread_mutex_lock(&lockout->lock);
    row = row_of(lockout, trial->account);
    if (row)
        may = ask(row, err);
    else
        hvs_err_memory(err);
    pthread_mutex_unlock(&lockout->lock);
    trial->first = may == HVS_TRY_FIRST;
    return may;
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
        row->on_trial = row->on_trial && !trial->first;
        row->good = row->good || good;
        if (host && !row->refused_by)
            row->refused_by = strdup(host);
    }
    pthread_mutex_unlock(&lockout->lock);
    trial->first = false;
}

void hvs_trial_refused(struct hvs_trial *trial, const char *host)
{
    tell(trial, host, false);
}

void hvs_trial_good(struct hvs_trial *trial)
{
    if (trial->first)
        tell(trial, NULL, true);
}

void hvs_trial_over(struct hvs_trial *trial)
{
    if (trial->first)
        tell(trial, NULL, false);
}

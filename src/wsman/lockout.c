#include "wsman/lockout.h"

#include "base/err.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct refused {
    struct refused *next;
    char *account, *host;
};

struct hvs_lockout {
    pthread_mutex_t lock;
    struct refused *first;
};

struct hvs_lockout *hvs_lockout_new(void)
{
    struct hvs_lockout *lockout = calloc(1, sizeof(*lockout));

    if (lockout)
        pthread_mutex_init(&lockout->lock, NULL);
    return lockout;
}

static void refused_free(struct refused *refused)
{
    if (!refused)
        return;
    free(refused->account);
    free(refused->host);
    free(refused);
}

void hvs_lockout_free(struct hvs_lockout *lockout)
{
    struct refused *next;

    if (!lockout)
        return;
    while (lockout->first) {
        next = lockout->first->next;
        refused_free(lockout->first);
        lockout->first = next;
    }
    pthread_mutex_destroy(&lockout->lock);
    free(lockout);
}

void hvs_lockout_add(struct hvs_lockout *lockout, const char *account, const char *host)
{
    struct refused *refused;

    if (!lockout || !account)
        return;
    refused = calloc(1, sizeof(*refused));
    if (!refused)
        return;
    refused->account = strdup(account);
    refused->host = strdup(host);
    if (!refused->account || !refused->host) {
        refused_free(refused);
        return;
    }
    pthread_mutex_lock(&lockout->lock);
    refused->next = lockout->first;
    lockout->first = refused;
    pthread_mutex_unlock(&lockout->lock);
}

int hvs_lockout_check(struct hvs_lockout *lockout, const char *account,
                      struct hvs_error *err)
{
    const struct refused *refused;
    int rc = 0;

    if (!lockout || !account)
        return 0;
    pthread_mutex_lock(&lockout->lock);
    for (refused = lockout->first; refused && rc == 0; refused = refused->next)
        if (strcasecmp(refused->account, account) == 0)
            rc = hvs_err_set_hint(
                err, HVS_AUTH, 0,
                "mend the login at that host first; each further try "
                "could lock the account",
                "'%s' refused the account '%s', so it is not tried again", refused->host,
                account);
    pthread_mutex_unlock(&lockout->lock);
    return rc;
}

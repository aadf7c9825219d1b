#ifndef HVS_WSMAN_LOCKOUT_H
#define HVS_WSMAN_LOCKOUT_H

#include <hvsnap/client.h>

#include <stdint.h>

/*
 * What is known of an account, for all sessions of a run. While nobody knows whether its
 * password is right, one session alone may try it, and the others wait: many wrong tries
 * at once would lock it. The others do not wait for a host that is slow to be reached,
 * since it is asked when the secret is about to go out; nor for ever for one that says
 * nothing to it.
 */
enum hvs_may_try {
    HVS_TRY_NOT = -1, /* a host refused it: *err says which */
    HVS_TRY_FREELY,
    HVS_TRY_FIRST,    /* the others wait for what comes of it */
    HVS_TRY_LATER,    /* another session is at it: ask again in a while */
};

/* A session's side of it. Without an account or a lockout everything may be tried. */
struct hvs_trial {
    struct hvs_lockout *lockout; /* lent; or NULL */
    char *account;               /* the owner's; NULL where no password is tried */
    bool trying;                 /* it was told FIRST, and has not told what came of it */
};

/* May it be tried now, in ms of a clock that only goes on? Told FIRST, call one of those
 * below in the end. */
enum hvs_may_try hvs_trial_ask(struct hvs_trial *trial, int64_t now,
                               struct hvs_error *err);

/* What hvs_trial_ask() would answer now; nothing is tried. */
enum hvs_may_try hvs_trial_look(struct hvs_trial *trial, int64_t now,
                                struct hvs_error *err);

/* A host refused the account; `host` is for messages. */
void hvs_trial_refused(struct hvs_trial *trial, const char *host);

/* A host let it in. */
void hvs_trial_good(struct hvs_trial *trial);

/* The try, if there was one, told nothing: somebody else may make the first. */
void hvs_trial_over(struct hvs_trial *trial);

#endif

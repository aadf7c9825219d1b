#ifndef HVS_HYPERV_LADDER_H
#define HVS_HYPERV_LADDER_H

#include "auth/mech.h"
#include "hyperv/client.h"
#include "hyperv/endpoint.h"
#include "transport/probe.h"

#include <hvsnap/doctor.h>
#include <hvsnap/vm.h>

/*
 * The doctor's walk: what it knows so far. Each rung is a function that says at least
 * what came of itself; one that does not say anything is skipped.
 */
struct hvs_ladder {
    struct hvs_client_opts opts;
    struct hvs_doctor_opts how;
    struct hvs_endpoint where;
    struct hvs_credentials who; /* lent, but for `domain` */
    char *domain;
    unsigned port;
    int64_t deadline; /* on hvs_clock_ms(); 0 for none */
    struct hvs_doctor_report *report;
    struct hvs_finding *found[HVS_RUNG_LIMITS + 1];
    struct hvs_error err; /* of the first rung that failed */

    struct hvs_addresses addresses;
    struct hvs_certificate certificate;
    struct hvs_client *client;   /* who logs in; NULL without the means */
    struct hvs_error no_client;  /* why there is none */
    char mechanism[16];          /* by which; "" without a client */
    struct hvs_evidence evidence;
    bool tried;                  /* the login was */
    struct hvs_error refusal;    /* what the try ended with */
    char vm[64];                 /* the GUID of a VM, or "": there is none */
    bool unbound;                /* it was refused, and taken where nothing is bound */
};

/* --- what is said: ladder.c */

/* The finding of a rung, filled; lent. */
struct hvs_finding *hvs_ladder_say(struct hvs_ladder *ladder, enum hvs_rung rung,
                                   enum hvs_verdict verdict, const char *fmt, ...)
    HVS_PRINTF(4, 5);

/* It failed with this: the walk ends here. */
struct hvs_finding *hvs_ladder_fail(struct hvs_ladder *ladder, enum hvs_rung rung,
                                    const struct hvs_error *why);

/* Other words for what can be done. */
void hvs_finding_hint(struct hvs_finding *finding, const char *text);
void hvs_finding_cause(struct hvs_finding *finding, const char *fmt, ...)
    HVS_PRINTF(2, 3);
void hvs_finding_on_host(struct hvs_finding *finding, const char *fmt, ...)
    HVS_PRINTF(2, 3);
void hvs_finding_command(struct hvs_finding *finding, const char *fmt, ...)
    HVS_PRINTF(2, 3);

/* What differs in a call that could be made instead; NULL and 0 for what stays. */
struct hvs_again {
    bool other_scheme;
    const char *auth, *option, *value;
};

/* Have the finding's command be this very call, with the difference. */
void hvs_ladder_again(const struct hvs_ladder *ladder, struct hvs_finding *finding,
                      const struct hvs_again *again);

/* --- waiting, within the deadline: ladder_wait.c */

/* What is left, in ms; -1 for no limit. */
int64_t hvs_ladder_left(const struct hvs_ladder *ladder);

/* Wait for any of `count` descriptors (4 at the most), `most_ms` (-1: no limit) at the
 * longest. -1, with *err set, when the time of all is over or somebody wants to stop. */
int hvs_ladder_poll(const struct hvs_ladder *ladder, struct pollfd *fds, size_t count,
                    int64_t most_ms, struct hvs_error *err) HVS_MUST_CHECK;

/* Drive an operation to its end. Its limit is what is left. */
void hvs_ladder_limit(const struct hvs_ladder *ladder, struct hvs_client *client);
void hvs_ladder_drive(const struct hvs_ladder *ladder, struct hvs_run *run);

/* Do a blocking call on a thread, which is abandoned when the time is over; then -1 with
 * *err set. 0: it is over, however it went, and *call is the caller's to free. */
int hvs_ladder_block(const struct hvs_ladder *ladder, struct hvs_blocking *call,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* An empty POST without any login, which shows what the host says to a stranger. */
struct hvs_knock {
    bool unchecked;      /* whatever its certificate */
    bool hold_tongue;    /* send nothing: the connection is all that is wanted */
    struct hvs_posted posted; /* without what is lent */
    struct hvs_error trouble; /* why nothing came back; HVS_OK when something did */
    bool at_proxy;            /* it got no further than the proxy */
    char schemes[128];
    struct hvs_buf certificate; /* PEM */
};
int hvs_ladder_knock(const struct hvs_ladder *ladder, struct hvs_knock *knock,
                     struct hvs_error *err) HVS_MUST_CHECK;

/* --- the rungs */

typedef void hvs_rung_fn(struct hvs_ladder *ladder);

hvs_rung_fn hvs_rung_resolve, hvs_rung_tcp;                  /* rung_way.c */
hvs_rung_fn hvs_rung_tls;                                    /* rung_tls.c */
hvs_rung_fn hvs_rung_winrm, hvs_rung_clock, hvs_rung_schemes; /* rung_winrm.c */
hvs_rung_fn hvs_rung_kerberos;                               /* rung_kerberos.c */
hvs_rung_fn hvs_rung_login, hvs_rung_binding, hvs_rung_sealing; /* rung_login.c */
hvs_rung_fn hvs_rung_wmi, hvs_rung_hyperv, hvs_rung_vms;     /* rung_rights.c */
hvs_rung_fn hvs_rung_methods;                                /* rung_methods.c */
hvs_rung_fn hvs_rung_limits;                                 /* rung_limits.c */

/* rung_login.c: try to log in, once. */
void hvs_ladder_log_in(struct hvs_ladder *ladder);

/* rung_login.c: with `all`, the other ways to log in. */
void hvs_ladder_other_logins(struct hvs_ladder *ladder);

/* rung_rights.c: which rung a host's fault is about. */
enum hvs_rung hvs_rung_of_fault(const struct hvs_error *err);

/* rung_rights.c: have the finding say how to give the account its rights, on the host. */
void hvs_ladder_give_rights(const struct hvs_ladder *ladder, struct hvs_finding *f);

/* rung_rights.c: a rung failed with a host's fault; says what helps on the host. */
void hvs_ladder_fault(struct hvs_ladder *ladder, const struct hvs_error *err);

#endif

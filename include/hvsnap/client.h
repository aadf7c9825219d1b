#ifndef HVSNAP_CLIENT_H
#define HVSNAP_CLIENT_H

#include <hvsnap/error.h>

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * One Hyper-V host: a connection, made when it is first needed, and a login on it.
 *
 * Use a client from one thread at a time, and run one operation on it at a time.
 */
struct hvs_client;

/** How to log in. */
enum hvs_auth_method {
    HVS_AUTH_NEGOTIATE, /**< NTLM where a password is given, else Kerberos; over clear
                             HTTP never NTLM */
    HVS_AUTH_KERBEROS,  /**< never anything else */
    HVS_AUTH_NTLM,      /**< NTLMv2 */
    HVS_AUTH_BASIC,     /**< over TLS alone */
    HVS_AUTH_CERTIFICATE, /**< a TLS client certificate */
};

/** What a line of the trace is. */
enum hvs_trace_kind {
    HVS_TRACE_NOTE,    /**< what the client does: a login leg, a new connection, a wait */
    HVS_TRACE_REQUEST, /**< a SOAP envelope as it was before it was sealed */
    HVS_TRACE_REPLY,   /**< a SOAP envelope, unsealed */
};

/** Told what goes over the wire. Passwords and tokens are never in it. `text` is UTF-8
 * from a host: escape it before a terminal sees it. */
typedef void hvs_trace_fn(void *arg, enum hvs_trace_kind kind, const char *text);

/**
 * Remembers accounts that a host has refused. Shared by the clients of a run, it keeps
 * one wrong password from being tried on every host, which would lock the account. An
 * account is what was given as its name: "admin" of one host counts as "admin" of another
 * too, since whoever gives one name for both gives one password. Safe to use from several
 * threads; it must outlive the clients.
 */
struct hvs_lockout;

/** NULL when memory ran out. */
HVS_API struct hvs_lockout *hvs_lockout_new(void);
/** NULL is fine. */
HVS_API void hvs_lockout_free(struct hvs_lockout *lockout);

/**
 * Kerberos tickets that the clients of a run share: with a password or a keytab the KDC
 * is asked once for all of them, and an account that it has refused is not tried again.
 * Safe to use from several threads; a client holds it for as long as it needs.
 */
struct hvs_tickets;

/** NULL when memory ran out. */
HVS_API struct hvs_tickets *hvs_tickets_new(void);
/** NULL is fine. */
HVS_API void hvs_tickets_free(struct hvs_tickets *tickets);

/**
 * Is there a Kerberos ticket of this user ("user@REALM", "DOMAIN\user"; NULL for
 * anybody's) that has not expired, so that no password is needed? Reads ticket caches and
 * asks no KDC. Takes `timeout_ms` at the most; what cannot be told in time is no.
 */
HVS_API bool hvs_ticket_at_hand(const char *user, uint32_t timeout_ms);

struct hvs_fleet;

/**
 * How to reach a host. Start from HVS_CLIENT_OPTS_INIT, set what differs.
 *
 * All strings are UTF-8 and copied; the password is wiped when the client closes. The
 * library reads no environment variable; libkrb5 reads its own (KRB5CCNAME, KRB5_CONFIG).
 */
struct hvs_client_opts {
    size_t size;         /**< set by the initialiser: lets later versions grow */
    const char *host;    /**< required: a name or an address; IPv6 without brackets, a
                              zone may follow ("fe80::1%eth0") */
    uint16_t port;       /**< 0 for the scheme's own: 5986, or 5985 without TLS */
    bool plain_http;     /**< no TLS: every message is sealed instead */
    enum hvs_auth_method auth;
    const char *user;     /**< "DOMAIN\user", "user@REALM" or a local "user"; NULL for the
                               Kerberos ticket in the cache */
    const char *password; /**< NULL for a ticket cache or a keytab */
    const char *keytab;   /**< a keytab file that holds the user's key, or NULL */
    const char *service;  /**< of the Kerberos SPN: NULL for "HTTP"; "WSMAN", "host" */
    const char *ca_file;  /**< PEM file of the CAs to trust; NULL for the system's */
    bool insecure;        /**< trust any certificate, and whoever sits between */
    const char *language; /**< of the host's messages; NULL for "en-US" */
    uint32_t timeout_ms;  /**< for a whole operation, from its start to its end: name
                               resolution, login, calls and job; 0 for none */
    hvs_trace_fn *trace;  /**< NULL for none */
    void *trace_arg;      /**< handed to `trace` */
    const char *const *pins; /**< keys the host may have, as "sha256//BASE64", ending in
                                  NULL; they replace the checks of chain and name */
    const char *tls_name;   /**< the name that the certificate must have instead */
    const char *connect_to; /**< "host:port" to connect to instead: a tunnel's end */
    const char *proxy;      /**< a proxy's URL; never taken from the environment */
    const char *proxy_user; /**< "user:password" for the proxy */
    const char *cert_file; /**< a client certificate in PEM, for HVS_AUTH_CERTIFICATE */
    const char *key_file;  /**< its key, without a passphrase; NULL: in cert_file */
    struct hvs_lockout *lockout; /**< shared with other clients; NULL for none */
    struct hvs_tickets *tickets; /**< shared with other clients; NULL for its own */
    struct hvs_fleet *fleet; /**< whose operations may go on at the same time as this
                                  client's, see fleet.h; NULL for none. It must outlive
                                  the client */
};
#define HVS_CLIENT_OPTS_INIT {.size = sizeof(struct hvs_client_opts)}

/**
 * Make a client. Connects to nothing yet.
 *
 * @param out   the new client, yours to close; NULL on failure
 * @param opts  borrowed for the call
 * @return 0, or -1 with *err filled (HVS_USAGE, HVS_AUTH for a mechanism that this build
 *         or this machine cannot offer, or HVS_SYSTEM)
 */
HVS_API int hvs_client_open(struct hvs_client **out, const struct hvs_client_opts *opts,
                            struct hvs_error *err) HVS_MUST_CHECK;

/** Close the connection and free the client. No run may be left on it. NULL is fine. */
HVS_API void hvs_client_close(struct hvs_client *client);

/** Change the time that operations started from now on may take; 0 for no limit. */
HVS_API void hvs_client_set_timeout(struct hvs_client *client, uint32_t timeout_ms);

/** One HTTP exchange, as it was seen. */
struct hvs_hop {
    bool login;         /**< a leg of the login, not a request */
    int net_code;       /**< CURLcode; 0 for a reply */
    int status;         /**< HTTP status; 0 without a reply */
    char schemes[128];  /**< what WWW-Authenticate offered, without tokens */
    int64_t host_clock; /**< Date of the reply: ms since 1970, UTC; 0 without one */
    int64_t our_clock;  /**< the same moment by our own clock */
};

/** The last exchanges with a host, and what the login made of them. Fields are only
 * ever added at the end. */
struct hvs_evidence {
    char mechanism[16];  /**< "kerberos", "ntlm", "basic" */
    char account[256];   /**< who we are, as far as the login told; may be empty */
    char domain[256];    /**< the domain or realm of the account; may be empty */
    char spn[256];       /**< the Kerberos service asked for, or empty */
    uint32_t ntlm_flags; /**< MS-NLMP 2.2.2.5, as negotiated; 0 when not NTLM */
    uint32_t gss_major;  /**< of the last GSSAPI call */
    uint32_t gss_minor;  /**< of the last GSSAPI call */
    bool bound;          /**< the login was bound to the host's TLS certificate */
    unsigned requests;   /**< how many POSTs were begun in all */
    unsigned logins;     /**< how many of them were legs of a login */
    unsigned hop_count;  /**< rows of `hops` in use */
    struct hvs_hop hops[8]; /**< the last ones, oldest first */
    int64_t until_ms;       /**< when the Kerberos ticket ends, ms since 1970 in UTC by
                                 our clock; 0 without one */
    bool clock_known; /**< the host has told the time, and nobody else can have: over
                           clear HTTP only what agrees with its login counts */
    int64_t clock_ahead_ms; /**< by how much its clock is ahead of ours, if so */
};

/** Lent: good until the client is used again or closed. Never NULL. */
HVS_API const struct hvs_evidence *hvs_client_evidence(const struct hvs_client *client);

/** What a host says it is. Free with hvs_identity_free(). */
struct hvs_identity {
    char *vendor;   /**< "Microsoft Corporation" */
    char *version;  /**< "OS: 10.0.20348 SP: 0.0 Stack: 3.0"; before login OS: 0.0.0 */
    char *protocol; /**< the WS-Management namespace it speaks */
};

/* --- An operation under way ------------------------------------------------------ */

/**
 * An operation under way on a client.
 *
 * Every operation can be had in two ways. hvs_NOUN_VERB() blocks. hvs_NOUN_VERB_start()
 * returns a run for a loop of your own:
 *
 *     while (hvs_run_step(run) == HVS_RUN_GOES_ON) {
 *         count = hvs_run_fds(run, fds, 8);
 *         poll(fds, count, hvs_run_timeout(run));
 *     }
 *     rc = hvs_NOUN_VERB_end(run, &result, &err);
 *
 * A run is freed by its _end(), which may be called at any time: a run that is not over
 * is stopped first, and what it had begun is claimed as unknown.
 */
struct hvs_run;

/** What hvs_run_step() found. */
enum hvs_run_state { HVS_RUN_GOES_ON, HVS_RUN_ENDED };

/** Where an operation is. */
enum hvs_phase {
    HVS_PHASE_FIND,   /**< looking for the VM or the snapshot */
    HVS_PHASE_CHANGE, /**< asking the host to act */
    HVS_PHASE_JOB,    /**< the host works; `percent` moves */
    HVS_PHASE_DOUBT,  /**< a reply was lost: finding out what the host did */
    HVS_PHASE_VERIFY, /**< reading back what was done */
    HVS_PHASE_MERGE,  /**< the host merges disks; `percent` moves where it tells */
};

/** Told to a progress function. Strings are lent for the call. */
struct hvs_progress {
    enum hvs_phase phase;
    const char *job;  /**< InstanceID of the host's job, or "" */
    unsigned percent; /**< 0 to 100, of the job, or of the merge */
    int64_t elapsed_ms; /**< since the run began */
};
typedef void hvs_progress_fn(void *arg, const struct hvs_progress *progress);

/** Have `fn` told of every change of phase or percentage. */
HVS_API void hvs_run_on_progress(struct hvs_run *run, hvs_progress_fn *fn, void *arg);

/** What to poll for. Fills at most `max` rows and returns how many; 8 are enough. */
HVS_API size_t hvs_run_fds(struct hvs_run *run, struct pollfd *fds, size_t max);

/** How long to poll at the most, in ms, before hvs_run_step() must be called. */
HVS_API int hvs_run_timeout(struct hvs_run *run);

/** Do what can be done without waiting. */
HVS_API enum hvs_run_state hvs_run_step(struct hvs_run *run);

/**
 * Give up: nothing new is begun, a change in flight is left to the host and claimed as
 * unknown unless its reply arrives, an open enumeration is released. The run still has
 * to be stepped to its end, which takes a few seconds at most; but where a setting of a
 * VM was changed for this call, it is put back first, and the host's job waited for
 * before that: a minute at most. Called again: nothing is put back any more.
 *
 * @param why  the error that the run shall end with; copied
 */
HVS_API void hvs_run_stop(struct hvs_run *run, const struct hvs_error *why);

/** Does it hold, as was asked of it, and wait for hvs_run_release()? */
HVS_API bool hvs_run_is_held(const struct hvs_run *run);

/** Let a run that holds go on with its next step; no other one heeds it. */
HVS_API void hvs_run_release(struct hvs_run *run);

/** What a person would do on the host to put back what this run has changed there for
 * its own sake, should it end now: PowerShell. "" for nothing. Lent for a step. */
HVS_API const char *hvs_run_by_hand(const struct hvs_run *run);

/** What may be claimed of a change at the end of a run. */
enum hvs_outcome {
    HVS_OUTCOME_NOT_DONE, /**< nothing was changed: safe to repeat */
    HVS_OUTCOME_DONE,     /**< it is there: the host was asked again and showed it */
    HVS_OUTCOME_STARTED,  /**< the host's job is at it, and goes on without us */
    HVS_OUTCOME_UNKNOWN,  /**< may or may not have happened: look before repeating */
};

/** "done", "not-done", "started", "unknown". Never NULL. */
HVS_API const char *hvs_outcome_name(enum hvs_outcome outcome);

/** hvs_identify() asks the host what it is, with `anonymous` before any login. */
HVS_API int hvs_identify(struct hvs_client *client, bool anonymous,
                         struct hvs_identity **out, struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_identify_start(struct hvs_run **out, struct hvs_client *client,
                               bool anonymous, struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_identify_end(struct hvs_run *run, struct hvs_identity **out,
                             struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_identity_free(struct hvs_identity *identity);

#ifdef __cplusplus
}
#endif

#endif

#ifndef HVSNAP_DOCTOR_H
#define HVSNAP_DOCTOR_H

#include <hvsnap/client.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The rungs of the ladder, in the order in which they are climbed: each stands on those
 * before it. */
enum hvs_rung {
    HVS_RUNG_RESOLVE,  /**< does the name have addresses */
    HVS_RUNG_TCP,      /**< does anything listen */
    HVS_RUNG_TLS,      /**< is the certificate trusted */
    HVS_RUNG_WINRM,    /**< is it WinRM that answers */
    HVS_RUNG_CLOCK,    /**< do the clocks agree */
    HVS_RUNG_SCHEMES,  /**< does it offer the way we log in */
    HVS_RUNG_KERBEROS, /**< is there a ticket for it */
    HVS_RUNG_LOGIN,    /**< does it let us in */
    HVS_RUNG_BINDING,  /**< was the login bound to the certificate */
    HVS_RUNG_SEALING,  /**< over clear HTTP: are messages sealed */
    HVS_RUNG_WMI,      /**< may this account read WMI */
    HVS_RUNG_HYPERV,   /**< is Hyper-V there */
    HVS_RUNG_VMS,      /**< may this account see VMs */
    HVS_RUNG_METHODS,  /**< may this account call methods, as taking a snapshot is */
    HVS_RUNG_LIMITS,   /**< how much and how long the host allows */
};

/** "resolve", "tcp", ... Never NULL. */
HVS_API const char *hvs_rung_name(enum hvs_rung rung);

enum hvs_verdict {
    HVS_VERDICT_SKIPPED, /**< not looked at; `seen` says why */
    HVS_VERDICT_PASS,
    HVS_VERDICT_WARN, /**< it goes on, but look at it */
    HVS_VERDICT_FAIL,
};

/** "skipped", "pass", "warning", "fail". Never NULL. */
HVS_API const char *hvs_verdict_name(enum hvs_verdict verdict);

/** What came of one rung. Texts are empty where there is nothing to say; what a host said
 * may stand in them: escape it before a terminal sees it. Fields are only ever added at
 * the end. */
struct hvs_finding {
    enum hvs_rung rung;
    enum hvs_verdict verdict;
    char mechanism[16];      /**< of a login that was tried beside the ladder */
    char seen[1024];         /**< what was seen */
    char hint[512];          /**< what to do, as a sentence */
    char causes[1536];       /**< what may be behind it, a line each, likeliest first */
    char command[768];       /**< to paste into a shell here */
    char host_command[768];  /**< to paste into an administrator's PowerShell there */
};

/** The host's certificate. */
struct hvs_certificate {
    char subject[256];
    char issuer[256];
    char names[512];     /**< DNS names and addresses it is for, with commas between */
    int64_t not_before;  /**< ms since 1970, UTC */
    int64_t not_after;
    char pin[64];        /**< for hvs_client_opts.pins */
    char thumbprint[48]; /**< SHA-1 of it all, as Windows shows it */
};

/** What a walk up the ladder found. Fields are only ever added at the end. */
struct hvs_doctor_report {
    size_t count;
    struct hvs_finding **findings; /**< all rungs, then other logins that were tried */
    const struct hvs_evidence *evidence; /**< of the login; never NULL */
    const struct hvs_certificate *certificate; /**< NULL when none was seen */
};

/** Start from HVS_DOCTOR_OPTS_INIT, set what differs. */
struct hvs_doctor_opts {
    size_t size; /**< set by the initialiser: lets later versions grow */
    bool all;    /**< try every way to log in: mind that a wrong password counts each
                      time towards locking the account */
    int stop_fd; /**< give up as soon as it is readable; -1 for none */
    /** Told of each finding as it is made; NULL for nobody. */
    void (*told)(void *arg, const struct hvs_finding *finding);
    void *told_arg;
};
#define HVS_DOCTOR_OPTS_INIT {.size = sizeof(struct hvs_doctor_opts), .stop_fd = -1}

/**
 * Find out step by step why a host cannot be used. Reads only. Blocks, for as long as
 * `client->timeout_ms` says at the most.
 *
 * The first rung that fails decides: those after it are skipped, and *err is its error.
 *
 * @param out     yours to free; NULL only when the options were wrong or memory ran out
 * @param client  how to reach the host; its trace is told of the requests
 * @return 0 when no rung failed, else -1
 */
HVS_API int hvs_doctor(struct hvs_doctor_report **out,
                       const struct hvs_client_opts *client,
                       const struct hvs_doctor_opts *opts,
                       struct hvs_error *err) HVS_MUST_CHECK;

/** NULL is fine. */
HVS_API void hvs_doctor_report_free(struct hvs_doctor_report *report);

#ifdef __cplusplus
}
#endif

#endif

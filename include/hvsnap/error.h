#ifndef HVSNAP_ERROR_H
#define HVSNAP_ERROR_H

#include <stdint.h>

#ifdef __GNUC__
#define HVS_API __attribute__((visibility("default")))
#define HVS_MUST_CHECK __attribute__((warn_unused_result))
#define HVS_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define HVS_API
#define HVS_MUST_CHECK
#define HVS_PRINTF(fmt, args)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Who reported a failure; it tells what `hvs_error.code` counts. */
enum hvs_domain {
    HVS_OK = 0, /**< no error */
    HVS_USAGE,  /**< the caller passed something wrong; code is 0 */
    HVS_SYSTEM, /**< the operating system; code is an errno */
    HVS_NET,    /**< the network or TLS; code is a CURLcode */
    HVS_HTTP,   /**< the listener; code is the HTTP status */
    HVS_AUTH,   /**< the login; code is a GSSAPI minor status, or 0 */
    HVS_XML,    /**< a reply that cannot be read; code is its line, or 0 */
    HVS_SOAP,   /**< a SOAP fault; code is the WSManFault or WMI error code */
    HVS_JOB,    /**< Hyper-V itself; code is a ReturnValue or a job's ErrorCode */
};

/**
 * What a failure means to whoever must react to it. The numbers are the exit statuses
 * of the program, and fixed.
 */
enum hvs_class {
    HVS_CLASS_DONE = 0,          /**< no failure */
    HVS_CLASS_FAILED = 1,        /**< none of the others */
    HVS_CLASS_USAGE = 2,         /**< the call itself was wrong */
    HVS_CLASS_PARTIAL = 3,       /**< some targets failed */
    HVS_CLASS_AUTH = 4,          /**< login refused, or no rights */
    HVS_CLASS_NOT_FOUND = 5,     /**< no such VM, snapshot or job; no Hyper-V */
    HVS_CLASS_CONFLICT = 6,      /**< several objects fit, or one is in the way */
    HVS_CLASS_CONNECT = 7,       /**< DNS, TCP, TLS, or what answers is not WinRM */
    HVS_CLASS_DEADLINE = 8,      /**< the time is over; a job may go on */
    HVS_CLASS_BUSY = 9,          /**< the host is busy or a quota is full: try later */
    HVS_CLASS_JOB = 10,          /**< the host's job failed */
    HVS_CLASS_REFUSED = 11,      /**< a state or a guard forbids it */
    HVS_CLASS_UNKNOWN = 12,      /**< it may or may not have happened */
    HVS_CLASS_HUNG_UP = 129,     /**< stopped by SIGHUP */
    HVS_CLASS_INTERRUPTED = 130, /**< stopped by SIGINT */
    HVS_CLASS_QUIT = 131,        /**< stopped by SIGQUIT */
    HVS_CLASS_TERMINATED = 143,  /**< stopped by SIGTERM */
};

/**
 * One failure, owned by the caller and needing no cleanup.
 *
 * Start from `{0}`. The first failure recorded wins; later ones are dropped, so the
 * message always names the root cause. All text is UTF-8, cut between characters.
 * What a host said in it may hold control characters: escape it before a terminal
 * sees it.
 */
struct hvs_error {
    enum hvs_domain domain;
    enum hvs_class class_; /**< what it means: the exit status that it leads to */
    int64_t code;          /**< the domain's own number */
    char message[512];     /**< what happened: lower case, no full stop */
    char hint[512];        /**< what to try next, or empty */
    char detail[2048];     /**< all that the host said, nested errors too, or empty */
};

/** The name of a domain: "soap", "job", ... Never NULL. */
HVS_API const char *hvs_domain_name(enum hvs_domain domain);

/** The name of a class: "not-found", "busy", ... Never NULL. */
HVS_API const char *hvs_class_name(enum hvs_class class_);

#ifdef __cplusplus
}
#endif

#endif

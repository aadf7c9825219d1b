#ifndef HVSNAP_JOB_H
#define HVSNAP_JOB_H

#include <hvsnap/vm.h>

/*
 * The host's jobs: what a change leaves behind when it takes time. They go on without us,
 * can be followed from another process, and some can be stopped. A host forgets a job
 * five minutes after its end, and all of them when its service restarts.
 */

#ifdef __cplusplus
extern "C" {
#endif

/** A job. Strings are UTF-8 and never NULL. Fields are only ever added at the end. */
struct hvs_job {
    char *id;        /**< InstanceID: a GUID */
    char *class_;    /**< "Msvm_ConcreteJob", or a sister of it */
    char *caption;   /**< what the host calls it, in the host's language */
    uint32_t type;   /**< JobType; hvs_job_type_name() has the words */
    uint32_t state;  /**< JobState; hvs_job_state_name() has the words */
    bool over;       /**< it has ended, well or not */
    unsigned percent;
    bool cancellable;
    char *owner;     /**< "DOMAIN\user" who asked for it, or "" */
    char *vm_id;     /**< GUID of the VM that it acts on, or "" */
    char *vm_name;   /**< of that VM, or "" where it was not asked for */
    char *snapshot_id;  /**< GUID of the snapshot that it has made, or "" */
    int64_t started_ms; /**< ms since 1970 in UTC by the host's clock, or HVS_TIME_NONE */
    int64_t changed_ms; /**< when its state changed last: its end, when it is over */
    int64_t elapsed_ms; /**< how long it has run, or ran; 0 when not told */
    uint32_t error_code;
    char *error;     /**< what the host says of its failure, or "" */
};

/** "snapshot", "apply", "delete", "merge", "export", "modify", "storage", ...; the number
 * in `buf` for one without a name. Returns `buf` or a literal. */
HVS_API const char *hvs_job_type_name(const struct hvs_job *job, char buf[16]);

/** "new", "starting", "running", "suspended", "stopping", "completed", "warnings" (it is
 * completed, and the host's event log says more), "terminated", "killed", "failed"; the
 * number in `buf` for one without a name. Returns `buf` or a literal. */
HVS_API const char *hvs_job_state_name(uint32_t state, char buf[16]);

struct hvs_job_list {
    size_t count;
    struct hvs_job **items; /**< those that run, then those that are over; by start */
    /** Of a whole host: not even its own row could be seen. Hosts show an account without
     * rights an empty list instead of an error. */
    bool maybe_no_rights;
};

/** List the jobs of one VM (a name, whole, or a GUID), or of the host (NULL): what runs,
 * and what has ended within the last five minutes. Three requests, however many jobs. */
HVS_API int hvs_job_list(struct hvs_client *client, const char *vm,
                         struct hvs_job_list **out, struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_job_list_start(struct hvs_run **out, struct hvs_client *client,
                               const char *vm, struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_job_list_end(struct hvs_run *run, struct hvs_job_list **out,
                             struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_job_list_free(struct hvs_job_list *list);

/** Start from HVS_JOB_WAIT_OPTS_INIT. Strings are copied. */
struct hvs_job_wait_opts {
    size_t size;     /**< set by the initialiser: lets later versions grow */
    const char *job; /**< required: its InstanceID */
};
#define HVS_JOB_WAIT_OPTS_INIT {.size = sizeof(struct hvs_job_wait_opts)}

/** What became of a job. Filled after a failure too, as far as it is known. */
struct hvs_job_wait_result {
    enum hvs_outcome outcome; /**< of the job: DONE when it completed; NOT_DONE when it
                                   failed or was stopped; STARTED when it goes on; UNKNOWN
                                   when its end was not seen, or when it completed with an
                                   error code */
    struct hvs_job *job;      /**< as it was last seen; NULL when it never was. Of a
                                   snapshot that it made: snapshot_id */
};

/** Follow a job to its end, whoever started it. Success means that the host showed it as
 * completed; how it failed is the error otherwise (HVS_CLASS_JOB). */
HVS_API int hvs_job_wait(struct hvs_client *client, const struct hvs_job_wait_opts *opts,
                         struct hvs_job_wait_result **out,
                         struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_job_wait_start(struct hvs_run **out, struct hvs_client *client,
                               const struct hvs_job_wait_opts *opts,
                               struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_job_wait_end(struct hvs_run *run, struct hvs_job_wait_result **out,
                             struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_job_wait_result_free(struct hvs_job_wait_result *result);

/** Start from HVS_JOB_CANCEL_OPTS_INIT. Strings are copied. */
struct hvs_job_cancel_opts {
    size_t size;      /**< set by the initialiser */
    const char *job;  /**< required: its InstanceID */
    unsigned retries; /**< how often it is sent again, if it provably did not begin, or
                           had no effect */
};
#define HVS_JOB_CANCEL_OPTS_INIT \
    {.size = sizeof(struct hvs_job_cancel_opts), .retries = 2}

/** What a cancel came to. Filled after a failure too, as far as it is known. */
struct hvs_job_cancel_result {
    enum hvs_outcome outcome; /**< DONE: the job no longer runs, and did not complete */
    bool asked;          /**< the host was asked to stop it: it had not ended before */
    bool killed;         /**< the host was asked to kill it, since to terminate it was not
                              enough */
    bool gone;           /**< it is no longer there, so how it ended cannot be told */
    struct hvs_job *job; /**< as it was last seen; NULL when it was not found */
};

/**
 * Stop a job: ask the host to terminate it, look until it has ended, and ask to kill it
 * where it goes on for ten seconds. Success means that the host was asked again and shows
 * it as terminated, killed or failed, whoever brought that about, or no longer has it.
 * One that the host does not let be stopped is refused, and nothing is sent; one that
 * completed before it could be stopped is an error too (both HVS_CLASS_REFUSED).
 */
HVS_API int hvs_job_cancel(struct hvs_client *client,
                           const struct hvs_job_cancel_opts *opts,
                           struct hvs_job_cancel_result **out,
                           struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_job_cancel_start(struct hvs_run **out, struct hvs_client *client,
                                 const struct hvs_job_cancel_opts *opts,
                                 struct hvs_error *err) HVS_MUST_CHECK;
HVS_API int hvs_job_cancel_end(struct hvs_run *run, struct hvs_job_cancel_result **out,
                               struct hvs_error *err) HVS_MUST_CHECK;
/** NULL is fine. */
HVS_API void hvs_job_cancel_result_free(struct hvs_job_cancel_result *result);

#ifdef __cplusplus
}
#endif

#endif

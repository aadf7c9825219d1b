#ifndef SIM_INVOKE_H
#define SIM_INVOKE_H

#include "hvsim/call.h"

/* Methods: parameters in, an answer out. */

enum { SIM_MOST_PARAMETERS = 5 };

struct sim_parameter {
    const char *name;
    enum sim_type type;
    bool array;
};

/* What came for one parameter. */
struct sim_arg {
    bool given; /* not left out, and not nil */
    bool cdata; /* some of the text came in a CDATA section */
    char **texts;
    struct sim_ref *refs; /* for references; class_ is NULL where nothing was found */
    size_t count;         /* of texts or references */
};

/* What a method says beside its ReturnValue. */
struct sim_outcome {
    struct sim_job *job;
    char made[HVS_UUID_SIZE]; /* ResultingSnapshot, or "" */
    struct hvs_buf raw;       /* elements ready to be sent: Errors, SummaryInformation */
};

struct sim_method {
    const struct sim_class *class_;
    const char *name;
    bool reads; /* changes nothing, so that reading rights are enough */
    int (*run)(struct sim_call *call, const struct sim_ref *self,
               const struct sim_arg *args, struct sim_outcome *out);
    const char *outs; /* its out parameters and ReturnValue, sorted, spaces between */
    struct sim_parameter parameters[SIM_MOST_PARAMETERS];
};

extern const struct sim_method sim_methods[]; /* a NULL class_ at the end */

/* The method that an Action names; NULL when there is none. */
const struct sim_method *sim_method_find(const struct sim_class *class_,
                                         const char *name);

/* Do it. Returns 0 with call->reply filled, or -1. */
int sim_invoke(struct sim_call *call, const struct sim_method *method);

/* The one text or number of a parameter that is given. */
const char *sim_arg_text(const struct sim_arg *arg);
long sim_arg_number(const struct sim_arg *arg);

/* The methods, by the file that they are in. */
int sim_run_create(struct sim_call *call, const struct sim_ref *self,
                   const struct sim_arg *args, struct sim_outcome *out);
int sim_run_apply(struct sim_call *call, const struct sim_ref *self,
                  const struct sim_arg *args, struct sim_outcome *out);
int sim_run_destroy(struct sim_call *call, const struct sim_ref *self,
                    const struct sim_arg *args, struct sim_outcome *out);
int sim_run_destroy_tree(struct sim_call *call, const struct sim_ref *self,
                         const struct sim_arg *args, struct sim_outcome *out);
int sim_run_clear_state(struct sim_call *call, const struct sim_ref *self,
                        const struct sim_arg *args, struct sim_outcome *out);
int sim_run_unsupported(struct sim_call *call, const struct sim_ref *self,
                        const struct sim_arg *args, struct sim_outcome *out);
int sim_run_modify(struct sim_call *call, const struct sim_ref *self,
                   const struct sim_arg *args, struct sim_outcome *out);
int sim_run_summary(struct sim_call *call, const struct sim_ref *self,
                    const struct sim_arg *args, struct sim_outcome *out);
int sim_run_vm_state(struct sim_call *call, const struct sim_ref *self,
                     const struct sim_arg *args, struct sim_outcome *out);
int sim_run_job_state(struct sim_call *call, const struct sim_ref *self,
                      const struct sim_arg *args, struct sim_outcome *out);
int sim_run_errors(struct sim_call *call, const struct sim_ref *self,
                   const struct sim_arg *args, struct sim_outcome *out);
int sim_run_error(struct sim_call *call, const struct sim_ref *self,
                  const struct sim_arg *args, struct sim_outcome *out);

/* The text of an embedded instance, checked against the class that it must be of. 0, or
 * what the method returns. Clear *cim in either case. */
struct sim_cim;
int sim_embedded_read(struct sim_call *call, const struct sim_arg *arg,
                      struct sim_cim *cim, const struct sim_class *class_);

#endif

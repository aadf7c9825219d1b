#include "hvsim/action.h"
#include "hvsim/instance.h"
#include "hvsim/invoke.h"
#include "hvsim/job.h"
#include "hvsim/store.h"

#include <string.h>

/* RequestStateChange of VMs and jobs, and what a job says about its failure. */

/* The return values of the job's RequestStateChange, which are not the vendor's. */
enum {
    STATE_UNSUPPORTED = 1,
    STATE_INVALID_PARAMETER = 5,
    STATE_INVALID_TRANSITION = 4097,
    STATE_TIMEOUT_UNSUPPORTED = 4098,
};

int sim_run_vm_state(struct sim_call *call, const struct sim_ref *self,
                     const struct sim_arg *args, struct sim_outcome *out)
{
    struct sim_vm *vm = sim_vm_find(call->host, self->id);

    if (!vm)
        return SIM_NOT_SUPPORTED; /* the host itself */
    if (!args[0].given)
        return SIM_INVALID_PARAMETER;
    return sim_request_state(call->host, vm, (int)sim_arg_number(&args[0]), call->account,
                             &out->job);
}

int sim_run_job_state(struct sim_call *call, const struct sim_ref *self,
                      const struct sim_arg *args, struct sim_outcome *out)
{
    struct sim_job *job = sim_job_find(call->host, self->id);
    long asked = sim_arg_number(&args[0]);

    (void)out;
    if (args[1].given)
        return STATE_TIMEOUT_UNSUPPORTED;
    if (asked == 2 || asked == 3 || asked == 6)
        return STATE_UNSUPPORTED;
    if (asked != 4 && asked != 5)
        return STATE_INVALID_PARAMETER;
    if (asked == 4 && sim_is(call->host, SW_JOB_STOP, "kill"))
        return STATE_UNSUPPORTED;
    if (!job ||
        !sim_stop(call->host, job, asked == 4 ? SIM_JOB_TERMINATED : SIM_JOB_KILLED))
        return STATE_INVALID_TRANSITION;
    return job->ended ? SIM_DONE : SIM_JOB_STARTED;
}

static void add_property(struct hvs_buf *out, const char *name, const char *type,
                         const char *value)
{
    hvs_buf_printf(out,
                   "<PROPERTY NAME=\"%s\" CLASSORIGIN=\"CIM_Error\" PROPAGATED=\"true\" "
                   "TYPE=\"%s\">",
                   name, type);
    if (value) {
        hvs_buf_puts(out, "<VALUE>");
        sim_xml_add(out, value);
        hvs_buf_puts(out, "</VALUE>");
    }
    hvs_buf_puts(out, "</PROPERTY>");
}

/* An Msvm_Error as text, the way that GetText() of WMI makes it. */
static void add_error(struct hvs_buf *out, const struct sim_job *job, const char *message)
{
    hvs_buf_puts(out, "<INSTANCE CLASSNAME=\"Msvm_Error\">");
    add_property(out, "CIMStatusCode", "uint32", "1");
    add_property(out, "CIMStatusCodeDescription", "string", NULL);
    add_property(out, "ErrorSource", "string", job->vm_id);
    add_property(out, "ErrorSourceFormat", "uint16", "0");
    add_property(out, "ErrorType", "uint16", "1");
    add_property(out, "Message", "string", message);
    hvs_buf_puts(out,
                 "<PROPERTY.ARRAY NAME=\"MessageArguments\" CLASSORIGIN=\"CIM_Error\" "
                 "PROPAGATED=\"true\" TYPE=\"string\"><VALUE.ARRAY><VALUE>");
    sim_xml_add(out, job->vm_id);
    hvs_buf_puts(out, "</VALUE></VALUE.ARRAY></PROPERTY.ARRAY>");
    add_property(out, "MessageID", "string", NULL);
    add_property(out, "OwningEntity", "string", "Microsoft-Windows-Hyper-V-VMMS");
    add_property(out, "PerceivedSeverity", "uint16", "0");
    add_property(out, "ProbableCause", "uint16", "1");
    hvs_buf_puts(out, "</INSTANCE>");
}

static int run_errors(struct sim_call *call, const struct sim_ref *self,
                      struct sim_outcome *out, const char *name, size_t most)
{
    const struct sim_job *job = sim_job_find(call->host, self->id);
    struct hvs_buf text = HVS_BUF_INIT(65536);
    size_t i;

    for (i = 0; job && job->ended && i < job->error_count && i < most; i++) {
        add_error(&text, job, job->errors[i]);
        hvs_buf_printf(&out->raw, "<p:%s>", name);
        sim_xml_add(&out->raw, hvs_buf_str(&text));
        hvs_buf_printf(&out->raw, "</p:%s>", name);
        hvs_buf_clear(&text);
    }
    return SIM_DONE;
}

int sim_run_errors(struct sim_call *call, const struct sim_ref *self,
                   const struct sim_arg *args, struct sim_outcome *out)
{
    (void)args;
    return run_errors(call, self, out, "Errors", SIZE_MAX);
}

int sim_run_error(struct sim_call *call, const struct sim_ref *self,
                  const struct sim_arg *args, struct sim_outcome *out)
{
    (void)args;
    return run_errors(call, self, out, "Error", 1);
}

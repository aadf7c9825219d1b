#include "hvsim/invoke.h"

#include "hvsim/action.h"
#include "hvsim/instance.h"
#include "hvsim/job.h"
#include "hvsim/mischief.h"
#include "xml/doc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct sim_method *sim_method_find(const struct sim_class *class_, const char *name)
{
    const struct sim_method *method;

    for (method = sim_methods; method->class_; method++)
        if (method->class_ == class_ && strcmp(method->name, name) == 0)
            return method;
    return NULL;
}

const char *sim_arg_text(const struct sim_arg *arg)
{
    return arg->given ? arg->texts[0] : "";
}

long sim_arg_number(const struct sim_arg *arg)
{
    return strtol(sim_arg_text(arg), NULL, 10);
}

static bool is_nil(const xmlNode *node)
{
    xmlChar *value = xmlGetNsProp((xmlNode *)node, (const xmlChar *)"nil",
                                  (const xmlChar *)SIM_NS_XSI);
    bool nil = value && xmlStrEqual(value, (const xmlChar *)"true");

    xmlFree(value);
    return nil;
}

static bool has_cdata(const xmlNode *node)
{
    for (node = node->children; node; node = node->next)
        if (node->type == XML_CDATA_SECTION_NODE)
            return true;
    return false;
}

static int read_ref(struct sim_call *call, const xmlNode *node, struct sim_arg *arg)
{
    const xmlNode *wrapped = hvs_xml_child(node, SIM_NS_A, "EndpointReference");
    struct sim_ref found = {0};

    if (wrapped && sim_is(call->host, SW_REF_WRAPPER, "refuse"))
        return sim_fail_at(call, 0x80338041, "ExecMethod", (const char *)node->name);
    switch (sim_ref_read(call, wrapped ? wrapped : node, &found)) {
    case SIM_MALFORMED:
        return sim_fail_at(call, 0x80338041, "ExecMethod", (const char *)node->name);
    case SIM_NOT_FOUND: found.class_ = NULL; break;
    case SIM_FOUND: break;
    }
    *SIM_MORE(arg->refs, arg->count) = found;
    return 0;
}

static bool is_lexical(const char *text, enum sim_type type)
{
    if (type == SIM_NUMBER)
        return *text && strlen(text) < 19 && !text[strspn(text, "0123456789")];
    if (type == SIM_BOOL)
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
    return true;
}

static int read_arg(struct sim_call *call, const xmlNode *node,
                    const struct sim_parameter *parameter, struct sim_arg *arg)
{
    const char *name = (const char *)node->name;
    bool interval = parameter->type == SIM_INTERVAL || parameter->type == SIM_TIME;
    char *text;

    if (arg->given && !parameter->array)
        return sim_fail_at(call, 0x80338041, "ExecMethod", name);
    if (is_nil(node))
        return 0;
    arg->given = true;
    if (parameter->type == SIM_REF)
        return read_ref(call, node, arg);
    /* a tree of elements where text is wanted; a datetime has its cim:Interval */
    if (hvs_xml_first(node) && !interval)
        return sim_fail_at(call, 0x80338041, "ExecMethod", name);
    text = sim_string(node);
    *SIM_MORE(arg->texts, arg->count) = text;
    arg->cdata = arg->cdata || has_cdata(node);
    if (!is_lexical(text, parameter->type))
        return sim_fail_at(call, 0x80338056, "ExecMethod", name);
    return 0;
}

static int read_args(struct sim_call *call, const struct sim_method *method,
                     struct sim_arg args[SIM_MOST_PARAMETERS])
{
    const xmlNode *node, *input = call->body;
    const char *end = input ? strstr((const char *)input->name, "_INPUT") : NULL;
    size_t i, len = strlen(method->name);

    if (!end || strcmp(end, "_INPUT") != 0 ||
        (size_t)(end - (const char *)input->name) != len ||
        strncmp((const char *)input->name, method->name, len) != 0)
        return sim_fail(call, 0x80338015);
    for (node = hvs_xml_first(input); node; node = hvs_xml_next(node)) {
        /* the parameters' namespace counts, that of the element around them does not */
        if (!node->ns || strcasecmp((const char *)node->ns->href, call->uri) != 0)
            return sim_fail_at(call, 0x80338058, "ExecMethod", (const char *)node->name);
        for (i = 0; i < SIM_MOST_PARAMETERS && method->parameters[i].name; i++)
            if (strcasecmp(method->parameters[i].name, (const char *)node->name) == 0)
                break;
        if (i == SIM_MOST_PARAMETERS || !method->parameters[i].name)
            return sim_fail_at(call, 0x80338055, "ExecMethod", (const char *)node->name);
        if (read_arg(call, node, &method->parameters[i], &args[i]) < 0)
            return -1;
    }
    return 0;
}

static void free_args(struct sim_arg args[SIM_MOST_PARAMETERS])
{
    size_t i;

    for (i = 0; i < SIM_MOST_PARAMETERS; i++) {
        while (args[i].texts && args[i].count)
            free(args[i].texts[--args[i].count]);
        free(args[i].texts);
        free(args[i].refs);
    }
}

/* One out parameter, whose name ends at a space. */
static void add_out(struct sim_call *call, const char *name, size_t len,
                    const struct sim_outcome *out, int value)
{
    struct sim_ref ref = {0};
    char text[64];

    memcpy(text, name, len);
    text[len] = '\0';
    if (strcmp(text, "ReturnValue") == 0) {
        hvs_buf_printf(&call->reply, "<p:ReturnValue>%d</p:ReturnValue>", value);
        return;
    }
    if (strcmp(text, "Job") == 0 && out->job) {
        ref.class_ = &sim_concrete_job;
        memcpy(ref.id, out->job->id, sizeof(ref.id));
    } else if (strcmp(text, "ResultingSnapshot") == 0 && out->made[0]) {
        ref.class_ = &sim_settings;
        memcpy(ref.id, out->made, sizeof(ref.id));
    }
    if (ref.class_)
        sim_ref_add(&call->reply, call->host, text, &ref);
    else if (out->raw.len && strcmp(text, "Job") != 0)
        hvs_buf_add(&call->reply, hvs_buf_str(&out->raw), out->raw.len);
    else if (!sim_is(call->host, SW_NULL_OUT, "absent") &&
             text[strlen(text) - 1] != 's' && strcmp(text, "SummaryInformation") != 0)
        hvs_buf_printf(&call->reply, "<p:%s xsi:nil=\"true\"/>", text);
}

static void add_output(struct sim_call *call, const struct sim_method *method,
                       const struct sim_outcome *out, int value)
{
    const char *at = method->outs;
    size_t len;

    call->scope = "sawp";
    hvs_buf_printf(&call->reply,
                   "<p:%s_OUTPUT xmlns:xsi=\"" SIM_NS_XSI "\" xmlns:p=\"" SIM_URI
                   "%s\" xmlns:cim=\"" SIM_NS_CIM "\">",
                   method->name, method->class_->name);
    for (; *at; at += len + (at[len] == ' ')) {
        len = strcspn(at, " ");
        add_out(call, at, len, out, value);
    }
    hvs_buf_printf(&call->reply, "</p:%s_OUTPUT>", method->name);
}

/* What the scenario has in store for the job. */
static void spoil_job(struct sim_host *host, const struct sim_rule *rule,
                      struct sim_job *job)
{
    switch (rule->deed) {
    case SIM_DEED_JOB_FAIL:
        sim_spoil(host, job, (uint32_t)(rule->has_first ? rule->first : SIM_FAILED));
        break;
    case SIM_DEED_JOB_WARN: job->outcome = SIM_JOB_WARNINGS; break;
    case SIM_DEED_JOB_ODD:
        sim_spoil(host, job, SIM_FAILED);
        job->outcome = SIM_JOB_COMPLETED;
        job->finish = NULL;
        break;
    case SIM_DEED_JOB_PART:
        sim_destroy_part(host, job, (int)(rule->has_first ? rule->first : SIM_FAILED));
        break;
    case SIM_DEED_JOB_SLOW: job->end += rule->first; break;
    case SIM_DEED_JOB_STUCK:
        job->endless = true;
        job->stuck = (int)rule->first;
        break;
    default: break;
    }
}

/* May the caller do it? 0, or what happens instead: *value is set, or a fault. */
static int refuse(struct sim_call *call, const struct sim_method *method, int *value)
{
    bool enough = call->rights == SIM_RIGHTS_FULL ||
                  (method->reads && call->rights == SIM_RIGHTS_READ);

    *value = SIM_DONE;
    if (!enough && sim_is(call->host, SW_NO_RIGHTS, "fault"))
        return sim_fail_at(call, 0x80338104, "ExecMethod", method->name);
    if (!enough)
        *value = SIM_ACCESS_DENIED;
    else if (call->rule && call->rule->deed == SIM_DEED_RETURN)
        *value = (int)call->rule->first;
    return 0;
}

/* The object that the method belongs to. */
static int find_self(struct sim_call *call, const struct sim_method *method,
                     struct sim_ref *self)
{
    enum sim_rights rights = call->rights;
    int rc;

    if (!call->selector_count && method->class_->service)
        return sim_fail_at(call,
                           sim_is(call->host, SW_INVOKE_NO_SELECTORS, "wmi") ? 0x8004102F
                                                                             : 0x80041001,
                           "ExecMethod", method->class_->name);
    /* everybody can name a service; its methods say no themselves */
    if (method->class_->service)
        call->rights = SIM_RIGHTS_FULL;
    rc = sim_object_find(call, method->class_->service, self);
    call->rights = rights;
    return rc;
}

int sim_invoke(struct sim_call *call, const struct sim_method *method)
{
    struct sim_arg args[SIM_MOST_PARAMETERS] = {{0}};
    struct sim_outcome out = {.raw = HVS_BUF_INIT((size_t)64 << 20)};
    struct sim_ref self;
    int value, rc = -1;

    if (find_self(call, method, &self) < 0 || read_args(call, method, args) < 0 ||
        refuse(call, method, &value) < 0)
        goto out;
    if (value == SIM_DONE)
        value = method->run(call, &self, args, &out);
    if (call->fault.code)
        goto out;
    if (out.job && call->rule)
        spoil_job(call->host, call->rule, out.job);
    if (value == SIM_JOB_STARTED && method->run == sim_run_create &&
        sim_is(call->host, SW_NULL_OUT, "filled") &&
        out.job->outcome == SIM_JOB_COMPLETED) {
        out.job->end = call->host->now;
        sim_jobs_advance(call->host);
        memcpy(out.made, out.job->made, sizeof(out.made));
        out.job = NULL;
        value = SIM_DONE;
    }
    add_output(call, method, &out, value);
    rc = 0;
out:
    free_args(args);
    hvs_buf_clear(&out.raw);
    return rc;
}

#include "hvsim/call.h"
#include "hvsim/config.h"
#include "hvsim/enumerate.h"
#include "hvsim/instance.h"
#include "hvsim/invoke.h"
#include "hvsim/job.h"
#include "hvsim/mischief.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { ACCESS_DENIED = 5 };

static uint64_t count(struct sim_host *host, const char *kind)
{
    size_t i;

    for (i = 0; i < host->counter_count; i++)
        if (strcmp(host->counters[i].kind, kind) == 0)
            return ++host->counters[i].count;
    SIM_MORE(host->counters, host->counter_count)->kind = sim_copy(kind);
    return ++host->counters[i].count;
}

void sim_host_refused(struct sim_host *host)
{
    count(host, "refused");
}

enum sim_mischief sim_host_before(struct sim_host *host, const char *kind, int64_t *ms,
                                  int *value)
{
    bool login = strcmp(kind, "login") == 0;
    const struct sim_rule *rule;
    uint64_t nth;
    size_t at = 0;

    sim_host_advance(host);
    host->requests++;
    nth = login ? count(host, "login") : 0;
    while ((rule = sim_rule_next(host, login ? "login" : "", nth, &at))) {
        if (rule->deed != SIM_DEED_HTTP ||
            (!login && !sim_mischief_is_early(rule->mischief)))
            continue;
        sim_rule_numbers(rule, ms, value);
        return rule->mischief;
    }
    return SIM_NONE;
}

static int answer_get(struct sim_call *call)
{
    bool mask[SIM_MOST_PROPERTIES] = {false};
    struct sim_ref ref;
    struct sim_row row;
    int at;

    call->scope = "saxwp";
    if (!call->class_)
        return sim_fail_at(call, 0x80041010, "GetObject", call->class_name);
    if (call->rights == SIM_RIGHTS_NONE && sim_is(call->host, SW_NO_RIGHTS, "fault"))
        return sim_fail_at(call, 0x80338104, "GetObject", call->uri);
    if (sim_object_find(call, false, &ref) < 0)
        return -1;
    sim_row_fill(&row, call->host, &ref);
    if (!call->fragment) {
        sim_instance_add(&call->reply, &row);
        return 0;
    }
    at = sim_property_find(call->class_, call->fragment);
    if (at < 0)
        return sim_fail(call, 0x8033801A);
    mask[at] = true;
    hvs_buf_printf(&call->reply,
                   "<w:XmlFragment xmlns:xsi=\"" SIM_NS_XSI "\" xmlns:p=\"" SIM_URI
                   "%s\" xmlns:cim=\"" SIM_NS_CIM "\">",
                   call->class_->name);
    sim_properties_add(&call->reply, &row, "p:", mask);
    hvs_buf_puts(&call->reply, "</w:XmlFragment>");
    return 0;
}

/* An Action that is none of the standard ones is the class's URI and a method. */
static int answer_method(struct sim_call *call)
{
    const struct sim_method *method;
    size_t len = strlen(call->uri);

    if (strncasecmp(call->action, SIM_WMI, strlen(SIM_WMI)) != 0)
        return sim_fail(call, 0x80338013);
    if (strncasecmp(call->action, call->uri, len) != 0 || call->action[len] != '/')
        return sim_fail(call, 0x80338031);
    if (!call->class_)
        return sim_fail_at(call, 0x80041010, "GetObject", call->class_name);
    method = sim_method_find(call->class_, call->action + len + 1);
    if (!method)
        return sim_fail_at(call, 0x8004102E, "ExecMethod", call->action + len + 1);
    return sim_invoke(call, method);
}

static int answer(struct sim_call *call)
{
    static const struct {
        const char *action;
        int (*run)(struct sim_call *call);
    } actions[] = {
        {SIM_NS_X "/Get", answer_get}, {SIM_NS_N "/Enumerate", sim_enumerate},
        {SIM_NS_N "/Pull", sim_pull},  {SIM_NS_N "/Release", sim_release},
        {SIM_NS_X "/Put", NULL},       {SIM_NS_X "/Create", NULL},
        {SIM_NS_X "/Delete", NULL},
    };
    size_t i;

    if (call->config)
        return sim_config_answer(call);
    for (i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
        if (strcmp(actions[i].action, call->action) == 0)
            break;
    /* an enumeration says itself what a missing namespace means to it; a Pull and a
     * Release may name any */
    if (!call->known_namespace && (i == 0 || i > 3))
        return sim_fail_at(call, 0x8004100E, "GetObject", call->uri);
    if (i == sizeof(actions) / sizeof(actions[0]))
        return answer_method(call);
    return actions[i].run ? actions[i].run(call) : sim_fail(call, 0x80338102);
}

/* MS-WSMV 3.1.4.1.23: who has not logged in learns no version. */
static void identify(struct sim_call *call, struct hvs_buf *out)
{
    hvs_buf_printf(out,
                   "<s:Envelope xmlns:s=\"" SIM_NS_S "\"><s:Header/><s:Body>"
                   "<wsmid:IdentifyResponse xmlns:wsmid=\"" SIM_NS_ID
                   "\"><wsmid:ProtocolVersion>" SIM_NS_W "</wsmid:ProtocolVersion>"
                   "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
                   "<wsmid:ProductVersion>OS: %s SP: 0.0 Stack: 3.0"
                   "</wsmid:ProductVersion>",
                   call->account ? call->host->os : "0.0.0");
    if (call->account)
        hvs_buf_puts(out, "<wsmid:SecurityProfiles><wsmid:SecurityProfileName>"
                          "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/http/"
                          "spnego-kerberos</wsmid:SecurityProfileName>"
                          "</wsmid:SecurityProfiles>");
    hvs_buf_puts(out, "</wsmid:IdentifyResponse></s:Body></s:Envelope>");
}

/* The last word of the Action: what counters and rules go by. */
static const char *kind_of(const struct sim_call *call)
{
    const char *slash = call->action ? strrchr(call->action, '/') : NULL;

    if (call->identify)
        return "Identify";
    return slash && slash[1] ? slash + 1 : "unreadable";
}

/* What is in store for this request. Deeds that precede it are done here. */
static const struct sim_rule *apply_rules(struct sim_call *call,
                                          const struct sim_request *request, uint64_t nth,
                                          bool *wrong_relates_to)
{
    const struct sim_rule *rule, *mischief = NULL;
    size_t at = 0;

    *wrong_relates_to = false;
    while ((rule = sim_rule_next(call->host, call->kind, nth, &at))) {
        switch (rule->deed) {
        case SIM_DEED_HTTP: mischief = mischief ? mischief : rule; break;
        case SIM_DEED_FAULT:
            if (rule->second)
                call->fault_behind = (uint32_t)rule->first;
            else
                sim_fail_at(call, (uint32_t)rule->first, "ExecQuery", call->kind);
            break;
        case SIM_DEED_RELATES: *wrong_relates_to = true; break;
        case SIM_DEED_RETURN:
        case SIM_DEED_JOB_FAIL:
        case SIM_DEED_JOB_WARN:
        case SIM_DEED_JOB_ODD:
        case SIM_DEED_JOB_PART:
        case SIM_DEED_JOB_SLOW:
        case SIM_DEED_JOB_STUCK: call->rule = call->rule ? call->rule : rule; break;
        default:
            sim_rule_act(call->host, rule, call->account, request->body, request->len);
            break;
        }
    }
    return mischief;
}

static void note(struct sim_call *call, const struct sim_reply *reply)
{
    const char *result = strstr(hvs_buf_str(&call->reply), "<p:ReturnValue>");
    struct hvs_buf *last = &call->host->last;

    hvs_buf_clear(last);
    hvs_buf_printf(last, "%s %.64s", call->kind,
                   call->class_name ? call->class_name : "-");
    if (call->note)
        hvs_buf_printf(last, " \"%.400s\"", call->note);
    if (reply->mischief != SIM_NONE)
        hvs_buf_printf(last, " mischief %d", (int)reply->mischief);
    if (call->fault.code)
        hvs_buf_printf(last, " fault 0x%08lX", (unsigned long)call->fault.code);
    else if (result)
        hvs_buf_printf(last, " returns %ld", strtol(strchr(result, '>') + 1, NULL, 10));
}

static void defer(struct sim_host *host, const struct sim_request *request, int64_t ms)
{
    struct sim_deferred *later = SIM_MORE(host->deferred, host->deferred_count);

    later->due = host->now + ms;
    later->account = request->account ? sim_copy(request->account) : NULL;
    later->body = sim_copy_n(request->body, request->len);
    later->len = request->len;
    later->utf16 = request->utf16;
}

/* Do what is asked at host->now. A deferred request has been counted already. */
static void serve(struct sim_host *host, const struct sim_request *request,
                  struct sim_reply *reply, bool deferred)
{
    const struct sim_account *account = sim_account_find(host->world, request->account);
    struct hvs_buf name = HVS_BUF_INIT(1024);
    const struct sim_rule *mischief = NULL;
    struct sim_call call = {.host = host, .language = host->language};
    bool wrong_relates_to = false;

    call.reply = (struct hvs_buf)HVS_BUF_INIT((size_t)64 << 20);
    call.rights = account ? account->rights : SIM_RIGHTS_NONE;
    if (account)
        hvs_buf_printf(&name, "%s\\%s", account->domain, account->user);
    else
        hvs_buf_puts(&name, request->account ? request->account : "");
    call.account = request->account ? hvs_buf_str(&name) : NULL;
    sim_call_read(&call, request->body, request->len, request->utf16);
    call.kind = sim_copy(kind_of(&call));
    if (!call.account && !call.identify)
        sim_fail(&call, ACCESS_DENIED);
    if (!deferred)
        mischief = apply_rules(&call, request, count(host, call.kind), &wrong_relates_to);
    if (mischief) {
        reply->mischief = mischief->mischief;
        sim_rule_numbers(mischief, &reply->ms, &reply->value);
        if (reply->mischief == SIM_LATE_ACT)
            defer(host, request, reply->ms);
    }
    host->speaking = sim_is(host, SW_VALUE_LANGUAGE, "request") ? call.language
                                                                : host->language;
    if (!sim_mischief_prevents(reply->mischief)) {
        if (call.identify && !call.fault.code) {
            identify(&call, &reply->body);
        } else {
            if (!call.fault.code)
                answer(&call);
            if (!call.fault.code && call.fault_behind)
                sim_fail_at(&call, call.fault_behind, "ExecQuery", call.kind);
            reply->status = sim_answer_add(&call, &reply->body, wrong_relates_to);
        }
    }
    note(&call, reply);
    hvs_buf_clear(&name);
    sim_call_clear(&call);
}

static struct sim_reply empty_reply(void)
{
    return (struct sim_reply){.status = 200, .body = HVS_BUF_INIT((size_t)64 << 20)};
}

void sim_host_answer(struct sim_host *host, const struct sim_request *request,
                     struct sim_reply *reply)
{
    *reply = empty_reply();
    sim_host_advance(host);
    serve(host, request, reply, false);
}

/* The deferred request that is due first; NULL when there is none. */
static struct sim_deferred *next_deferred(const struct sim_host *host)
{
    struct sim_deferred *first = NULL;
    size_t i;

    for (i = 0; i < host->deferred_count; i++)
        if (!first || host->deferred[i].due < first->due)
            first = &host->deferred[i];
    return first;
}

static void serve_deferred(struct sim_host *host, struct sim_deferred *slot)
{
    struct sim_deferred now = *slot;
    const struct sim_request request = {now.account, now.body, now.len, now.utf16};
    struct sim_reply reply = empty_reply();

    *slot = host->deferred[--host->deferred_count];
    serve(host, &request, &reply, true);
    hvs_buf_clear(&reply.body);
    free(now.account);
    free(now.body);
}

void sim_host_advance(struct sim_host *host)
{
    int64_t now = sim_world_now(host->world);
    struct sim_deferred *later;

    /* jobs and late requests, in the order in which they come due */
    while ((later = next_deferred(host)) && later->due <= now) {
        host->now = later->due;
        sim_jobs_advance(host);
        serve_deferred(host, later);
    }
    host->now = now;
    sim_jobs_advance(host);
    sim_contexts_expire(host);
}

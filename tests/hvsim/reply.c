#include "hvsim/call.h"
#include "hvsim/fault.h"
#include "hvsim/instance.h"

#include <stdlib.h>
#include <string.h>

/* What each prefix of a scope stands for, as Windows assigns them. */
static const struct {
    char letter;
    const char *ns;
} prefixes[] = {
    {'s', SIM_NS_S}, {'a', SIM_NS_A}, {'x', SIM_NS_X}, {'e', SIM_NS_E},
    {'n', SIM_NS_N}, {'w', SIM_NS_W}, {'p', SIM_NS_P},
};

static void add_scope(struct hvs_buf *out, const char *scope)
{
    size_t i;

    for (; *scope; scope++)
        for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
            if (prefixes[i].letter == *scope)
                hvs_buf_printf(out, " xmlns:%c=\"%s\"", *scope, prefixes[i].ns);
}

/* Another id than ours, to be noticed by whoever compares. */
static const char stray[] = "uuid:00000000-0000-4000-8000-00000000BAD0";

static void add_header(struct hvs_buf *out, const struct sim_call *call,
                       bool wrong_relates_to)
{
    bool fault = call->fault.code != 0;
    char id[HVS_UUID_SIZE];

    if (hvs_uuid_new(id, NULL) < 0)
        abort();
    hvs_buf_puts(out, "<s:Header><a:Action>");
    if (fault)
        hvs_buf_puts(out, sim_fault_action(call));
    else
        sim_xml_add(out, call->action);
    hvs_buf_printf(out,
                   "%s</a:Action><a:MessageID>uuid:%s</a:MessageID><a:To>" SIM_ANONYMOUS
                   "</a:To>",
                   fault ? "" : "Response", id);
    if (call->message_id && *call->message_id &&
        (!sim_fault_is_quota(call->fault.code) ||
         sim_is(call->host, SW_QUOTA_RELATES_TO, "present"))) {
        hvs_buf_puts(out, "<a:RelatesTo>");
        sim_xml_add(out, wrong_relates_to ? stray : call->message_id);
        hvs_buf_puts(out, "</a:RelatesTo>");
    }
    if (call->fault.header) {
        hvs_buf_printf(out, "<s:NotUnderstood qname=\"q:%s\" xmlns:q=\"",
                       call->fault.header);
        sim_xml_add(out, call->fault.header_ns);
        hvs_buf_puts(out, "\"/>");
    }
    hvs_buf_puts(out, "</s:Header>");
}

static void add_envelope(struct hvs_buf *out, const struct sim_call *call,
                         bool wrong_relates_to)
{
    bool fault = call->fault.code != 0;

    hvs_buf_printf(out, "<s:Envelope xml:lang=\"%s\"", sim_language_tag(call->language));
    add_scope(out, fault ? "saxenwp" : call->scope);
    hvs_buf_puts(out, ">");
    add_header(out, call, wrong_relates_to);
    hvs_buf_puts(out, "<s:Body>");
    if (fault)
        sim_fault_add(out, call);
    else
        hvs_buf_add(out, hvs_buf_str(&call->reply), call->reply.len);
    hvs_buf_puts(out, "</s:Body></s:Envelope>");
}

size_t sim_answer_limit(const struct sim_call *call)
{
    long server = sim_switch_number(&call->host->world->switches, SW_MAX_ENVELOPE) * 1024;

    return (size_t)(call->max_envelope && call->max_envelope < server ? call->max_envelope
                                                                      : server);
}

size_t sim_answer_room(const struct sim_call *call)
{
    struct hvs_buf empty = HVS_BUF_INIT(65536);
    struct sim_call bare = *call;
    size_t used, limit = sim_answer_limit(call);

    bare.reply = (struct hvs_buf)HVS_BUF_INIT(0);
    add_envelope(&empty, &bare, false);
    /* what stands around the items in any reply, the context and its end among it */
    used = empty.len + 512;
    hvs_buf_clear(&empty);
    return used < limit ? limit - used : 0;
}

int sim_answer_add(struct sim_call *call, struct hvs_buf *out, bool wrong_relates_to)
{
    bool by_request = call->max_envelope &&
                      sim_answer_limit(call) == (size_t)call->max_envelope;

    if (!call->fault.code) {
        add_envelope(out, call, wrong_relates_to);
        if (out->len <= sim_answer_limit(call) && !out->failed)
            return 200;
        hvs_buf_clear(out);
        /* a method has already been done */
        sim_fail(call, strcmp(call->scope, "sawp") == 0 ? 0x8033804D
                       : by_request                     ? 0x80338048
                                                        : 0x80338049);
    }
    add_envelope(out, call, wrong_relates_to);
    return 500;
}

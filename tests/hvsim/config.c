#include "hvsim/config.h"

#include "hvsim/instance.h"
#include "hvsim/world.h"

#include <string.h>

static void number(struct hvs_buf *out, const char *name, long value)
{
    hvs_buf_printf(out, "<cfg:%s>%ld</cfg:%s>", name, value, name);
}

static void text(struct hvs_buf *out, const char *name, const char *value)
{
    hvs_buf_printf(out, "<cfg:%s>%s</cfg:%s>", name, value, name);
}

/* What the schemes of the 401 and the policy of binding come to. */
static void add_auth(struct hvs_buf *out, struct sim_host *host)
{
    const char *schemes = sim_switch_text(&host->world->switches, SW_SCHEMES);
    const char *cbt = sim_switch_text(&host->world->switches, SW_CBT);

    hvs_buf_puts(out, "<cfg:Auth>");
    text(out, "Basic", !*schemes || strstr(schemes, "Basic") ? "true" : "false");
    text(out, "Kerberos", !*schemes || strstr(schemes, "Kerberos") ? "true" : "false");
    text(out, "Negotiate", !*schemes || strstr(schemes, "Negotiate") ? "true" : "false");
    text(out, "Certificate", "false");
    text(out, "CredSSP", "false");
    text(out, "CbtHardeningLevel",
         strcmp(cbt, "none") == 0     ? "None"
         : strcmp(cbt, "strict") == 0 ? "Strict"
                                      : "Relaxed");
    hvs_buf_puts(out, "</cfg:Auth>");
}

static void add_service(struct hvs_buf *out, struct sim_host *host)
{
    bool clear = sim_is(host, SW_ALLOW_UNENCRYPTED, "on");

    hvs_buf_puts(out, "<cfg:Service>");
    text(out, "MaxConcurrentOperations", "4294967295");
    number(out, "MaxConcurrentOperationsPerUser", 1500);
    number(out, "EnumerationTimeoutms",
           1000 * sim_switch_number(&host->world->switches, SW_CONTEXT_IDLE));
    number(out, "MaxConnections", 300);
    number(out, "MaxPacketRetrievalTimeSeconds", 120);
    text(out, "AllowUnencrypted", clear ? "true" : "false");
    add_auth(out, host);
    hvs_buf_puts(out, "</cfg:Service>");
}

int sim_config_answer(struct sim_call *call)
{
    struct hvs_buf *out = &call->reply;
    struct sim_host *host = call->host;

    call->scope = "saxwp";
    if (strcmp(call->action, SIM_NS_X "/Get") != 0)
        return sim_fail(call, 0x80338013);
    if (call->rights != SIM_RIGHTS_FULL)
        return sim_fail(call, 5);
    hvs_buf_puts(out, "<cfg:Config xmlns:cfg=\"" SIM_CONFIG "\" xml:lang=\"en-US\">");
    number(out, "MaxEnvelopeSizekb",
           sim_switch_number(&host->world->switches, SW_MAX_ENVELOPE));
    number(out, "MaxTimeoutms", 60000);
    number(out, "MaxBatchItems", 32000);
    text(out, "MaxProviderRequests", "4294967295");
    add_service(out, host);
    hvs_buf_puts(out, "</cfg:Config>");
    return 0;
}

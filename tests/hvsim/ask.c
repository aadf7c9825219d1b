#include "hvsim/ask.h"

#include "hvsim/instance.h"
#include "hvsim/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ID "uuid:11111111-2222-4333-8444-555555555555"

static int64_t now_of(void *arg)
{
    const struct ask *ask = arg;

    return ask->now;
}

/* The scenario's text as a file, which the loader wants. */
static bool write_file(const char *path, int fd, const char *text)
{
    FILE *file = fdopen(fd, "w");
    bool good = file && fputs(text, file) >= 0;

    (void)path;
    return (file ? fclose(file) : close(fd)) == 0 && good;
}

int ask_open(struct ask *ask, const char *scenario, const char *const *settings,
             struct hvs_error *err)
{
    char path[] = "/tmp/hvsim-ask-XXXXXX";
    int fd = -1;

    *ask = (struct ask){.now = INT64_C(1767225600000), .account = "HVTEST\\hvuser"};
    ask->reply.body = (struct hvs_buf)HVS_BUF_INIT(1);
    if (scenario) {
        fd = mkstemp(path);
        if (fd < 0 || !write_file(path, fd, scenario))
            return -1;
    }
    ask->world = sim_world_new(scenario ? path : NULL, now_of, ask, err);
    if (scenario)
        unlink(path);
    if (!ask->world)
        return -1;
    ask->host = sim_world_host(ask->world, 0);
    for (; settings && *settings; settings++)
        if (sim_world_set(ask->world, *settings, err) < 0)
            return -1;
    return 0;
}

void ask_close(struct ask *ask)
{
    hvs_buf_clear(&ask->reply.body);
    sim_world_free(ask->world);
}

const char *ask_text(struct ask *ask, const char *soap)
{
    const struct sim_request request = {ask->account, soap, strlen(soap), false};

    hvs_buf_clear(&ask->reply.body);
    sim_host_answer(ask->host, &request, &ask->reply);
    return hvs_buf_str(&ask->reply.body);
}

const char *ask_soap(struct ask *ask, const char *action, const char *uri,
                     const char *selectors, const char *extra, const char *body)
{
    struct hvs_buf soap = HVS_BUF_INIT((size_t)1 << 20);
    const char *reply;

    hvs_buf_printf(&soap,
                   "<s:Envelope xmlns:s=\"" SIM_NS_S "\" xmlns:a=\"" SIM_NS_A
                   "\" xmlns:n=\"" SIM_NS_N "\" xmlns:w=\"" SIM_NS_W
                   "\" xmlns:p=\"" SIM_NS_P "\"><s:Header>"
                   "<a:To>https://hv01:5986/wsman</a:To><a:ReplyTo><a:Address "
                   "s:mustUnderstand=\"true\">" SIM_ANONYMOUS "</a:Address></a:ReplyTo>"
                   "<a:Action s:mustUnderstand=\"true\">%s</a:Action>"
                   "<a:MessageID>" ID "</a:MessageID>"
                   "<w:ResourceURI s:mustUnderstand=\"true\">%s</w:ResourceURI>"
                   "<w:MaxEnvelopeSize s:mustUnderstand=\"true\">%s</w:MaxEnvelopeSize>"
                   "<w:OperationTimeout>PT60S</w:OperationTimeout>",
                   action, uri, ask->size ? ask->size : "512000");
    if (ask->locale)
        hvs_buf_printf(&soap, "<w:Locale xml:lang=\"%s\" s:mustUnderstand=\"false\"/>",
                       ask->locale);
    if (*selectors)
        hvs_buf_printf(&soap, "<w:SelectorSet>%s</w:SelectorSet>", selectors);
    hvs_buf_printf(&soap, "%s</s:Header><s:Body>%s</s:Body></s:Envelope>", extra, body);
    reply = ask_text(ask, hvs_buf_str(&soap));
    hvs_buf_clear(&soap);
    return reply;
}

const char *ask_get(struct ask *ask, const char *class_, const char *key,
                    const char *value)
{
    struct hvs_buf uri = HVS_BUF_INIT(1024), selector = HVS_BUF_INIT(4096);
    const char *reply;

    hvs_buf_printf(&uri, ASK_CLASS("%s"), class_);
    hvs_buf_printf(&selector, "<w:Selector Name=\"%s\">%s</w:Selector>", key, value);
    reply = ask_soap(ask, SIM_NS_X "/Get", hvs_buf_str(&uri), hvs_buf_str(&selector), "",
                     "");
    hvs_buf_clear(&uri);
    hvs_buf_clear(&selector);
    return reply;
}

const char *ask_wql(struct ask *ask, const char *query)
{
    struct hvs_buf body = HVS_BUF_INIT(65536);
    const char *reply;

    hvs_buf_puts(&body, "<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>1000"
                        "</w:MaxElements><w:Filter Dialect=\"http://schemas.microsoft.com"
                        "/wbem/wsman/1/WQL\">");
    sim_xml_add(&body, query);
    hvs_buf_puts(&body, "</w:Filter></n:Enumerate>");
    reply = ask_soap(ask, SIM_NS_N "/Enumerate", ASK_CLASS("*"), "", "",
                     hvs_buf_str(&body));
    hvs_buf_clear(&body);
    return reply;
}

const char *ask_invoke(struct ask *ask, const char *class_, const char *method,
                       const char *selectors, const char *parameters)
{
    struct hvs_buf uri = HVS_BUF_INIT(1024), action = HVS_BUF_INIT(1024);
    struct hvs_buf body = HVS_BUF_INIT((size_t)1 << 20);
    const char *reply;

    hvs_buf_printf(&uri, ASK_CLASS("%s"), class_);
    hvs_buf_printf(&action, ASK_CLASS("%s/%s"), class_, method);
    hvs_buf_printf(&body, "<p:%s_INPUT xmlns:p=\"%s\">%s</p:%s_INPUT>", method,
                   hvs_buf_str(&uri), parameters, method);
    reply = ask_soap(ask, hvs_buf_str(&action), hvs_buf_str(&uri), selectors, "",
                     hvs_buf_str(&body));
    hvs_buf_clear(&uri);
    hvs_buf_clear(&action);
    hvs_buf_clear(&body);
    return reply;
}

void ask_reference(struct hvs_buf *out, const char *parameter, const char *class_,
                   const char *key, const char *value)
{
    hvs_buf_printf(out,
                   "<p:%s><a:Address>" SIM_ANONYMOUS "</a:Address><a:ReferenceParameters>"
                   "<w:ResourceURI>" ASK_CLASS(
                       "%s") "</w:ResourceURI><w:SelectorSet>"
                             "<w:Selector Name=\"%s\">%s</w:Selector></w:SelectorSet>"
                             "</a:ReferenceParameters></p:%s>",
                   parameter, class_, key, value, parameter);
}

const char *ask_create(struct ask *ask, const char *vm)
{
    struct hvs_buf parameters = HVS_BUF_INIT(65536);
    const char *reply;

    ask_reference(&parameters, "AffectedSystem", "Msvm_ComputerSystem", "Name", vm);
    hvs_buf_puts(&parameters, "<p:SnapshotSettings></p:SnapshotSettings>"
                              "<p:SnapshotType>2</p:SnapshotType>");
    reply = ask_invoke(ask, "Msvm_VirtualSystemSnapshotService", "CreateSnapshot",
                       ASK_SERVICE, hvs_buf_str(&parameters));
    hvs_buf_clear(&parameters);
    return reply;
}

const char *ask_modify(struct ask *ask, const char *instance)
{
    struct hvs_buf parameters = HVS_BUF_INIT(65536);
    const char *reply;

    hvs_buf_printf(&parameters, "<p:SystemSettings><![CDATA[%s]]></p:SystemSettings>",
                   instance);
    reply = ask_invoke(ask, "Msvm_VirtualSystemManagementService", "ModifySystemSettings",
                       ASK_MANAGEMENT, hvs_buf_str(&parameters));
    hvs_buf_clear(&parameters);
    return reply;
}

const char *ask_snapshot(struct ask *ask, const char *method, const char *parameter,
                         const char *snapshot)
{
    struct hvs_buf parameters = HVS_BUF_INIT(65536), id = HVS_BUF_INIT(64);
    const char *reply;

    hvs_buf_printf(&id, "Microsoft:%s", snapshot);
    ask_reference(&parameters, parameter, "Msvm_VirtualSystemSettingData", "InstanceID",
                  hvs_buf_str(&id));
    reply = ask_invoke(ask, "Msvm_VirtualSystemSnapshotService", method, ASK_SERVICE,
                       hvs_buf_str(&parameters));
    hvs_buf_clear(&parameters);
    hvs_buf_clear(&id);
    return reply;
}

const char *ask_between(const char *text, const char *from, const char *to)
{
    static char found[4096];
    const char *start = strstr(text, from), *end;

    found[0] = '\0';
    start = start ? start + strlen(from) : NULL;
    end = start ? strstr(start, to) : NULL;
    if (end && (size_t)(end - start) < sizeof(found))
        snprintf(found, sizeof(found), "%.*s", (int)(end - start), start);
    return found;
}

size_t ask_count(const char *text, const char *what)
{
    size_t count = 0;

    for (; (text = strstr(text, what)); text += strlen(what))
        count++;
    return count;
}

void ask_job(const struct ask *ask, char out[37])
{
    snprintf(out, 37, "%s",
             ask_between(hvs_buf_str(&ask->reply.body), "Name=\"InstanceID\">", "</"));
}

#include "wsman/envelope.h"

#include "base/err.h"
#include "wsman/names.h"
#include "xml/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int hvs_request_fill(struct hvs_request *request, const struct hvs_request_kind *kind,
                     const struct hvs_param *params, size_t count, struct hvs_error *err)
{
    const char *text = hvs_template_text(kind->template), *split;
    struct hvs_buf filled = HVS_BUF_INIT(request->body.max);
    int rc = -1;

    if (!text)
        return hvs_err_set(err, HVS_USAGE, 0, "no template '%s'", kind->template);
    request->effect = kind->effect;
    request->action = kind->action;
    request->anonymous = false;
    request->wanted = NULL;
    if (kind->resource)
        request->resource = kind->resource;
    hvs_buf_clear(&request->header);
    hvs_buf_clear(&request->body);
    if (hvs_template_fill(&filled, text, params, count, err) < 0)
        goto out;
    if (hvs_buf_no_memory(&filled)) {
        hvs_err_memory(err);
        goto out;
    }
    /* no value can hold this: its '<' would be escaped, or stands in a CDATA section
     * behind the s:Body */
    split = kind->action ? strstr(hvs_buf_str(&filled), "<s:Body") : hvs_buf_str(&filled);
    if (!split || filled.failed) {
        hvs_err_set(err, HVS_USAGE, 0,
                    "template '%s' makes too long a request, or has no "
                    "s:Body",
                    kind->template);
        goto out;
    }
    hvs_buf_add(&request->header, hvs_buf_str(&filled),
                (size_t)(split - hvs_buf_str(&filled)));
    hvs_buf_puts(&request->body, split);
    if (request->header.failed || request->body.failed) {
        hvs_err_memory(err);
        goto out;
    }
    rc = 0;
out:
    hvs_buf_clear(&filled);
    return rc;
}

int hvs_envelope_build(struct hvs_buf *out, const struct hvs_request *request,
                       const char *to, const char *language,
                       char message_id[HVS_UUID_SIZE], struct hvs_error *err)
{
    char size[16], timeout[16];
    const struct hvs_param params[] = {
        {"TO", to},
        {"ACTION", request->action},
        {"MESSAGE_ID", message_id},
        {"RESOURCE", request->resource},
        {"MAX_ENVELOPE_SIZE", size},
        {"OPERATION_TIMEOUT", timeout},
        {"LANGUAGE", language},
        {"HEADER", hvs_buf_str(&request->header)},
        {"BODY", hvs_buf_str(&request->body)},
    };

    if (hvs_uuid_new(message_id, err) < 0)
        return -1;
    if (!request->action) {
        hvs_buf_puts(out, hvs_buf_str(&request->body));
        return out->failed ? hvs_err_memory(err) : 0;
    }
    snprintf(size, sizeof(size), "%d", HVS_MAX_ENVELOPE_SIZE);
    snprintf(timeout, sizeof(timeout), "%d", HVS_OPERATION_TIMEOUT_S);
    if (hvs_template_fill(out, hvs_template_text("envelope"), params,
                          sizeof(params) / sizeof(params[0]), err) < 0)
        return -1;
    return out->failed ? hvs_err_memory(err) : 0;
}

/* Is the text of this header block `expected`, or `expected` and `tail`? *err is set only
 * when that cannot be told. */
static bool says(const xmlNode *block, const char *prefix, const char *expected,
                 const char *tail, struct hvs_error *err)
{
    char *text = hvs_xml_word(block);
    size_t head = strlen(prefix), len = strlen(expected);
    bool same = text && strncmp(text, prefix, head) == 0 &&
                strncmp(text + head, expected, len) == 0 &&
                strcmp(text + head + len, tail) == 0;

    if (!text)
        hvs_err_memory(err);
    free(text);
    return same;
}

const xmlNode *hvs_envelope_check(const xmlDoc *doc, const char *action,
                                  const char *message_id, struct hvs_error *err)
{
    const xmlNode *root = xmlDocGetRootElement(doc);
    const xmlNode *header, *body, *relates, *replied;

    body = root ? hvs_xml_child(root, HVS_NS_SOAP, "Body") : NULL;
    if (!body || !hvs_xml_is(root, HVS_NS_SOAP, "Envelope")) {
        hvs_err_set_hint(err, HVS_XML, 0, "is it a WinRM listener?",
                         "the reply is XML, but no SOAP envelope");
        return NULL;
    }
    if (!action)
        return body;
    header = hvs_xml_child(root, HVS_NS_SOAP, "Header");
    relates = header ? hvs_xml_child(header, HVS_NS_ADDRESSING, "RelatesTo") : NULL;
    replied = header ? hvs_xml_child(header, HVS_NS_ADDRESSING, "Action") : NULL;
    if (relates && !says(relates, "uuid:", message_id, "", err)) {
        hvs_err_set(err, HVS_XML, 0, "the reply answers another request");
        return NULL;
    }
    if (hvs_xml_child(body, HVS_NS_SOAP, "Fault"))
        return body;
    if (!relates || !replied || !says(replied, "", action, "Response", err)) {
        hvs_err_set(err, HVS_XML, 0,
                    "the reply does not say that it answers this request");
        return NULL;
    }
    return body;
}

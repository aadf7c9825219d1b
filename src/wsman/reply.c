#include "wsman/reply.h"

#include "auth/frame.h"
#include "base/err.h"
#include "wsman/envelope.h"
#include "wsman/fate.h"
#include "wsman/trouble.h"
#include "xml/doc.h"

#include <string.h>
#include <strings.h>

static const char altered[] = "something in between may alter what is sent: use HTTPS";

static bool is_soap(const char *content_type)
{
    return strncasecmp(content_type, "application/soap+xml", 20) == 0;
}

/* The SOAP text, unsealed where it is sealed. A session that seals takes nothing in
 * clear: whoever sits between could have written it. */
static int unseal(struct hvs_reply *reply, const struct hvs_posted *posted,
                  const struct hvs_reply_to *to)
{
    reply->unsealed = (struct hvs_buf)HVS_BUF_INIT(HVS_MAX_REPLY_SIZE);
    if (posted->too_large)
        return hvs_trouble_status(posted, to->host, &reply->err);
    if (to->sealed && hvs_frame_is(posted->content_type)) {
        if (hvs_frame_open(to->sealed, posted->bytes, posted->len, &reply->unsealed,
                           &reply->err) == 0) {
            reply->text = hvs_buf_str(&reply->unsealed);
            reply->len = reply->unsealed.len;
            return 0;
        }
        reply->broken = true;
        hvs_err_add_hint(&reply->err, altered);
        return hvs_err_prefix(&reply->err, to->host);
    }
    if (to->sealed && is_soap(posted->content_type) && posted->len) {
        reply->broken = true;
        return hvs_err_set_hint(&reply->err, HVS_AUTH, 0, altered,
                                "'%s' answered a sealed message in clear text, which is "
                                "not believed",
                                to->host);
    }
    if (!is_soap(posted->content_type) || !posted->len)
        return hvs_trouble_status(posted, to->host, &reply->err);
    reply->text = posted->bytes;
    reply->len = posted->len;
    return 0;
}

static int parse(struct hvs_reply *reply, const struct hvs_posted *posted,
                 const struct hvs_reply_to *to)
{
    if (unseal(reply, posted, to) < 0)
        return -1;
    reply->doc = hvs_xml_parse_rows(reply->text, reply->len, to->wanted, &reply->err);
    if (!reply->doc)
        return hvs_err_prefix(&reply->err, to->host);
    reply->body = hvs_envelope_check(reply->doc, to->action, to->message_id, &reply->err);
    return reply->body ? 0 : hvs_err_prefix(&reply->err, to->host);
}

void hvs_reply_read(struct hvs_reply *reply, const struct hvs_posted *posted,
                    const struct hvs_reply_to *to)
{
    bool readable = false;

    *reply = (struct hvs_reply){0};
    if (posted->refused && to->step && to->step->domain) {
        reply->err = *to->step;
    } else if (!posted->status) {
        hvs_trouble_net(posted, to->host, &reply->err);
    } else if (posted->status == 401) {
        hvs_err_set(&reply->err, HVS_AUTH, 0, "'%s' no longer knows our login", to->host);
    } else if (parse(reply, posted, to) == 0) {
        readable = true;
        reply->is_fault = hvs_fault_read(reply->body, &reply->fault);
        if (reply->is_fault)
            hvs_fault_error(&reply->fault, &reply->err);
        else if (posted->status != 200)
            hvs_trouble_status(posted, to->host, &reply->err);
    }
    reply->fate = hvs_fate(posted, !to->sealed, readable,
                           reply->is_fault ? &reply->fault : NULL);
}

void hvs_reply_clear(struct hvs_reply *reply)
{
    xmlFreeDoc(reply->doc);
    reply->doc = NULL;
    hvs_buf_clear(&reply->unsealed);
    reply->text = NULL;
    reply->len = 0;
}

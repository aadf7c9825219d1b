#include "base/err.h"
#include "base/utf8.h"
#include "wsman/names.h"
#include "wsman/reply.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Sealing that one can write by hand: the text itself, signed "sign". */
static int unseal(struct hvs_mech *mech, const void *signature, size_t signature_len,
                  const void *sealed, size_t len, struct hvs_buf *plain,
                  struct hvs_error *err)
{
    (void)mech;
    if (signature_len != 4 || memcmp(signature, "sign", 4) != 0)
        return hvs_err_set(err, HVS_AUTH, 0, "the signature does not fit");
    hvs_buf_add(plain, sealed, len);
    return plain->failed ? hvs_err_memory(err) : 0;
}

static void read_as(const struct hvs_posted *posted, struct hvs_mech *sealed,
                    const char *action, const char *id)
{
    const struct hvs_reply_to to = {.host = "hv01",
                                    .action = action,
                                    .message_id = id,
                                    .sealed = sealed};
    struct hvs_reply reply;

    hvs_reply_read(&reply, posted, &to);
    /* either it answers, or it says why not, in UTF-8 */
    if ((reply.fate == HVS_ANSWERED && !reply.body) ||
        (reply.fate != HVS_ANSWERED && !reply.err.domain) ||
        !hvs_utf8_valid(reply.err.message, strlen(reply.err.message)) ||
        !hvs_utf8_valid(reply.err.detail, strlen(reply.err.detail)))
        abort();
    /* what is sealed is believed in no other way */
    if (sealed && reply.body && reply.text == posted->bytes)
        abort();
    hvs_reply_clear(&reply);
}

/* What HTTP brought: a line with the status and the Content-Type, then the body. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char id[] = "0A0B0C0D-0000-4000-8000-000000000001";
    static const struct hvs_mech_ops ops = {.name = "fake", .unseal = unseal},
                                     mute = {.name = "fake"};
    struct hvs_mech mech = {.ops = &ops}, no_seal = {.ops = &mute};
    struct hvs_posted posted = {.began = true, .challenges = ""};
    const uint8_t *end = memchr(data, '\n', size < 256 ? size : 256);
    char line[256] = "", *type;

    if (!end)
        return 0;
    memcpy(line, data, (size_t)(end - data));
    posted.status = (int)strtol(line, &type, 10);
    if (posted.status < 100 || posted.status > 999)
        return 0;
    type += strspn(type, " ");
    snprintf(posted.content_type, sizeof(posted.content_type), "%s", type);
    posted.bytes = (const char *)end + 1;
    posted.len = size - (size_t)(end + 1 - data);
    posted.too_large = posted.len > 32768;
    read_as(&posted, NULL, NULL, "");
    read_as(&posted, NULL, HVS_ACTION_GET, id);
    read_as(&posted, &mech, HVS_ACTION_GET, id);
    read_as(&posted, &no_seal, HVS_ACTION_GET, id);
    return 0;
}

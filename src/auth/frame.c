#include "auth/frame.h"

#include "auth/bytes.h"
#include "base/err.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BOUNDARY "--Encrypted Boundary"
#define NEWLINE "\r\n"

bool hvs_frame_is(const char *content_type)
{
    static const char type[] = "multipart/encrypted";
    size_t len = sizeof(type) - 1;

    if (!content_type || strncasecmp(content_type, type, len) != 0)
        return false;
    content_type += len;
    return !*content_type || strchr("; \t", *content_type);
}

void hvs_frame_add(struct hvs_buf *out, const void *signature, size_t signature_len,
                   const void *sealed, size_t length)
{
    hvs_buf_printf(
        out,
        BOUNDARY NEWLINE
        "Content-Type: application/HTTP-SPNEGO-session-encrypted" NEWLINE
        "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=%zu" NEWLINE
            BOUNDARY NEWLINE "Content-Type: application/octet-stream" NEWLINE,
        length);
    hvs_bytes_add32(out, (uint32_t)signature_len);
    hvs_bytes_add(out, signature, signature_len);
    hvs_bytes_add(out, sealed, length);
    hvs_buf_puts(out, BOUNDARY "--" NEWLINE);
}

/* What is left to read. */
struct rest {
    const char *at;
    size_t len;
};

static bool skip(struct rest *rest, const char *text)
{
    size_t len = strlen(text);

    if (rest->len < len || strncasecmp(rest->at, text, len) != 0)
        return false;
    rest->at += len;
    rest->len -= len;
    return true;
}

static void skip_blanks(struct rest *rest)
{
    while (rest->len && (*rest->at == ' ' || *rest->at == '\t')) {
        rest->at++;
        rest->len--;
    }
}

/* MS-WSMV 4.5 prints a space before the boundary's name; some servers send it. */
static bool skip_boundary(struct rest *rest)
{
    if (!skip(rest, "--"))
        return false;
    skip_blanks(rest);
    return skip(rest, "Encrypted Boundary");
}

/* "name: value", with white space before either; a value of NULL is left to read. */
static bool skip_header(struct rest *rest, const char *name, const char *value)
{
    skip_blanks(rest);
    if (!skip(rest, name) || !skip(rest, ":"))
        return false;
    skip_blanks(rest);
    return !value || (skip(rest, value) && skip(rest, NEWLINE));
}

static bool read_number(struct rest *rest, size_t *out)
{
    uint64_t value = 0;
    size_t digits = 0;

    for (; rest->len && *rest->at >= '0' && *rest->at <= '9'; digits++) {
        value = value * 10 + (uint64_t)(*rest->at - '0');
        rest->at++;
        rest->len--;
        if (digits > 9)
            return false;
    }
    *out = value < SIZE_MAX ? (size_t)value : SIZE_MAX; /* which nothing is as long as */
    return digits > 0;
}

static int broken(struct hvs_error *err, const char *where)
{
    return hvs_err_set(err, HVS_HTTP, 0, "the sealed reply cannot be read: %s", where);
}

static int read_headers(struct hvs_frame *out, struct rest *rest, struct hvs_error *err)
{
    if (!skip_boundary(rest) || !skip(rest, NEWLINE))
        return broken(err, "it does not begin with its boundary");
    if (!skip_header(rest, "Content-Type", "application/HTTP-SPNEGO-session-encrypted"))
        return broken(err, "it is not sealed by SPNEGO");
    if (!skip_header(rest, "OriginalContent", NULL) ||
        !skip(rest, "type=application/soap+xml;charset="))
        return broken(err, "it does not say that it holds SOAP");
    if (!skip(rest, "UTF-8"))
        return broken(err, "its text is not in UTF-8");
    if (!skip(rest, ";Length=") || !read_number(rest, &out->length) ||
        !skip(rest, NEWLINE))
        return broken(err, "it does not say how long it is");
    if (!skip_boundary(rest) || !skip(rest, NEWLINE) ||
        !skip_header(rest, "Content-Type", "application/octet-stream"))
        return broken(err, "it has no second part");
    return 0;
}

int hvs_frame_read(struct hvs_frame *out, const void *body, size_t len,
                   struct hvs_error *err)
{
    struct rest rest = {body, len};

    *out = (struct hvs_frame){0};
    if (read_headers(out, &rest, err) < 0)
        return -1;
    if (rest.len < 4)
        return broken(err, "it ends before its signature");
    out->signature_len = hvs_get32(rest.at);
    rest.at += 4;
    rest.len -= 4;
    if (!out->signature_len || out->signature_len > rest.len)
        return broken(err, "it ends within its signature");
    out->signature = rest.at;
    rest.at += out->signature_len;
    rest.len -= out->signature_len;
    if (out->length > rest.len)
        return broken(err, "it is shorter than it says");
    out->sealed = rest.at;
    rest.at += out->length;
    rest.len -= out->length;

    /* the same sample ends without the last two hyphens */
    if (!skip_boundary(&rest))
        return broken(err, "its closing boundary is not where its length says");
    skip(&rest, "--");
    skip(&rest, NEWLINE);
    return rest.len ? broken(err, "something follows its closing boundary") : 0;
}

int hvs_frame_seal(struct hvs_mech *mech, const void *plain, size_t len,
                   struct hvs_buf *out, struct hvs_error *err)
{
    struct hvs_buf signature = HVS_BUF_INIT(4096), sealed = HVS_BUF_INIT(out->max);
    size_t padding;
    int rc = -1;

    if (!mech->ops->seal) {
        hvs_err_set(err, HVS_AUTH, 0, "%s cannot seal messages", mech->ops->name);
        goto out;
    }
    if (mech->ops->seal(mech, plain, len, &signature, &sealed, &padding, err) < 0)
        goto out;
    hvs_frame_add(out, hvs_buf_str(&signature), signature.len, hvs_buf_str(&sealed),
                  sealed.len);
    if (out->failed || signature.failed || sealed.failed) {
        hvs_err_memory(err);
        goto out;
    }
    rc = 0;
out:
    hvs_buf_clear(&signature);
    hvs_buf_clear(&sealed);
    return rc;
}

int hvs_frame_open(struct hvs_mech *mech, const void *body, size_t len,
                   struct hvs_buf *plain, struct hvs_error *err)
{
    size_t before = plain->len, got;
    struct hvs_frame frame;

    if (!mech->ops->unseal)
        return hvs_err_set(err, HVS_AUTH, 0, "%s cannot unseal messages",
                           mech->ops->name);
    if (hvs_frame_read(&frame, body, len, err) < 0 ||
        mech->ops->unseal(mech, frame.signature, frame.signature_len, frame.sealed,
                          frame.length, plain, err) < 0)
        return -1;
    /* Kerberos with RC4 pads by one byte (RFC 4757, 7.3), which the length counts */
    got = plain->len - before;
    if (got > frame.length || frame.length - got > 1)
        return broken(err, "its length is not what it says");
    return 0;
}

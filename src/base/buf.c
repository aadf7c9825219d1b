#include "base/buf.h"

#include "base/err.h"
#include "base/secret.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void hvs_buf_fail(struct hvs_buf *buf)
{
    hvs_buf_clear(buf);
    buf->failed = true;
}

/* Into `cap` bytes of memory. */
static bool move(struct hvs_buf *buf, size_t cap)
{
    /* malloc and copy, not realloc, which may leave the old bytes behind */
    char *data = malloc(cap);

    if (!data) {
        hvs_buf_fail(buf);
        return false;
    }
    if (buf->data) {
        memcpy(data, buf->data, buf->len);
        hvs_wipe(buf->data, buf->cap);
        free(buf->data);
    }
    data[buf->len] = '\0';
    buf->data = data;
    buf->cap = cap;
    return true;
}

/* Make room for `extra` more bytes and the NUL. */
static bool reserve(struct hvs_buf *buf, size_t extra)
{
    size_t cap = buf->cap ? buf->cap : 64;

    if (buf->failed)
        return false;
    if (extra > buf->max - buf->len) {
        hvs_buf_fail(buf);
        buf->full = true;
        return false;
    }
    if (buf->data && buf->len + extra < buf->cap)
        return true;

    while (cap <= buf->len + extra)
        cap = cap > buf->max / 2 ? buf->max + 1 : cap * 2;
    return move(buf, cap);
}

void hvs_buf_expect(struct hvs_buf *buf, size_t len)
{
    if (!buf->failed && len <= buf->max - buf->len && buf->cap <= buf->len + len)
        move(buf, buf->len + len + 1);
}

void hvs_buf_add(struct hvs_buf *buf, const char *mem, size_t len)
{
    if (!reserve(buf, len))
        return;
    if (len)
        memcpy(buf->data + buf->len, mem, len);
    buf->len += len;
    buf->data[buf->len] = '\0';
}

void hvs_buf_puts(struct hvs_buf *buf, const char *str)
{
    hvs_buf_add(buf, str, strlen(str));
}

void hvs_buf_printf(struct hvs_buf *buf, const char *fmt, ...)
{
    va_list ap;
    int len;

    va_start(ap, fmt);
    len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len < 0) {
        hvs_buf_fail(buf);
        return;
    }
    if (!reserve(buf, (size_t)len))
        return;

    va_start(ap, fmt);
    vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, ap);
    va_end(ap);
    buf->len += (size_t)len;
}

bool hvs_buf_no_memory(const struct hvs_buf *buf)
{
    return buf->failed && !buf->full;
}

const char *hvs_buf_str(const struct hvs_buf *buf)
{
    return buf->data ? buf->data : "";
}

char *hvs_buf_take(struct hvs_buf *buf, struct hvs_error *err)
{
    char *data;

    if (!reserve(buf, 0)) {
        hvs_err_set(err, HVS_SYSTEM, ENOMEM, "out of memory, or text over %zu bytes",
                    buf->max);
        return NULL;
    }
    data = buf->data;
    *buf = (struct hvs_buf)HVS_BUF_INIT(buf->max);
    return data;
}

void hvs_buf_empty(struct hvs_buf *buf)
{
    if (buf->data)
        hvs_wipe(buf->data, buf->len);
    buf->len = 0;
    buf->failed = buf->full = false;
}

void hvs_buf_clear(struct hvs_buf *buf)
{
    if (buf->data) {
        hvs_wipe(buf->data, buf->cap);
        free(buf->data);
    }
    *buf = (struct hvs_buf)HVS_BUF_INIT(buf->max);
}

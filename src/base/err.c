#undef HVS_ANALYZE
#include "base/err.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum hvs_class class_;
} domains[] = {
    [HVS_OK] = {"ok", HVS_CLASS_DONE},
    [HVS_USAGE] = {"usage", HVS_CLASS_USAGE},
    [HVS_SYSTEM] = {"system", HVS_CLASS_FAILED},
    [HVS_NET] = {"network", HVS_CLASS_CONNECT},
    [HVS_HTTP] = {"http", HVS_CLASS_CONNECT},
    [HVS_AUTH] = {"auth", HVS_CLASS_AUTH},
    [HVS_XML] = {"xml", HVS_CLASS_CONNECT},
    [HVS_SOAP] = {"soap", HVS_CLASS_FAILED},
    [HVS_JOB] = {"job", HVS_CLASS_JOB},
};

HVS_PRINTF(5, 0)
static void record(struct hvs_error *err, enum hvs_domain domain, int64_t code,
                   const char *hint, const char *fmt, va_list ap)
{
    if (!err || err->domain != HVS_OK)
        return;
    err->domain = domain;
    err->class_ = domains[domain].class_;
    err->code = code;
    vsnprintf(err->message, sizeof(err->message), fmt, ap);
    hvs_utf8_mend(err->message); /* a "%.80s" may cut in its middle, too */
    snprintf(err->hint, sizeof(err->hint), "%s", hint);
    hvs_utf8_mend(err->hint);
}

int hvs_err_set(struct hvs_error *err, enum hvs_domain domain, int64_t code,
                const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    record(err, domain, code, "", fmt, ap);
    va_end(ap);
    return -1;
}

int hvs_err_set_hint(struct hvs_error *err, enum hvs_domain domain, int64_t code,
                     const char *hint, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    record(err, domain, code, hint, fmt, ap);
    va_end(ap);
    return -1;
}

int hvs_err_memory(struct hvs_error *err)
{
    return hvs_err_set(err, HVS_SYSTEM, ENOMEM, "out of memory");
}

bool hvs_err_is_memory(const struct hvs_error *err)
{
    return err->domain == HVS_SYSTEM && err->code == ENOMEM;
}

int hvs_err_class(struct hvs_error *err, enum hvs_class class_)
{
    if (err && err->domain != HVS_OK)
        err->class_ = class_;
    return -1;
}

int hvs_err_add_hint(struct hvs_error *err, const char *text)
{
    size_t used;

    if (!err || err->domain == HVS_OK || !*text)
        return -1;
    used = strlen(err->hint);
    snprintf(err->hint + used, sizeof(err->hint) - used, "%s%s", used ? "; " : "", text);
    hvs_utf8_mend(err->hint);
    return -1;
}

int hvs_err_detail(struct hvs_error *err, const char *text)
{
    size_t used;

    if (!err || err->domain == HVS_OK || !*text)
        return -1;
    used = strlen(err->detail);
    snprintf(err->detail + used, sizeof(err->detail) - used, "%s%s", used ? "\n" : "",
             text);
    hvs_utf8_mend(err->detail);
    return -1;
}

int hvs_err_prefix(struct hvs_error *err, const char *context)
{
    char tail[sizeof(err->message)];
    int room = (int)sizeof(err->message) - 1;
    int used;

    if (!err || err->domain == HVS_OK)
        return -1;

    memcpy(tail, err->message, sizeof(tail));
    used = snprintf(err->message, sizeof(err->message), "%.200s: ", context);
    snprintf(err->message + used, sizeof(err->message) - (size_t)used, "%.*s",
             room - used, tail);
    hvs_utf8_mend(err->message);
    return -1;
}

bool hvs_err_is_stop(const struct hvs_error *err)
{
    return err->class_ > 128; /* and a signal's number: what a shell makes of one */
}

const char *hvs_domain_name(enum hvs_domain domain)
{
    if ((unsigned)domain >= sizeof(domains) / sizeof(domains[0]))
        return "unknown";
    return domains[domain].name;
}

const char *hvs_class_name(enum hvs_class class_)
{
    switch (class_) {
    case HVS_CLASS_DONE: return "done";
    case HVS_CLASS_FAILED: return "failed";
    case HVS_CLASS_USAGE: return "usage";
    case HVS_CLASS_PARTIAL: return "partial";
    case HVS_CLASS_AUTH: return "auth";
    case HVS_CLASS_NOT_FOUND: return "not-found";
    case HVS_CLASS_CONFLICT: return "conflict";
    case HVS_CLASS_CONNECT: return "connect";
    case HVS_CLASS_DEADLINE: return "deadline";
    case HVS_CLASS_BUSY: return "busy";
    case HVS_CLASS_JOB: return "job";
    case HVS_CLASS_REFUSED: return "refused";
    case HVS_CLASS_UNKNOWN: return "unknown";
    case HVS_CLASS_HUNG_UP: return "hung-up";
    case HVS_CLASS_INTERRUPTED: return "interrupted";
    case HVS_CLASS_QUIT: return "quit";
    case HVS_CLASS_TERMINATED: return "terminated";
    }
    return "failed";
}

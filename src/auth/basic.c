#include "auth/mech.h"

#include "base/err.h"
#include "base/secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct basic {
    struct hvs_mech mech;
    char *pair; /* "user:password" */
};

static int basic_step(struct hvs_mech *mech, const void *in, size_t len,
                      const struct hvs_buf *binding, struct hvs_buf *out,
                      struct hvs_error *err)
{
    struct basic *basic = (struct basic *)mech;

    (void)in;
    (void)binding; /* it cannot be bound to anything */
    if (len)
        return hvs_err_set(err, HVS_AUTH, 0,
                           "the host answered a Basic login with a token");
    hvs_buf_puts(out, basic->pair);
    if (out->failed)
        return hvs_err_memory(err);
    mech->complete = true;
    return 0;
}

static void basic_reset(struct hvs_mech *mech)
{
    (void)mech; /* there is no context */
}

static void basic_free(struct hvs_mech *mech)
{
    struct basic *basic = (struct basic *)mech;

    hvs_secret_free(basic->pair);
    free(basic);
}

static const struct hvs_mech_ops basic_ops = {
    .name = "basic",
    .scheme = "Basic",
    .each_request = true,
    .step = basic_step,
    .reset = basic_reset,
    .free = basic_free,
};

static bool has_control(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

/* RFC 7617, 2: no colon in the name, no control characters anywhere. */
static int check(const struct hvs_credentials *who, struct hvs_error *err)
{
    if (!who->user || !*who->user)
        return hvs_err_set(err, HVS_USAGE, 0, "Basic needs a user name");
    if (!who->password)
        return hvs_err_set(err, HVS_USAGE, 0, "Basic needs a password");
    if (strchr(who->user, ':') || (who->domain && strchr(who->domain, ':')))
        return hvs_err_set(err, HVS_USAGE, 0,
                           "a user name with a colon cannot be used with Basic");
    if (has_control(who->user) || has_control(who->password) ||
        (who->domain && has_control(who->domain)))
        return hvs_err_set(err, HVS_USAGE, 0,
                           "a control character in the user name or the password cannot "
                           "be used with Basic");
    return 0;
}

struct hvs_mech *hvs_basic_new(const struct hvs_credentials *who, struct hvs_error *err)
{
    const char *domain = who->domain ? who->domain : "";
    struct hvs_buf pair = HVS_BUF_INIT(4096);
    struct basic *basic;

    if (check(who, err) < 0)
        return NULL;
    basic = calloc(1, sizeof(*basic));
    if (!basic) {
        hvs_err_memory(err);
        return NULL;
    }
    basic->mech.ops = &basic_ops;
    snprintf(basic->mech.evidence.account, sizeof(basic->mech.evidence.account), "%s",
             who->user);
    snprintf(basic->mech.evidence.domain, sizeof(basic->mech.evidence.domain), "%s",
             domain);
    hvs_buf_puts(&pair, domain);
    hvs_buf_puts(&pair, *domain ? "\\" : "");
    hvs_buf_puts(&pair, who->user);
    hvs_buf_puts(&pair, ":");
    hvs_buf_puts(&pair, who->password);
    basic->pair = hvs_buf_take(&pair, err);
    if (!basic->pair) {
        hvs_mech_free(&basic->mech);
        return NULL;
    }
    return &basic->mech;
}

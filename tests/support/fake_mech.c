#include "support/fake_mech.h"

#include "support/test.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

static void work(struct hvs_blocking *self)
{
    (void)self;
}

static void work_badly(struct hvs_blocking *self)
{
    hvs_err_set(&self->err, HVS_AUTH, 42, "the KDC says no");
}

static void blocking_free(struct hvs_blocking *self)
{
    free(self);
}

static struct hvs_blocking *prepare(struct hvs_mech *mech, struct hvs_error *err)
{
    struct fake_mech *fake = (struct fake_mech *)mech;
    struct hvs_blocking *blocking;

    fake->prepares++;
    if (!fake->blocks || fake->has_ticket)
        return NULL;
    blocking = calloc(1, sizeof(*blocking));
    if (!blocking) {
        hvs_err_memory(err);
        return NULL;
    }
    blocking->work = fake->blocked_bad ? work_badly : work;
    blocking->free = blocking_free;
    return blocking;
}

static int prepared(struct hvs_mech *mech, struct hvs_blocking *done,
                    struct hvs_error *err)
{
    ((struct fake_mech *)mech)->has_ticket = !done->err.domain;
    if (!done->err.domain)
        return 0;
    *err = done->err;
    return -1;
}

static bool says(const void *in, size_t len, const char *text)
{
    return len == strlen(text) && memcmp(in, text, len) == 0;
}

static int step(struct hvs_mech *mech, const void *in, size_t len,
                const struct hvs_buf *binding, struct hvs_buf *out, struct hvs_error *err)
{
    struct fake_mech *fake = (struct fake_mech *)mech;

    fake->steps++;
    fake->binding_len = binding ? binding->len : 0;
    assert_true(fake->binding_len < sizeof(fake->binding));
    if (binding)
        memcpy(fake->binding, hvs_buf_str(binding), binding->len);
    if (!len) {
        mech->complete = fake->at_once;
        hvs_buf_puts(out, "one");
    } else if (says(in, len, "more")) {
        hvs_buf_puts(out, "two");
    } else if (says(in, len, "proof")) {
        mech->complete = true;
    } else {
        return hvs_err_set(err, HVS_AUTH, 1, "the host's token makes no sense");
    }
    return 0;
}

static int seal(struct hvs_mech *mech, const void *plain, size_t len,
                struct hvs_buf *signature, struct hvs_buf *sealed, size_t *padding,
                struct hvs_error *err)
{
    if (!mech->complete)
        return hvs_err_set(err, HVS_SYSTEM, 0, "sealed before the login");
    *padding = 0;
    hvs_buf_puts(signature, "sign");
    hvs_buf_add(sealed, plain, len);
    return 0;
}

static int unseal(struct hvs_mech *mech, const void *signature, size_t signature_len,
                  const void *sealed, size_t len, struct hvs_buf *plain,
                  struct hvs_error *err)
{
    (void)mech;
    if (!says(signature, signature_len, "sign"))
        return hvs_err_set(err, HVS_AUTH, 0, "the signature does not fit");
    hvs_buf_add(plain, sealed, len);
    return plain->failed ? hvs_err_memory(err) : 0;
}

static void reset(struct hvs_mech *mech)
{
    ((struct fake_mech *)mech)->resets++;
    mech->complete = false;
}

static void free_it(struct hvs_mech *mech)
{
    free(mech);
}

static const struct hvs_mech_ops ops = {.name = "ntlm",
                                        .scheme = "Negotiate",
                                        .prepare = prepare,
                                        .prepared = prepared,
                                        .step = step,
                                        .seal = seal,
                                        .unseal = unseal,
                                        .reset = reset,
                                        .free = free_it};

struct fake_mech *fake_mech_new(void)
{
    struct fake_mech *fake = calloc(1, sizeof(*fake));

    if (fake) {
        fake->ops = ops;
        fake->mech.ops = &fake->ops;
    }
    return fake;
}

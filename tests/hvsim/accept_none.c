#include "hvsim/accept.h"

#ifndef HVS_GSSAPI

#include <stdlib.h>

/* Built where there is no GSSAPI: Basic is the only login. */

struct sim_accept {
    char unused;
};

bool sim_accept_built(void)
{
    return false;
}

bool sim_accept_ntlm(void)
{
    return false;
}

int sim_accept_setup(const char *users, const char *computer, const char *domain,
                     const char *keytab, struct hvs_error *err)
{
    (void)users, (void)computer, (void)domain, (void)keytab, (void)err;
    return 0;
}

struct sim_accept *sim_accept_new(void)
{
    return calloc(1, sizeof(struct sim_accept));
}

void sim_accept_free(struct sim_accept *accept)
{
    free(accept);
}

enum sim_step sim_accept_step(struct sim_accept *accept, const struct sim_terms *terms,
                              const char *token, size_t len, struct hvs_buf *out)
{
    (void)accept, (void)terms, (void)token, (void)len, (void)out;
    return SIM_STEP_REFUSED;
}

const char *sim_accept_account(const struct sim_accept *accept)
{
    (void)accept;
    return "";
}

const char *sim_accept_why(const struct sim_accept *accept)
{
    (void)accept;
    return "built without GSSAPI";
}

bool sim_accept_unseal(struct sim_accept *accept, const char *token, size_t len,
                       size_t signature, size_t length, struct hvs_buf *out)
{
    (void)accept, (void)token, (void)len, (void)signature, (void)length, (void)out;
    return false;
}

bool sim_accept_seal(struct sim_accept *accept, const char *text, size_t len,
                     struct hvs_buf *out, size_t *signature, size_t *padding)
{
    (void)accept, (void)text, (void)len, (void)out, (void)signature, (void)padding;
    return false;
}

#endif

#include "wsman/login.h"

#include "auth/binding.h"
#include "base/base64.h"
#include "base/err.h"
#include "wsman/challenge.h"
#include "wsman/trouble.h"

#include <stdio.h>
#include <string.h>

enum { MOST_TOKEN = 128 * 1024 };

void hvs_login_init(struct hvs_login *login, struct hvs_mech *mech, bool tls)
{
    *login = (struct hvs_login){.mech = mech,
                                .tls = tls,
                                .token = HVS_BUF_INIT(MOST_TOKEN),
                                .binding = HVS_BUF_INIT(1024)};
}

void hvs_login_clear(struct hvs_login *login)
{
    hvs_buf_clear(&login->token);
    hvs_buf_clear(&login->binding);
}

void hvs_login_reset(struct hvs_login *login)
{
    hvs_mech_reset(login->mech);
    login->in = login->begun = false;
    login->step = (struct hvs_error){0};
    hvs_buf_clear(&login->token);
    hvs_buf_clear(&login->binding);
}

/* Make the next token from the host's last one. */
static int next_token(struct hvs_login *login, struct hvs_buf *out)
{
    const struct hvs_mech_ops *ops = login->mech->ops;
    const struct hvs_buf *binding = login->binding.len ? &login->binding : NULL;
    int rc;

    rc = ops->step(login->mech, hvs_buf_str(&login->token), login->token.len, binding,
                   out, &login->step);
    hvs_buf_clear(&login->token);
    return rc;
}

/* The binding goes into every token over TLS, or none goes out: a host that only checks
 * what is sent would take one without, from whoever sits between. */
static int bind_it(struct hvs_login *login, const char *certificate)
{
    if (certificate)
        return hvs_binding_add(&login->binding, certificate, strlen(certificate),
                               &login->step);
    if (!login->tls || !login->mech->ops->binds)
        return 0;
    return hvs_err_set_hint(&login->step, HVS_AUTH, 0,
                            "is libcurl's TLS library one that shows certificates?",
                            "the login cannot be bound to the host's certificate, since "
                            "libcurl does not show it");
}

int hvs_login_ask(struct hvs_login *login, uint64_t connection, const char *certificate,
                  struct hvs_buf *authorization)
{
    const struct hvs_mech_ops *ops = login->mech->ops;
    struct hvs_buf token = HVS_BUF_INIT(MOST_TOKEN);
    int rc = -1;

    if (!ops->each_request) {
        if (login->begun && connection != login->connection)
            goto out; /* the legs of a login belong to one connection */
        if (!login->begun && bind_it(login, certificate) < 0)
            goto out;
        login->begun = true;
        login->connection = connection;
    }
    if (next_token(login, &token) < 0)
        goto out;
    hvs_buf_printf(authorization, "Authorization: %s%s", ops->scheme,
                   token.len ? " " : "");
    hvs_base64_add(authorization, hvs_buf_str(&token), token.len);
    if (token.failed || authorization->failed) {
        hvs_err_memory(&login->step);
        goto out;
    }
    rc = 0;
out:
    hvs_buf_clear(&token);
    return rc;
}

int hvs_login_deny(struct hvs_login *login, const struct hvs_posted *posted,
                   const char *host, struct hvs_error *err)
{
    const struct hvs_mech *mech = login->mech;
    const char *name = mech->ops->name, *hint;
    char schemes[128];

    hvs_challenge_schemes(posted->challenges, schemes, sizeof(schemes));
    if (strcmp(name, "kerberos") == 0)
        hint =
            "likely causes, the likeliest first: another account owns the host's service "
            "name (try --spn WSMAN or --spn host); a proxy that ends TLS while the host "
            "demands channel binding; the account may not log on over the network";
    else if (strcmp(name, "certificate") == 0)
        hint =
            "the listener must allow certificates and map this one to an account: 'winrm "
            "enumerate winrm/config/service/certmapping' there; TLS 1.3 may keep it from "
            "asking for one";
    else if (strcmp(name, "basic") == 0)
        hint = "Basic is for local accounts of the host, and must be switched on there; "
               "check the password, or use --auth ntlm";
    else
        hint =
            "likely causes, the likeliest first: wrong user or password; the domain is "
            "missing (DOMAIN\\user); a proxy that ends TLS while the host demands "
            "channel binding; the account is locked or may not log on over the network; "
            "NTLM is refused there (try --auth kerberos)";
    hvs_err_set_hint(&login->denied, HVS_AUTH, 0, hint,
                     "'%s' refused to log in '%s%s%s' by %s", host, mech->evidence.domain,
                     mech->evidence.domain[0] ? "\\" : "", mech->evidence.account, name);
    if (schemes[0]) {
        char offers[192];

        snprintf(offers, sizeof(offers), "the host offers: %s", schemes);
        hvs_err_detail(&login->denied, offers);
    }
    *err = login->denied;
    return -1;
}

/* A 401: the exchange goes on if it carries a token. */
static enum hvs_login_next challenged(struct hvs_login *login,
                                      const struct hvs_posted *posted, const char *host,
                                      struct hvs_error *err)
{
    const char *scheme = login->mech->ops->scheme;
    char schemes[128];
    bool offered;

    hvs_buf_clear(&login->token);
    offered = hvs_challenge_token(posted->challenges, scheme, &login->token);
    if (login->token.failed) {
        hvs_err_memory(err);
        return HVS_LOGIN_FAILED;
    }
    if (login->token.len && !login->mech->complete)
        return HVS_LOGIN_LEG;
    if (!offered && !login->mech->complete) {
        hvs_challenge_schemes(posted->challenges, schemes, sizeof(schemes));
        hvs_err_set_hint(err, HVS_AUTH, 0,
                         strstr(schemes, "Basic") ? "--auth basic is what is left" : "",
                         "'%s' does not offer %s; it offers: %s", host, scheme,
                         schemes[0] ? schemes : "nothing");
        return HVS_LOGIN_FAILED;
    }
    hvs_login_deny(login, posted, host, err);
    return HVS_LOGIN_FAILED;
}

/* A 200: the last token may still have to be looked at, since it proves the host. */
static enum hvs_login_next accepted(struct hvs_login *login,
                                    const struct hvs_posted *posted, const char *host,
                                    struct hvs_error *err)
{
    struct hvs_buf none = HVS_BUF_INIT(MOST_TOKEN);

    hvs_buf_clear(&login->token);
    hvs_challenge_token(posted->challenges, login->mech->ops->scheme, &login->token);
    if (login->token.failed) {
        hvs_err_memory(err);
    } else if (login->token.len && next_token(login, &none) < 0) {
        *err = login->step;
        hvs_err_prefix(err, "the host's last token");
    } else if (!login->mech->complete) {
        hvs_err_set(err, HVS_AUTH, 0, "'%s' let us in without proving who it is", host);
    } else {
        login->in = true;
    }
    hvs_buf_clear(&none);
    return login->in ? HVS_LOGIN_IN : HVS_LOGIN_FAILED;
}

enum hvs_login_next hvs_login_answer(struct hvs_login *login,
                                     const struct hvs_posted *posted, const char *host,
                                     struct hvs_error *err)
{
    if (login->step.domain) {
        *err = login->step;
        return HVS_LOGIN_FAILED;
    }
    if (posted->refused)
        return HVS_LOGIN_RESET;
    if (!posted->status) {
        hvs_trouble_net(posted, host, err);
        return HVS_LOGIN_FAILED;
    }
    if (posted->status == 401)
        return challenged(login, posted, host, err);
    if (posted->status == 200)
        return accepted(login, posted, host, err);
    hvs_trouble_status(posted, host, err);
    return HVS_LOGIN_FAILED;
}

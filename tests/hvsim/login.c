#include "hvsim/login.h"

#include "base/base64.h"
#include "base/secret.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The whole value of the Authorization header of a client with a certificate. */
static const char mutual[] =
    "http://schemas.dmtf.org/wbem/wsman/1/wsman/secprofile/https/mutual";

void sim_login_clear(struct sim_login *login)
{
    sim_accept_free(login->accept);
    *login = (struct sim_login){.scheme = "-"};
}

static enum sim_verdict deny(struct sim_login *login, const char *why)
{
    const char *scheme = login->scheme;
    char text[sizeof(login->why)];

    snprintf(text, sizeof(text), "%s", why);
    sim_login_clear(login);
    login->scheme = scheme;
    memcpy(login->why, text, sizeof(text));
    return SIM_DENIED;
}

static enum sim_verdict take_basic(struct sim_login *login, const struct sim_door *door,
                                   const struct hvs_buf *token)
{
    const char *colon = token->data ? memchr(token->data, ':', token->len) : NULL;
    const char *password;
    size_t len;

    if (!colon || memchr(token->data, '\0', token->len))
        return deny(login, "no user and password");
    snprintf(login->account, sizeof(login->account), "%.*s", (int)(colon - token->data),
             token->data);
    password = sim_world_password(door->world, login->account);
    len = token->len - (size_t)(colon + 1 - token->data);
    if (!password || strlen(password) != len ||
        !hvs_secret_equal(password, colon + 1, len))
        return deny(login, password ? "wrong password" : "unknown user");
    return SIM_ALLOWED;
}

static enum sim_verdict take_token(struct sim_login *login, const struct sim_door *door,
                                   const struct hvs_buf *token, struct hvs_buf *challenge)
{
    struct sim_terms terms = {.kerberos_only = login->kerberos,
                              .strict = door->manners->cbt == SIM_CBT_STRICT};
    struct hvs_buf reply = HVS_BUF_INIT(65536);
    enum sim_step step = SIM_STEP_REFUSED;

    if (door->manners->cbt != SIM_CBT_NONE) {
        terms.binding = door->binding;
        terms.binding_len = door->binding_len;
    }
    if (!login->accept)
        login->accept = sim_accept_new();
    if (login->accept)
        step = sim_accept_step(login->accept, &terms, token->data, token->len, &reply);
    if (step == SIM_STEP_REFUSED || reply.failed) {
        hvs_buf_clear(&reply);
        return deny(login, login->accept ? sim_accept_why(login->accept) : "no memory");
    }
    if (reply.len) {
        hvs_buf_printf(challenge, "WWW-Authenticate: %s ",
                       login->kerberos ? "Kerberos" : "Negotiate");
        hvs_base64_add(challenge, reply.data, reply.len);
        hvs_buf_puts(challenge, "\r\n");
    }
    hvs_buf_clear(&reply);
    if (step == SIM_STEP_MORE)
        return SIM_GO_ON;
    login->done = true;
    snprintf(login->account, sizeof(login->account), "%s",
             sim_accept_account(login->accept));
    return SIM_LOGGED;
}

/* The listener has looked at the certificate already, in the handshake. */
static enum sim_verdict take_certificate(struct sim_login *login,
                                         const struct sim_door *door)
{
    snprintf(login->account, sizeof(login->account), "%s", door->peer);
    return SIM_ALLOWED;
}

/* Match "Scheme token"; *token is left where the token begins. */
static bool scheme_is(const char *authorization, const char *scheme, const char **token)
{
    size_t len = strlen(scheme);

    if (strncasecmp(authorization, scheme, len) != 0 || authorization[len] != ' ')
        return false;
    *token = authorization + len + strspn(authorization + len, " ");
    return true;
}

enum sim_verdict sim_login_take(struct sim_login *login, const struct sim_door *door,
                                const char *authorization, struct hvs_buf *challenge)
{
    struct hvs_buf token = HVS_BUF_INIT(65536);
    enum sim_verdict verdict;
    const char *text = "";
    const char *scheme = "other";
    bool offered = false;

    if (strcmp(authorization, mutual) == 0) {
        scheme = "certificate";
        offered = door->peer[0] != '\0';
    } else if (scheme_is(authorization, "Negotiate", &text)) {
        scheme = "negotiate";
        offered = door->manners->negotiate;
    } else if (scheme_is(authorization, "Kerberos", &text)) {
        scheme = "kerberos";
        offered = door->manners->kerberos;
    } else if (scheme_is(authorization, "Basic", &text)) {
        scheme = "basic";
        offered = door->manners->basic;
    }
    /* a new token on a finished login begins another one; so does a change of scheme */
    if (login->done || strcmp(login->scheme, scheme) != 0)
        sim_login_clear(login);
    login->scheme = scheme;
    login->kerberos = strcmp(scheme, "kerberos") == 0;
    login->why[0] = '\0';

    if (!offered)
        verdict = deny(login, "scheme not offered");
    else if (!hvs_base64_decode(&token, text, strlen(text)))
        verdict = deny(login, "not base64");
    else if (strcmp(scheme, "certificate") == 0)
        verdict = take_certificate(login, door);
    else if (strcmp(scheme, "basic") == 0)
        verdict = take_basic(login, door, &token);
    else
        verdict = take_token(login, door, &token, challenge);
    hvs_buf_clear(&token);
    return verdict;
}

void sim_login_offer(struct hvs_buf *out, const struct sim_manners *manners)
{
    if (manners->negotiate)
        hvs_buf_puts(out, "WWW-Authenticate: Negotiate\r\n");
    if (manners->kerberos)
        hvs_buf_puts(out, "WWW-Authenticate: Kerberos\r\n");
    if (manners->basic)
        hvs_buf_puts(out, "WWW-Authenticate: Basic realm=\"WSMAN\"\r\n");
}

const char *sim_login_protocol(const struct sim_login *login)
{
    return login->kerberos ? SIM_KERBEROS_PROTOCOL : SIM_SPNEGO_PROTOCOL;
}

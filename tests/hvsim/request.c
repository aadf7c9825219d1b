#include "hvsim/conn.h"

#include "hvsim/charset.h"
#include "xml/doc.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define FRAME_MAX 4096 /* what a frame may add to an envelope */
#define SOAP_NS "http://www.w3.org/2003/05/soap-envelope"
#define IDENTITY_NS "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
#define SOAP_TYPE "application/soap+xml"
#define FRAME_TYPE "multipart/encrypted"

void sim_exchange_refuse(struct sim_exchange *x, int status)
{
    const char *page = sim_http_page(status);

    x->answer = (struct sim_answer){.status = status, .allow = status == 405};
    hvs_buf_clear(&x->challenge);
    hvs_buf_clear(&x->type);
    hvs_buf_clear(&x->reply);
    if (page) {
        hvs_buf_puts(&x->type, "text/html; charset=us-ascii");
        hvs_buf_puts(&x->reply, page);
    }
    if (x->unread || status == 400)
        x->answer.close = true;
}

/* The plain 401, which ends the login and, by default, the connection. */
static void deny(struct sim_exchange *x)
{
    struct sim_login *login = &x->conn->login;
    const char *scheme = login->scheme;

    snprintf(x->note, sizeof(x->note), "%s", login->why);
    sim_login_clear(login);
    login->scheme = scheme;
    sim_exchange_refuse(x, 401);
    sim_login_offer(&x->challenge, &x->manners);
    x->answer.close = !x->manners.first_open || x->unread;
}

/* What http.sys looks at before anybody has logged in: 0, or the status. */
static int screen(const struct sim_exchange *x)
{
    const struct sim_head *head = &x->head;
    bool anonymous_path = strcmp(head->path, "/wsman-anon/identify") == 0;
    size_t most = x->manners.max_envelope;

    if (head->chunked || (head->length < 0 && strcmp(head->method, "POST") == 0))
        return 411;
    if (strcmp(head->path, "/wsman") != 0 && strcmp(head->path, "/wsman/") != 0 &&
        !(anonymous_path && x->manners.identify_path))
        return 404;
    if (strcmp(head->method, "POST") != 0)
        return 405;
    if (sim_type_is(head->type, FRAME_TYPE))
        most += FRAME_MAX;
    return head->length > (int64_t)most ? 413 : 0;
}

/* Does the body hold an Identify, the one request that needs no login? */
static bool is_identify(const struct hvs_buf *body)
{
    struct hvs_error err = {0};
    xmlDoc *doc = hvs_xml_parse(hvs_buf_str(body), body->len, &err);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    const xmlNode *soap = root ? hvs_xml_child(root, SOAP_NS, "Body") : NULL;
    bool found = soap && hvs_xml_child(soap, IDENTITY_NS, "Identify");

    xmlFreeDoc(doc);
    return found;
}

static bool is_anonymous(const struct sim_exchange *x)
{
    if (strcmp(x->head.path, "/wsman-anon/identify") != 0 &&
        !(x->head.identify && strcasecmp(x->head.identify, "unauthenticated") == 0))
        return false;
    return sim_type_is(x->head.type, SOAP_TYPE) && is_identify(&x->body);
}

static enum sim_verdict take_token(struct sim_exchange *x)
{
    struct sim_server *server = x->conn->server;
    struct sim_door door = {.world = server->world, .manners = &x->manners};
    enum sim_verdict verdict;

    if (x->conn->listener->tls) {
        door.binding = server->tls.binding;
        door.binding_len = server->tls.binding_len;
        sim_tls_peer(x->conn->stream.ssl, door.peer, sizeof(door.peer));
    }
    pthread_mutex_lock(&server->lock);
    verdict = sim_login_take(&x->conn->login, &door, x->head.authorization,
                             &x->challenge);
    if (verdict == SIM_DENIED)
        sim_host_refused(x->conn->listener->host);
    pthread_mutex_unlock(&server->lock);
    return verdict;
}

/* Who asks? True when the body may be looked at; else the reply is ready. */
static bool authorize(struct sim_exchange *x)
{
    struct sim_login *login = &x->conn->login;

    if (!x->head.authorization) {
        if (login->done)
            x->account = login->account;
        else if (is_anonymous(x))
            x->anonymous = true;
        else
            deny(x);
        return x->account || x->anonymous;
    }
    switch (take_token(x)) {
    case SIM_ALLOWED: x->account = login->account; return true;
    case SIM_LOGGED:
        x->account = login->account;
        x->answer.status = 200;
        return x->body.len && !x->manners.ignore_last_body;
    case SIM_GO_ON: x->answer.status = 401; return false;
    case SIM_DENIED: break;
    }
    deny(x);
    return false;
}

/* The charset of a clear body. False when Windows would not read it. */
static bool read_charset(struct sim_exchange *x)
{
    char charset[16];

    if (!sim_type_param(x->head.type, "charset", charset, sizeof(charset)))
        return false;
    x->utf16 = strcasecmp(charset, "UTF-16") == 0;
    return x->utf16 || strcasecmp(charset, "UTF-8") == 0;
}

static int open_clear(struct sim_exchange *x)
{
    if (!read_charset(x))
        return 415;
    if (!x->conn->listener->tls && !x->manners.allow_unencrypted && !x->anonymous)
        return x->manners.clear_status;
    hvs_buf_add(&x->text, hvs_buf_str(&x->body), x->body.len);
    return 0;
}

static int open_sealed(struct sim_exchange *x)
{
    struct sim_login *login = &x->conn->login;
    const char *wanted = sim_login_protocol(login);
    struct sim_frame frame;
    char protocol[128];

    /* Basic has no key, and the name must fit the scheme of the login */
    if (!login->done || !sim_type_param(x->head.type, "protocol", protocol, 128) ||
        strcmp(protocol, wanted) != 0)
        return 415;
    if (!sim_frame_read(&frame, wanted, hvs_buf_str(&x->body), x->body.len)) {
        snprintf(x->note, sizeof(x->note), "bad frame");
        return 400;
    }
    if (!sim_accept_unseal(login->accept, frame.token, frame.token_len, frame.signature,
                           frame.length, &x->text)) {
        snprintf(x->note, sizeof(x->note), "cannot unseal");
        return 400;
    }
    x->protocol = wanted;
    x->utf16 = frame.utf16;
    return x->text.len > x->manners.max_envelope ? 413 : 0;
}

/* Get at the SOAP text. True when there is one; else the reply is ready. */
static bool open_body(struct sim_exchange *x)
{
    int status = 415;

    if (sim_type_is(x->head.type, SOAP_TYPE))
        status = open_clear(x);
    else if (sim_type_is(x->head.type, FRAME_TYPE))
        status = open_sealed(x);
    if (status == 401)
        deny(x);
    else if (status)
        sim_exchange_refuse(x, status);
    return !status;
}

/* Let the world do it. */
static void act(struct sim_exchange *x)
{
    struct sim_server *server = x->conn->server;
    struct sim_host *host = x->conn->listener->host;
    struct sim_request request = {.account = x->account,
                                  .body = hvs_buf_str(&x->text),
                                  .len = x->text.len,
                                  .utf16 = x->utf16};
    struct sim_reply reply = {.status = 500, .body = HVS_BUF_INIT(1 << 24)};

    pthread_mutex_lock(&server->lock);
    sim_host_answer(host, &request, &reply);
    snprintf(x->note, sizeof(x->note), "%s", sim_host_last(host));
    pthread_mutex_unlock(&server->lock);
    x->answer.status = reply.status;
    hvs_buf_clear(&x->reply);
    if (x->utf16 && reply.body.len) /* the reply comes in the charset of the request */
        sim_to_utf16(&x->reply, reply.body.data, reply.body.len);
    else
        hvs_buf_add(&x->reply, hvs_buf_str(&reply.body), reply.body.len);
    hvs_buf_clear(&reply.body);
    if (reply.mischief) {
        x->mischief = reply.mischief;
        x->ms = reply.ms;
        x->value = reply.value;
    }
}

/* Put the reply in a frame, as the request was. */
static void seal(struct sim_exchange *x)
{
    struct hvs_buf token = HVS_BUF_INIT(1 << 24);
    struct sim_frame frame = {.length = x->reply.len, .utf16 = x->utf16};
    size_t padding;

    if (!sim_accept_seal(x->conn->login.accept, hvs_buf_str(&x->reply), x->reply.len,
                         &token, &frame.signature, &padding)) {
        hvs_buf_clear(&token);
        sim_exchange_refuse(x, 500);
        return;
    }
    frame.length += padding;
    frame.token = hvs_buf_str(&token);
    frame.token_len = token.len;
    hvs_buf_clear(&x->reply);
    hvs_buf_clear(&x->type);
    sim_frame_type(&x->type, x->protocol);
    sim_frame_write(&x->reply, &x->manners.frame, x->protocol, &frame);
    hvs_buf_clear(&token);
}

static void put_html(struct sim_exchange *x)
{
    sim_exchange_refuse(x, 200);
    hvs_buf_puts(&x->type, "text/html");
    hvs_buf_puts(&x->reply, "<html><head><title>Sign in</title></head>"
                            "<body><h1>Welcome</h1></body></html>\n");
}

/* Replies that stand in for the world's own. True when one does. */
static bool stand_in(struct sim_exchange *x)
{
    if (x->mischief == SIM_HTML)
        put_html(x);
    else if (x->mischief == SIM_STATUS && x->value == 401)
        deny(x);
    else if (x->mischief == SIM_STATUS || x->mischief == SIM_BARE)
        sim_exchange_refuse(x, x->value);
    return x->mischief == SIM_HTML || x->mischief == SIM_STATUS ||
           x->mischief == SIM_BARE;
}

static bool reset(struct sim_exchange *x)
{
    sim_server_save(x->conn->server);
    sim_stream_reset(&x->conn->stream);
    return false;
}

/* The SOAP text is there: answer it. */
static void perform(struct sim_exchange *x)
{
    if (stand_in(x))
        return;
    act(x);
    if (stand_in(x))
        return;
    if (x->mischief == SIM_GARBAGE) {
        hvs_buf_clear(&x->reply);
        hvs_buf_puts(&x->reply, "\x01 this is no XML \xff\xfe <<<");
    }
    hvs_buf_printf(&x->type, SOAP_TYPE ";charset=%s", x->utf16 ? "UTF-16" : "UTF-8");
    if (x->protocol)
        seal(x);
}

/* An empty POST, or one with a token, is a leg of a login; what Basic and certificates
 * say goes with every request. */
static bool is_login(const struct sim_head *head)
{
    const char *said = head->authorization;

    return head->length <= 0 || (said && strncasecmp(said, "Basic ", 6) != 0 &&
                                 strncasecmp(said, "http://", 7) != 0);
}

static void ask_before(struct sim_exchange *x, bool login)
{
    struct sim_server *server = x->conn->server;

    pthread_mutex_lock(&server->lock);
    x->mischief = sim_host_before(x->conn->listener->host, login ? "login" : "request",
                                  &x->ms, &x->value);
    pthread_mutex_unlock(&server->lock);
}

bool sim_exchange_handle(struct sim_exchange *x)
{
    bool login = is_login(&x->head);
    int status;

    ask_before(x, login);
    if (x->mischief == SIM_REFUSE) {
        sim_stream_close(&x->conn->stream, true);
        return false;
    }
    if (x->mischief == SIM_RESET_BEFORE)
        return reset(x);
    status = screen(x);
    if (status) {
        x->unread = x->head.chunked || x->head.length > 0;
        sim_exchange_refuse(x, status);
        return true;
    }
    if (!sim_exchange_read_body(x))
        return false;
    if (x->mischief == SIM_RESET_READ || x->mischief == SIM_LATE_ACT)
        return reset(x);
    if (login && stand_in(x))
        return true;
    if (authorize(x) && open_body(x))
        perform(x);
    else
        stand_in(x); /* by number, whatever this request would have got */
    return true;
}

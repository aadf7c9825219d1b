#include "hvsim/test_server.h"

#ifdef HVS_GSSAPI

#include "base/base64.h"
#include "hvsim/accept.h"

#include <gssapi/gssapi.h>

/*
 * NTLM over clear HTTP, with gss-ntlmssp as the client: what is sealed, how the seal may
 * be spoilt, and what becomes of clear text.
 */

#define SPNEGO "application/HTTP-SPNEGO-session-encrypted"
#define KERBEROS "application/HTTP-Kerberos-session-encrypted"
#define B "--Encrypted Boundary\r\n"
#define ORIGINAL "OriginalContent: type=application/soap+xml;charset=UTF-8;Length="
#define OCTETS "Content-Type: application/octet-stream\r\n"

enum spoil {
    GOOD,
    CLEAR,      /* sent without a seal */
    TABS,       /* not spoilt: as Windows sends it */
    BIT,        /* of the sealed text */
    LENGTH,     /* another than the text has */
    SIGNATURE,  /* cut at another byte */
    BLANK_LINE, /* that a MIME library would add */
    NO_FRAME,   /* the sealed bytes alone */
    TWICE,      /* the same message again: a replay */
};

struct sealed_case {
    const char *name;
    const char *set[2];
    const char *text; /* SOAP */
    const char *protocol;
    enum spoil spoil;
    int status;
    const char *holds;  /* the reply as it came, or NULL */
    const char *opened; /* what it holds once opened; NULL: it is clear */
};

static const struct sealed_case cases[] = {
    {"sealed",
     {0},
     IDENTIFY,
     SPNEGO,
     GOOD,
     200,
     B "\tContent-Type: " SPNEGO "\r\n\t" ORIGINAL,
     "IdentifyResponse"},
    {"with tabs", {0}, IDENTIFY, SPNEGO, TABS, 200, B "\t" OCTETS, "IdentifyResponse"},
    {"replies without tabs",
     {"frame-ht=off"},
     IDENTIFY,
     SPNEGO,
     GOOD,
     200,
     B OCTETS,
     "IdentifyResponse"},
    {"replies with a blank",
     {"boundary=spaced"},
     IDENTIFY,
     SPNEGO,
     GOOD,
     200,
     "-- Encrypted Boundary\r\n\tContent-Type: ",
     "IdentifyResponse"},
    {"a fault is sealed, too",
     {0},
     "<nonsense/>",
     SPNEGO,
     GOOD,
     500,
     "Content-Type: multipart/encrypted;protocol=\"" SPNEGO
     "\";boundary=\"Encrypted Boundary\"\r\n",
     "s:Fault"},
    {"garbage is sealed, too",
     {"fault=Identify:garbage"},
     IDENTIFY,
     SPNEGO,
     GOOD,
     200,
     B,
     "no XML"},
    {"a page is not",
     {"fault=Identify:html"},
     IDENTIFY,
     SPNEGO,
     GOOD,
     200,
     "<html>",
     NULL},
    {"the name of the other scheme",
     {0},
     IDENTIFY,
     KERBEROS,
     GOOD,
     415,
     "Content-Length: 0\r\n",
     NULL},
    {"a bit", {0}, IDENTIFY, SPNEGO, BIT, 400, "Connection: close\r\n", NULL},
    {"a length", {0}, IDENTIFY, SPNEGO, LENGTH, 400, NULL, NULL},
    {"a signature", {0}, IDENTIFY, SPNEGO, SIGNATURE, 400, NULL, NULL},
    {"a blank line", {0}, IDENTIFY, SPNEGO, BLANK_LINE, 400, NULL, NULL},
    {"no frame", {0}, IDENTIFY, SPNEGO, NO_FRAME, 400, NULL, NULL},
    {"a replay", {0}, IDENTIFY, SPNEGO, TWICE, 400, NULL, NULL},
    {"clear text", {0}, IDENTIFY, SPNEGO, CLEAR, 500, "Content-Length: 0\r\n", NULL},
    {"clear text, as other hosts",
     {"clear-body=401"},
     IDENTIFY,
     SPNEGO,
     CLEAR,
     401,
     "WWW-Authenticate: Negotiate\r\n",
     NULL},
    {"clear text where it is allowed",
     {"allow-unencrypted=on"},
     IDENTIFY,
     SPNEGO,
     CLEAR,
     200,
     "IdentifyResponse",
     NULL},
};

struct client {
    struct fixture f;
    gss_ctx_id_t context;
};

static gss_OID_desc ntlm = {10, (void *)"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a"};

static int status_of(const struct hvs_buf *reply)
{
    return reply->len > 12 ? (int)strtol(reply->data + 9, NULL, 10) : 0;
}

/* Post, and read the reply. */
static void post(struct client *client, const char *head, const struct hvs_buf *body,
                 struct hvs_buf *reply)
{
    struct hvs_buf text = HVS_BUF_INIT(1 << 20);

    hvs_buf_printf(&text, POST "%sContent-Length: %zu\r\n\r\n", head, body->len);
    hvs_buf_add(&text, hvs_buf_str(body), body->len);
    send_text(client->f.fd, text.data, text.len);
    hvs_buf_clear(&text);
    hvs_buf_clear(reply);
    assert_int_equal(receive(client->f.fd, reply), 1);
}

/* One leg: the token goes, `in` becomes the answer's. The status. */
static int leg(struct client *client, const gss_buffer_desc *token, struct hvs_buf *in)
{
    static const char field[] = "WWW-Authenticate: Negotiate ";
    struct hvs_buf head = HVS_BUF_INIT(65536), reply = HVS_BUF_INIT(65536);
    const struct hvs_buf none = HVS_BUF_INIT(1);
    const char *at;
    int status;

    hvs_buf_puts(&head, "Authorization: Negotiate ");
    hvs_base64_add(&head, token->value, token->length);
    hvs_buf_puts(&head, "\r\n");
    post(client, head.data, &none, &reply);
    status = status_of(&reply);
    hvs_buf_clear(in);
    at = strstr(reply.data, field);
    if (at)
        assert_true(hvs_base64_decode(in, at + sizeof(field) - 1,
                                      strcspn(at + sizeof(field) - 1, "\r")));
    hvs_buf_clear(&head);
    hvs_buf_clear(&reply);
    return status;
}

static void log_in(struct client *client)
{
    gss_buffer_desc service = {14, (void *)"HTTP@localhost"}, token, in;
    struct hvs_buf answer = HVS_BUF_INIT(65536);
    OM_uint32 major, minor, ignored;
    gss_name_t name;
    int status = 401;

    gss_import_name(&minor, &service, GSS_C_NT_HOSTBASED_SERVICE, &name);
    while (status == 401) {
        in = (gss_buffer_desc){answer.len, answer.data};
        major = gss_init_sec_context(&minor, GSS_C_NO_CREDENTIAL, &client->context, name,
                                     &ntlm,
                                     GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG |
                                         GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG |
                                         GSS_C_INTEG_FLAG,
                                     0, NULL, &in, NULL, &token, NULL, NULL);
        assert_false(GSS_ERROR(major));
        assert_true(token.length > 0);
        status = leg(client, &token, &answer);
        gss_release_buffer(&ignored, &token);
    }
    assert_int_equal(status, 200);
    gss_release_name(&ignored, &name);
    hvs_buf_clear(&answer);
}

/* The frame with what is to be wrong in it. */
static void frame(struct client *client, const struct sealed_case *row,
                  struct hvs_buf *out)
{
    gss_buffer_desc in = {strlen(row->text), (void *)row->text}, token;
    const char *tab = row->spoil == TABS ? "\t" : "";
    OM_uint32 minor;
    int sealed;

    assert_int_equal(gss_wrap(&minor, client->context, 1, GSS_C_QOP_DEFAULT, &in, &sealed,
                              &token),
                     0);
    if (row->spoil == BIT)
        ((char *)token.value)[token.length - 1] ^= 1;
    if (row->spoil != NO_FRAME) {
        hvs_buf_printf(out, B "%sContent-Type: %s\r\n%s" ORIGINAL "%zu\r\n" B "%s" OCTETS,
                       tab, row->protocol, tab, in.length + (row->spoil == LENGTH), tab);
        if (row->spoil == BLANK_LINE)
            hvs_buf_puts(out, "\r\n");
        hvs_buf_add(out, row->spoil == SIGNATURE ? "\x11\0\0\0" : "\x10\0\0\0", 4);
    }
    hvs_buf_add(out, token.value, token.length);
    if (row->spoil != NO_FRAME)
        hvs_buf_puts(out, "--Encrypted Boundary--\r\n");
    gss_release_buffer(&minor, &token);
}

/* The text of a sealed reply. The end is found by what OriginalContent says. */
static void open_reply(struct client *client, const struct hvs_buf *reply,
                       struct hvs_buf *out)
{
    const char *length = strstr(reply->data, ";Length=");
    const char *at = strstr(reply->data, OCTETS);
    gss_buffer_desc in, text;
    OM_uint32 minor;
    int sealed = 0;

    assert_non_null(length);
    assert_non_null(at);
    at += strlen(OCTETS);
    assert_memory_equal(at, "\x10\0\0\0", 4);
    in.value = (void *)(at + 4);
    in.length = 16 + strtoul(length + 8, NULL, 10);
    assert_true(at + 4 + in.length < reply->data + reply->len);
    assert_memory_equal(at + 4 + in.length, "--", 2);
    assert_int_equal(gss_unwrap(&minor, client->context, &in, &text, &sealed, NULL), 0);
    assert_int_equal(sealed, 1);
    hvs_buf_add(out, text.value, text.length);
    gss_release_buffer(&minor, &text);
}

static void test_sealed(void **state)
{
    const struct sealed_case *row = *state;
    struct hvs_buf body = HVS_BUF_INIT(65536), reply = HVS_BUF_INIT(65536);
    struct hvs_buf opened = HVS_BUF_INIT(65536);
    struct client client = {.context = GSS_C_NO_CONTEXT};
    char head[256] = SOAP;
    OM_uint32 minor;

    start(&client.f, row->set, COUNT(row->set));
    log_in(&client);
    if (row->spoil == CLEAR)
        hvs_buf_puts(&body, row->text);
    else
        frame(&client, row, &body);
    if (row->spoil != CLEAR)
        snprintf(head, sizeof(head),
                 "Content-Type: multipart/encrypted;protocol=\"%s\";"
                 "boundary=\"Encrypted Boundary\"\r\n",
                 row->protocol);
    post(&client, head, &body, &reply);
    if (row->spoil == TWICE)
        post(&client, head, &body, &reply);
    assert_int_equal(status_of(&reply), row->status);
    if (row->holds && !strstr(reply.data, row->holds))
        fail_msg("the reply is '%s'", reply.data);
    if (row->opened) {
        open_reply(&client, &reply, &opened);
        assert_non_null(strstr(opened.data, row->opened));
    }
    gss_delete_sec_context(&minor, &client.context, GSS_C_NO_BUFFER);
    stop(&client.f);
    hvs_buf_clear(&body);
    hvs_buf_clear(&reply);
    hvs_buf_clear(&opened);
}

/* The accounts in a file, for the server as for the client. */
static int prepare(const char *path)
{
    struct hvs_buf users = HVS_BUF_INIT(65536);
    struct hvs_error err = {0};
    struct sim_world *world = sim_world_new(NULL, now, NULL, &err);
    FILE *f = fopen(path, "w");
    int rc = -1;

    if (world)
        sim_world_users(world, &users);
    if (f && fwrite(hvs_buf_str(&users), 1, users.len, f) == users.len)
        rc = 0;
    if (f && fclose(f) != 0)
        rc = -1;
    sim_world_free(world);
    hvs_buf_clear(&users);
    return rc < 0 ? rc : sim_accept_setup(path, "HV01", "HVTEST", NULL, &err);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)] = {0};
    const char *dir = getenv("TMPDIR");
    char path[512];
    int rc = 1;

    if (!sim_accept_ntlm()) {
        puts("gss-ntlmssp is not installed");
        return 77;
    }
    snprintf(path, sizeof(path), "%s/hvsim-test-users", dir ? dir : "/tmp");
    CASES(tests, cases, test_sealed);
    if (prepare(path) == 0)
        rc = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return rc;
}

#else

int main(void)
{
    puts("built without GSSAPI");
    return 77;
}

#endif

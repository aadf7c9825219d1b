#include "support/hex.h"
#include "support/test.h"

#include "auth/frame.h"
#include "auth/ntlm.h"
#include "vectors.h"

#include <openssl/sha.h>

#include <string.h>

/* A frame in pieces, so that a row can change one. */
struct frame_case {
    const char *name;
    const char *first, *type, *content, *second, *octets, *signature, *sealed, *last;
    const char *why; /* part of the message; NULL: it is read */
};

#define FIRST "--Encrypted Boundary\r\n"
#define SPACED "-- Encrypted Boundary\r\n"
#define TYPE "Content-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
#define CONTENT "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=5\r\n"
#define OCTETS "Content-Type: application/octet-stream\r\n"
#define SIGNATURE "\x04sign"
#define LAST "--Encrypted Boundary--\r\n"

static const struct frame_case frames[] = {
    {"without tabs", FIRST, TYPE, CONTENT, FIRST, OCTETS, SIGNATURE, "12345", LAST, NULL},
    {"with tabs", FIRST, "\t" TYPE, "\t" CONTENT, FIRST, "\t" OCTETS, SIGNATURE, "12345",
     LAST, NULL},
    {"with a space in the boundary", SPACED, TYPE, CONTENT, SPACED, OCTETS, SIGNATURE,
     "12345", "-- Encrypted Boundary--\r\n", NULL},
    {"the end without hyphens", SPACED, TYPE, CONTENT, SPACED, OCTETS, SIGNATURE, "12345",
     "-- Encrypted Boundary\r\n", NULL},
    {"the end without a line end", FIRST, TYPE, CONTENT, FIRST, OCTETS, SIGNATURE,
     "12345", "--Encrypted Boundary--", NULL},
    {"a boundary in the sealed bytes", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=24\r\n", FIRST,
     OCTETS, SIGNATURE, LAST, LAST, NULL},
    {"blanks at the end of the sealed bytes", FIRST, TYPE, CONTENT, FIRST, OCTETS,
     SIGNATURE, "12 \r\n", LAST, NULL},
    {"nothing sealed", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=0\r\n", FIRST,
     OCTETS, SIGNATURE, "", LAST, NULL},
    {"empty", "", "", "", "", "", "", "", "", "does not begin"},
    {"another boundary", "--Boundary\r\n", TYPE, CONTENT, FIRST, OCTETS, SIGNATURE,
     "12345", LAST, "does not begin"},
    {"CredSSP", FIRST, "Content-Type: application/HTTP-CredSSP-session-encrypted\r\n",
     CONTENT, FIRST, OCTETS, SIGNATURE, "12345", LAST, "not sealed by SPNEGO"},
    {"no length", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8\r\n", FIRST, OCTETS,
     SIGNATURE, "12345", LAST, "how long"},
    {"a length that is no number", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=-5\r\n", FIRST,
     OCTETS, SIGNATURE, "12345", LAST, "how long"},
    {"a length without an end", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=55555555555\r\n",
     FIRST, OCTETS, SIGNATURE, "12345", LAST, "how long"},
    {"a length that wraps in 32 bits", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=4294967301\r\n",
     FIRST, OCTETS, SIGNATURE, "12345", LAST, "shorter"},
    {"a length with a sign", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=+5\r\n", FIRST,
     OCTETS, SIGNATURE, "12345", LAST, "how long"},
    {"a length in hex", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=0x5\r\n", FIRST,
     OCTETS, SIGNATURE, "12345", LAST, "how long"},
    {"a length with a fraction", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=5.0\r\n", FIRST,
     OCTETS, SIGNATURE, "12345", LAST, "how long"},
    {"an empty length", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=\r\n", FIRST,
     OCTETS, SIGNATURE, "12345", LAST, "how long"},
    {"a length of half the text", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=2\r\n", FIRST,
     OCTETS, SIGNATURE, "12345", LAST, "closing boundary"},
    {"UTF-16", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-16;Length=5\r\n", FIRST,
     OCTETS, SIGNATURE, "12345", LAST, "not in UTF-8"},
    {"no SOAP", FIRST, TYPE, "OriginalContent: type=text/html;charset=UTF-8;Length=5\r\n",
     FIRST, OCTETS, SIGNATURE, "12345", LAST, "SOAP"},
    {"no second part", FIRST, TYPE, CONTENT, "", OCTETS, SIGNATURE, "12345", LAST,
     "second part"},
    {"a blank line, as in MIME", FIRST, TYPE, CONTENT, FIRST, OCTETS "\r\n", SIGNATURE,
     "12345", LAST, "ends within its signature"},
    {"nothing after the headers", FIRST, TYPE, CONTENT, FIRST, OCTETS, NULL, "", "",
     "before its signature"},
    {"a signature of no length", FIRST, TYPE, CONTENT, FIRST, OCTETS, "", "12345", LAST,
     "ends within its signature"},
    {"a signature beyond the end", FIRST, TYPE, CONTENT, FIRST, OCTETS, "\x7f", "12345",
     LAST, "ends within its signature"},
    {"shorter than it says", FIRST, TYPE,
     "OriginalContent: type=application/soap+xml;charset=UTF-8;Length=100\r\n", FIRST,
     OCTETS, SIGNATURE, "12345", LAST, "shorter"},
    {"a byte too many", FIRST, TYPE, CONTENT, FIRST, OCTETS, SIGNATURE, "123456", LAST,
     "closing boundary"},
    {"no closing boundary", FIRST, TYPE, CONTENT, FIRST, OCTETS, SIGNATURE, "12345", "",
     "closing boundary"},
    {"something after it", FIRST, TYPE, CONTENT, FIRST, OCTETS, SIGNATURE, "12345",
     LAST "<s:Envelope/>", "something follows"},
};

static void build(struct hvs_buf *out, const struct frame_case *row)
{
    hvs_buf_printf(out, "%s%s%s%s%s", row->first, row->type, row->content, row->second,
                   row->octets);
    /* the first byte of `signature` is its length */
    if (row->signature) {
        hvs_buf_add(out, row->signature, 1);
        hvs_buf_add(out, "\0\0\0", *row->octets ? 3 : 0);
        hvs_buf_puts(out, *row->signature ? row->signature + 1 : "");
    }
    hvs_buf_puts(out, row->sealed);
    hvs_buf_puts(out, row->last);
}

static void test_read(void **state)
{
    const struct frame_case *row = *state;
    struct hvs_buf body = HVS_BUF_INIT(1000);
    struct hvs_error err = {0};
    struct hvs_frame frame;
    int rc;

    build(&body, row);
    rc = hvs_frame_read(&frame, hvs_buf_str(&body), body.len, &err);
    assert_int_equal(rc, row->why ? -1 : 0);
    if (row->why) {
        assert_err(&err, HVS_HTTP, row->why);
    } else {
        assert_int_equal(frame.signature_len, 4);
        assert_memory_equal(frame.signature, "sign", 4);
        assert_int_equal(frame.length, strlen(row->sealed));
        assert_memory_equal(frame.sealed, row->sealed, frame.length);
    }
    hvs_buf_clear(&body);
}

/* Cut anywhere, it is refused, and never read beyond. */
static void test_cut(void **state)
{
    struct hvs_buf body = HVS_BUF_INIT(1000);
    struct hvs_frame frame;
    size_t len;

    (void)state;
    build(&body, &frames[0]);
    for (len = 0; len < body.len - 4; len++) {
        struct hvs_error err = {0};
        char *exact = test_malloc(len ? len : 1);

        memcpy(exact, body.data, len);
        assert_int_equal(hvs_frame_read(&frame, exact, len, &err), -1);
        assert_int_equal(err.domain, HVS_HTTP);
        test_free(exact);
    }
    hvs_buf_clear(&body);
}

/* The signature's length is signed in some readers: -1, and the most and the least. */
static void test_signature_length(void **state)
{
    static const char *const lengths[] = {"\xff\xff\xff\xff", "\xff\xff\xff\x7f",
                                          "\x00\x00\x00\x80", "\x00\x01\x00\x00"};
    struct hvs_frame frame;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(lengths); i++) {
        struct hvs_buf body = HVS_BUF_INIT(1000);
        struct hvs_error err = {0};

        hvs_buf_puts(&body, FIRST TYPE CONTENT FIRST OCTETS);
        hvs_buf_add(&body, lengths[i], 4);
        hvs_buf_puts(&body, "sign12345" LAST);
        assert_int_equal(hvs_frame_read(&frame, body.data, body.len, &err), -1);
        assert_err(&err, HVS_HTTP, "ends within its signature");
        hvs_buf_clear(&body);
    }
}

/* An NTLM mechanism that has logged in with the session key of MS-NLMP 4.2.4. */
static struct hvs_mech *logged_in(void)
{
    static const struct hvs_credentials who = {.user = "User",
                                               .domain = "Domain",
                                               .password = "Password"};
    struct hvs_buf out = HVS_BUF_INIT(1000), in = HVS_BUF_INIT(1000);
    struct hvs_ntlm_inputs inputs = {.nonce = {0}};
    struct hvs_error err = {0};
    struct hvs_mech *mech;

    memset(inputs.session_key, 0x55, sizeof(inputs.session_key));
    mech = hvs_ntlm_new_with(&who, NULL, &inputs, &err);
    assert_non_null(mech);
    hex_add(&in, CHALLENGE_A);
    assert_int_equal(mech->ops->step(mech, NULL, 0, NULL, &out, &err), 0);
    assert_int_equal(mech->ops->step(mech, in.data, in.len, NULL, &out, &err), 0);
    hvs_buf_clear(&in);
    hvs_buf_clear(&out);
    return mech;
}

/* The bytes of a whole frame, by their digest. */
static void test_seal(void **state)
{
    struct hvs_mech *mech = logged_in();
    struct hvs_buf body = HVS_BUF_INIT(1000);
    struct hvs_error err = {0};
    uint8_t sum[SHA256_DIGEST_LENGTH];

    (void)state;
    assert_int_equal(hvs_frame_seal(mech, "<hv/>", 5, &body, &err), 0);
    assert_int_equal(body.len, 257);
    SHA256((const unsigned char *)body.data, body.len, sum);
    assert_hex(sum, sizeof(sum),
               "e9a6b6121bcded927f8a0d71f98ded63acbe1d0592bb8472297f226dffe611d1");
    hvs_buf_clear(&body);
    hvs_mech_free(mech);
}

/* The server's first message, "<ok/>", with tabs. */
static void build_reply(struct hvs_buf *out, const char *length, const char *sealed)
{
    hvs_buf_printf(out,
                   FIRST "\t" TYPE "\tOriginalContent: type=application/soap+xml;"
                         "charset=UTF-8;Length=%s\r\n" FIRST "\t" OCTETS,
                   length);
    hex_add(out, "10000000"
                 "0100000078516f3c67dd7bc500000000");
    hex_add(out, sealed);
    hvs_buf_puts(out, LAST);
}

static void test_open(void **state)
{
    struct hvs_mech *mech = logged_in();
    struct hvs_buf body = HVS_BUF_INIT(1000), plain = HVS_BUF_INIT(1000);
    struct hvs_error err = {0};
    uint8_t sum[SHA256_DIGEST_LENGTH];

    (void)state;
    build_reply(&body, "5", "7a6776986f");
    assert_int_equal(body.len, 260);
    SHA256((const unsigned char *)body.data, body.len, sum);
    assert_hex(sum, sizeof(sum),
               "2cf917b497d768d3199198f74bf89e29024b43ee7b7a0f99f0264f9a68dfaa50");
    assert_int_equal(hvs_frame_open(mech, body.data, body.len, &plain, &err), 0);
    assert_string_equal(hvs_buf_str(&plain), "<ok/>");
    hvs_buf_clear(&plain);

    /* the same again is not the next one */
    assert_int_equal(hvs_frame_open(mech, body.data, body.len, &plain, &err), -1);
    assert_err(&err, HVS_AUTH, "broken");
    assert_int_equal(plain.len, 0);
    hvs_buf_clear(&body);
    hvs_mech_free(mech);
}

static void test_cannot(void **state)
{
    static const struct hvs_credentials who = {.user = "User", .password = "Password"};
    struct hvs_buf body = HVS_BUF_INIT(1000);
    struct hvs_error err = {0};
    struct hvs_mech *mech = hvs_basic_new(&who, &err);

    (void)state;
    assert_non_null(mech);
    assert_int_equal(hvs_frame_seal(mech, "<hv/>", 5, &body, &err), -1);
    assert_err(&err, HVS_AUTH, "basic cannot seal");
    memset(&err, 0, sizeof(err));
    assert_int_equal(hvs_frame_open(mech, "x", 1, &body, &err), -1);
    assert_err(&err, HVS_AUTH, "basic cannot unseal");
    hvs_mech_free(mech);
}

struct type_case {
    const char *name, *type;
    bool is;
};

static const struct type_case types[] = {
    {"our own type", HVS_FRAME_TYPE, true},
    {"another case", "Multipart/Encrypted; boundary=x", true},
    {"nothing behind it", "multipart/encrypted", true},
    {"CredSSP's type", "multipart/x-multi-encrypted;boundary=x", false},
    {"a longer name", "multipart/encrypted-x", false},
    {"SOAP", "application/soap+xml;charset=UTF-8", false},
    {"no type", NULL, false},
};

static void test_type(void **state)
{
    const struct type_case *row = *state;

    assert_int_equal(hvs_frame_is(row->type), row->is);
}

int main(void)
{
    struct CMUnitTest tests[5 + COUNT(frames) + COUNT(types)] = {
        cmocka_unit_test(test_cut),    cmocka_unit_test(test_signature_length),
        cmocka_unit_test(test_seal),   cmocka_unit_test(test_open),
        cmocka_unit_test(test_cannot),
    };

    CASES(tests + 5, frames, test_read);
    CASES(tests + 5 + COUNT(frames), types, test_type);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "support/test.h"

#include "hvsim/frame.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

/*
 * Frames whose bytes a second implementation made: the keys of MS-NLMP 4.2.4, the texts
 * <hv/> of the client and <ok/> of the server, both 5 bytes, as first messages.
 */

#define B "--Encrypted Boundary\r\n"
#define S "-- Encrypted Boundary\r\n"
#define TYPE "Content-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
#define ORIGINAL "OriginalContent: type=application/soap+xml;charset=UTF-8;Length="
#define OCTETS "Content-Type: application/octet-stream\r\n"
#define TOKEN \
    "\x10\0\0\0\x01\0\0\0\x09\xe6\xca\x18\x73\x87\x22\x2e\0\0\0\0\x38\x8d\x1b\x4a\xe0"
#define END "--Encrypted Boundary--\r\n"

#define FRAME(text) text, sizeof(text) - 1

struct read_case {
    const char *name;
    const char *body;
    size_t len;
    bool good;
};

static const struct read_case reads[] = {
    {"with tabs", FRAME(B "\t" TYPE "\t" ORIGINAL "5\r\n" B "\t" OCTETS TOKEN END), true},
    {"without tabs", FRAME(B TYPE ORIGINAL "5\r\n" B OCTETS TOKEN END), true},
    {"blank in the boundary",
     FRAME(S TYPE ORIGINAL "5\r\n" S OCTETS TOKEN "-- Encrypted Boundary--\r\n"), true},
    {"binary that looks like a boundary",
     FRAME(B TYPE ORIGINAL "5\r\n" B OCTETS "\x10\0\0\0" END END), true},
    {"nothing", FRAME(""), false},
    {"clear SOAP", FRAME("<s:Envelope/>"), false},
    {"cut in the head", FRAME(B TYPE ORIGINAL "5"), false},
    {"cut before the end", FRAME(B TYPE ORIGINAL "5\r\n" B OCTETS TOKEN), false},
    {"no line end behind the closing boundary",
     FRAME(B TYPE ORIGINAL "5\r\n" B OCTETS TOKEN "--Encrypted Boundary--"), false},
    {"line end before the closing boundary",
     FRAME(B TYPE ORIGINAL "5\r\n" B OCTETS TOKEN "\r\n--Encrypted Boundary"), false},
    {"MIME's empty line", FRAME(B TYPE ORIGINAL "5\r\n\r\n" B OCTETS TOKEN END), false},
    {"bare line feeds", FRAME("--Encrypted Boundary\n" TYPE), false},
    {"another protocol",
     FRAME(B "Content-Type: application/HTTP-Kerberos-session-encrypted\r\n" ORIGINAL
             "5\r\n" B OCTETS TOKEN END),
     false},
    {"no charset",
     FRAME(B TYPE
           "OriginalContent: type=application/soap+xml;Length=5\r\n" B OCTETS TOKEN END),
     false},
    {"no length", FRAME(B TYPE ORIGINAL "\r\n" B OCTETS TOKEN END), false},
    {"endless length",
     FRAME(B TYPE ORIGINAL "99999999999999999999999\r\n" B OCTETS TOKEN END), false},
    {"no room for the signature's length",
     FRAME(B TYPE ORIGINAL "0\r\n" B OCTETS "\x10\0\0" END), false},
    {"signature longer than the rest",
     FRAME(B TYPE ORIGINAL "5\r\n" B OCTETS "\xff\xff\xff\xff"
                           "abc" END),
     false},
    {"no signature",
     FRAME(B TYPE ORIGINAL "5\r\n" B OCTETS "\0\0\0\0"
                           "abcde" END),
     false},
};

static void test_read(void **state)
{
    const struct read_case *row = *state;
    struct sim_frame frame;

    assert_int_equal(sim_frame_read(&frame, SIM_SPNEGO_PROTOCOL, row->body, row->len),
                     row->good);
    if (!row->good)
        return;
    assert_int_equal(frame.length, 5);
    assert_false(frame.utf16);
    assert_int_equal(frame.signature, 16);
    assert_in_range(frame.token_len, 21, 24);
}

static void assert_sha256(const void *bytes, size_t len, const char *expected)
{
    unsigned char hash[32];
    char hex[65] = "";
    size_t i;

    SHA256(bytes, len, hash);
    for (i = 0; i < sizeof(hash); i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    assert_string_equal(hex, expected);
}

/* The rows above are the frames they claim to be. */
static void test_vectors(void **state)
{
    (void)state;
    assert_int_equal(reads[0].len, 260);
    assert_sha256(reads[0].body, reads[0].len,
                  "d89a3ccf36e43e038abe89635ecb68d6a2f000f9b0aa401ae51092ba83e90caf");
    assert_int_equal(reads[1].len, 257);
    assert_sha256(reads[1].body, reads[1].len,
                  "e9a6b6121bcded927f8a0d71f98ded63acbe1d0592bb8472297f226dffe611d1");
}

static void test_write(void **state)
{
    static const char token[] = "\x01\0\0\0\x78\x51\x6f\x3c\x67\xdd\x7b\xc5\0\0\0\0"
                                "\x7a\x67\x76\x98\x6f";
    const struct sim_frame frame = {.length = 5,
                                    .signature = 16,
                                    .token = token,
                                    .token_len = sizeof(token) - 1};
    const struct sim_frame_style usual = {0};
    struct hvs_buf out = HVS_BUF_INIT(1024);

    (void)state;
    sim_frame_write(&out, &usual, SIM_SPNEGO_PROTOCOL, &frame);
    assert_int_equal(out.len, 260);
    assert_sha256(out.data, out.len,
                  "2cf917b497d768d3199198f74bf89e29024b43ee7b7a0f99f0264f9a68dfaa50");
    hvs_buf_clear(&out);
}

struct style_case {
    const char *name;
    struct sim_frame_style style;
    const char *head;
    const char *tail;
};

static const struct style_case styles[] = {
    {"usual", {false, false}, B "\tContent-Type", "x--Encrypted Boundary--\r\n"},
    {"no tab", {true, false}, B "Content-Type", "x--Encrypted Boundary--\r\n"},
    {"spaced", {false, true}, S "\tContent-Type", "x-- Encrypted Boundary\r\n"},
};

static void test_style(void **state)
{
    const struct style_case *row = *state;
    const struct sim_frame frame = {.length = 1,
                                    .utf16 = true,
                                    .signature = 1,
                                    .token = "sx",
                                    .token_len = 2};
    struct hvs_buf out = HVS_BUF_INIT(1024);
    size_t tail = strlen(row->tail);

    sim_frame_write(&out, &row->style, SIM_KERBEROS_PROTOCOL, &frame);
    assert_memory_equal(out.data, row->head, strlen(row->head));
    assert_non_null(strstr(out.data, "charset=UTF-16;Length=1\r\n"));
    assert_non_null(strstr(out.data, "HTTP-Kerberos-session-encrypted\r\n"));
    assert_true(out.len > tail);
    assert_string_equal(out.data + out.len - tail, row->tail);
    hvs_buf_clear(&out);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(reads) + COUNT(styles) + 2] = {0};

    CASES(tests, reads, test_read);
    fill_cases(tests + COUNT(reads), styles, COUNT(styles), sizeof(styles[0]),
               test_style);
    tests[COUNT(reads) + COUNT(styles)] =
        (struct CMUnitTest)cmocka_unit_test(test_vectors);
    tests[COUNT(reads) + COUNT(styles) + 1] =
        (struct CMUnitTest)cmocka_unit_test(test_write);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

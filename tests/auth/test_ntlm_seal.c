#include "support/hex.h"
#include "support/test.h"

#include "auth/ntlm_seal.h"

#include <openssl/sha.h>

#include <string.h>

struct half_case {
    const char *name;
    bool from_server;
    const char *sign_key;
    struct {
        const char *text, *signature, *sealed;
    } messages[2];
};

/* The first is MS-NLMP 4.2.4.4. */
static const struct half_case halves[] = {
    {"Plaintext in UTF-16",
     false,
     "4788dc861b4782f35d43fd98fe1a2d39",
     {{"P\0l\0a\0i\0n\0t\0e\0x\0t\0", "010000007fb38ec5c55d497600000000",
       "54e50165bf1936dc996020c1811b0f06fb5f"},
      {NULL, NULL, NULL}}},
    {"the client's",
     false,
     "4788dc861b4782f35d43fd98fe1a2d39",
     {{"<hv/>", "0100000009e6ca187387222e00000000", "388d1b4ae0"},
      {"<b/>", "01000000b77f5f81e552167201000000", "271529b1"}}},
    {"the server's",
     true,
     "d04d6f10741041d1d246d64188d7a8ad",
     {{"<ok/>", "0100000078516f3c67dd7bc500000000", "7a6776986f"},
      {"<done/>", "01000000c20421f0def0bc0d01000000", "67484897b53bb5"}}},
    {"an empty message",
     false,
     "4788dc861b4782f35d43fd98fe1a2d39",
     {{"", "01000000105993111145979b00000000", ""}, {NULL, NULL, NULL}}},
};

static void init(struct hvs_ntlm_half *half, bool from_server)
{
    struct hvs_error err = {0};
    uint8_t key[16];

    memset(key, 0x55, sizeof(key));
    assert_int_equal(hvs_ntlm_half_init(half, key, from_server, &err), 0);
}

/* Sealed as the vector has it, and opened again. */
static void test_half(void **state)
{
    const struct half_case *row = *state;
    struct hvs_buf sealed = HVS_BUF_INIT(100), plain = HVS_BUF_INIT(100);
    struct hvs_ntlm_half ours, theirs;
    struct hvs_error err = {0};
    uint8_t signature[16];
    size_t i, len;

    init(&ours, row->from_server);
    init(&theirs, row->from_server);
    assert_hex(ours.sign_key, 16, row->sign_key);
    for (i = 0; i < 2 && row->messages[i].text; i++) {
        len = strlen(row->messages[i].sealed) / 2;
        assert_int_equal(hvs_ntlm_seal(&ours, row->messages[i].text, len, signature,
                                       &sealed, &err),
                         0);
        assert_hex(signature, 16, row->messages[i].signature);
        assert_hex(sealed.data, sealed.len, row->messages[i].sealed);
        assert_int_equal(hvs_ntlm_unseal(&theirs, signature, 16, hvs_buf_str(&sealed),
                                         sealed.len, &plain, &err),
                         0);
        assert_int_equal(plain.len, len);
        assert_memory_equal(hvs_buf_str(&plain), row->messages[i].text, len);
        hvs_buf_clear(&sealed);
        hvs_buf_clear(&plain);
    }
    hvs_ntlm_half_clear(&ours);
    hvs_ntlm_half_clear(&theirs);
}

static void test_long(void **state)
{
    struct hvs_buf sealed = HVS_BUF_INIT(2000);
    struct hvs_ntlm_half half;
    struct hvs_error err = {0};
    uint8_t signature[16], sum[SHA256_DIGEST_LENGTH];
    char text[1000];

    (void)state;
    memset(text, 'a', sizeof(text));
    init(&half, false);
    assert_int_equal(hvs_ntlm_seal(&half, text, sizeof(text), signature, &sealed, &err),
                     0);
    assert_hex(signature, 16, "01000000634fcf1470db1f8d00000000");
    assert_hex(sealed.data, 16, "65840c04bf783ebd960135a0857a1667");
    SHA256((const unsigned char *)sealed.data, sealed.len, sum);
    assert_hex(sum, sizeof(sum),
               "85f07ada53339a743416ec855652b80d6abe71fdd070e791ceeb7e4b7cdecbb2");
    hvs_buf_clear(&sealed);
}

struct spnego_case {
    const char *name;
    bool from_server;
    const char *mic, *text, *signature, *sealed;
};

/* After SPNEGO's mechListMIC the stream is put back, the number is not: MS-SPNG
 * 3.3.5.1. */
static const struct spnego_case spnegos[] = {
    {"after SPNEGO, the client", false, "0100000022a3984fefbb9c3200000000", "<hv/>",
     "010000003db94c73feae931b01000000", "388d1b4ae0"},
    {"after SPNEGO, the server", true, "010000007dd6da05648a73ae00000000", "<ok/>",
     "010000005d967a7f06a8abbb01000000", "7a6776986f"},
};

static void test_spnego(void **state)
{
    static const uint8_t mechs[] = {0x30, 0x0c, 0x06, 0x0a, 0x2b, 0x06, 0x01,
                                    0x04, 0x01, 0x82, 0x37, 0x02, 0x02, 0x0a};
    const struct spnego_case *row = *state;
    struct hvs_buf sealed = HVS_BUF_INIT(100);
    struct hvs_ntlm_half half;
    struct hvs_error err = {0};
    struct hvs_rc4 before;
    uint8_t signature[16];

    init(&half, row->from_server);
    before = half.rc4;
    assert_int_equal(hvs_ntlm_sign(&half, mechs, sizeof(mechs), signature, &err), 0);
    assert_hex(signature, 16, row->mic);
    half.rc4 = before;
    assert_int_equal(hvs_ntlm_seal(&half, row->text, 5, signature, &sealed, &err), 0);
    assert_hex(signature, 16, row->signature);
    assert_hex(sealed.data, sealed.len, row->sealed);
    hvs_buf_clear(&sealed);
}

struct broken_case {
    const char *name;
    int at; /* the byte to change: of the signature, or 16 and more: of the text */
    size_t signature_len;
    bool skip; /* leave a message out */
};

static const struct broken_case broken[] = {
    {"another version", 0, 16, false},        {"another checksum", 4, 16, false},
    {"another number", 12, 16, false},        {"another text", 16, 16, false},
    {"a signature too short", 15, 15, false}, {"a message left out", -1, 16, true},
};

static void test_broken(void **state)
{
    const struct broken_case *row = *state;
    struct hvs_buf sealed = HVS_BUF_INIT(100), plain = HVS_BUF_INIT(100);
    static const char nothing[6] = "";
    struct hvs_ntlm_half ours, theirs;
    struct hvs_error err = {0};
    uint8_t signature[16];

    hvs_buf_puts(&plain, "before");
    init(&ours, true);
    init(&theirs, true);
    if (row->skip)
        assert_int_equal(hvs_ntlm_seal(&ours, "<a/>", 4, signature, &sealed, &err), 0);
    hvs_buf_clear(&sealed);
    assert_int_equal(hvs_ntlm_seal(&ours, "<hv/>", 5, signature, &sealed, &err), 0);
    if (row->at >= 16)
        sealed.data[row->at - 16] ^= 1;
    else if (row->at >= 0)
        signature[row->at] ^= 1;
    assert_int_equal(hvs_ntlm_unseal(&theirs, signature, row->signature_len, sealed.data,
                                     sealed.len, &plain, &err),
                     -1);
    assert_err(&err, HVS_AUTH, "seal of the host's reply is broken");
    /* what was there stays, and nothing of the text that nobody vouches for */
    assert_string_equal(hvs_buf_str(&plain), "before");
    assert_int_equal(plain.len, 6);
    assert_memory_equal(plain.data + 6, nothing, sizeof(nothing));
    hvs_buf_clear(&plain);
    hvs_buf_clear(&sealed);
}

static void test_no_room(void **state)
{
    struct hvs_buf small = HVS_BUF_INIT(3);
    struct hvs_ntlm_half half;
    struct hvs_error err = {0};
    uint8_t signature[16];

    (void)state;
    init(&half, false);
    assert_int_equal(hvs_ntlm_seal(&half, "<hv/>", 5, signature, &small, &err), -1);
    assert_err(&err, HVS_SYSTEM, "over 3 bytes");
}

int main(void)
{
    struct CMUnitTest tests[2 + COUNT(halves) + COUNT(spnegos) + COUNT(broken)] = {
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_no_room),
    };

    CASES(tests + 2, halves, test_half);
    CASES(tests + 2 + COUNT(halves), spnegos, test_spnego);
    CASES(tests + 2 + COUNT(halves) + COUNT(spnegos), broken, test_broken);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

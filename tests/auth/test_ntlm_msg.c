#include "support/hex.h"
#include "support/test.h"

#include "auth/ntlm_msg.h"
#include "vectors.h"

#include <string.h>

static void test_today(void **state)
{
    struct hvs_buf in = HVS_BUF_INIT(1000);
    struct hvs_ntlm_challenge challenge;
    struct hvs_error err = {0};

    (void)state;
    hex_add(&in, CHALLENGE_B);
    assert_int_equal(hvs_ntlm_read_challenge(&challenge, in.data, in.len, &err), 0);
    assert_true(challenge.flags == 0xe2898235);
    assert_hex(challenge.nonce, 8, "0123456789abcdef");
    assert_int_equal(challenge.info.len, 126);
    assert_hex(challenge.time, 8, TIME_B);
    assert_hex(challenge.computer.data, challenge.computer.len,
               "530065007200760065007200");
    hvs_buf_clear(&in);
}

struct flag_case {
    const char *name;
    uint32_t flag;
    const char *why;
};

static const struct flag_case flags[] = {
    {"no Unicode", HVS_NTLM_UNICODE, "Unicode"},
    {"no extended session security", HVS_NTLM_ESS, "extended session security"},
    {"no 128 bits", HVS_NTLM_128, "128-bit keys"},
    {"no key exchange", HVS_NTLM_KEY_EXCH, "key exchange"},
    {"no signing", HVS_NTLM_SIGN, "signing"},
    {"no sealing", HVS_NTLM_SEAL, "sealing"},
    {"no target information, by its flag", HVS_NTLM_TARGET_INFO, "target information"},
};

static void test_flag(void **state)
{
    const struct flag_case *row = *state;
    struct hvs_buf in = HVS_BUF_INIT(1000);
    struct hvs_ntlm_challenge challenge;
    struct hvs_error err = {0};
    uint32_t value;

    hex_add(&in, CHALLENGE_B);
    value = hvs_get32(in.data + 20) & ~row->flag;
    hvs_put32((uint8_t *)in.data + 20, value);
    assert_int_equal(hvs_ntlm_read_challenge(&challenge, in.data, in.len, &err), -1);
    assert_err(&err, HVS_AUTH, "lacks");
    assert_err(&err, HVS_AUTH, row->why);
    assert_true(err.hint[0] != '\0');
    hvs_buf_clear(&in);
}

/* A change of some bytes of CHALLENGE_B, whose target info is 126 bytes from 68. */
struct broken_case {
    const char *name;
    size_t at;
    const char *bytes;
    size_t len; /* of the message; 0: all of it */
    const char *why;
};

static const struct broken_case broken[] = {
    {"no NTLM", 0, "4f", 0, "is not NTLM"},
    {"SPNEGO", 0, "a181", 0, "is not NTLM"},
    {"another type", 8, "01", 0, "type 1"},
    {"nothing", 0, "", 7, "is not NTLM"},
    {"a header cut off", 0, "", 47, "is not NTLM"},
    {"a target name beyond the end", 16, "b7000000", 0, "outside of itself"},
    {"a target name far away", 16, "ffffffff", 0, "outside of itself"},
    {"a target name in the header", 16, "10000000", 0, "outside of itself"},
    {"target info beyond the end", 44, "45000000", 0, "outside of itself"},
    {"target info longer than the message", 40, "ffffffff", 0, "outside of itself"},
    {"target info of no length", 40, "00000000", 0, "lacks target information"},
    {"the message cut off", 0, "", 193, "outside of itself"},
    {"target info without an end", 40, "7a007a00", 0, "cut off"},
    {"a pair cut off", 40, "7c007c00", 0, "cut off"},
    {"a pair beyond the end", 70, "ff00", 0, "cut off"},
    {"an end too early", 68, "00000000", 0, "beyond its end"},
    {"an end with a value", 192, "0100", 0, "cut off"},
    {"the same pair twice", 84, "0200", 0, "twice"},
    {"a time of a wrong size", 84, "0700", 0, "time stamp of a wrong size"},
    {"flags of a wrong size", 84, "0600", 0, "flags of a wrong size"},
    {"a channel binding", 84, "0a00", 0, "only a client may send"},
    {"a target name of a client", 84, "0900", 0, "only a client may send"},
};

static void test_broken(void **state)
{
    const struct broken_case *row = *state;
    struct hvs_buf in = HVS_BUF_INIT(1000), bytes = HVS_BUF_INIT(100);
    struct hvs_ntlm_challenge challenge;
    struct hvs_error err = {0};
    size_t len;
    char *exact;

    hex_add(&in, CHALLENGE_B);
    hex_add(&bytes, row->bytes);
    if (bytes.len)
        memcpy(in.data + row->at, bytes.data, bytes.len);
    len = row->len ? row->len : in.len;
    exact = test_malloc(len); /* so that a read beyond it shows */
    memcpy(exact, in.data, len);
    assert_int_equal(hvs_ntlm_read_challenge(&challenge, exact, len, &err), -1);
    assert_err(&err, HVS_AUTH, row->why);
    assert_true(err.hint[0] != '\0');
    test_free(exact);
    hvs_buf_clear(&in);
    hvs_buf_clear(&bytes);
}

/* Flags of the host's stay, ours are added to them, and there is one pair of them. */
static void test_info_flags(void **state)
{
    static const uint8_t info[] = {6, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0}, time[8] = {0};
    struct hvs_ntlm_challenge challenge = {.info = {info, sizeof(info)}, .av_flags = 1};
    struct hvs_buf out = HVS_BUF_INIT(100);

    (void)state;
    hvs_ntlm_add_info(&out, &challenge, NULL, (struct hvs_bytes){"", 0});
    assert_hex(out.data, out.len, "060004000100000000000000");
    hvs_buf_clear(&out);
    challenge.time = time;
    hvs_ntlm_add_info(&out, &challenge, NULL, (struct hvs_bytes){"", 0});
    assert_hex(out.data, out.len, "060004000300000000000000");
    hvs_buf_clear(&out);
}

static void test_too_long(void **state)
{
    static const char name[UINT16_MAX + 1];
    struct hvs_ntlm_authenticate parts = {.user = {name, sizeof(name)}};
    struct hvs_buf out = HVS_BUF_INIT(1 << 20);
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_ntlm_add_authenticate(&out, &parts, &err), -1);
    assert_err(&err, HVS_USAGE, "too long");
    hvs_buf_clear(&out);
}

int main(void)
{
    struct CMUnitTest tests[3 + COUNT(flags) + COUNT(broken)] = {
        cmocka_unit_test(test_today),
        cmocka_unit_test(test_info_flags),
        cmocka_unit_test(test_too_long),
    };

    CASES(tests + 3, flags, test_flag);
    CASES(tests + 3 + COUNT(flags), broken, test_broken);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

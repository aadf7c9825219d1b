#include "support/test.h"

#include "hvsim/ntlmfix.h"

#include <string.h>

/* Messages made of their fixed parts (MS-NLMP 2.2.1); `fixed` is what shall come out. */

struct fix_case {
    const char *name;
    unsigned char type;
    size_t len;
    unsigned char payload; /* where the payload of a third message begins */
    unsigned char high_flags, fixed_flags;
    size_t fixed_len;
};

static const struct fix_case cases[] = {
    {"first message without Version grows", 1, 32, 0, 0, 0, 40},
    {"first message with Version stays", 1, 40, 0, 0x02, 0x02, 40},
    {"third message without Version loses the flag", 3, 80, 64, 0xe2, 0xe0, 80},
    {"third message with Version stays", 3, 80, 72, 0xe2, 0xe2, 80},
    {"third message with a MIC stays", 3, 96, 88, 0xe2, 0xe2, 96},
    {"second message stays", 2, 32, 0, 0x02, 0x02, 32},
    {"short third message stays", 3, 40, 64, 0x02, 0x02, 40},
};

static void test_fix(void **state)
{
    const struct fix_case *row = *state;
    struct hvs_buf out = HVS_BUF_INIT(1024);
    char token[128] = "NTLMSSP";

    token[8] = (char)row->type;
    token[12] = 1; /* a field of one byte... */
    token[16] = (char)row->payload;
    if (row->len > 63)
        token[63] = (char)row->high_flags;
    assert_true(sim_ntlm_is(token, row->len));
    sim_ntlm_fix(&out, token, row->len);
    assert_int_equal(out.len, row->fixed_len);
    if (row->len > 63)
        assert_int_equal((unsigned char)out.data[63], row->fixed_flags);
    assert_memory_equal(out.data, token, row->len < 63 ? row->len : 63);
    hvs_buf_clear(&out);
}

static void test_other(void **state)
{
    struct hvs_buf out = HVS_BUF_INIT(64);

    (void)state;
    assert_false(sim_ntlm_is("NTLMSSP", 8));
    assert_false(sim_ntlm_is("\x60\x82\x01\x02 no NTLM", 12));
    sim_ntlm_fix(&out, "\x60\x06", 2);
    assert_int_equal(out.len, 2);
    hvs_buf_clear(&out);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1] = {0};

    CASES(tests, cases, test_fix);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_other);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

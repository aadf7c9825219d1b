#include "support/hex.h"
#include "support/test.h"

#include "auth/md4.h"

#include <string.h>

struct md4_case {
    const char *name, *text, *sum;
};

/* RFC 1320, A.5; its longest one does not fit in one block with its padding. */
static const struct md4_case cases[] = {
    {"empty", "", "31d6cfe0d16ae931b73c59d7e0c089c0"},
    {"a", "a", "bde52cb31de33e46245e05fbdbd6fb24"},
    {"abc", "abc", "a448017aaf21d8525fc10ae87aa6729d"},
    {"message digest", "message digest", "d9130a8164549fe818874806e1c7014b"},
    {"62 characters", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
     "043f8582f241db351ce627e153e7f0e4"},
    {"80 digits",
     "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
     "e33b4ddc9c38f2199c3e7b164fcc0536"},
};

static void test_sum(void **state)
{
    const struct md4_case *row = *state;
    uint8_t sum[16];

    hvs_md4(sum, row->text, strlen(row->text));
    assert_hex(sum, sizeof(sum), row->sum);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_sum);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

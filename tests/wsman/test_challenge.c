#include "support/test.h"

#include "wsman/challenge.h"

#include <string.h>

struct schemes_case {
    const char *name;
    const char *challenges;
    const char *schemes;
};

static const struct schemes_case schemes_cases[] = {
    {"none", "", ""},
    {"one", "Negotiate\n", "Negotiate"},
    {"a line each", "Negotiate\nKerberos\nBasic realm=\"WSMAN\"\n",
     "Negotiate, Kerberos, Basic"},
    {"in one line", "Negotiate, Kerberos, Basic realm=\"WSMAN\"\n",
     "Negotiate, Kerberos, Basic"},
    {"tokens are not shown", "Negotiate TlRMTVNTUAAC==\n", "Negotiate"},
    {"parameters are none", "Digest realm=\"a\", nonce=\"b\", qop=auth\n", "Digest"},
    {"with blanks around the sign", "Digest realm = \"a\", nonce = \"b\"\n", "Digest"},
    {"a comma in quotes", "Basic realm=\"a, Negotiate\", Kerberos\n", "Basic, Kerberos"},
    {"a quote in quotes", "Basic realm=\"a\\\", b\", Kerberos\n", "Basic, Kerberos"},
    {"quotes that never end", "Basic realm=\"a, b\nKerberos\n", "Basic, Kerberos"},
    {"empty pieces", ", ,Negotiate,,\n,\n", "Negotiate"},
    {"without a line's end", "Negotiate", "Negotiate"},
};

static void test_schemes(void **state)
{
    const struct schemes_case *row = *state;
    char schemes[128];

    hvs_challenge_schemes(row->challenges, schemes, sizeof(schemes));
    assert_string_equal(schemes, row->schemes);
}

static void test_cut(void **state)
{
    char schemes[19];

    (void)state;
    hvs_challenge_schemes("Negotiate\nKerberos\nBasic\n", schemes, sizeof(schemes));
    assert_string_equal(schemes, "Negotiate");
    hvs_challenge_schemes("Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", schemes,
                          sizeof(schemes));
    assert_string_equal(schemes, "");
}

struct token_case {
    const char *name;
    const char *challenges, *scheme;
    bool offered;
    const char *token;
};

static const struct token_case token_cases[] = {
    {"a token", "Negotiate dG9rZW4=\n", "Negotiate", true, "token"},
    {"in any case", "NEGOTIATE dG9rZW4=\n", "Negotiate", true, "token"},
    {"bare", "Negotiate\n", "Negotiate", true, ""},
    {"blanks behind it", "Negotiate dG9rZW4= \t\n", "Negotiate", true, "token"},
    {"more than one blank", "Negotiate   dG9rZW4=\n", "Negotiate", true, "token"},
    {"behind others", "Kerberos\nBasic realm=\"x\"\nNegotiate dG9rZW4=\n", "Negotiate",
     true, "token"},
    {"in one line with others", "Kerberos abcd, Negotiate dG9rZW4=, Basic realm=\"x\"\n",
     "Negotiate", true, "token"},
    {"the first of two", "Negotiate Zmlyc3Q=\nNegotiate c2Vjb25k\n", "Negotiate", true,
     "first"},
    {"not offered", "Kerberos\nBasic realm=\"Negotiate dG9rZW4=\"\n", "Negotiate", false,
     ""},
    {"a scheme that begins alike", "NegotiateX dG9rZW4=\n", "Negotiate", false, ""},
    {"no base64", "Negotiate !!!!\n", "Negotiate", false, ""},
    {"padding that is left out", "Negotiate dG9rZW4\n", "Negotiate", false, ""},
    {"parameters are no token", "Negotiate realm=\"x\"\n", "Negotiate", false, ""},
    {"nothing", "", "Negotiate", false, ""},
};

static void test_token(void **state)
{
    const struct token_case *row = *state;
    struct hvs_buf token = HVS_BUF_INIT(100);

    assert_int_equal(hvs_challenge_token(row->challenges, row->scheme, &token),
                     row->offered);
    assert_string_equal(hvs_buf_str(&token), row->token);
    hvs_buf_clear(&token);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(schemes_cases) + COUNT(token_cases) + 1];

    CASES(tests, schemes_cases, test_schemes);
    CASES(tests + COUNT(schemes_cases), token_cases, test_token);
    tests[COUNT(tests) - 1] = (struct CMUnitTest)cmocka_unit_test(test_cut);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

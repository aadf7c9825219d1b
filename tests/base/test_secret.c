#include "support/test.h"

#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

/* What was in the memory that is given back, and how often that was. */
static char seen[8];
static size_t frees;

static void look_and_free(void *mem)
{
    frees++;
    if (mem)
        memcpy(seen, mem, strlen("secret") + 1);
    free(mem);
}

/* The file itself, since no library may be told of another free(). */
#define free look_and_free
#include "base/secret.c"
#undef free

static void test_wipe(void **state)
{
    char text[8] = "secret!";

    (void)state;
    hvs_wipe(text, 3);
    assert_memory_equal(text, "\0\0\0ret!", 8);
    hvs_wipe(text, 0);
    hvs_wipe(NULL, 0);
    assert_memory_equal(text, "\0\0\0ret!", 8);
    hvs_wipe(text, sizeof(text));
    assert_memory_equal(text, "\0\0\0\0\0\0\0\0", 8);
}

static void test_free_wipes(void **state)
{
    char *secret = strdup("secret");

    (void)state;
    assert_non_null(secret);
    frees = 0;
    memset(seen, 'x', sizeof(seen));
    hvs_secret_free(NULL);
    assert_string_equal(secret, "secret");
    hvs_secret_free(secret);
    assert_int_equal(frees, 2);
    assert_memory_equal(seen, "\0\0\0\0\0\0\0x", 8);
    hvs_secret_free(calloc(1, sizeof(seen))); /* an empty one */
    assert_int_equal(frees, 3);
}

struct equal_case {
    const char *name;
    const char *a, *b;
    size_t len;
    bool equal;
};

static const struct equal_case cases[] = {
    {"equal", "0123456789abcdef", "0123456789abcdef", 16, true},
    {"the first byte differs", "x123", "0123", 4, false},
    {"the last byte differs", "012x", "0123", 4, false},
    {"a single bit differs", "a", "c", 1, false},
    {"the top bit differs", "\x01", "\x81", 1, false},
    {"two differences do not cancel", "ab", "ba", 2, false},
    {"behind the end", "012x", "0123", 3, true},
    {"nothing", "a", "b", 0, true},
    {"NULs count", "\0a", "\0b", 2, false},
};

static void test_equal(void **state)
{
    const struct equal_case *row = *state;

    assert_int_equal(hvs_secret_equal(row->a, row->b, row->len), row->equal);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 2];

    CASES(tests, cases, test_equal);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_wipe);
    tests[COUNT(cases) + 1] = (struct CMUnitTest)cmocka_unit_test(test_free_wipes);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "support/test.h"

#include "base/uuid.h"

#include <string.h>

struct uuid_case {
    const char *name;
    const char *text;
    const char *normal; /* NULL: it is none */
};

#define GUID "0A1B2C3D-4E5F-4A7B-8C9D-0E1F2A3B4C5D"

static const struct uuid_case cases[] = {
    {"upper case", GUID, GUID},
    {"lower case", "0a1b2c3d-4e5f-4a7b-8c9d-0e1f2a3b4c5d", GUID},
    {"in braces", "{0a1b2c3d-4E5F-4a7b-8c9d-0e1f2a3b4c5d}", GUID},
    {"an opening brace alone", "{" GUID, NULL},
    {"a closing brace alone", GUID "}", NULL},
    {"brackets", "[" GUID "]", NULL},
    {"too short", "0A1B2C3D-4E5F-4A7B-8C9D-0E1F2A3B4C5", NULL},
    {"too long", GUID "0", NULL},
    {"a blank behind", GUID " ", NULL},
    {"no signs between", "0A1B2C3D4E5F4A7B8C9D0E1F2A3B4C5D0000", NULL},
    {"a letter too far", "0A1B2C3G-4E5F-4A7B-8C9D-0E1F2A3B4C5D", NULL},
    {"a sign at a wrong place", "0A1B2C3-D4E5F-4A7B-8C9D-0E1F2A3B4C5D", NULL},
    {"empty", "", NULL},
    {"empty braces", "{}", NULL},
};

static void test_uuid(void **state)
{
    const struct uuid_case *row = *state;
    char normal[HVS_UUID_SIZE];

    assert_int_equal(hvs_uuid_valid(row->text), row->normal != NULL);
    if (!row->normal)
        return;
    hvs_uuid_normal(normal, row->text);
    assert_string_equal(normal, row->normal);
}

/* RFC 9562: version 4, and the variant of all. */
static void test_new(void **state)
{
    char id[HVS_UUID_SIZE], other[HVS_UUID_SIZE], normal[HVS_UUID_SIZE];
    struct hvs_error err = {0};
    int i;

    (void)state;
    for (i = 0; i < 100; i++) {
        assert_int_equal(hvs_uuid_new(id, &err), 0);
        assert_int_equal(hvs_uuid_new(other, &err), 0);
        assert_string_not_equal(id, other);
        assert_true(hvs_uuid_valid(id));
        hvs_uuid_normal(normal, id);
        assert_string_equal(id, normal);
        assert_int_equal(id[14], '4');
        assert_non_null(strchr("89AB", id[19]));
    }
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 1];

    CASES(tests, cases, test_uuid);
    tests[COUNT(cases)] = (struct CMUnitTest)cmocka_unit_test(test_new);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "support/hex.h"
#include "support/test.h"

#include "auth/rc4.h"

/* RFC 6229, 2: a key of 40 bits; bytes 0 to 15, and 240 to 255. */
static void test_stream(void **state)
{
    static const uint8_t key[] = {1, 2, 3, 4, 5}, zero[256];
    struct hvs_rc4 rc4;
    uint8_t out[256];

    (void)state;
    hvs_rc4_init(&rc4, key, sizeof(key));
    hvs_rc4_apply(&rc4, zero, out, sizeof(out));
    assert_hex(out, 16, "b2396305f03dc027ccc3524a0a1118a8");
    assert_hex(out + 240, 16, "28cb1132c96ce286421dcaadb8b69eae");
}

/* The stream runs on, in whatever pieces, and opens what it sealed, in place. */
static void test_pieces(void **state)
{
    static const char text[] = "in pieces, and in place";
    struct hvs_rc4 whole, pieces;
    char a[sizeof(text)], b[sizeof(text)];
    size_t i;

    (void)state;
    hvs_rc4_init(&whole, "key", 3);
    hvs_rc4_init(&pieces, "key", 3);
    hvs_rc4_apply(&whole, text, a, sizeof(a));
    for (i = 0; i < sizeof(b); i++)
        hvs_rc4_apply(&pieces, text + i, b + i, 1);
    assert_memory_equal(a, b, sizeof(a));
    hvs_rc4_init(&whole, "key", 3);
    hvs_rc4_apply(&whole, a, a, sizeof(a));
    assert_memory_equal(a, text, sizeof(a));
}

/* Eight bytes at a time, and what is left of them, are the same stream as one by one;
 * wherever they lie. */
static void test_lengths(void **state)
{
    uint8_t text[300], a[sizeof(text) + 8], b[sizeof(text)];
    struct hvs_rc4 many, one;
    size_t len, i, shift;

    (void)state;
    for (i = 0; i < sizeof(text); i++)
        text[i] = (uint8_t)(i * 7);
    hvs_rc4_init(&many, "key", 3);
    hvs_rc4_init(&one, "key", 3);
    for (len = 0; len <= sizeof(text); len++) {
        shift = len % 8;
        hvs_rc4_apply(&many, text, a + shift, len);
        for (i = 0; i < len; i++)
            hvs_rc4_apply(&one, text + i, b + i, 1);
        assert_memory_equal(a + shift, b, len);
    }
    assert_memory_equal(&many, &one, sizeof(one));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stream),
        cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_lengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

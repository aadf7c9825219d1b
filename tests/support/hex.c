#include "support/hex.h"

#include "support/test.h"

#include <stdlib.h>
#include <string.h>

void hex_add(struct hvs_buf *out, const char *hex)
{
    char pair[3] = "", byte;
    size_t have = 0;

    for (; *hex; hex++) {
        if (strchr(" \n", *hex))
            continue;
        pair[have++] = *hex;
        if (have < 2)
            continue;
        byte = (char)strtoul(pair, NULL, 16);
        hvs_buf_add(out, &byte, 1);
        have = 0;
    }
}

void hex_fill(uint8_t *out, size_t len, const char *hex)
{
    struct hvs_buf bytes = HVS_BUF_INIT(1024);

    hex_add(&bytes, hex);
    assert_int_equal(bytes.len, len);
    memcpy(out, bytes.data, len);
    hvs_buf_clear(&bytes);
}

void assert_hex(const void *bytes, size_t len, const char *hex)
{
    struct hvs_buf want = HVS_BUF_INIT(1 << 20);

    hex_add(&want, hex);
    assert_int_equal(len, want.len);
    if (len)
        assert_memory_equal(bytes, want.data, len);
    hvs_buf_clear(&want);
}

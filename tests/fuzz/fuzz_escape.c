#include "base/utf8.h"
#include "cli/escape.h"
#include "cli/table.h"
#include "cli/width.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nothing that upsets a terminal is left, but for the breaks that the style keeps. */
static void check(const struct hvs_buf *text, const char *kept)
{
    const char *at = hvs_buf_str(text);
    size_t left = text->len, n;
    uint32_t c;

    for (; left; at += n, left -= n) {
        n = hvs_utf8_next(at, left, &c);
        if (!n || (escape_needed(c) && (c > 0x7f || !c || !strchr(kept, (int)c))))
            abort();
    }
}

static void escape(const char *text, size_t size, enum escape_style style,
                   const char *kept)
{
    struct hvs_buf once = HVS_BUF_INIT(1 << 20), twice = HVS_BUF_INIT(1 << 20);

    escape_add(&once, text, size, style);
    if (once.failed)
        abort();
    check(&once, kept);
    escape_add(&twice, hvs_buf_str(&once), once.len, style);
    if (once.len != twice.len ||
        memcmp(hvs_buf_str(&once), hvs_buf_str(&twice), once.len))
        abort(); /* what is safe stays as it is */
    hvs_buf_clear(&once);
    hvs_buf_clear(&twice);
}

/* A host's text on its way to a terminal, and in a cell of a table. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1);
    struct table table;

    if (!text)
        return 0;
    memcpy(text, data, size);
    escape(text, size, ESCAPE_LINE, "");
    escape(text, size, ESCAPE_TEXT, "\t\n");
    escape(text, size, ESCAPE_JSON, "\n");
    table_start(&table, NULL, 1);
    table_cell(&table, text);
    if (table.failed || width_of(table.cells[1]) > 303)
        abort();
    table_clear(&table);
    free(text);
    return 0;
}

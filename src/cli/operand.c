#include "cli/operand.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

int operands_add(struct operands *operands, const char *text, unsigned line,
                 struct hvs_error *err)
{
    size_t count = operands->count;
    struct operand *items = operands->items;

    /* room for a power of two */
    if ((count & (count - 1)) == 0) {
        items = realloc(items, (count ? count * 2 : 1) * sizeof(*items));
        if (!items)
            return hvs_err_memory(err);
        operands->items = items;
    }
    items[operands->count++] = (struct operand){text, line};
    return 0;
}

int operands_add_lines(struct operands *operands, char *text, size_t len,
                       const char *name, struct hvs_error *err)
{
    char *at = text, *end = text + len, *eol;
    unsigned line;

    operands->lines = text;
    for (line = 1; at < end; line++, at = eol + 1) {
        eol = memchr(at, '\n', (size_t)(end - at));
        if (!eol)
            eol = end;
        *eol = '\0';
        if (strlen(at) < (size_t)(eol - at))
            return hvs_err_set_hint(err, HVS_USAGE, 0, "save the file as UTF-8",
                                    "%.200s:%u: this is not text", name, line);
        if (eol > at && eol[-1] == '\r')
            eol[-1] = '\0';
        if (*at == '#' || !at[strspn(at, " \t")])
            continue;
        if (operands_add(operands, at, line, err) < 0)
            return -1;
    }
    return 0;
}

void operands_clear(struct operands *operands)
{
    free(operands->items);
    free(operands->lines);
    *operands = (struct operands){0};
}

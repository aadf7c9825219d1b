#include "cli/table.h"

#include "base/buf.h"
#include "cli/escape.h"
#include "cli/width.h"

#include <stdlib.h>
#include <string.h>

#define GAP 2

/* A cell that is wider is cut: it would make all rows as wide, and a host may have a name
 * of megabytes. JSON has all of it. */
enum { CELL_WIDEST = 300, CELL_TEXT = 2000, CELL_MAX = 65536 };
static const char cut_mark[] = "...";

void table_start(struct table *table, const char *const *headings, size_t columns)
{
    size_t i;

    *table = (struct table){.columns = columns};
    for (i = 0; i < columns; i++)
        table_cell(table, headings ? headings[i] : "");
}

static bool reserve(struct table *table)
{
    size_t cap = table->cap ? table->cap * 2 : 64;
    char **cells;

    if (table->count < table->cap)
        return true;
    cells = realloc(table->cells, cap * sizeof(*cells));
    if (!cells)
        return false;
    table->cells = cells;
    table->cap = cap;
    return true;
}

/* As many bytes as there is any use of, whole characters where it has such. */
static size_t text_length(const char *text)
{
    size_t len = strnlen(text, CELL_TEXT + 1);

    if (len <= CELL_TEXT)
        return len;
    for (len = CELL_TEXT; len > CELL_TEXT - 4 && (text[len] & 0xc0) == 0x80; len--)
        ;
    return len;
}

/* The escaped text, cut where it is too wide; to be freed. */
static char *show(const char *ours, const char *text)
{
    struct hvs_buf cell = HVS_BUF_INIT(CELL_MAX), short_ = HVS_BUF_INIT(CELL_MAX);
    size_t ours_len = strlen(ours), len = text_length(text), fits;

    hvs_buf_expect(&cell, ours_len + len); /* there may be 100,000 cells */
    hvs_buf_puts(&cell, ours);
    escape_add(&cell, text, len, ESCAPE_LINE);
    if (cell.failed || (!text[len] && cell.len - ours_len <= CELL_WIDEST))
        return hvs_buf_take(&cell, NULL);
    fits = ours_len + width_cut(hvs_buf_str(&cell) + ours_len, CELL_WIDEST);
    if (!text[len] && fits == cell.len)
        return hvs_buf_take(&cell, NULL);
    hvs_buf_expect(&short_, fits + sizeof(cut_mark));
    hvs_buf_add(&short_, hvs_buf_str(&cell), fits);
    hvs_buf_puts(&short_, cut_mark);
    hvs_buf_clear(&cell);
    return hvs_buf_take(&short_, NULL);
}

void table_cell_after(struct table *table, const char *ours, const char *text)
{
    char *taken;

    if (table->failed)
        return;
    taken = show(ours, text);
    if (!taken || !reserve(table)) {
        free(taken);
        table->failed = true;
        return;
    }
    table->cells[table->count++] = taken;
}

void table_cell(struct table *table, const char *text)
{
    table_cell_after(table, "", text);
}

size_t table_rows(const struct table *table)
{
    return table->columns ? table->count / table->columns - 1 : 0;
}

/* The widths of the columns, then those of the cells, to be freed. */
static size_t *measure(const struct table *table)
{
    size_t *widths = calloc(table->columns + table->count, sizeof(*widths));
    size_t i, width;

    for (i = 0; widths && i < table->count; i++) {
        width = widths[table->columns + i] = width_of(table->cells[i]);
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    return widths;
}

/* The row that begins with this cell, without blanks at its end. */
static void print_row(const struct table *table, size_t first, const size_t *widths,
                      FILE *to)
{
    const size_t *own = widths + table->columns + first;
    const char *cell;
    size_t i, pad = 0;

    for (i = 0; i < table->columns; i++) {
        cell = table->cells[first + i];
        if (*cell) {
            fprintf(to, "%*s%s", (int)pad, "", cell);
            pad = 0;
        }
        pad += widths[i] - own[i] + (widths[i] ? GAP : 0);
    }
    putc('\n', to);
}

static bool has_headings(const struct table *table)
{
    size_t i;

    for (i = 0; i < table->columns; i++) {
        if (*table->cells[i])
            return true;
    }
    return false;
}

bool table_print(const struct table *table, FILE *to)
{
    size_t *widths = NULL;
    size_t row;

    if (table->failed)
        return false;
    if (!table->columns)
        return true;
    widths = measure(table);
    if (!widths)
        return false;
    row = has_headings(table) ? 0 : 1;
    for (; row < table->count / table->columns; row++)
        print_row(table, row * table->columns, widths, to);
    free(widths);
    return true;
}

void table_clear(struct table *table)
{
    size_t i;

    for (i = 0; i < table->count; i++)
        free(table->cells[i]);
    free(table->cells);
    *table = (struct table){0};
}

#include "cli/table.h"

#include "base/buf.h"
#include "cli/escape.h"
#include "cli/width.h"

#include <stdlib.h>
#include <string.h>

#define CELL_MAX (1u << 20)
#define GAP 2

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

void table_cell_after(struct table *table, const char *ours, const char *text)
{
    struct hvs_buf cell = HVS_BUF_INIT(CELL_MAX);
    char *taken;

    if (table->failed)
        return;
    hvs_buf_expect(&cell, strlen(ours) + strlen(text)); /* there may be 100,000 cells */
    hvs_buf_puts(&cell, ours);
    escape_add(&cell, text, strlen(text), ESCAPE_LINE);
    taken = hvs_buf_take(&cell, NULL);
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

/* The width of each column, to be freed. */
static size_t *measure(const struct table *table)
{
    size_t *widths = calloc(table->columns, sizeof(*widths));
    size_t i, width;

    for (i = 0; widths && i < table->count; i++) {
        width = width_of(table->cells[i]);
        if (width > widths[i % table->columns])
            widths[i % table->columns] = width;
    }
    return widths;
}

/* One row, without blanks at its end. */
static void print_row(char *const *cells, const size_t *widths, size_t columns, FILE *to)
{
    size_t i, pad = 0;

    for (i = 0; i < columns; i++) {
        if (*cells[i]) {
            fprintf(to, "%*s%s", (int)pad, "", cells[i]);
            pad = 0;
        }
        pad += widths[i] - width_of(cells[i]) + (widths[i] ? GAP : 0);
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
        print_row(table->cells + row * table->columns, widths, table->columns, to);
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

#ifndef HVS_CLI_TABLE_H
#define HVS_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Columns aligned by what a terminal shows.
 *
 * Adding never needs checking: a failure sticks, and table_print() reports it.
 */
struct table {
    size_t columns;
    size_t count; /* cells in use, the headings among them */
    size_t cap;
    char **cells;
    bool failed;
};

/* Begin with the headings, up to NULL. A table whose headings are empty prints none. */
void table_start(struct table *table, const char *const *headings, size_t columns);

/* Add the next cell, escaped, and cut after 300 columns. A row is full after as many
 * cells as there are columns. */
void table_cell(struct table *table, const char *text);

/* The same, with something of our own before the host's text. */
void table_cell_after(struct table *table, const char *ours, const char *text);

/* How many rows, headings not counted. */
size_t table_rows(const struct table *table);

/* Print it. False when memory ran out on the way. */
bool table_print(const struct table *table, FILE *to);

void table_clear(struct table *table);

#endif

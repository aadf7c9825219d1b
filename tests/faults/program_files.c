#include "faults/program_files.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST_TEXT = 256 * 1024 };

char *program_read(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = malloc(MOST_TEXT);

    if (!text)
        abort();
    text[file ? fread(text, 1, MOST_TEXT - 1, file) : 0] = '\0';
    if (file)
        fclose(file);
    return text;
}

void program_write(const char *path, const char *fmt, ...)
{
    FILE *file = fopen(path, "w");
    va_list args;

    if (!file)
        abort();
    va_start(args, fmt);
    vfprintf(file, fmt, args);
    va_end(args);
    fclose(file);
}

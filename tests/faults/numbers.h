#ifndef FAULTS_NUMBERS_H
#define FAULTS_NUMBERS_H

#include <stddef.h>
#include <stdlib.h>

/* Read so many numbers with blanks between them. Where they end, or NULL. */
static inline const char *numbers_read(const char *text, unsigned long *out, size_t count)
{
    char *end;
    size_t i;

    for (i = 0; i < count; i++, text = end) {
        out[i] = strtoul(text, &end, 10);
        if (end == text)
            return NULL;
    }
    return text;
}

#endif

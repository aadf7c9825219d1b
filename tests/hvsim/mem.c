#include "hvsim/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *have(void *mem)
{
    if (!mem) {
        fputs("hvsim: out of memory\n", stderr);
        abort();
    }
    return mem;
}

void *sim_new(size_t size)
{
    return have(calloc(1, size));
}

char *sim_copy_n(const char *text, size_t len)
{
    char *copy = sim_new(len + 1);

    memcpy(copy, text, len);
    return copy;
}

char *sim_copy(const char *text)
{
    return sim_copy_n(text, strlen(text));
}

void *sim_more(void *array, size_t *count, size_t size)
{
    size_t had = *count;

    /* full at each power of two, so the capacity needs no member */
    if ((had & (had - 1)) == 0)
        array = have(realloc(array, (had ? had * 2 : 1) * size));
    memset((char *)array + had * size, 0, size);
    (*count)++;
    return array;
}

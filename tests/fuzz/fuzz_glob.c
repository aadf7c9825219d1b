#include "base/glob.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A pattern, a line feed, and a text. What is no pattern may fit whatever it likes, but
 * has to come to an end; one fits with a star before it where it fits without. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *pattern = malloc(size + 1), *text, *starred = malloc(size + 2);
    struct hvs_error err = {0};

    if (!pattern || !starred)
        goto out;
    memcpy(pattern, data, size);
    pattern[size] = '\0';
    text = strchr(pattern, '\n');
    if (!text)
        goto out;
    *text++ = '\0';
    starred[0] = '*';
    memcpy(starred + 1, pattern, strlen(pattern) + 1);
    if (hvs_glob_match(pattern, text) && !hvs_glob_match(starred, text))
        abort();
    if (hvs_glob_check(pattern, &err) == 0 && !hvs_glob_match("*", text))
        abort();
out:
    free(pattern);
    free(starred);
    return 0;
}

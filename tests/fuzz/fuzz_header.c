#include "transport/header.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line of a reply's head: its value lies within it, a date before the year 10000. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"Date", "WWW-Authenticate"};
    const int64_t most = INT64_C(253402300799000);
    char *line = malloc(size ? size : 1); /* what reads on is seen */
    const char *value;
    size_t i, len;
    int64_t date;

    if (!line)
        return 0;
    memcpy(line, data, size);
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        value = hvs_header_value(line, size, names[i], &len);
        if (value && (value < line || value + len > line + size))
            abort();
    }
    date = hvs_header_date(line, size);
    if (date < 0 || date > most || date % 1000)
        abort();
    free(line);
    return 0;
}

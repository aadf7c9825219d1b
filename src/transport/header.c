#include "transport/header.h"

#include <curl/curl.h>

#include <string.h>
#include <strings.h>

const char *hvs_header_value(const char *line, size_t len, const char *name, size_t *size)
{
    size_t name_len = strlen(name);
    const char *value = line + name_len + 1, *end = line + len;

    if (len <= name_len || line[name_len] != ':' ||
        strncasecmp(line, name, name_len) != 0)
        return NULL;
    while (value < end && (*value == ' ' || *value == '\t'))
        value++;
    while (end > value && strchr("\r\n \t", end[-1]))
        end--;
    *size = (size_t)(end - value);
    return value;
}

int64_t hvs_header_date(const char *value, size_t len)
{
    static const int64_t end_of_9999 = 253402300799;
    char date[64];
    int64_t seconds;

    if (len >= sizeof(date))
        return 0;
    memcpy(date, value, len);
    date[len] = '\0';
    seconds = (int64_t)curl_getdate(date, NULL);
    return seconds < 0 || seconds > end_of_9999 ? 0 : seconds * 1000;
}

#include "faults/memory.h"

#include <string.h>

#define PROGRESS "\"event\":\"progress\""
#define JOB "\"job\":"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_number(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

static void skip_number(const char **at)
{
    while (is_number(**at))
        ++*at;
}

/* A job is not known where it was found out what became of it. */
static void skip_job(const char **at)
{
    if (strncmp(*at, JOB, strlen(JOB)) == 0)
        *at += strcspn(*at, ",");
}

/* How it went on is another matter, too. */
static void skip_progress(const char **at, const char *text)
{
    const char *end, *found;

    while ((*at == text || (*at)[-1] == '\n') && (end = strchr(*at, '\n')) &&
           (found = strstr(*at, PROGRESS)) && found < end)
        *at = end + 1;
}

/* Does what stands here differ between two tries? */
static bool is_free(const char *at, const char *text, bool exact)
{
    static const char *const hosts[] = {"127.0.0.1:", "localhost:"};
    size_t i, len = strlen(hosts[0]);

    if (!exact)
        return is_number(*at);
    for (i = 0; i < COUNT(hosts); i++)
        if ((size_t)(at - text) >= len && memcmp(at - len, hosts[i], len) == 0)
            return true;
    return false;
}

bool memory_same(const char *one, const char *other, bool exact)
{
    const char *a = one, *b = other;

    if (!a || !b)
        return a == b;
    for (;;) {
        skip_progress(&a, one);
        skip_progress(&b, other);
        skip_job(&a);
        skip_job(&b);
        if (is_free(a, one, exact) && is_free(b, other, exact)) {
            skip_number(&a);
            skip_number(&b);
        }
        if (*a != *b)
            return false;
        if (!*a)
            return true;
        a++;
        b++;
    }
}

#include "faults/program_spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { NAP_MS = 20 };

void program_add(struct program_words *words, const char *word)
{
    if (words->count == PROGRAM_WORDS)
        abort();
    words->at[words->count++] = word;
}

int64_t program_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void program_nap(void)
{
    poll(NULL, 0, NAP_MS);
}

/* Nothing of who runs it decides what comes of it. */
static char **environment(const struct program_case *c)
{
    static const char *const kept[] = {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"};
    static char text[6][400], *list[7];
    size_t i, count = 0;

    snprintf(text[count++], sizeof(text[0]), "LC_ALL=C");
    snprintf(text[count++], sizeof(text[0]), "TMPDIR=%s", c->dir);
    if (c->kdc_hangs)
        snprintf(text[count++], sizeof(text[0]), "KRB5_CONFIG=%s", c->file[FILE_KRB5]);
    for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (getenv(kept[i]))
            snprintf(text[count++], sizeof(text[0]), "%s=%s", kept[i], getenv(kept[i]));
    for (i = 0; i < count; i++)
        list[i] = text[i];
    list[count] = NULL;
    return list;
}

pid_t program_spawn(const struct program_case *c, const struct program_words *words,
                    const char *out, const char *err)
{
    pid_t pid = fork();
    int flags = O_WRONLY | O_CREAT | O_TRUNC;

    if (pid)
        return pid;
    if (dup2(open("/dev/null", O_RDONLY), 0) < 0 || dup2(open(out, flags, 0600), 1) < 0 ||
        dup2(open(err, flags, 0600), 2) < 0)
        _exit(126);
    execve(words->at[0], (char *const *)(uintptr_t)words->at, environment(c));
    _exit(127);
}

#include "cli/child.h"
#include "cli/program.h"

#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* LeakSanitizer looks at the process from outside, which the next function forbids. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

/* A password is in memory: no core dumps, no debugger of the same user, and no file that
 * would let others decrypt what is sent. */
static void close_to_others(void)
{
    struct rlimit core;

    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0; /* and it can be put back for a command that we run */
        setrlimit(RLIMIT_CORE, &core);
    }
#if defined(__linux__) && !defined(SANITIZED)
    prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
#endif
    unsetenv("SSLKEYLOGFILE");
    umask(077);
}

/* A standard descriptor that is closed would be given to the next file or socket. What
 * takes its place cannot be written, so that a closed stdout is noticed. */
static void fill_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd > STDERR_FILENO)
        close(fd);
}

/* Replies come and go, page after page. glibc would hand their memory back to the system
 * each time, and have the next page fault it in again. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

int main(int argc, char **argv)
{
    keep_memory();
    fill_descriptors();
    child_note_start();
    close_to_others();
    setlocale(LC_CTYPE, "");
    return program_run(argc, argv);
}

#include "cli/input.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "\xef\xbb\xbf"

const char *input_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "stdin" : path;
}

int input_fd_number(const char *path)
{
    static const char *const prefixes[] = {"/dev/fd/", "/proc/self/fd/"};
    const char *digits = NULL;
    size_t i, len;
    int fd = 0;

    if (strcmp(path, "/dev/stdin") == 0)
        return STDIN_FILENO;
    for (i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        len = strlen(prefixes[i]);
        if (strncmp(path, prefixes[i], len) == 0)
            digits = path + len;
    }
    if (!digits || !*digits)
        return -1;
    for (; *digits >= '0' && *digits <= '9' && fd < 100000; digits++)
        fd = fd * 10 + (*digits - '0');
    return *digits ? -1 : fd;
}

int input_named_fd(const char *path)
{
    int fd = input_fd_number(path);

    return fd < 0 ? -1 : dup(fd);
}

static int open_input(const char *path, struct hvs_error *err)
{
    int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : input_named_fd(path);
    struct stat st;

    if (fd >= 0)
        return fd;
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return hvs_err_set(err, HVS_USAGE, errno, "cannot open '%.200s': %s", path,
                           strerror(errno));
    if (fstat(fd, &st) < 0)
        hvs_err_set(err, HVS_USAGE, errno, "cannot look at '%.200s': %s", path,
                    strerror(errno));
    else if (S_ISREG(st.st_mode) && (st.st_mode & S_IWOTH))
        hvs_err_set_hint(err, HVS_USAGE, 0, "chmod o-w it", "others may write '%.200s'",
                         path);
    else
        return fd;
    close(fd);
    return -1;
}

/* Wait until there is something to read, or whoever wrote has closed. */
static int wait_for(int fd, int64_t deadline, struct hvs_error *err)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN},
                           {.fd = signals_fd(), .events = POLLIN}};
    int64_t left = -1;
    int rc;

    do {
        if (deadline)
            left = deadline - hvs_clock_ms();
        rc = deadline && left <= 0 ? 0
                                   : poll(fds, 2, left < INT_MAX ? (int)left : INT_MAX);
    } while (rc < 0 && errno == EINTR && !signals_caught());
    if (signals_caught())
        return signals_error(err);
    if (rc < 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot wait for input: %s",
                           strerror(errno));
    if (rc > 0)
        return 0;
    hvs_err_set_hint(err, HVS_SYSTEM, ETIMEDOUT, "--timeout is for the whole call",
                     "its end did not come in time");
    return hvs_err_class(err, HVS_CLASS_DEADLINE);
}

static int read_all(int fd, int64_t deadline, struct hvs_buf *out, struct hvs_error *err)
{
    char chunk[16384];
    ssize_t n;

    for (;;) {
        if (wait_for(fd, deadline, err) < 0)
            return -1;
        n = read(fd, chunk, sizeof(chunk));
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return hvs_err_set(err, HVS_USAGE, errno, "cannot be read: %s",
                               strerror(errno));
        if (n > 0 && (size_t)n > INPUT_MAX - out->len)
            return hvs_err_set(err, HVS_USAGE, 0, "over %u MiB", INPUT_MAX >> 20);
        if (n > 0)
            hvs_buf_add(out, chunk, (size_t)n);
        if (out->failed)
            return hvs_err_memory(err);
    }
}

char *input_read(const char *path, int64_t deadline, size_t *len, struct hvs_error *err)
{
    struct hvs_buf out = HVS_BUF_INIT(INPUT_MAX);
    int fd = open_input(path, err);
    char *text = NULL;

    if (fd < 0)
        return NULL;
    hvs_buf_puts(&out, "");
    if (read_all(fd, deadline, &out, err) < 0) {
        hvs_err_prefix(err, input_name(path));
        goto out;
    }
    *len = out.len;
    text = hvs_buf_take(&out, err);
    if (text && *len >= 3 && memcmp(text, MARK, 3) == 0) {
        *len -= 3;
        memmove(text, text + 3, *len + 1);
    }
out:
    hvs_buf_clear(&out);
    close(fd);
    return text;
}

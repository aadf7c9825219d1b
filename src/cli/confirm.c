#include "cli/confirm.h"

#include "base/clock.h"
#include "base/err.h"
#include "cli/signals.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

int confirm_possible(const struct call *call, bool yes, const char *what,
                     struct hvs_error *err)
{
    bool front = isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();

    if (yes || (front && isatty(fileno(call->notice.to))))
        return 0;
    hvs_err_set_hint(err, HVS_USAGE, 0, "give --yes to have it done all the same",
                     "%s, and there is no terminal to ask on", what);
    return hvs_err_class(err, HVS_CLASS_REFUSED);
}

/* Wait for a line to be typed: 1 when there is one, 0 when nothing is to come. */
static int wait_for_line(const struct call *call, struct hvs_error *err)
{
    struct pollfd fds[] = {{.fd = STDIN_FILENO, .events = POLLIN},
                           {.fd = signals_fd(), .events = POLLIN}};
    int64_t left = -1;
    int rc;

    do {
        if (call->deadline)
            left = call->deadline - hvs_clock_ms();
        if (left > INT_MAX) /* 24 days */
            left = INT_MAX;
        rc = call->deadline && left <= 0 ? 0 : poll(fds, 2, (int)left);
    } while (rc < 0 && errno == EINTR && !signals_caught());
    if (signals_caught())
        return signals_error(err);
    if (rc < 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot wait for an answer: %s",
                           strerror(errno));
    return rc;
}

static int read_answer(const struct call *call, char *line, size_t size,
                       struct hvs_error *err)
{
    int rc = wait_for_line(call, err);
    ssize_t len;

    if (rc < 0)
        return -1;
    len = rc ? read(STDIN_FILENO, line, size - 1) : 0;
    line[len > 0 ? len : 0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    return 0;
}

int confirm(struct call *call, bool yes, const char *text, struct hvs_error *err)
{
    char line[256];

    if (yes) {
        notice_say(&call->notice, "%s", text);
        return 0;
    }
    /* what is asked about is no mere remark */
    notice_ask(&call->notice, text);
    if (read_answer(call, line, sizeof(line), err) < 0)
        return -1;
    if (strcasecmp(line, "y") == 0 || strcasecmp(line, "yes") == 0)
        return 0;
    hvs_err_set(err, HVS_USAGE, 0, "not done: the answer was not 'yes'");
    return hvs_err_class(err, HVS_CLASS_REFUSED);
}

#ifndef HVS_CLI_SIGNALS_H
#define HVS_CLI_SIGNALS_H

#include <hvsnap/error.h>

/*
 * SIGINT, SIGTERM, SIGHUP and SIGQUIT: the first one asks to stop, the second one leaves
 * at once. There is one set of handlers in a process, so this module keeps its state to
 * itself.
 */

/* Catch them, but for those that were ignored, and ignore SIGPIPE: a write then fails
 * instead. */
int signals_open(struct hvs_error *err) HVS_MUST_CHECK;

/* Let them do what they did before: in a child, and async-signal-safe. */
void signals_put_back(void);

/* Readable from the first signal on. */
int signals_fd(void);

/* The signal that came, or 0. */
int signals_caught(void);

/* Have the second signal print this, which is copied; at most 16 KiB of it. */
void signals_say_last(const char *text);

/* Record that signal as the error that a call ends with. Returns -1. */
int signals_error(struct hvs_error *err);

#endif

#ifndef HVS_CLI_CHILD_H
#define HVS_CLI_CHILD_H

#include <hvsnap/error.h>

/*
 * Another program, run as it would by itself: it gets the descriptors, variables,
 * signals, limits and umask that we were started with, and none of our own.
 */

/* Remember what we were started with: before any of it is changed. */
void child_note_start(void);

/* A descriptor that was handed to us alone, such as a password's; none when negative. Of
 * the standard ones it is a file that is kept back: of a pipe, what was read is gone. */
void child_keep_back(int fd);

/* The variable that tells where a password of ours is. */
void child_keep_back_variable(const char *name);

/* Run argv[0] with argv, and wait until it has ended. What comes to us as SIGTERM or
 * SIGHUP while it runs is passed on; SIGINT and SIGQUIT go to both when typed. *status is
 * what a shell would have as $?: 126 when it cannot be run, 127 when it is not there,
 * 128 + signal. */
int child_run(char *const *argv, int *status, struct hvs_error *err) HVS_MUST_CHECK;

#endif

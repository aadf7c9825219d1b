#ifndef HVS_CLI_CHILD_H
#define HVS_CLI_CHILD_H

#include <hvsnap/error.h>

/*
 * Another program, run in our place: it gets the descriptors and variables that we were
 * started with, and none of our own.
 */

/* Remember which descriptors are open: before we open any. */
void child_note_descriptors(void);

/* A descriptor that was handed to us alone, such as a password's. */
void child_keep_back(int fd);

/* Run argv[0] with argv, and wait until it has ended. What comes to us as SIGTERM while
 * it runs is passed on; SIGINT goes to both when it was typed. *status is what a shell
 * would have as $?: 126 when it cannot be run, 127 when it is not there, 128 + signal. */
int child_run(char *const *argv, int *status, struct hvs_error *err) HVS_MUST_CHECK;

#endif

#ifndef HVS_CLI_COMPLETION_H
#define HVS_CLI_COMPLETION_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Completions for shells, made of the rows of commands and options: commands, options,
 * their words, and names of files where a FILE is wanted. When a key is pressed nothing
 * is looked up or run, neither hvsnap nor any word of the command line.
 */

/* Print that of "completion-bash", "completion-zsh" or "completion-fish"; false for
 * anything else. */
bool completion_print(FILE *to, const char *topic);

#endif

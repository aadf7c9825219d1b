#ifndef HVS_CLI_HELP_H
#define HVS_CLI_HELP_H

#include "cli/command.h"

/* What `hvsnap --help` prints: every command. */
void help_all(FILE *to);

/* What `hvsnap COMMAND --help` prints: its options, and those of all commands. */
void help_command(FILE *to, const struct command *command);

/* What --version prints. */
/* The options of every command. */
void help_options(FILE *to);

void help_version(FILE *to);

#endif

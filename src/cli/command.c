#include "cli/command.h"

#include <string.h>

#define COMMAND_ROW(name) &command_##name,

const struct command *const commands[] = {COMMANDS(COMMAND_ROW) NULL};

const struct command *command_find(const char *name)
{
    const struct command *const *row;

    if (strcmp(name, "rename") == 0)
        name = "set";
    for (row = commands; *row; row++) {
        if (strcmp((*row)->name, name) == 0)
            return *row;
    }
    return NULL;
}

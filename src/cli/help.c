#include "cli/help.h"

#include "cli/settings.h"

#include <hvsnap/hvsnap.h>

#include <ctype.h>

void help_all(FILE *to)
{
    const struct command *const *row;

    fputs("usage: hvsnap COMMAND [TARGET...] [OPTIONS]\n"
          "\n"
          "Snapshots of Hyper-V virtual machines, over WS-Management.\n"
          "\n",
          to);
    for (row = commands; *row; row++)
        fprintf(to, "  %-8s %-18s %s\n", (*row)->name, (*row)->operands, (*row)->summary);
    fputs(
        "\n"
        "A target is [http[s]://][user@]host[:port]/vm, or with -H HOST a VM's name.\n"
        "A VM is a name or a GUID.\n"
        "\n"
        "hvsnap COMMAND --help lists a command's options, hvsnap help options those of\n"
        "all of them, man hvsnap tells all.\n",
        to);
}

void help_command(FILE *to, const struct command *command)
{
    fprintf(to, "usage: hvsnap %s %s [OPTIONS]\n\n%c%s.\n%s\n", command->name,
            command->operands, toupper((unsigned char)*command->summary),
            command->summary + 1, command->about);
    if (command->opts->name) {
        opt_help(to, command->opts, 0);
        putc('\n', to);
    }
    fputs("Of every command ('hvsnap help options' lists all of them):\n", to);
    opt_help(to, setting_rows, OPT_OFTEN);
    fprintf(to, "\nFor example:\n%s", command->examples);
}

void help_options(FILE *to)
{
    fputs("Options of every command:\n\n", to);
    opt_help(to, setting_rows, 0);
}

void help_version(FILE *to)
{
    fprintf(to, "hvsnap %s\n%s\n", hvs_version(), hvs_version_details());
}

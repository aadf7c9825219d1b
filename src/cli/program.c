#include "cli/program.h"

#include "base/err.h"
#include "cli/call.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/signals.h"
#include "cli/targets.h"

#include <errno.h>
#include <string.h>

/* Print, and say so when that fails: a full disk must not look like success. */
static int printed(FILE *to)
{
    if (fflush(to) == 0 && !ferror(to))
        return HVS_CLASS_DONE;
    fprintf(stderr, "hvsnap: cannot write: %s\n", strerror(errno));
    return HVS_CLASS_FAILED;
}

/* Print the result and the error of the whole call. The exit status. */
static int end(struct call *call, struct hvs_error *err)
{
    struct hvs_error unwritten = {0};
    bool whole = err->domain != HVS_OK;
    int status;

    if (whole)
        notice_error(&call->notice, call->command ? call->command->name : NULL, err);
    else
        call_verdict(call, err);
    if (!whole && err->domain && call->tally.done + call->tally.failed > 1)
        notice_say(&call->notice, "%s%s%s", err->message, *err->hint ? ": " : "",
                   err->hint);
    status = (int)err->class_;
    if (status && !hvs_err_is_stop(err) && call->command && call->command->failure)
        status = call->command->failure;
    if (!status)
        status = call->status;
    if (output_end(&call->out, err, &unwritten) < 0) {
        notice_error(&call->notice, NULL, &unwritten);
        if (!status)
            status = call->command && call->command->failure ? call->command->failure
                                                             : HVS_CLASS_FAILED;
    }
    return status;
}

static int run(const struct command *command, int argc, char **argv,
               struct hvs_error *err)
{
    struct call call;
    int status = -1;
    int rc = call_open(&call, command, argc, argv, err);

    if (call.settings.help || call.settings.version) {
        if (call.settings.version)
            help_version(stdout);
        else if (command)
            help_command(stdout, command);
        else
            help_all(stdout);
        status = printed(stdout);
        goto out;
    }
    if (rc == 0 && !command)
        hvs_err_set_hint(err, HVS_USAGE, 0,
                         "the command comes first: hvsnap list -H hv01",
                         "which command?");
    if (err->domain == HVS_OK && command && signals_open(err) == 0 &&
        targets_open(&call, err) == 0 && command->run(&call, err) < 0)
        hvs_err_set(err, HVS_SYSTEM, 0, "'%s' failed", command->name);
    status = end(&call, err);
out:
    call_close(&call);
    return status;
}

int program_run(int argc, char **argv)
{
    const struct command *command = argc > 1 ? command_find(argv[1]) : NULL;
    struct hvs_error err = {0};

    if (argc < 2) {
        help_all(stderr);
        return HVS_CLASS_USAGE;
    }
    if (strcmp(argv[1], "help") == 0) {
        if (argc > 2 && (command = command_find(argv[2])))
            help_command(stdout, command);
        else if (argc > 2 && strcmp(argv[2], "options") == 0)
            help_options(stdout);
        else if (argc < 3 || !completion_print(stdout, argv[2]))
            help_all(stdout);
        return printed(stdout);
    }
    if (command)
        return run(command, argc - 1, argv + 1, &err);
    if (argv[1][0] != '-')
        hvs_err_set_hint(&err, HVS_USAGE, 0, "hvsnap --help lists the commands",
                         "no command '%.100s'", argv[1]);
    return run(NULL, argc, argv, &err);
}

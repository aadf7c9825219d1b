#ifndef HVS_CLI_COMMAND_H
#define HVS_CLI_COMMAND_H

#include "cli/opt.h"

struct call;

/* What may stand for a target. */
enum target_kind {
    TARGET_VMS,        /* one VM or more */
    TARGET_ANY,        /* VMs or whole hosts, or with --host nothing */
    TARGET_SNAPSHOTS,  /* one VM; snapshots of it */
    TARGET_JOBS,       /* one host, or with --host nothing; jobs of it */
    TARGET_COMMAND,    /* one VM; a command and its arguments */
    TARGET_HOST,       /* one host, or with --host nothing */
};

/* A command is a row in COMMANDS and a file cmd_NAME.c that defines it; ensure stands
 * beside create, which it is but for a look before. */
struct command {
    const char *name;
    const char *operands; /* "[TARGET...]" */
    const char *summary;  /* one line, as in the README's table */
    const char *about;    /* what --help says on top of that, or "" */
    const char *examples; /* lines of --help */
    const struct opt *opts;
    size_t args_size; /* of the struct that opts fill */
    bool changes;     /* it may take long, and tells its progress in pipes too */
    const char *list; /* the array in its JSON */
    enum target_kind targets;
    int failure; /* the exit status when hvsnap fails; 0: by the error's class */
    /* Do it for call->works. What fails for one target is told to the call, and is no
     * failure of run(). */
    int (*run)(struct call *call, struct hvs_error *err);
};

#define COMMANDS(ROW) \
    ROW(create)       \
    ROW(ensure)       \
    ROW(list)         \
    ROW(show)         \
    ROW(vms)          \
    ROW(restore)      \
    ROW(delete)       \
    ROW(set)          \
    ROW(prune)        \
    ROW(jobs)         \
    ROW(wait)         \
    ROW(cancel)       \
    ROW(guard)        \
    ROW(doctor)

#define COMMAND_DECLARE(name) extern const struct command command_##name;
COMMANDS(COMMAND_DECLARE)

/* All of them, up to NULL. */
extern const struct command *const commands[];

/* NULL when there is none of that name. "rename" is "set". */
const struct command *command_find(const char *name);

#endif

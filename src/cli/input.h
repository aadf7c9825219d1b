#ifndef HVS_CLI_INPUT_H
#define HVS_CLI_INPUT_H

#include <hvsnap/error.h>

#include <stddef.h>
#include <stdint.h>

/* What a file that tells targets may come to, in bytes. */
#define INPUT_MAX (8u << 20)

/*
 * The whole of a text file, or of standard input for "-". Refused when others may write
 * the file: they could send a password to a host of theirs.
 *
 * Yours to free; a NUL follows it, a byte order mark before it is dropped. NULL on
 * failure: after a signal, too, and when it is not all there by `deadline`, which is on
 * hvs_clock_ms(), 0 for none.
 */
char *input_read(const char *path, int64_t deadline, size_t *len, struct hvs_error *err)
    HVS_MUST_CHECK;

/* What messages call it: "stdin" for "-". */
const char *input_name(const char *path);

/* The descriptor that "/dev/fd/63", "/proc/self/fd/63" or "/dev/stdin" is; -1 for other
 * paths. */
int input_fd_number(const char *path);

/* A new descriptor for it; -1 for other paths. They cannot be opened by name once the
 * process is closed to others (PR_SET_DUMPABLE), nor need they be. */
int input_named_fd(const char *path);

#endif

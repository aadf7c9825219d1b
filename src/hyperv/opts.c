#include "hyperv/opts.h"

#include "base/err.h"

#include <string.h>

int hvs_opts_copy(void *out, size_t size, const void *opts, size_t least,
                  const char *init, struct hvs_error *err)
{
    size_t given;

    memcpy(&given, opts, sizeof(given)); /* the first member of them all */
    if (given < least)
        return hvs_err_set(err, HVS_USAGE, 0, "options not started from %s", init);
    if (given > size)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "options of a newer version than the library");
    memcpy(out, opts, given);
    return 0;
}

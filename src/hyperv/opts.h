#ifndef HVS_HYPERV_OPTS_H
#define HVS_HYPERV_OPTS_H

#include <hvsnap/error.h>

#include <stddef.h>

/*
 * Copy options over *out, which holds their defaults in `size` bytes. A smaller, older
 * struct leaves the rest as it is; one that is too small to have been initialised,
 * or newer than the library, is an error. `init` names the initialiser.
 */
int hvs_opts_copy(void *out, size_t size, const void *opts, size_t least,
                  const char *init, struct hvs_error *err) HVS_MUST_CHECK;

#endif

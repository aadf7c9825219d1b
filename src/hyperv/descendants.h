#ifndef HVS_HYPERV_DESCENDANTS_H
#define HVS_HYPERV_DESCENDANTS_H

#include "hyperv/settings.h"

/* A snapshot of the set and all that came from it, parents first, each row once, whatever
 * the host says about ids and parents. Free the array; its rows are lent. NULL without
 * memory. */
const struct hvs_settings **hvs_descendants(const struct hvs_settings_set *set,
                                            const struct hvs_settings *snapshot,
                                            size_t *count,
                                            struct hvs_error *err) HVS_MUST_CHECK;

#endif

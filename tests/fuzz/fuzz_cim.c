#include "base/uuid.h"
#include "xml/cim.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Times, intervals, paths and GUIDs: texts in a row of a host's. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    /* year 1602 to year 9999 and fourteen hours */
    const int64_t least = INT64_C(-11613000000000), most = INT64_C(253402400000000);
    char *text = calloc(1, size + 1), key[64], normal[HVS_UUID_SIZE];
    struct hvs_interval interval;
    struct hvs_time time;

    if (!text)
        return 0;
    memcpy(text, data, size);
    if (hvs_cim_time(text, &time) && time.set && (time.ms < least || time.ms > most))
        abort();
    if (hvs_cim_interval(text, &interval) && interval.ms < 0)
        abort();
    if (hvs_cim_path_key(text, "InstanceID", key, sizeof(key)) && strlen(key) >= size)
        abort();
    if (hvs_uuid_valid(text)) {
        hvs_uuid_normal(normal, text);
        if (!hvs_uuid_valid(normal))
            abort();
    }
    free(text);
    return 0;
}

#include "auth/frame.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Do these bytes lie within the input? */
static void within(const uint8_t *data, size_t size, const void *part, size_t len)
{
    const uint8_t *at = part;

    if (at < data || at > data + size || len > (size_t)(data + size - at))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hvs_error err = {0};
    struct hvs_frame frame;

    if (hvs_frame_read(&frame, data, size, &err) < 0) {
        if (err.domain == HVS_OK)
            abort();
        return 0;
    }
    within(data, size, frame.signature, frame.signature_len);
    within(data, size, frame.sealed, frame.length);
    return 0;
}

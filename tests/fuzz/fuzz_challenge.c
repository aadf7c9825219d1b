#include "auth/ntlm.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A login whose host answers with whatever this is. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct hvs_credentials who = {.user = ".\\User", .password = "Password"};
    static const struct hvs_ntlm_inputs inputs = {.workstation = "COMPUTER"};
    struct hvs_buf out = HVS_BUF_INIT(1 << 20);
    struct hvs_error err = {0};
    struct hvs_mech *mech;

    mech = hvs_ntlm_new_with(&who, "HTTP/hv01", &inputs, &err);
    if (!mech || mech->ops->step(mech, NULL, 0, NULL, &out, &err) < 0)
        abort();
    hvs_buf_clear(&out);
    /* either it says why not, or there is an answer */
    if (mech->ops->step(mech, data, size, NULL, &out, &err) < 0) {
        if (err.domain == HVS_OK || out.len || mech->complete)
            abort();
    } else if (!out.len || !mech->complete) {
        abort();
    }
    hvs_buf_clear(&out);
    hvs_mech_free(mech);
    return 0;
}

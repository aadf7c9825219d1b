#include "wsman/fate.h"

enum hvs_fate hvs_fate(const struct hvs_posted *posted, bool signed_, bool readable,
                       const struct hvs_fault *fault)
{
    if (!posted->began)
        return HVS_NOT_BEGUN;
    switch (posted->status) {
    case 401:
    case 404:
    case 411:
    case 413:
    case 415:
        if (signed_)
            return HVS_NOT_BEGUN;
        break;
    default: break;
    }
    if (!readable)
        return HVS_IN_DOUBT;
    if (fault)
        return fault->row->begun == HVS_BEGUN_NO ? HVS_NOT_BEGUN : HVS_IN_DOUBT;
    return posted->status == 200 ? HVS_ANSWERED : HVS_IN_DOUBT;
}

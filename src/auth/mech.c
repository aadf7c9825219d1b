#include "auth/mech.h"

void hvs_mech_reset(struct hvs_mech *mech)
{
    mech->complete = false;
    mech->ops->reset(mech);
}

void hvs_mech_free(struct hvs_mech *mech)
{
    if (mech)
        mech->ops->free(mech);
}

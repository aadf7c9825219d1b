#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "hvsim/call.h"

/* A code is all that the rest of the host knows of a fault; here is what goes with it. */

enum sim_fault_shape {
    SIM_FAULT_PLAIN,     /* f:WSManFault */
    SIM_FAULT_PROVIDER,  /* the same, around one of the WMI plug-in */
    SIM_FAULT_WMI_ERROR, /* MSFT_WmiError */
};

/* The subcode "" is that of MustUnderstand, which has none. */
struct sim_fault_row {
    uint32_t code;
    const char *subcode, *detail; /* the detail's end of a faultDetail URI, or NULL */
    enum sim_fault_shape shape;
    const char *text[SIM_LANGUAGES];
};

extern const struct sim_fault_row sim_fault_rows[]; /* code 0 is the last */

/* The Fault's Action, from its subcode. */
const char *sim_fault_action(const struct sim_call *call);

/* Is it one of a quota, whose replies lack RelatesTo? */
bool sim_fault_is_quota(uint32_t code);

/* <s:Fault>...</s:Fault> */
void sim_fault_add(struct hvs_buf *out, const struct sim_call *call);

#endif

#ifndef HVS_CLI_DOOR_H
#define HVS_CLI_DOOR_H

#include "cli/call.h"

/* When nothing answered on the port of HTTPS: is that of clear HTTP open? Then the hint
 * says so, and how to go there. Takes a second at the most, and not past the deadline. */
void door_look(const struct call *call, const struct work *work, struct hvs_error *err);

#endif

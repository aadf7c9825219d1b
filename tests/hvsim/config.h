#ifndef SIM_CONFIG_H
#define SIM_CONFIG_H

#include "hvsim/call.h"

/* The settings of WinRM itself, which administrators may read (MS-WSMV 2.2.4.10). */
#define SIM_CONFIG "http://schemas.microsoft.com/wbem/wsman/1/config"

int sim_config_answer(struct sim_call *call);

#endif

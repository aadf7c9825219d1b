#ifndef HVS_CLI_TARGETS_H
#define HVS_CLI_TARGETS_H

#include "cli/call.h"

/*
 * Find the targets of a call and open their hosts: those of the operands, then those of
 * --targets. With an --inventory, "@GROUP", "@KEY=VALUE" and "@all" stand for entries of
 * it, in its order, where the first of them stands; "@@x" is the name "@x" then.
 *
 * Where a command takes one target and parts of it, call->parts are those operands that
 * are no target: all of them, where --targets has it.
 */
int targets_open(struct call *call, struct hvs_error *err) HVS_MUST_CHECK;

#endif

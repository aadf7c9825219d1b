#ifndef HVS_HYPERV_RESULT_H
#define HVS_HYPERV_RESULT_H

#include <hvsnap/error.h>

#include <stdbool.h>
#include <stdint.h>

/*
 * The numbers with which Hyper-V's methods and jobs say no.
 */

/* "invalid state for this operation"; "unknown result" for a number without a name. */
const char *hvs_result_name(uint32_t code);

/* Is it what a host says while another operation has the object? It says the same when
 * the state forbids it for good. */
bool hvs_result_is_state(uint32_t code);

/* Does it leave open what was done: a timeout, an unknown status? */
bool hvs_result_is_open(uint32_t code);

/* Record that `what` ("CreateSnapshot") said `code`. Always returns -1. */
int hvs_result_error(uint32_t code, const char *what, struct hvs_error *err);

/* What to try after a job's error text, which holds HRESULTs as "(0x80070005)". "" when
 * nothing is known. */
const char *hvs_result_hint(uint32_t code, const char *text);

#endif

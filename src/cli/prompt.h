#ifndef HVS_CLI_PROMPT_H
#define HVS_CLI_PROMPT_H

#include <hvsnap/error.h>

/* Ask for the user's password on an open terminal, without echo. Yours to free with
 * hvs_secret_free(). The terminal is put right again before any signal takes effect. */
char *prompt_password(int tty, const char *user, struct hvs_error *err) HVS_MUST_CHECK;

#endif

#ifndef HVS_CLI_SECRET_H
#define HVS_CLI_SECRET_H

#include "cli/notice.h"
#include "cli/settings.h"

/* What a password may come to, in bytes. */
#define SECRET_MAX 1024

/* Passwords already read in this call: a descriptor can be read once, and nobody wants to
 * be asked for every host. Start from {0}. */
struct secrets {
    struct secret *first;
};

/*
 * The password of a user, from --password-fd, --password-file (or its variable or key),
 * $CREDENTIALS_DIRECTORY/hvsnap.password, or the terminal; in that order.
 *
 * *out is lent until secrets_clear(), or NULL where a login may do without: by Kerberos,
 * by a key, or where there is nobody to ask and another mechanism might do.
 */
int secret_get(struct secrets *secrets, const struct settings *settings,
               struct notice *notice, const char **out, struct hvs_error *err)
    HVS_MUST_CHECK;

/* The first line of another secret file: *out is lent until secrets_clear(). */
int secret_of_file(struct secrets *secrets, const char *path, struct notice *notice,
                   const char **out, struct hvs_error *err) HVS_MUST_CHECK;

void secrets_clear(struct secrets *secrets);

/* The first line of a file, yours to free with hvs_secret_free(). Refused when others may
 * write it; *exposed tells that they may read it. */
char *secret_from_file(const char *path, bool *exposed, struct hvs_error *err)
    HVS_MUST_CHECK;

/* The same of a descriptor, which is read up to the end of its first line. */
char *secret_from_fd(int fd, struct hvs_error *err) HVS_MUST_CHECK;

#endif

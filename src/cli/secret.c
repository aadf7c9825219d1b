#include "cli/secret.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "cli/child.h"
#include "cli/input.h"
#include "cli/prompt.h"

#include <hvsnap/client.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CREDENTIALS "CREDENTIALS_DIRECTORY"

struct secret {
    struct secret *next;
    char *source; /* "fd", "file PATH", "user NAME" */
    char *password;
};

enum {
    PATIENCE_MS = 30000, /* with whoever writes the password into a pipe */
    LOOK_MS = 1000       /* at the tickets, before there is any deadline */
};

/* Wait until there is something to read, or whoever wrote has closed. */
static int wait_for(int fd, struct hvs_error *err)
{
    struct pollfd row = {.fd = fd, .events = POLLIN};
    int rc = poll(&row, 1, PATIENCE_MS);

    if (rc > 0 || (rc < 0 && errno == EINTR))
        return 0;
    if (rc < 0)
        return hvs_err_set(err, HVS_USAGE, errno, "cannot read the password: %s",
                           strerror(errno));
    return hvs_err_set(err, HVS_USAGE, ETIMEDOUT, "nobody wrote a password in %d seconds",
                       PATIENCE_MS / 1000);
}

/* Read up to the end of the line, a byte at a time: what follows in a pipe is somebody
 * else's. The length, or -1. */
static ssize_t read_line(int fd, char *line, size_t size, struct hvs_error *err)
{
    size_t len = 0;
    ssize_t n;

    while (len < size) {
        n = read(fd, line + len, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN) {
            if (wait_for(fd, err) < 0)
                return -1;
            continue;
        }
        if (n < 0)
            return hvs_err_set(err, HVS_USAGE, errno, "cannot read the password: %s",
                               strerror(errno));
        if (!n || line[len] == '\n')
            return (ssize_t)len;
        len++;
    }
    return hvs_err_set(err, HVS_USAGE, 0, "the password has over %d bytes", SECRET_MAX);
}

char *secret_from_fd(int fd, struct hvs_error *err)
{
    struct hvs_buf out = HVS_BUF_INIT(SECRET_MAX);
    char line[SECRET_MAX + 3]; /* a byte order mark may stand before it */
    char *password = NULL, *start = line;
    ssize_t len = read_line(fd, line, sizeof(line), err);

    if (len < 0)
        goto out;
    if (len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
        start += 3;
        len -= 3;
    }
    if (len && start[len - 1] == '\r')
        len--;
    if (!len)
        hvs_err_set(err, HVS_USAGE, 0, "the password is empty");
    else if (memchr(start, '\0', (size_t)len) || !hvs_utf8_valid(start, (size_t)len))
        hvs_err_set(err, HVS_USAGE, 0, "the password is not UTF-8 text");
    else if (len > SECRET_MAX)
        hvs_err_set(err, HVS_USAGE, 0, "the password has over %d bytes", SECRET_MAX);
    else {
        hvs_buf_add(&out, start, (size_t)len);
        password = hvs_buf_take(&out, err);
    }
out:
    hvs_wipe(line, sizeof(line));
    return password;
}

/* Kubernetes and Docker mount secrets that everybody may read, so that only earns a
 * warning. A file that others may write can send us in under their password. */
static int check_file(int fd, const char *path, bool *exposed, struct hvs_error *err)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return hvs_err_set(err, HVS_USAGE, errno, "cannot look at '%s': %s", path,
                           strerror(errno));
    if (S_ISFIFO(st.st_mode)) /* which reads as empty until somebody has opened it */
        return wait_for(fd, err);
    if (!S_ISREG(st.st_mode))
        return hvs_err_set(err, HVS_USAGE, 0, "'%s' is not a file", path);
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "make the file yours, or root's",
                                "'%s' belongs to another user", path);
    if (st.st_mode & (S_IWGRP | S_IWOTH))
        return hvs_err_set_hint(err, HVS_USAGE, 0, "chmod 600 it",
                                "others may write '%s'", path);
    *exposed = st.st_mode & (S_IRGRP | S_IROTH);
    return 0;
}

char *secret_from_file(const char *path, bool *exposed, struct hvs_error *err)
{
    char *password = NULL;
    int fd = input_named_fd(path); /* shells hand one over for <(...) */

    *exposed = false;
    if (fd < 0)
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        hvs_err_set_hint(err, HVS_USAGE, errno,
                         strcmp(path, "-") == 0 ? "for standard input: --password-fd 0"
                                                : "",
                         "cannot open the password file '%s': %s", path, strerror(errno));
        return NULL;
    }
    if (check_file(fd, path, exposed, err) == 0) {
        password = secret_from_fd(fd, err);
        if (!password)
            hvs_err_prefix(err, path);
    }
    close(fd);
    return password;
}

static const struct secret *find(const struct secrets *secrets, const char *source)
{
    const struct secret *s;

    for (s = secrets->first; s; s = s->next) {
        if (strcmp(s->source, source) == 0)
            return s;
    }
    return NULL;
}

/* Remember a password, which is taken over in any case. */
static int keep(struct secrets *secrets, const char *source, char *password,
                const char **out, struct hvs_error *err)
{
    struct secret *secret;

    if (!password)
        return -1;
    secret = calloc(1, sizeof(*secret));
    if (secret)
        secret->source = strdup(source);
    if (!secret || !secret->source) {
        free(secret);
        hvs_secret_free(password);
        return hvs_err_memory(err);
    }
    secret->password = password;
    secret->next = secrets->first;
    secrets->first = secret;
    *out = password;
    return 0;
}

static int from_file(struct secrets *secrets, const char *path, struct notice *notice,
                     const char **out, struct hvs_error *err)
{
    char *password;
    bool exposed;

    password = secret_from_file(path, &exposed, err);
    if (exposed)
        notice_warn(notice, "others may read the password in '%s'", path);
    return keep(secrets, path, password, out, err);
}

/* May the login do without a password that nobody is there to type? */
static bool may_do_without(const struct settings *settings)
{
    return settings->auth == HVS_AUTH_NEGOTIATE || settings->auth == HVS_AUTH_KERBEROS;
}

/* Ask, unless the login can do without a password. */
static int ask(struct secrets *secrets, const struct settings *settings, const char **out,
               struct hvs_error *err)
{
    int tty;
    int rc;

    if (settings->auth == HVS_AUTH_CERTIFICATE || settings->keytab)
        return 0;
    tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    /* in the background there is nobody to ask either: the terminal is another's */
    if (tty >= 0 && tcgetpgrp(tty) != getpgrp()) {
        close(tty);
        tty = -1;
    }
    if (tty < 0 && may_do_without(settings))
        return 0;
    if (tty < 0)
        return hvs_err_set_hint(
            err, HVS_USAGE, 0,
            "give --password-file FILE, --password-fd N or "
            "HVSNAP_PASSWORD_FILE",
            "no password for '%.200s', and no terminal to ask for it on", settings->user);
    if (settings->auth == HVS_AUTH_KERBEROS &&
        hvs_ticket_at_hand(settings->user, LOOK_MS))
        rc = 0;
    else
        rc = keep(secrets, settings->user, prompt_password(tty, settings->user, err), out,
                  err);
    close(tty);
    return rc;
}

/* The file that systemd's LoadCredential= puts there: NULL when there is none. */
static char *credential(void)
{
    const char *folder = getenv(CREDENTIALS);
    struct hvs_buf path = HVS_BUF_INIT(4096);
    char *taken;

    if (!folder || *folder != '/')
        return NULL;
    hvs_buf_printf(&path, "%s/hvsnap.password", folder);
    taken = hvs_buf_take(&path, NULL);
    if (taken && access(taken, F_OK) == 0)
        return taken;
    free(taken);
    return NULL;
}

/* A command that we run is to get at nothing that a secret of ours is in. */
static void keep_back(const char *path)
{
    const char *folder = getenv(CREDENTIALS);
    size_t len = folder ? strlen(folder) : 0;

    if (!path)
        return;
    if (strncmp(path, "FILE:", 5) == 0) /* as Kerberos names a keytab */
        path += 5;
    child_keep_back(input_fd_number(path));
    if (len && strncmp(path, folder, len) == 0 && path[len] == '/')
        child_keep_back_variable(CREDENTIALS);
}

static void keep_all_back(const struct settings *settings, const char *credential)
{
    if (settings->password_fd != UINT32_MAX)
        child_keep_back((int)settings->password_fd);
    keep_back(settings->password_file);
    keep_back(settings->proxy_user_file);
    keep_back(settings->keytab);
    keep_back(settings->key);
    keep_back(credential);
}

int secret_get(struct secrets *secrets, const struct settings *settings,
               struct notice *notice, const char **out, struct hvs_error *err)
{
    char source[4200];
    char *file = NULL;
    const struct secret *known;
    int rc = -1;

    *out = NULL;
    if (settings->user && settings->password_fd == UINT32_MAX &&
        !settings->password_file && !settings->keytab)
        file = credential();
    keep_all_back(settings, file);
    if (!settings->user)
        return 0;
    if (settings->password_fd != UINT32_MAX)
        snprintf(source, sizeof(source), "fd %u", (unsigned)settings->password_fd);
    else if (settings->password_file || file)
        snprintf(source, sizeof(source), "%s", file ? file : settings->password_file);
    else
        snprintf(source, sizeof(source), "%s", settings->user);

    known = find(secrets, source);
    if (known) {
        *out = known->password;
        rc = 0;
    } else if (settings->password_fd != UINT32_MAX) {
        rc = keep(secrets, source, secret_from_fd((int)settings->password_fd, err), out,
                  err);
    } else if (settings->password_file || file) {
        rc = from_file(secrets, source, notice, out, err);
    } else {
        rc = ask(secrets, settings, out, err);
    }
    free(file);
    return rc;
}

int secret_of_file(struct secrets *secrets, const char *path, struct notice *notice,
                   const char **out, struct hvs_error *err)
{
    const struct secret *known = find(secrets, path);

    if (!known)
        return from_file(secrets, path, notice, out, err);
    *out = known->password;
    return 0;
}

void secrets_clear(struct secrets *secrets)
{
    struct secret *secret, *next;

    for (secret = secrets->first; secret; secret = next) {
        next = secret->next;
        hvs_secret_free(secret->password);
        free(secret->source);
        free(secret);
    }
    secrets->first = NULL;
}

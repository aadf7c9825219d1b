#include "hvsim/accept.h"
#include "hvsim/opt.h"
#include "hvsim/server.h"

#include "base/clock.h"
#include "base/err.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static int stop_pipe[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;

    (void)number;
    /* nobody reads it: all threads see the pipe readable from now on */
    if (write(stop_pipe[1], "", 1) < 0)
        _exit(1);
    errno = saved;
}

static int64_t real_clock(void *arg)
{
    (void)arg;
    return hvs_clock_utc_ms();
}

static int catch_signals(struct hvs_error *err)
{
    struct sigaction stop = {.sa_handler = on_signal};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    if (pipe(stop_pipe) < 0 || sigaction(SIGINT, &stop, NULL) < 0 ||
        sigaction(SIGTERM, &stop, NULL) < 0 || sigaction(SIGPIPE, &ignore, NULL) < 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot prepare for signals: %s",
                           strerror(errno));
    return 0;
}

/* A thread and a socket for each connection of a fleet: take all that we may have. */
static void raise_limits(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static int apply(struct sim_world *world, const struct sim_opts *opts,
                 struct hvs_error *err)
{
    struct hvs_buf fault = HVS_BUF_INIT(4096);
    int rc = 0;
    size_t i;

    for (i = 0; rc == 0 && i < opts->set.count; i++)
        rc = sim_world_set(world, opts->set.at[i], err);
    for (i = 0; rc == 0 && i < opts->fault.count; i++) {
        hvs_buf_clear(&fault);
        hvs_buf_printf(&fault, "fault=%s", opts->fault.at[i]);
        rc = sim_world_set(world, hvs_buf_str(&fault), err);
    }
    hvs_buf_clear(&fault);
    return rc;
}

/* The accounts as a file for gss-ntlmssp, which only reads files. `path` is to be
 * removed in the end. */
static int write_users(char *path, size_t size, const struct hvs_buf *users,
                       struct hvs_error *err)
{
    const char *dir = getenv("TMPDIR");
    const char *at = hvs_buf_str(users);
    size_t left = users->len;
    ssize_t put = 0;
    int fd;

    snprintf(path, size, "%s/hvsim-users-XXXXXX", dir && *dir ? dir : "/tmp");
    fd = mkstemp(path); /* mode 0600 */
    if (fd < 0) {
        path[0] = '\0';
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot make a temporary file: %s",
                           strerror(errno));
    }
    for (; left && (put = write(fd, at, left)) > 0; left -= (size_t)put)
        at += put;
    if (close(fd) < 0 || left)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot write '%s': %s", path,
                           strerror(errno));
    return 0;
}

static int prepare_logins(struct sim_world *world, const char *keytab, char *path,
                          size_t size, struct hvs_error *err)
{
    struct hvs_buf users = HVS_BUF_INIT(1 << 20);
    char computer[16] = "HVSIM", domain[64] = "WORKGROUP";
    size_t len;
    int rc = -1;

    sim_world_users(world, &users);
    if (users.len)
        snprintf(domain, sizeof(domain), "%.*s", (int)strcspn(users.data, ":"),
                 users.data);
    if (sim_world_hosts(world)) {
        len = strcspn(sim_host_name(sim_world_host(world, 0)), ".");
        snprintf(computer, sizeof(computer), "%.*s", (int)len,
                 sim_host_name(sim_world_host(world, 0)));
    }
    if (write_users(path, size, &users, err) == 0)
        rc = sim_accept_setup(path, computer, domain, keytab, err);
    hvs_buf_clear(&users);
    return rc;
}

/* Listeners and their certificate. */
static int make_tls(struct sim_server *server, const struct sim_opts *opts,
                    struct hvs_error *err)
{
    struct sim_cert cert = {0};
    const char *names[60];
    size_t count = 0, i;
    int rc = -1;

    if (opts->cert)
        return sim_tls_load(&server->tls, opts->cert, opts->key, err);
    for (i = 0; i < sim_world_hosts(server->world) && count < 60; i++)
        names[count++] = sim_host_name(sim_world_host(server->world, i));
    if (sim_cert_make(&cert, names, count, opts->flaw, err) == 0 &&
        (!opts->ca_out || sim_cert_write(cert.ca, opts->ca_out, err) == 0))
        rc = sim_tls_init(&server->tls, &cert, err);
    sim_cert_clear(&cert);
    return rc;
}

static int prepare_tls(struct sim_server *server, const struct sim_opts *opts,
                       struct hvs_error *err)
{
    if (make_tls(server, opts, err) < 0)
        return -1;
    return opts->client_ca ? sim_tls_clients(&server->tls, opts->client_ca, err) : 0;
}

static int open_listeners(struct sim_server *server, const struct sim_opts *opts,
                          struct hvs_error *err)
{
    size_t i;

    for (i = 0; i < opts->listen.count; i++)
        if (sim_listeners_open(server, opts->listen.at[i], err) < 0)
            return -1;
    return 0;
}

static int say_ready(const struct sim_server *server, struct hvs_error *err)
{
    size_t i;

    printf("ready");
    for (i = 0; i < server->count; i++)
        printf(" %s", server->listeners[i].url);
    printf("\n");
    if (fflush(stdout) != 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot write to standard output: %s",
                           strerror(errno));
    return 0;
}

static int run(const struct sim_opts *opts, struct hvs_error *err)
{
    struct sim_server server = {.lock = PTHREAD_MUTEX_INITIALIZER,
                                .state_file = opts->state,
                                .log = opts->log};
    char users[512] = "";
    int rc = -1;

    if (catch_signals(err) < 0)
        goto out;
    server.stop_fd = stop_pipe[0];
    server.world = sim_world_new(opts->scenario, real_clock, NULL, err);
    if (!server.world || apply(server.world, opts, err) < 0 ||
        prepare_logins(server.world, opts->keytab, users, sizeof(users), err) < 0 ||
        prepare_tls(&server, opts, err) < 0 || open_listeners(&server, opts, err) < 0)
        goto out;
    if (opts->state && sim_world_state(server.world, opts->state, err) < 0)
        goto out;
    if (say_ready(&server, err) < 0 || sim_server_run(&server, err) < 0)
        goto out;
    sim_server_save(&server);
    rc = 0;
out:
    if (users[0])
        unlink(users);
    while (server.count)
        sim_listener_close(&server.listeners[--server.count]);
    free(server.listeners);
    sim_tls_clear(&server.tls);
    sim_world_free(server.world);
    return rc;
}

static void say_help(void)
{
    struct sim_switch_row row;
    size_t i;

    fputs(sim_opts_help(), stdout);
    printf("\nSwitches, each with its values and its default:\n");
    for (i = 0; sim_switch_row(i, &row); i++)
        printf("  %s=%s (%s)\n      %s\n", row.name, row.values,
               *row.usual ? row.usual : "empty", row.about);
    printf("\nFaults:\n%s", sim_fault_help());
}

static void say_version(void)
{
    printf("hvsim %s\n", HVS_VERSION);
    if (!sim_accept_built())
        printf("logins: Basic alone\n");
    else
        printf("logins: Basic, and by GSSAPI Kerberos%s\n",
               sim_accept_ntlm() ? " and NTLM" : " (not NTLM: no gss-ntlmssp here)");
}

int main(int argc, char **argv)
{
    struct hvs_error err = {0};
    struct sim_opts opts;
    int rc = sim_opts_parse(&opts, argc, argv, &err);

    if (rc == 0 && opts.help) {
        say_help();
        return 0;
    }
    if (rc == 0 && opts.version) {
        say_version();
        return 0;
    }
    raise_limits();
    if (rc == 0)
        rc = run(&opts, &err);
    if (rc == 0)
        return 0;
    fprintf(stderr, "hvsim: %s\n", err.message);
    if (err.hint[0])
        fprintf(stderr, "hvsim: %s\n", err.hint);
    return err.domain == HVS_USAGE ? 2 : 1;
}

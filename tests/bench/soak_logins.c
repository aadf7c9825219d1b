/*
 * Does a login leave memory behind? Thousands of sealed NTLM logins in one process, each
 * with a client of its own, and the resident memory after the first tenth and at the end.
 * gss-ntlmssp's acceptor loses some at every login, so the host is started anew after
 * each tenth.
 *
 *     soak_logins HVSIM PASSWORD_FILE [LOGINS]
 */
#include "bench/host.h"

#include <hvsnap/hvsnap.h>

enum { MOST_GROWTH_KB = 256 };

/* A login and a sealed message each way. */
static int log_in(const struct host *host, const char *password)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_identity *identity = NULL;
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};
    int rc;

    opts.host = "127.0.0.1";
    opts.port = (uint16_t)host->port;
    opts.plain_http = true;
    opts.auth = HVS_AUTH_NTLM;
    opts.user = "HVTEST\\hvuser";
    opts.password = password;
    opts.timeout_ms = 30000;
    rc = hvs_client_open(&client, &opts, &err);
    if (rc == 0)
        rc = hvs_identify(client, false, &identity, &err);
    if (rc < 0)
        fprintf(stderr, "soak_logins: %s\n", err.message);
    hvs_identity_free(identity);
    hvs_client_close(client);
    return rc;
}

int main(int argc, char **argv)
{
    long count = argc > 3 ? strtol(argv[3], NULL, 10) : 10000, done, first = 0, last;
    char password[256] = "", listen[] = "--listen", url[] = "http://127.0.0.1:0";
    struct host host = {0};
    int rc = 0;

    if (argc < 3 || count < 10 ||
        read_password(argv[2], password, sizeof(password)) < 0) {
        fprintf(stderr, "usage: %s HVSIM PASSWORD_FILE [LOGINS]\n", argv[0]);
        return 2;
    }
    for (done = 0; done < count && rc == 0; done++) {
        if (done % (count / 10) == 0) {
            if (done)
                stop_host(&host);
            if (done == count / 10)
                first = resident();
            rc = start_host(&host, (char *[]){argv[1], listen, url, NULL});
        }
        if (rc == 0)
            rc = log_in(&host, password);
    }
    stop_host(&host);
    last = resident();
    if (rc < 0)
        return 1;
    printf("resident after %ld sealed logins   %8ld KB\n", count / 10, first);
    printf("resident after %ld sealed logins  %8ld KB\n", count, last);
    printf("grown by                             %8ld KB (%d at the most)\n",
           last - first, MOST_GROWTH_KB);
    return last - first > MOST_GROWTH_KB;
}

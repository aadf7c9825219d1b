/*
 * List the snapshots of two hosts at once, from one poll() loop, as a console would that
 * has other things to do. The password is read from standard input.
 *
 *     loop 'DOMAIN\user' CA_FILE HOST PORT [HOST PORT] <password-file
 */
#include <hvsnap/hvsnap.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_HOSTS = 2, FDS_EACH = 8 };

struct host {
    const char *name;
    struct hvs_client *client;
    struct hvs_run *run; /* NULL once it is over */
};

static int begin(struct host *host, char **argv, const struct hvs_client_opts *common,
                 struct hvs_error *err)
{
    struct hvs_client_opts opts = *common;

    opts.host = host->name = argv[0];
    opts.port = (uint16_t)strtoul(argv[1], NULL, 10);
    if (hvs_client_open(&host->client, &opts, err) < 0)
        return -1;
    return hvs_snapshot_list_start(&host->run, host->client, NULL, err);
}

static int finish(struct host *host)
{
    struct hvs_snapshot_list *list;
    struct hvs_error err = {0};
    size_t i;

    if (hvs_snapshot_list_end(host->run, &list, &err) < 0) {
        fprintf(stderr, "%s: %s\n", host->name, err.message);
        host->run = NULL;
        return (int)err.class_;
    }
    host->run = NULL;
    for (i = 0; i < list->count; i++)
        printf("%s/%s %s\n", host->name, list->items[i]->vm_name, list->items[i]->id);
    hvs_snapshot_list_free(list);
    return 0;
}

/* Step every run that goes on, then wait for whichever is ready first. */
static int turn(struct host *hosts, int count, int *status)
{
    struct pollfd fds[MOST_HOSTS * FDS_EACH];
    size_t used = 0;
    int wait = -1, busy = 0, ms, i;

    for (i = 0; i < count; i++) {
        if (!hosts[i].run)
            continue;
        if (hvs_run_step(hosts[i].run) == HVS_RUN_ENDED) {
            ms = finish(&hosts[i]);
            *status = *status ? *status : ms;
            continue;
        }
        busy = 1;
        used += hvs_run_fds(hosts[i].run, fds + used, FDS_EACH);
        ms = hvs_run_timeout(hosts[i].run);
        wait = wait < 0 || (ms >= 0 && ms < wait) ? ms : wait;
    }
    if (busy)
        poll(fds, (nfds_t)used, wait);
    return busy;
}

int main(int argc, char **argv)
{
    struct hvs_client_opts common = HVS_CLIENT_OPTS_INIT;
    struct host hosts[MOST_HOSTS] = {{0}};
    struct hvs_error err = {0};
    char password[256] = "";
    int count = 0, status = 0, i;

    if (argc < 5 || !fgets(password, sizeof(password), stdin)) {
        fprintf(stderr, "usage: %s USER CA_FILE HOST PORT [HOST PORT] <password-file\n",
                argv[0]);
        return 2;
    }
    password[strcspn(password, "\r\n")] = '\0';
    common.user = argv[1];
    common.ca_file = argv[2];
    common.password = password;
    common.timeout_ms = 60000;
    for (i = 3; i + 1 < argc && count < MOST_HOSTS; i += 2) {
        err = (struct hvs_error){0};
        if (begin(&hosts[count++], argv + i, &common, &err) < 0) {
            fprintf(stderr, "%s: %s\n", argv[i], err.message);
            status = (int)err.class_;
        }
    }
    while (turn(hosts, count, &status))
        ;
    for (i = 0; i < count; i++)
        hvs_client_close(hosts[i].client);
    return status;
}

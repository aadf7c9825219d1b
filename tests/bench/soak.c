/*
 * Does a session leave memory behind that lasts for days? A snapshot is created, listed
 * and deleted, thousands of times over on one session, at a host whose jobs are over at
 * once: the resident memory after the first thousand rounds and at the end.
 *
 *     soak HVSIM [ROUNDS]
 */
#include "bench/host.h"

#include <hvsnap/hvsnap.h>

enum { FIRST = 1000, MOST_GROWTH_KB = 1024 };

static const char scenario[] =
    "{\"hosts\": [{\"name\": \"HV01\", \"duration_ms\": 0, \"vms\": ["
    "{\"name\": \"web1\", \"snapshots\": [{\"name\": \"kept\"}]}]}]}\n";

/* What is made for it, in a folder of its own. */
struct place {
    char folder[64], scenario[80], ca[80];
};

static int make_place(struct place *place)
{
    FILE *file;

    snprintf(place->folder, sizeof(place->folder), "/tmp/hvsnap-soak.XXXXXX");
    if (!mkdtemp(place->folder))
        return -1;
    snprintf(place->scenario, sizeof(place->scenario), "%s/soak.json", place->folder);
    snprintf(place->ca, sizeof(place->ca), "%s/ca.pem", place->folder);
    file = fopen(place->scenario, "w");
    if (!file)
        return -1;
    fputs(scenario, file);
    return fclose(file);
}

static void remove_place(const struct place *place)
{
    unlink(place->scenario);
    unlink(place->ca);
    rmdir(place->folder);
}

static int open_client(struct hvs_client **out, const struct host *host,
                       const struct place *place, struct hvs_error *err)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;

    opts.host = "127.0.0.1";
    opts.port = (uint16_t)host->port;
    opts.auth = HVS_AUTH_BASIC;
    opts.user = "HVTEST\\hvuser";
    opts.password = "Passw0rd!"; /* of hvsim's own account */
    opts.ca_file = place->ca;
    opts.timeout_ms = 60000;
    return hvs_client_open(out, &opts, err);
}

static int one_round(struct hvs_client *client, struct hvs_error *err)
{
    struct hvs_create_opts create = HVS_CREATE_OPTS_INIT;
    struct hvs_delete_opts delete = HVS_DELETE_OPTS_INIT;
    struct hvs_create_result *made = NULL;
    struct hvs_delete_result *gone = NULL;
    struct hvs_snapshot_list *list = NULL;
    int rc;

    create.vm = delete.vm = "web1";
    create.name = "soak";
    rc = hvs_snapshot_create(client, &create, &made, err);
    if (rc == 0)
        rc = hvs_snapshot_list(client, "web1", &list, err);
    if (rc == 0 && list->count != 2)
        rc = (fprintf(stderr, "soak: %zu snapshots, not 2\n", list->count), -1);
    if (rc == 0) {
        delete.snapshot = made->snapshot->id;
        rc = hvs_snapshot_delete(client, &delete, &gone, err);
    }
    hvs_create_result_free(made);
    hvs_snapshot_list_free(list);
    hvs_delete_result_free(gone);
    return rc;
}

static int soak(struct hvs_client *client, long rounds)
{
    struct hvs_error err = {0};
    long done, first = 0, last;

    for (done = 0; done < rounds; done++) {
        if (done == FIRST)
            first = resident();
        if (one_round(client, &err) < 0) {
            fprintf(stderr, "soak: round %ld: %s\n", done, err.message);
            return 1;
        }
    }
    last = resident();
    printf("resident after %d rounds    %8ld KB\n", FIRST, first);
    printf("resident after %ld rounds  %8ld KB\n", rounds, last);
    printf("grown by                     %8ld KB (%d at the most)\n", last - first,
           MOST_GROWTH_KB);
    return last - first > MOST_GROWTH_KB;
}

int main(int argc, char **argv)
{
    long rounds = argc > 2 ? strtol(argv[2], NULL, 10) : 100000;
    char scenario_option[] = "--scenario", ca_option[] = "--ca-out";
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};
    struct place place = {0};
    struct host host = {0};
    int rc = 1;

    if (argc < 2 || rounds <= FIRST) {
        fprintf(stderr, "usage: %s HVSIM [ROUNDS, more than %d]\n", argv[0], FIRST);
        return 2;
    }
    if (make_place(&place) < 0 ||
        start_host(&host, (char *[]){argv[1], scenario_option, place.scenario, ca_option,
                                     place.ca, NULL}) < 0) {
        fprintf(stderr, "soak: no host to be had\n");
        goto out;
    }
    if (open_client(&client, &host, &place, &err) < 0)
        fprintf(stderr, "soak: %s\n", err.message);
    else
        rc = soak(client, rounds);
    hvs_client_close(client);
    stop_host(&host);
out:
    remove_place(&place);
    return rc;
}

/*
 * Take a snapshot with the library and keep each envelope that it sends, for the control
 * program to post again.
 *
 *     record DIR HOST PORT CA_FILE USER VM NAME <password-file
 */
#include <hvsnap/hvsnap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct recorder {
    const char *dir;
    int count;
};

static void keep(void *arg, enum hvs_trace_kind kind, const char *text)
{
    struct recorder *recorder = arg;
    char name[4096];
    FILE *file;

    if (kind != HVS_TRACE_REQUEST)
        return;
    snprintf(name, sizeof(name), "%s/%02d.xml", recorder->dir, ++recorder->count);
    file = fopen(name, "wb");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        perror(name);
}

int main(int argc, char **argv)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_create_opts create = HVS_CREATE_OPTS_INIT;
    struct hvs_create_result *result = NULL;
    struct recorder recorder = {0};
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};
    char password[256] = "";
    int rc;

    if (argc != 8 || !fgets(password, sizeof(password), stdin))
        return 2;
    password[strcspn(password, "\r\n")] = '\0';
    recorder.dir = argv[1];
    opts.host = argv[2];
    opts.port = (uint16_t)strtoul(argv[3], NULL, 10);
    opts.ca_file = argv[4];
    opts.user = argv[5];
    opts.password = password;
    opts.auth = HVS_AUTH_BASIC;
    opts.trace = keep;
    opts.trace_arg = &recorder;
    create.vm = argv[6];
    create.name = argv[7];
    rc = hvs_client_open(&client, &opts, &err);
    if (rc == 0)
        rc = hvs_snapshot_create(client, &create, &result, &err);
    if (rc < 0)
        fprintf(stderr, "%s\n", err.message);
    hvs_create_result_free(result);
    hvs_client_close(client);
    return rc < 0;
}

/*
 * Take a snapshot and wait for it. The password is read from standard input.
 *
 *     blocking HOST PORT CA_FILE 'DOMAIN\user' VM [NAME] <password-file
 */
#include <hvsnap/hvsnap.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int complain(const struct hvs_error *err)
{
    fprintf(stderr, "%s\n", err->message);
    if (err->hint[0])
        fprintf(stderr, "hint: %s\n", err->hint);
    return (int)err->class_;
}

int main(int argc, char **argv)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_create_opts create = HVS_CREATE_OPTS_INIT;
    struct hvs_create_result *result = NULL;
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};
    char password[256] = "";
    int status = 0;

    if (argc < 6 || !fgets(password, sizeof(password), stdin)) {
        fprintf(stderr, "usage: %s HOST PORT CA_FILE USER VM [NAME] <password-file\n",
                argv[0]);
        return 2;
    }
    password[strcspn(password, "\r\n")] = '\0';
    opts.host = argv[1];
    opts.port = (uint16_t)strtoul(argv[2], NULL, 10);
    opts.ca_file = argv[3];
    opts.user = argv[4];
    opts.password = password;
    opts.timeout_ms = 60000;
    create.vm = argv[5];
    create.name = argc > 6 ? argv[6] : NULL;

    if (hvs_client_open(&client, &opts, &err) < 0 ||
        hvs_snapshot_create(client, &create, &result, &err) < 0)
        status = complain(&err);
    else
        printf("%s %s\n", result->snapshot->id, result->snapshot->name);
    hvs_create_result_free(result);
    hvs_client_close(client);
    return status;
}

#include "support/test.h"

#include "cli/config.h"
#include "cli/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One file of that text, read. */
static int read_text(struct config *config, const char *text, struct hvs_error *err)
{
    FILE *file = tmpfile();
    int rc;

    assert_non_null(file);
    fputs(text, file);
    rewind(file);
    rc = config_read(config, file, "FILE", err);
    fclose(file);
    return rc;
}

struct fill_case {
    const char *label;
    const char *first, *second; /* the files; NULL for none */
    const char *host;
    const char *user; /* NULL for none */
    unsigned port;
};

#define LONG "a-host-with-a-name-that-is-longer-than-fifty-bytes.example.com"

static const struct fill_case fills[] = {
    {"default", "[default]\nuser = bob\n", NULL, "hv01", "bob", 0},
    {"a host's own section wins", "[default]\nuser=a\nport=1\n[host hv01]\nuser=b\n",
     NULL, "hv01", "b", 1},
    {"wherever it stands", "[host hv01]\nuser=b\n[default]\nuser=a\n", NULL, "hv01", "b",
     0},
    {"names have no case", "[host HV01]\nuser=b\n", NULL, "hv01", "b", 0},
    {"another host", "[host hv02]\nuser=b\n", NULL, "hv01", NULL, 0},
    {"blanks and remarks", "# x\n; y\n\n[default]\n   user   =   bob smith  ; z\n", NULL,
     "hv01", "bob smith", 0},
    {"no continuation lines", "[default]\nuser = bob\n  port = 7\n", NULL, "hv01", "bob",
     7},
    {"carriage returns", "[default]\r\nuser = bob\r\nport=7\r\n", NULL, "hv01", "bob", 7},
    {"the first file wins", "[default]\nuser=a\n", "[host hv01]\nuser=b\nport=3\n",
     "hv01", "a", 3},
    {"a long host", "[host " LONG "]\nuser=b\n[host x" LONG "]\nuser=c\n", NULL, LONG,
     "b", 0},
    {"sections of one host add up", "[host h]\nuser=b\n[host h]\nport=2\n", NULL, "h",
     "b", 2},
    {"an address", "[host fe80::1%eth0]\nuser=b\n", NULL, "fe80::1%eth0", "b", 0},
};

static void test_fill(void **state)
{
    const struct fill_case *row = *state;
    struct settings settings = SETTINGS_INIT;
    struct opt_set set = {.rows = setting_rows, .into = &settings};
    struct config config = {0};
    struct hvs_error err = {0};

    assert_int_equal(read_text(&config, row->first, &err), 0);
    if (row->second)
        assert_int_equal(read_text(&config, row->second, &err), 0);
    assert_int_equal(config_fill(&config, row->host, &set, &err), 0);
    if (row->user)
        assert_string_equal(settings.user, row->user);
    else
        assert_null(settings.user);
    assert_int_equal(settings.port, row->port);
    config_clear(&config);
}

struct error_case {
    const char *label;
    const char *text;
    const char *error;
};

static const struct error_case errors[] = {
    {"unknown key", "[default]\nuser=a\n\npassword=x\n",
     "FILE:4: no such key: 'password'"},
    {"an option of the command line alone", "[default]\ntrace=yes\n",
     "FILE:2: no such key"},
    {"the host is no key", "[default]\nhost=x\n", "FILE:2: no such key"},
    {"unknown section", "[defaults]\nuser=a\n", "FILE:2: no such section"},
    {"host without a name", "[host ]\nuser=a\n", "FILE:2: no such section"},
    {"no section", "user=a\n", "FILE:1: this stands before the first"},
    {"no pair", "[default]\nuser\n", "FILE:2: neither [section] nor key = value"},
    {"no value", "[default]\nuser=\n", "FILE:2: no value for 'user'"},
    {"wrong value", "[default]\n\nauth = digest\n", "FILE:3: auth wants one of"},
    {"wrong flag", "[default]\ninsecure = maybe\n", "FILE:2: insecure wants yes or no"},
    {"twice", "[default]\nuser=a\nuser=b\n", "FILE:3: here a second time: 'user'"},
    {"relative path", "[default]\nca-file = ca.pem\n", "FILE:2: not an absolute path"},
    {"of the call, for a host", "[host h]\noutput=json\n", "only [default] can hold"},
};

static void test_error(void **state)
{
    const struct error_case *row = *state;
    struct config config = {0};
    struct hvs_error err = {0};

    assert_int_equal(read_text(&config, row->text, &err), -1);
    assert_err(&err, HVS_USAGE, row->error);
    config_clear(&config);
}

static void test_long_line(void **state)
{
    struct config config = {0};
    struct hvs_error err = {0};
    char text[70000];

    (void)state;
    memset(text, 'x', sizeof(text));
    memcpy(text, "[default]\nuser=", 15);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(read_text(&config, text, &err), -1);
    assert_err(&err, HVS_USAGE, "FILE:2: this line is too long");
    config_clear(&config);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
}

/* The files that are looked for, and "~" in them. */
static void test_load(void **state)
{
    char folder[] = "/tmp/hvsnap-test-XXXXXX", path[200], dir[100];
    struct settings settings = SETTINGS_INIT;
    struct opt_set set = {.rows = setting_rows, .into = &settings};
    struct config config = {0};
    struct hvs_error err = {0};

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(dir, sizeof(dir), "%s/hvsnap", folder);
    snprintf(path, sizeof(path), "%s/config", dir);
    mkdir(dir, 0700);
    setenv("HOME", folder, 1);
    setenv("XDG_CONFIG_HOME", folder, 1);
    assert_int_equal(config_load(&config, &err), 0);
    write_file(path, "[default]\nca-file = ~/ca.pem\n", 0644);
    assert_int_equal(config_load(&config, &err), 0);
    assert_int_equal(config_fill(&config, "h", &set, &err), 0);
    assert_memory_equal(settings.ca_file, folder, strlen(folder));
    assert_string_equal(settings.ca_file + strlen(folder), "/ca.pem");
    chmod(path, 0666);
    assert_int_equal(config_load(&config, &err), -1);
    assert_err(&err, HVS_USAGE, "others may write");
    config_clear(&config);
    unlink(path);
    rmdir(dir);
    rmdir(folder);
}

int main(void)
{
    struct CMUnitTest filled[COUNT(fills)], wrong[COUNT(errors)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_long_line),
        cmocka_unit_test(test_load),
    };
    int failed;

    CASES(filled, fills, test_fill);
    CASES(wrong, errors, test_error);
    failed = cmocka_run_group_tests(filled, NULL, NULL);
    failed += cmocka_run_group_tests(wrong, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}

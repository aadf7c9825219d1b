#include "support/test.h"

#include "base/secret.h"
#include "cli/secret.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/hvsnap-test-XXXXXX";
static char path[100];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof(path), "%s/password", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void write_file(const char *text, size_t len, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, len), len);
    close(fd);
    chmod(path, mode);
}

#define KIB "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define KIB_4 KIB KIB KIB KIB
#define KIB_16 KIB_4 KIB_4 KIB_4 KIB_4

struct file_case {
    const char *label;
    const char *text;
    mode_t mode;
    bool exposed;
    const char *password; /* NULL when it is refused */
    const char *error;
};

static const struct file_case files[] = {
    {"one line", "secret\n", 0600, false, "secret", NULL},
    {"no end of line", "secret", 0400, false, "secret", NULL},
    {"more lines", "secret\nother\n", 0600, false, "secret", NULL},
    {"blanks belong to it", " se cret \n", 0600, false, " se cret ", NULL},
    {"written on Windows", "\xef\xbb\xbfsecret\r\n", 0600, false, "secret", NULL},
    {"Japanese", "\u79d8\u5bc6\n", 0600, false, "\u79d8\u5bc6", NULL},
    {"1 KiB", KIB_16 "\n", 0600, false, KIB_16, NULL},
    {"over 1 KiB", KIB_16 "x\n", 0600, false, NULL, "over 1024 bytes"},
    {"far over 1 KiB", KIB_16 KIB_16 "\n", 0600, false, NULL, "over 1024 bytes"},
    {"empty", "", 0600, false, NULL, "is empty"},
    {"an empty first line", "\nsecret\n", 0600, false, NULL, "is empty"},
    {"not UTF-8", "\xff\xfes\n", 0600, false, NULL, "not UTF-8"},
    {"the group reads it", "secret\n", 0640, true, "secret", NULL},
    {"all read it", "secret\n", 0444, true, "secret", NULL},
    {"the group writes it", "secret\n", 0660, false, NULL, "others may write"},
    {"all write it", "secret\n", 0602, false, NULL, "others may write"},
};

static void test_file(void **state)
{
    const struct file_case *row = *state;
    struct hvs_error err = {0};
    char *password;
    bool exposed;

    write_file(row->text, strlen(row->text), row->mode);
    password = secret_from_file(path, &exposed, &err);
    if (row->password) {
        assert_non_null(password);
        assert_string_equal(password, row->password);
        assert_int_equal(exposed, row->exposed);
    } else {
        assert_null(password);
        assert_err(&err, HVS_USAGE, row->error);
    }
    hvs_secret_free(password);
}

static void test_nul(void **state)
{
    struct hvs_error err = {0};
    bool exposed;

    (void)state;
    write_file("se\0cret\n", 8, 0600);
    assert_null(secret_from_file(path, &exposed, &err));
    assert_err(&err, HVS_USAGE, "not UTF-8");
}

static void test_no_file(void **state)
{
    static const char *const names[] = {"-", "/nonexistent/password", "/",
                                        "/dev/fd/9999"};
    struct hvs_error err;
    bool exposed;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(names); i++) {
        err = (struct hvs_error){0};
        assert_null(secret_from_file(names[i], &exposed, &err));
        assert_int_equal(err.class_, HVS_CLASS_USAGE);
    }
}

/* A pipe with that text; the end to read from. */
static int pipe_with(const char *text)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
    close(ends[1]);
    return ends[0];
}

/* What follows the first line is left in the pipe; /dev/fd/N is read too. */
static void test_descriptor(void **state)
{
    struct hvs_error err = {0};
    int fd = pipe_with("one\ntwo\nthree\n");
    char name[40], *password;
    bool exposed;

    (void)state;
    password = secret_from_fd(fd, &err);
    assert_string_equal(password, "one");
    hvs_secret_free(password);
    snprintf(name, sizeof(name), "/dev/fd/%d", fd);
    password = secret_from_file(name, &exposed, &err);
    assert_string_equal(password, "two");
    assert_false(exposed);
    hvs_secret_free(password);
    close(fd);
    assert_null(secret_from_fd(fd, &err));
    assert_err(&err, HVS_USAGE, "cannot read the password");
}

struct source_case {
    const char *label;
    const char *user;
    bool fd, file, credential, keytab;
    const char *password;
};

static const struct source_case sources[] = {
    {"nobody logs in", NULL, true, true, true, false, NULL},
    {"the descriptor first", "bob", true, true, true, false, "from fd"},
    {"then the file", "bob", false, true, true, false, "from file"},
    {"then systemd's credential", "bob", false, false, true, false, "from file"},
    {"a key needs none", "bob", false, false, true, true, NULL},
};

static void test_source(void **state)
{
    const struct source_case *row = *state;
    struct settings settings = SETTINGS_INIT;
    struct secrets secrets = {0};
    struct hvs_error err = {0};
    struct notice notice = {.to = stderr};
    char credential[120];
    const char *password;
    int fd = pipe_with("from fd\n"), i;

    write_file("from file\n", 10, 0600);
    snprintf(credential, sizeof(credential), "%s/hvsnap.password", folder);
    if (row->credential) {
        assert_int_equal(link(path, credential), 0);
        setenv("CREDENTIALS_DIRECTORY", folder, 1);
    }
    settings.user = row->user;
    settings.password_fd = row->fd ? (uint32_t)fd : UINT32_MAX;
    settings.password_file = row->file ? path : NULL;
    settings.keytab = row->keytab ? "keys" : NULL;
    /* twice: a descriptor can be read only once */
    for (i = 0; i < 2; i++) {
        assert_int_equal(secret_get(&secrets, &settings, &notice, &password, &err), 0);
        assert_int_equal(!password, !row->password);
        if (password)
            assert_string_equal(password, row->password);
    }
    secrets_clear(&secrets);
    unlink(credential);
    unsetenv("CREDENTIALS_DIRECTORY");
    close(fd);
}

/* Whoever writes into a named pipe may come later than we do. */
static void test_fifo(void **state)
{
    char fifo[120], *password;
    struct hvs_error err = {0};
    bool exposed;
    int status;
    pid_t pid;

    (void)state;
    snprintf(fifo, sizeof(fifo), "%s/fifo", folder);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        int fd = open(fifo, O_WRONLY); /* waits for the reader */

        _exit(write(fd, "from a pipe\n", 12) == 12 ? 0 : 1);
    }
    password = secret_from_file(fifo, &exposed, &err);
    assert_non_null(password);
    assert_string_equal(password, "from a pipe");
    hvs_secret_free(password);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    unlink(fifo);
}

int main(void)
{
    struct CMUnitTest file_tests[COUNT(files)], source_tests[COUNT(sources)];
    const struct CMUnitTest others[] = {
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_no_file),
        cmocka_unit_test(test_descriptor),
        cmocka_unit_test(test_fifo),
    };
    int failed;

    CASES(file_tests, files, test_file);
    CASES(source_tests, sources, test_source);
    failed = make_folder(NULL);
    failed += cmocka_run_group_tests(file_tests, NULL, NULL);
    failed += cmocka_run_group_tests(source_tests, NULL, NULL);
    failed += cmocka_run_group_tests(others, NULL, NULL);
    return failed + drop_folder(NULL);
}

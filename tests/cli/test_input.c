#include "support/test.h"

#include "cli/input.h"

#include "base/clock.h"
#include "cli/signals.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct file_case {
    const char *label;
    const char *text;
    mode_t mode;
    off_t size; /* that it is extended to, with NULs */
    const char *wanted, *error;
};

static const struct file_case files[] = {
    {"text", "a\nb\n", 0600, 0, "a\nb\n", NULL},
    {"others may read it", "a", 0644, 0, "a", NULL},
    {"a byte order mark",
     "\xef\xbb\xbf"
     "a",
     0600, 0, "a", NULL},
    {"nothing but that", "\xef\xbb\xbf", 0600, 0, "", NULL},
    {"a part of one", "\xef\xbb", 0600, 0, "\xef\xbb", NULL},
    {"empty", "", 0600, 0, "", NULL},
    {"others may write it", "a", 0646, 0, NULL, "others may write"},
    {"as long as it may be", "a", 0600, INPUT_MAX, "a", NULL},
    {"longer", "a", 0600, INPUT_MAX + 1, NULL, ": over 8 MiB"},
};

static void test_file(void **state)
{
    const struct file_case *row = *state;
    char path[] = "/tmp/hvsnap-test-XXXXXX", *text;
    struct hvs_error err = {0};
    int fd = mkstemp(path);
    size_t len = 0;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, row->text, strlen(row->text)), strlen(row->text));
    assert_int_equal(fchmod(fd, row->mode), 0);
    if (row->size)
        assert_int_equal(ftruncate(fd, row->size), 0);
    close(fd);
    text = input_read(path, 0, &len, &err);
    unlink(path);
    if (row->error) {
        assert_null(text);
        assert_err(&err, HVS_USAGE, row->error);
        return;
    }
    assert_non_null(text);
    assert_string_equal(text, row->wanted);
    assert_int_equal(len, row->size ? (size_t)row->size : strlen(row->wanted));
    free(text);
}

struct path_case {
    const char *label;
    const char *path, *error;
};

static const struct path_case paths[] = {
    {"no such file", "/nonexistent/x", "cannot open '/nonexistent/x': No such file"},
    {"a folder", "/tmp", "/tmp: cannot be read: Is a directory"},
    {"no such descriptor", "/dev/fd/9999", "cannot open '/dev/fd/9999': "},
    {"without an end", "/dev/zero", "/dev/zero: over 8 MiB"},
};

static void test_path(void **state)
{
    const struct path_case *row = *state;
    struct hvs_error err = {0};
    size_t len;

    assert_null(input_read(row->path, 0, &len, &err));
    assert_err(&err, HVS_USAGE, row->error);
}

struct number_case {
    const char *path;
    int fd;
};

static const struct number_case numbers[] = {
    {"/dev/fd/0", 0},   {"/dev/fd/63", 63}, {"/proc/self/fd/7", 7},
    {"/dev/stdin", 0},  {"/dev/fd/", -1},   {"/proc/self/fd/", -1},
    {"/dev/fd/3x", -1}, {"/dev/fd/-1", -1}, {"/proc/self/fdinfo/3", -1},
    {"3", -1},          {"-", -1},
};

static void test_number(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(numbers); i++)
        assert_int_equal(input_fd_number(numbers[i].path), numbers[i].fd);
}

/* A pipe, by the names that it has. */
struct pipe_case {
    const char *label;
    const char *path; /* NULL: by its number */
};

static const struct pipe_case pipes[] = {
    {"by its number", NULL},
    {"standard input", "-"},
    {"standard input, by its name", "/dev/stdin"},
};

static void test_pipe(void **state)
{
    const struct pipe_case *row = *state;
    int ends[2], before = dup(STDIN_FILENO);
    struct hvs_error err = {0};
    char path[40], *text;
    size_t len;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x\ny", 3), 3);
    close(ends[1]);
    snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
    if (row->path)
        dup2(ends[0], STDIN_FILENO);
    text = input_read(row->path ? row->path : path, 0, &len, &err);
    dup2(before, STDIN_FILENO);
    close(before);
    close(ends[0]);
    assert_non_null(text);
    assert_string_equal(text, "x\ny");
    free(text);
}

/* A pipe that nobody closes: up to the deadline, or a signal. */
static void test_wait(void **state)
{
    struct hvs_error late = {0}, stopped = {0};
    int64_t began = hvs_clock_ms();
    char path[40];
    int ends[2];
    size_t len;

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x\n", 2), 2);
    snprintf(path, sizeof(path), "/dev/fd/%d", ends[0]);
    assert_null(input_read(path, began + 30, &len, &late));
    assert_in_range(hvs_clock_ms() - began, 30, 5000);
    assert_err(&late, HVS_SYSTEM, ": its end did not come in time");
    assert_int_equal(late.class_, HVS_CLASS_DEADLINE);

    assert_int_equal(signals_open(&stopped), 0);
    raise(SIGINT);
    assert_null(input_read(path, 0, &len, &stopped));
    assert_err(&stopped, HVS_SYSTEM, "stopped by SIGINT");
    assert_int_equal(stopped.class_, HVS_CLASS_INTERRUPTED);
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    struct CMUnitTest read[COUNT(files)], named[COUNT(paths)], piped[COUNT(pipes)];
    const struct CMUnitTest others[] = {cmocka_unit_test(test_number),
                                        cmocka_unit_test(test_wait)};
    int failed;

    CASES(read, files, test_file);
    CASES(named, paths, test_path);
    CASES(piped, pipes, test_pipe);
    failed = cmocka_run_group_tests(read, NULL, NULL);
    failed += cmocka_run_group_tests(named, NULL, NULL);
    failed += cmocka_run_group_tests(piped, NULL, NULL);
    return failed + cmocka_run_group_tests(others, NULL, NULL);
}

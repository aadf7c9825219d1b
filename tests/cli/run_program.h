#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include "support/test.h"

#include "cli/program.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The whole program over a library that it brings along, so that is built in. */
#include "cli/fake_lib.c"

#define MAX_ARGS 9

/* What a run of the program left. */
struct result {
    int status;
    char out[20000];
    char err[20000];
};

static pid_t begin(const char *const *args, const char *env, int out, int err)
{
    char *argv[MAX_ARGS + 2] = {(char *)(uintptr_t) "hvsnap"};
    char *setting = strdup(env ? env : "");
    pid_t pid;
    int argc;

    for (argc = 1; argc <= MAX_ARGS && args[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)args[argc - 1];
    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        setsid(); /* no terminal to ask on */
        setenv("HOME", "/nonexistent", 1);
        unsetenv("XDG_CONFIG_HOME");
        if (env) {
            setting[strcspn(setting, "=")] = '\0';
            setenv(setting, setting + strlen(setting) + 1, 1);
        }
        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        argc = program_run(argc, argv);
        fflush(NULL);
        free(setting); /* or valgrind would tell */
        _exit(argc);
    }
    free(setting);
    assert_true(pid > 0);
    return pid;
}

static int status_of(pid_t pid)
{
    int status;

    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void slurp(FILE *file, char *text, size_t size)
{
    rewind(file);
    text[fread(text, 1, size - 1, file)] = '\0';
    fclose(file);
}

/* Read until the text is there. */
static inline void wait_for(int fd, const char *text)
{
    struct pollfd poll_fd = {.fd = fd, .events = POLLIN};
    char got[4000] = "";
    size_t len = 0;
    ssize_t n;

    while (!strstr(got, text)) {
        assert_int_equal(poll(&poll_fd, 1, 10000), 1);
        n = read(fd, got + len, sizeof(got) - 1 - len);
        assert_true(n > 0);
        len += (size_t)n;
        got[len] = '\0';
    }
}

static void run_program(const char *const *args, const char *env, struct result *result)
{
    FILE *out = tmpfile(), *err = tmpfile();

    assert_non_null(out);
    assert_non_null(err);
    result->status = status_of(begin(args, env, fileno(out), fileno(err)));
    slurp(out, result->out, sizeof(result->out));
    slurp(err, result->err, sizeof(result->err));
}

#endif

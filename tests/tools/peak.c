/*
 * peak FILE COMMAND...: run it, and leave in FILE the most memory that it took, in KB,
 * and how long it took, in ms. The exit status is the command's.
 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int main(int argc, char **argv)
{
    struct rusage used = {0};
    long long from = now_ms();
    int status = 0;
    FILE *file;
    pid_t pid;

    if (argc < 3) {
        fprintf(stderr, "usage: %s FILE COMMAND...\n", argv[0]);
        return 2;
    }
    pid = fork();
    if (pid == 0) {
        execvp(argv[2], argv + 2);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return 125;
    getrusage(RUSAGE_CHILDREN, &used);
    file = fopen(argv[1], "w");
    if (!file || fprintf(file, "%ld %lld\n", used.ru_maxrss, now_ms() - from) < 0 ||
        fclose(file) != 0)
        return 125;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

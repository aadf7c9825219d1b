#include "faults/program_spawn.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long after its deadline hvsnap is killed; how long the hosts may take to rest. */
enum { MORE_MS = 10000, REST_MS = 10000 };

/* A KDC that takes whatever comes and says nothing, over TCP and UDP. */
static void start_silent(struct program_case *c)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t len = sizeof(at);
    int tcp = -1, udp = -1, tries;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (tries = 0; tries < 50; tries++) {
        at.sin_port = 0;
        tcp = socket(AF_INET, SOCK_STREAM, 0);
        udp = socket(AF_INET, SOCK_DGRAM, 0);
        if (bind(tcp, (struct sockaddr *)&at, len) == 0 && listen(tcp, 8) == 0 &&
            getsockname(tcp, (struct sockaddr *)&at, &len) == 0 &&
            bind(udp, (struct sockaddr *)&at, len) == 0)
            break;
        close(tcp);
        close(udp);
    }
    c->silent_port = ntohs(at.sin_port);
    program_write(c->file[FILE_KRB5],
                  "[libdefaults]\n default_realm = HVSNAP.TEST\n dns_lookup_kdc = false\n"
                  " dns_canonicalize_hostname = false\n rdns = false\n"
                  "[realms]\n HVSNAP.TEST = {\n  kdc = 127.0.0.1:%u\n }\n"
                  "[domain_realm]\n localhost = HVSNAP.TEST\n",
                  c->silent_port);
}

static void prepare(struct program_case *c)
{
    static const char *const names[] = {"ca", "password", "krb5", "out", "err"};
    static const char *const of_host[] = {"scenario", "state", "ca", "ready", "log"};
    const char *tmp = getenv("TMPDIR");
    size_t i, n;

    snprintf(c->dir, sizeof(c->dir), "%.40s/hvsnap-case.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(c->dir))
        abort();
    for (i = 0; i < PROGRAM_FILES; i++)
        snprintf(c->file[i], sizeof(c->file[i]), "%s/%s", c->dir, names[i]);
    for (n = 0; n < PROGRAM_HOSTS; n++)
        for (i = 0; i < HOST_FILES; i++)
            snprintf(c->hosts[n].file[i], sizeof(c->hosts[n].file[i]), "%s/%s.%zu",
                     c->dir, of_host[i], n + 1);
    umask(077);
    program_write(c->file[FILE_PASSWORD], "Passw0rd!\n");
    if (c->kdc_hangs)
        start_silent(c);
}

/* Each has a CA of its own: all are trusted. */
static void start_hosts(struct program_case *c)
{
    char *cas[PROGRAM_HOSTS] = {NULL};
    size_t i;

    for (i = 0; i < c->host_count; i++) {
        program_host_start(c, &c->hosts[i]);
        cas[i] = program_read(c->hosts[i].file[HOST_CA]);
    }
    program_write(c->file[FILE_CA], "%s%s", cas[0], cas[1] ? cas[1] : "");
    for (i = 0; i < c->host_count; i++)
        free(cas[i]);
}

static void add_options(const struct program_case *c, struct program_words *words,
                        const char *limit)
{
    if (!c->verb->several) {
        program_add(words, "-H");
        program_add(words, c->hosts[0].url);
    }
    program_add(words, "--user");
    program_add(words, c->kdc_hangs ? "hvuser@HVSNAP.TEST" : "HVTEST\\hvuser");
    program_add(words, "--auth");
    program_add(words, c->kdc_hangs ? "kerberos" : c->door->auth);
    program_add(words, "--ca-file");
    program_add(words, c->file[FILE_CA]);
    program_add(words, "--password-file");
    program_add(words, c->file[FILE_PASSWORD]);
    program_add(words, "--timeout");
    program_add(words, limit);
    program_add(words, "-o");
    program_add(words, "json");
}

/* The words of the command line. Of several hosts, the VM's name stands for a target on
 * each; where there is none, the hosts themselves are the targets. */
static void add_words(const struct program_case *c, struct program_words *words,
                      char *list, char targets[PROGRAM_HOSTS][100])
{
    const char *vm = strstr(c->verb->words, PROGRAM_VM) ? PROGRAM_VM : "";
    char *word, *rest;
    size_t i;

    for (word = list; word; word = rest) {
        rest = strchr(word, ' ');
        if (rest)
            *rest++ = '\0';
        if (strcmp(word, "JOB") == 0)
            program_add(words, c->hosts[0].job);
        else if (!c->verb->several || strcmp(word, PROGRAM_VM) != 0)
            program_add(words, word);
    }
    for (i = 0; c->verb->several && i < c->host_count; i++) {
        snprintf(targets[i], sizeof(targets[i]), "%s/%s", c->hosts[i].url, vm);
        program_add(words, targets[i]);
    }
}

/* The command, to its end or a while after its deadline. */
static void run_program(struct program_case *c)
{
    struct program_words words = {0};
    char list[200], limit[16], targets[PROGRAM_HOSTS][100];
    int64_t began;
    pid_t pid;

    program_add(&words, getenv(c->resolver_hangs ? "HVSNAP_HUNG" : "HVSNAP"));
    snprintf(list, sizeof(list), "%s", c->verb->words);
    snprintf(limit, sizeof(limit), "%ds", c->timeout_s);
    add_words(c, &words, list, targets);
    if (c->verb->name) {
        program_add(&words, "--name");
        program_add(&words, c->verb->name);
    }
    add_options(c, &words, limit);
    if (c->verb->guarded) {
        program_add(&words, "--");
        program_add(&words, c->verb->guarded);
    }
    began = program_now_ms();
    pid = program_spawn(c, &words, c->file[FILE_OUT], c->file[FILE_ERR]);
    while (waitpid(pid, &c->status, WNOHANG) == 0) {
        if (program_now_ms() - began > c->timeout_s * 1000 + MORE_MS) {
            kill(pid, SIGKILL);
            waitpid(pid, &c->status, 0);
            break;
        }
        program_nap();
    }
    c->took_ms = program_now_ms() - began;
}

static bool all_rest(const struct program_case *c)
{
    size_t i;

    for (i = 0; i < c->host_count; i++)
        if (!program_host_rests(c, &c->hosts[i]))
            return false;
    return true;
}

void program_do(struct program_case *c)
{
    int64_t limit;
    size_t i;

    prepare(c);
    start_hosts(c);
    run_program(c);
    for (limit = program_now_ms() + REST_MS; !all_rest(c) && program_now_ms() < limit;)
        program_nap();
    for (i = 0; i < c->host_count; i++)
        program_host_end(&c->hosts[i]);
    c->out = program_read(c->file[FILE_OUT]);
    c->err = program_read(c->file[FILE_ERR]);
}

void program_clear(struct program_case *c)
{
    size_t i, n;

    for (n = 0; n < PROGRAM_HOSTS; n++) {
        json_decref(c->hosts[n].before);
        json_decref(c->hosts[n].after);
        free(c->hosts[n].log);
        for (i = 0; i < HOST_FILES; i++)
            unlink(c->hosts[n].file[i]);
    }
    free(c->out);
    free(c->err);
    for (i = 0; i < PROGRAM_FILES; i++)
        unlink(c->file[i]);
    rmdir(c->dir);
}

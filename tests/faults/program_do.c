#include "faults/program.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_WORDS = 40, MOST_TEXT = 256 * 1024, NAP_MS = 20 };

/* How long hvsim may take to be ready, hvsnap to end, and the host to come to rest. */
enum { READY_MS = 30000, MOST_MS = PROGRAM_TIMEOUT_S * 1000 + 10000, REST_MS = 10000 };

struct words {
    const char *at[MOST_WORDS + 1];
    size_t count;
};

static void add(struct words *words, const char *word)
{
    if (words->count == MOST_WORDS)
        abort();
    words->at[words->count++] = word;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void nap(void)
{
    poll(NULL, 0, NAP_MS);
}

/* Nothing of who runs it decides what comes of it. */
static char **environment(const struct program_case *c)
{
    static const char *const kept[] = {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS"};
    static char text[6][400], *list[7];
    size_t i, count = 0;

    snprintf(text[count++], sizeof(text[0]), "LC_ALL=C");
    snprintf(text[count++], sizeof(text[0]), "TMPDIR=%s", c->dir);
    if (c->kdc_hangs)
        snprintf(text[count++], sizeof(text[0]), "KRB5_CONFIG=%s", c->file[FILE_KRB5]);
    for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (getenv(kept[i]))
            snprintf(text[count++], sizeof(text[0]), "%s=%s", kept[i], getenv(kept[i]));
    for (i = 0; i < count; i++)
        list[i] = text[i];
    list[count] = NULL;
    return list;
}

static pid_t start(const struct program_case *c, const struct words *words,
                   enum program_file out, enum program_file err)
{
    pid_t pid = fork();
    int flags = O_WRONLY | O_CREAT | O_TRUNC;

    if (pid)
        return pid;
    if (dup2(open("/dev/null", O_RDONLY), 0) < 0 ||
        dup2(open(c->file[out], flags, 0600), 1) < 0 ||
        dup2(open(c->file[err], flags, 0600), 2) < 0)
        _exit(126);
    execve(words->at[0], (char *const *)(uintptr_t)words->at, environment(c));
    _exit(127);
}

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = malloc(MOST_TEXT);

    if (!text)
        abort();
    text[file ? fread(text, 1, MOST_TEXT - 1, file) : 0] = '\0';
    if (file)
        fclose(file);
    return text;
}

static void write_text(const char *path, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
static void write_text(const char *path, const char *fmt, ...)
{
    FILE *file = fopen(path, "w");
    va_list args;

    if (!file)
        abort();
    va_start(args, fmt);
    vfprintf(file, fmt, args);
    va_end(args);
    fclose(file);
}

/* The small host, with jobs that do not last. */
static void write_scenario(const struct program_case *c)
{
    char path[400];
    json_t *scenario, *host;

    snprintf(path, sizeof(path), "%s/tests/fixtures/scenarios/small.json",
             getenv("SRCDIR"));
    scenario = json_load_file(path, 0, NULL);
    host = json_array_get(json_object_get(scenario, "hosts"), 0);
    json_object_set_new(host, "duration_ms", json_integer(200));
    json_object_set_new(host, "merge_ms", json_integer(200));
    if (!host || json_dump_file(scenario, c->file[FILE_SCENARIO], 0) < 0)
        abort();
    json_decref(scenario);
}

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
    write_text(c->file[FILE_KRB5],
               "[libdefaults]\n default_realm = HVSNAP.TEST\n dns_lookup_kdc = false\n"
               " dns_canonicalize_hostname = false\n rdns = false\n"
               "[realms]\n HVSNAP.TEST = {\n  kdc = 127.0.0.1:%u\n }\n"
               "[domain_realm]\n localhost = HVSNAP.TEST\n",
               c->silent_port);
}

static void prepare(struct program_case *c)
{
    static const char *const names[] = {"scenario", "state", "ca",  "password", "krb5",
                                        "ready",    "log",   "out", "err"};
    const char *tmp = getenv("TMPDIR");
    size_t i;

    snprintf(c->dir, sizeof(c->dir), "%.40s/hvsnap-case.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(c->dir))
        abort();
    for (i = 0; i < PROGRAM_FILES; i++)
        snprintf(c->file[i], sizeof(c->file[i]), "%s/%s", c->dir, names[i]);
    umask(077);
    write_text(c->file[FILE_PASSWORD], "Passw0rd!\n");
    write_scenario(c);
    if (c->kdc_hangs)
        start_silent(c);
}

/* "ready URL": under a name, where one is needed. */
static bool read_url(struct program_case *c)
{
    char *text = read_text(c->file[FILE_READY]), *port, *end;
    bool ready = strncmp(text, "ready ", 6) == 0 && (end = strchr(text, '\n'));

    if (ready) {
        *end = '\0';
        port = strrchr(text, ':');
        if (c->kdc_hangs || c->resolver_hangs)
            snprintf(c->url, sizeof(c->url), "%.*s://%s%s", (int)strcspn(text + 6, ":"),
                     text + 6, c->kdc_hangs ? "localhost" : "hv01.hvsnap.test", port);
        else
            snprintf(c->url, sizeof(c->url), "%s", text + 6);
    }
    free(text);
    return ready;
}

static pid_t start_host(struct program_case *c)
{
    int64_t limit = now_ms() + READY_MS;
    struct words words = {0};
    size_t i;
    pid_t pid;

    add(&words, getenv("HVSIM"));
    add(&words, "--listen");
    add(&words, c->door->listen);
    add(&words, "--scenario");
    add(&words, c->file[FILE_SCENARIO]);
    add(&words, "--state");
    add(&words, c->file[FILE_STATE]);
    add(&words, "--ca-out");
    add(&words, c->file[FILE_CA]);
    for (i = 0; i < c->fault_count; i++) {
        add(&words, "--fault");
        add(&words, c->faults[i]);
    }
    pid = start(c, &words, FILE_READY, FILE_LOG);
    while (!read_url(c)) {
        if (now_ms() > limit || waitpid(pid, NULL, WNOHANG))
            abort();
        nap();
    }
    return pid;
}

static void add_options(const struct program_case *c, struct words *words,
                        const char *limit)
{
    add(words, "-H");
    add(words, c->url);
    add(words, "--user");
    add(words, c->kdc_hangs ? "hvuser@HVSNAP.TEST" : "HVTEST\\hvuser");
    add(words, "--auth");
    add(words, c->kdc_hangs ? "kerberos" : c->door->auth);
    add(words, "--ca-file");
    add(words, c->file[FILE_CA]);
    add(words, "--password-file");
    add(words, c->file[FILE_PASSWORD]);
    add(words, "--timeout");
    add(words, limit);
    add(words, "-o");
    add(words, "json");
}

/* The command, to its end or a while after its deadline. */
static void run_program(struct program_case *c)
{
    struct words words = {0};
    char list[200], limit[16], *word, *rest;
    int64_t began;
    pid_t pid;

    add(&words, getenv(c->resolver_hangs ? "HVSNAP_HUNG" : "HVSNAP"));
    snprintf(list, sizeof(list), "%s", c->verb->words);
    snprintf(limit, sizeof(limit), "%ds", PROGRAM_TIMEOUT_S);
    for (word = list; word; word = rest) {
        rest = strchr(word, ' ');
        if (rest)
            *rest++ = '\0';
        add(&words, word);
    }
    if (c->verb->name) {
        add(&words, "--name");
        add(&words, c->verb->name);
    }
    add_options(c, &words, limit);
    if (c->verb->guarded) {
        add(&words, "--");
        add(&words, c->verb->guarded);
    }
    began = now_ms();
    pid = start(c, &words, FILE_OUT, FILE_ERR);
    while (waitpid(pid, &c->status, WNOHANG) == 0) {
        if (now_ms() - began > MOST_MS) {
            kill(pid, SIGKILL);
            waitpid(pid, &c->status, 0);
            break;
        }
        nap();
    }
    c->took_ms = now_ms() - began;
}

/* Is nothing to be expected of the host any more? */
static bool rests(const struct program_case *c)
{
    json_t *state = json_load_file(c->file[FILE_STATE], 0, NULL), *host, *job;
    bool stuck = program_has(c, "job-stuck");
    size_t i, busy = 0;

    host = json_array_get(json_object_get(state, "hosts"), 0);
    busy += json_integer_value(json_object_get(host, "late_requests")) != 0;
    json_array_foreach(json_object_get(host, "jobs"), i, job)
    {
        busy += !stuck && json_is_null(json_object_get(job, "end"));
    }
    json_decref(state);
    return host && !busy;
}

void program_do(struct program_case *c)
{
    int64_t limit;
    pid_t host;

    prepare(c);
    host = start_host(c);
    c->before = json_load_file(c->file[FILE_STATE], 0, NULL);
    run_program(c);
    for (limit = now_ms() + REST_MS; !rests(c) && now_ms() < limit;)
        nap();
    kill(host, SIGTERM);
    waitpid(host, &c->host_status, 0);
    c->after = json_load_file(c->file[FILE_STATE], 0, NULL);
    c->out = read_text(c->file[FILE_OUT]);
    c->err = read_text(c->file[FILE_ERR]);
}

void program_clear(struct program_case *c)
{
    size_t i;

    json_decref(c->before);
    json_decref(c->after);
    free(c->out);
    free(c->err);
    for (i = 0; i < PROGRAM_FILES; i++)
        unlink(c->file[i]);
    rmdir(c->dir);
}

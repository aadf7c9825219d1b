#include "faults/memory_files.h"
#include "faults/numbers.h"
#include "faults/program_files.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_WORDS = 50, NAP_MS = 10 };
enum { READY_MS = 60000, REST_MS = 10000, HANG_S = 400 };

static char *urls, *url[MEMORY_HOSTS];

/* One hvsim, and how many of its hosts are used. */
static struct hosts {
    pid_t pid;
    const struct memory_row *row;
    size_t used;
    json_t *before;
} hosts;

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- starting them */

struct words {
    char *at[MOST_WORDS + 1];
    size_t count;
    char text[4096]; /* of all of them */
    size_t len;
};

static void add(struct words *words, const char *word)
{
    size_t len = strlen(word) + 1;

    if (words->count == MOST_WORDS || len > sizeof(words->text) - words->len)
        abort();
    words->at[words->count++] = memcpy(words->text + words->len, word, len);
    words->len += len;
}

/* Each word of it. */
static void add_all(struct words *words, const char *text)
{
    char word[200];
    size_t len;

    for (; *text; text += len + (text[len] == ' ')) {
        len = strcspn(text, " ");
        snprintf(word, sizeof(word), "%.*s", (int)len, text);
        add(words, word);
    }
}

static void add_variable(struct words *words, const char *name)
{
    char text[500];

    if (getenv(name)) {
        snprintf(text, sizeof(text), "%s=%s", name, getenv(name));
        add(words, text);
    }
}

/* Nothing of who runs it decides what comes of it. */
static void usual_environment(struct words *words)
{
    static const char *const kept[] = {"ASAN_OPTIONS", "LSAN_OPTIONS", "UBSAN_OPTIONS",
                                       "KRB5_CONFIG",  "KRB5_KTNAME",  "KRB5CCNAME",
                                       "KRB5RCACHEDIR"};
    size_t i;

    add(words, "LC_ALL=C");
    add(words, "TZ=UTC");
    for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        add_variable(words, kept[i]);
}

static pid_t start(struct words *words, struct words *environment, const char *in,
                   const char *out, const char *err)
{
    int flags = O_WRONLY | O_CREAT | O_TRUNC;
    pid_t pid = fork();

    if (pid)
        return pid;
    if (dup2(open("/dev/null", O_RDONLY), 0) < 0 || dup2(open(out, flags, 0600), 1) < 0 ||
        dup2(open(err, flags, 0600), 2) < 0 || chdir(in) < 0)
        _exit(126);
    alarm(HANG_S);
    execve(words->at[0], words->at, environment->at);
    _exit(127);
}

static const char *listen_at(enum memory_login login)
{
    return login == LOGIN_SEALED ? "http://127.0.0.1:0/*" : "https://127.0.0.1:0/*";
}

/* "ready URL URL ..." */
static bool read_urls(void)
{
    char *at;
    int i;

    free(urls);
    urls = program_read(memory_path(-1, "ready"));
    if (strncmp(urls, "ready ", 6) != 0 || !strchr(urls, '\n'))
        return false;
    for (i = 0, at = urls + 5; i < MEMORY_HOSTS; i++, at = strpbrk(at, " \n")) {
        if (*at != ' ')
            abort();
        *at++ = '\0';
        url[i] = at;
    }
    *at = '\0';
    return true;
}

static pid_t start_host(const struct memory_row *row)
{
    struct words words = {0}, environment = {0};
    int64_t limit = now_ms() + READY_MS;
    pid_t pid;

    add(&words, memory_hvsim());
    add(&words, "--listen");
    add(&words, listen_at(row->login));
    add(&words, "--scenario");
    add(&words, memory_path(-1, "scenario"));
    add(&words, "--state");
    add(&words, memory_path(-1, "state"));
    add(&words, "--ca-out");
    add(&words, memory_path(-1, "ca"));
    usual_environment(&environment);
    unlink(memory_path(-1, "ready"));
    pid = start(&words, &environment, memory_path(-1, ""), memory_path(-1, "ready"),
                memory_path(-1, "log"));
    while (!read_urls()) {
        if (now_ms() > limit || waitpid(pid, NULL, WNOHANG))
            abort();
        poll(NULL, 0, NAP_MS);
    }
    return pid;
}

static void add_login(struct words *words, const struct memory_row *row)
{
    static const char *const methods[] = {"basic", "ntlm", "ntlm", "kerberos"};

    add(words, "--auth");
    add(words, methods[row->login]);
    add(words, "--ca-file");
    add(words, memory_path(-1, "ca"));
    if (row->login == LOGIN_KRB5)
        return; /* it is among the words */
    add(words, "--user");
    add(words, "HVTEST\\hvuser");
    add(words, "--password-file");
    add(words, memory_path(-1, "password"));
}

static void start_try(const struct memory_row *row, struct memory_try *one, int number)
{
    struct words words = {0}, environment = {0};
    char text[400];

    add(&words, memory_hvsnap());
    add_all(&words, row->verb.words);
    if (row->verb.name) {
        add(&words, "--name");
        add(&words, row->verb.name);
    }
    snprintf(text, sizeof(text), "https://localhost%s", strrchr(url[number], ':'));
    add(&words, "-H");
    add(&words, row->login == LOGIN_KRB5 ? text : url[number]);
    snprintf(one->label, sizeof(one->label), "%.60s",
             strstr(row->login == LOGIN_KRB5 ? text : url[number], "://") + 3);
    snprintf(text, sizeof(text), "%ds", one->timeout_s);
    add(&words, "--timeout");
    add(&words, text);
    if (!row->config)
        add_login(&words, row);
    if (row->output) {
        add(&words, "-o");
        add(&words, row->output);
    }
    if (row->verb.guarded) {
        add(&words, "--");
        add(&words, row->verb.guarded);
    }
    usual_environment(&environment);
    snprintf(text, sizeof(text), "XDG_CONFIG_HOME=%s", memory_path(-1, ""));
    add(&environment, row->config ? text : "HVSNAP_LANGUAGE=en-US");
    snprintf(text, sizeof(text), "HVSNAP_MEMORY=%d %lu %d %s", (int)one->plan.whose,
             one->plan.at, (int)one->plan.on, memory_path(number, "memory"));
    add(&environment, text);
    mkdir(memory_path(number, ""), 0700);
    one->pid = start(&words, &environment, memory_path(number, ""),
                     memory_path(number, "out"), memory_path(number, "err"));
}

/* --- what came of it */

static void read_try(const struct memory_row *row, struct memory_try *one, int number)
{
    static const char *const names[] = {"memory", "out", "err"};
    char *text = program_read(memory_path(number, "memory"));
    unsigned long said[4] = {0};
    size_t i;

    one->told = numbers_read(text, said, 4) != NULL;
    one->counts[ALLOC_OURS] = said[0];
    one->counts[ALLOC_LIBXML] = said[1];
    one->failed = said[2];
    one->live = said[3];
    free(text);
    one->out = program_read(memory_path(number, "out"));
    one->err = program_read(memory_path(number, "err"));
    one->file = row->file ? program_read(memory_path(number, row->file)) : NULL;
    for (i = 0; i < 3; i++)
        unlink(memory_path(number, names[i]));
    if (row->file)
        unlink(memory_path(number, row->file));
}

/* Is no job of any host under way any more? */
static json_t *at_rest(void)
{
    int64_t limit = now_ms() + REST_MS;
    json_t *state, *host, *job;
    size_t i, k, busy;

    for (;; json_decref(state), poll(NULL, 0, NAP_MS)) {
        state = json_load_file(memory_path(-1, "state"), 0, NULL);
        busy = 0;
        json_array_foreach(json_object_get(state, "hosts"), i, host)
        {
            json_array_foreach(json_object_get(host, "jobs"), k, job)
            {
                busy += json_is_null(json_object_get(job, "end"));
            }
        }
        if ((state && !busy) || now_ms() > limit)
            return state;
    }
}

/* A state that has this one host alone. */
static json_t *state_of(const json_t *all, size_t number)
{
    json_t *host = json_array_get(json_object_get(all, "hosts"), number);

    return host ? json_pack("{s:[O]}", "hosts", host) : NULL;
}

static void wait_for_one(struct memory_try *tries, size_t count)
{
    int status;
    pid_t pid = wait(&status);
    size_t i;

    for (i = 0; i < count; i++)
        if (tries[i].pid == pid) {
            tries[i].pid = 0;
            tries[i].status = status;
            return;
        }
    abort(); /* it was hvsim */
}

static void end_hosts(void)
{
    if (hosts.pid) {
        kill(hosts.pid, SIGTERM);
        waitpid(hosts.pid, NULL, 0);
    }
    json_decref(hosts.before);
    hosts = (struct hosts){0};
}

/* Those that are at hand, or new ones where there is none left. */
static void have_hosts(const struct memory_row *row)
{
    if (hosts.row == row && hosts.used < MEMORY_HOSTS)
        return;
    end_hosts();
    hosts.pid = start_host(row);
    hosts.row = row;
    hosts.before = json_load_file(memory_path(-1, "state"), 0, NULL);
}

static void do_some(const struct memory_row *row, struct memory_try *tries, size_t count)
{
    int first = (int)hosts.used;
    size_t i, running = 0;
    json_t *after;

    for (i = 0; i < count || running; running--) {
        for (; i < count && running < MEMORY_AT_ONCE; i++, running++)
            start_try(row, &tries[i], first + (int)i);
        wait_for_one(tries, count);
    }
    after = at_rest();
    for (i = 0; i < count; i++, hosts.used++) {
        read_try(row, &tries[i], first + (int)i);
        tries[i].before = state_of(hosts.before, hosts.used);
        tries[i].after = state_of(after, hosts.used);
    }
    json_decref(after);
}

void memory_do(const struct memory_row *row, struct memory_try *tries, size_t count)
{
    size_t some;

    for (; count; tries += some, count -= some) {
        have_hosts(row);
        some = MEMORY_HOSTS - hosts.used;
        if (some > count)
            some = count;
        do_some(row, tries, some);
    }
}

void memory_close(void)
{
    end_hosts();
    free(urls);
    urls = NULL;
    memory_files_close();
}

void memory_clear(struct memory_try *one)
{
    free(one->out);
    free(one->err);
    free(one->file);
    json_decref(one->before);
    json_decref(one->after);
    *one = (struct memory_try){0};
}

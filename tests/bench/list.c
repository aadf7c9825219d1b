/*
 * What it costs to list the snapshots of larger and larger hosts, beside what libxml2
 * alone takes to parse the same replies, in turn. The list of a host without snapshots is
 * taken off: that is the login. Fails when the ratio, the memory or the growth of the
 * cost per snapshot is more than it may be. Figures are medians.
 *
 *     list HVSNAP CA_FILE USER PASSWORD_FILE URL_OF_EMPTY URL...
 */
#include "bench/figures.h"
#include "bench/host.h"

#include <hvsnap/hvsnap.h>
#include <libxml/parser.h>

#include <string.h>

enum {
    MOST_ROUNDS = 41,
    FEWEST_ROUNDS = 7,
    MOST_PEAK_KB = 40 * 1024,
    MOST_PAGE = 4 << 20
};
static const double most_ratio = 1.5, most_growth = 1.1;

struct figures {
    double cpu_ms, parse_ms, peak_kb;
};

/* A page: its length, a line break, the text. */
static void keep(void *arg, enum hvs_trace_kind kind, const char *text)
{
    if (kind == HVS_TRACE_REPLY)
        fprintf(arg, "%zu\n%s", strlen(text), text);
}

/* List with the library, and keep what comes. The number of snapshots, or -1. */
static long record(const char *url, const char *ca, const char *user,
                   const char *password, FILE *to)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_snapshot_list *list = NULL;
    struct hvs_client *client = NULL;
    struct hvs_error err = {0};
    long count = -1;

    opts.host = "127.0.0.1";
    opts.port = (uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10);
    opts.ca_file = ca;
    opts.user = user;
    opts.password = password;
    opts.auth = HVS_AUTH_BASIC;
    opts.trace = keep;
    opts.trace_arg = to;
    if (hvs_client_open(&client, &opts, &err) == 0 &&
        hvs_snapshot_list(client, NULL, &list, &err) == 0)
        count = (long)list->count;
    else
        fprintf(stderr, "list: %s\n", err.message);
    hvs_snapshot_list_free(list);
    hvs_client_close(client);
    return fflush(to) == 0 ? count : -1;
}

/* The control: libxml2 parses each page once. Only that counts; in ms of CPU, or -1. */
static double parse(FILE *from)
{
    char *text = malloc(MOST_PAGE), line[32];
    double took = 0, began;
    xmlDoc *doc;
    size_t len;

    while (text && fgets(line, sizeof(line), from)) {
        len = strtoul(line, NULL, 10);
        if (len >= MOST_PAGE || fread(text, 1, len, from) != len)
            return -1;
        began = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
        doc = xmlReadMemory(text, (int)len, NULL, NULL, XML_PARSE_NONET);
        if (!doc)
            return -1;
        xmlFreeDoc(doc);
        took += clock_ms(CLOCK_PROCESS_CPUTIME_ID) - began;
    }
    free(text);
    return text ? took : -1;
}

/* What a child of ours makes of the pages: each in a process of its own, as hvsnap is,
 * and whose memory is not ours. A negative number when it fails. */
struct errand {
    const char *url, *ca, *user, *password; /* record, or parse where there is no url */
    FILE *pages;
};

static double send_on(const struct errand *errand)
{
    double result = -1;
    int pipes[2];
    pid_t pid;

    if (pipe(pipes) < 0 || (pid = fork()) < 0)
        return -1;
    if (pid == 0) {
        rewind(errand->pages);
        result = errand->url ? (double)record(errand->url, errand->ca, errand->user,
                                              errand->password, errand->pages)
                             : parse(errand->pages);
        _exit(write(pipes[1], &result, sizeof(result)) != sizeof(result));
    }
    close(pipes[1]);
    if (read(pipes[0], &result, sizeof(result)) != sizeof(result))
        result = -1;
    close(pipes[0]);
    waitpid(pid, NULL, 0);
    return result;
}

/* Each in turn: the list, the list of nothing, the parser. */
static int measure(char **list, char **empty, FILE *pages, int rounds,
                   struct figures *out)
{
    double cpu[MOST_ROUNDS] = {0}, login[MOST_ROUNDS] = {0};
    double alone[MOST_ROUNDS] = {0}, peak[MOST_ROUNDS] = {0};
    const struct errand parsing = {.pages = pages};
    struct cost cost;
    int i;

    for (i = 0; i < rounds; i++) {
        if (run_command(list, &cost) < 0)
            return -1;
        cpu[i] = cost.cpu_ms;
        peak[i] = cost.peak_kb;
        if (run_command(empty, &cost) < 0)
            return -1;
        login[i] = cost.cpu_ms;
        alone[i] = send_on(&parsing);
        if (alone[i] <= 0)
            return -1;
    }
    *out = (struct figures){.cpu_ms = median(cpu, rounds) - median(login, rounds),
                            .parse_ms = median(alone, rounds),
                            .peak_kb = median(peak, rounds)};
    return 0;
}

/* The cost of each snapshot in us, or a negative number. */
static double compare(char **list, char **empty, const struct errand *recording,
                      struct figures *f)
{
    double count = send_on(recording);
    /* a short one is lost in the noise */
    int rounds = count < 10000 ? MOST_ROUNDS : FEWEST_ROUNDS;

    if (count <= 0 || measure(list, empty, recording->pages, rounds, f) < 0)
        return -1;
    printf("list %5.0f snapshots, %5.1f MB: %7.2f ms CPU, libxml2 %7.2f ms, %5.2f x; "
           "%3.0f us each; peak %5.0f KB\n",
           count, (double)ftell(recording->pages) / 1e6, f->cpu_ms, f->parse_ms,
           f->cpu_ms / f->parse_ms, f->cpu_ms * 1e3 / count, f->peak_kb);
    fflush(stdout);
    return f->cpu_ms * 1e3 / count;
}

int main(int argc, char **argv)
{
    char verb[] = "list", host[] = "-H", ca[] = "--ca-file", user[] = "--user";
    char file[] = "--password-file", auth[] = "--auth", basic[] = "basic", quiet[] = "-q";
    char password[256] = "";
    char *list[] = {argv[1], verb, host,    NULL, ca,    argv[2], user,
                    argv[3], file, argv[4], auth, basic, quiet,   NULL};
    char *empty[sizeof(list) / sizeof(list[0])];
    struct errand recording = {.ca = argv[2], .user = argv[3], .password = password};
    struct figures f = {0};
    double first = 0, each = 0;
    int i;

    if (argc < 7 || read_password(argv[4], password, sizeof(password)) < 0)
        return 2;
    memcpy(empty, list, sizeof(list));
    empty[3] = argv[5];
    for (i = 6; i < argc; i++) {
        list[3] = argv[i];
        recording.url = argv[i];
        recording.pages = tmpfile();
        each = recording.pages ? compare(list, empty, &recording, &f) : -1;
        if (each < 0)
            return 1;
        first = i == 6 ? each : first;
        fclose(recording.pages);
    }
    if (f.cpu_ms / f.parse_ms <= most_ratio && f.peak_kb <= MOST_PEAK_KB &&
        each <= first * most_growth)
        return 0;
    fprintf(stderr, "list: more than %.2f x, %d KB, or %.2f of the first's cost each\n",
            most_ratio, MOST_PEAK_KB, most_growth);
    return 1;
}

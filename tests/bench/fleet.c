/*
 * What it costs to take a snapshot on each of 500 hosts, over HTTPS and NTLM, in one
 * process: memory for each session, and the time beside the CPU of both sides; with jobs
 * that are over at once, and with jobs of five seconds. Fails when a session takes more
 * memory, or the jobs of five seconds more time, than they may.
 *
 *     fleet HVSNAP HVSIM FOLDER USER PASSWORD_FILE
 */
#include "bench/figures.h"
#include "bench/host.h"

enum { HOSTS = 500, ROUNDS = 3, JOB_MS = 5000, MOST_SESSION_KB = 150 };
static const double most_time = 1.5;

/* A process with 500 hosts. */
struct hosts {
    pid_t pid;
    char scenario[512], ca[512], one[512], all[512]; /* files */
};

struct figures {
    struct cost client;
    double one_kb, host_ms;
};

static int write_scenario(const char *name, int duration_ms)
{
    FILE *file = fopen(name, "w");

    if (!file)
        return -1;
    fprintf(file,
            "{\"hosts\": [{\"name\": \"HV%%d\", \"count\": %d, \"duration_ms\": %d,\n"
            "  \"vms\": [{\"name\": \"vm\", \"state\": \"off\"}]}]}\n",
            HOSTS, duration_ms);
    return fclose(file);
}

/* "ready URL URL...": a target on each, in one file, and the first in another. */
static int write_targets(const struct hosts *hosts, char *line)
{
    FILE *one = fopen(hosts->one, "w"), *all = fopen(hosts->all, "w");
    char *url, *rest = line;
    int count = 0;

    strtok_r(line, " \n", &rest);
    while (one && all && (url = strtok_r(NULL, " \n", &rest))) {
        fprintf(all, "%s/vm\n", url);
        if (!count++)
            fprintf(one, "%s/vm\n", url);
    }
    if (one)
        fclose(one);
    if (all)
        fclose(all);
    return count == HOSTS ? 0 : -1;
}

static int start_hosts(struct hosts *hosts, char *program)
{
    char scenario[] = "--scenario", listen[] = "--listen", ca[] = "--ca-out";
    char url[] = "https://127.0.0.1:0/*";
    char *argv[] = {program, scenario, hosts->scenario, listen, url, ca, hosts->ca, NULL};
    static char line[64 * HOSTS];
    FILE *out;
    int rc;

    if (spawn_host(&hosts->pid, argv, &out) < 0)
        return -1;
    rc = fgets(line, sizeof(line), out) ? write_targets(hosts, line) : -1;
    fclose(out);
    return rc;
}

/* Its CPU in ms. */
static double stop_hosts(const struct hosts *hosts)
{
    struct rusage usage = {0};

    kill(hosts->pid, SIGTERM);
    wait4(hosts->pid, NULL, 0, &usage);
    return usage_ms(&usage);
}

static int create(char **argv, char *targets, struct cost *out)
{
    enum { AT = 3 };

    argv[AT] = targets;
    return run_command(argv, out);
}

static int measure(struct hosts *hosts, char *hvsim, char **argv, int duration_ms,
                   struct figures *out)
{
    struct cost one;
    int rc = -1;

    if (write_scenario(hosts->scenario, duration_ms) < 0 || start_hosts(hosts, hvsim) < 0)
        return -1;
    if (create(argv, hosts->one, &one) == 0 &&
        create(argv, hosts->all, &out->client) == 0) {
        out->one_kb = one.peak_kb;
        rc = 0;
    }
    out->host_ms = stop_hosts(hosts);
    return rc;
}

/* The longer of the CPU of both sides and of a job. */
static double bound(const struct figures *f, int duration_ms)
{
    double cpu = f->client.cpu_ms + f->host_ms;

    return cpu > duration_ms ? cpu : duration_ms;
}

static void show(const struct figures *f, int duration_ms)
{
    printf("create on %d hosts, jobs of %d s: %5.0f ms CPU, hvsim %5.0f; %6.0f ms, "
           "%4.2f x the longer of both and of a job\n",
           HOSTS, duration_ms / 1000, f->client.cpu_ms, f->host_ms, f->client.wall_ms,
           f->client.wall_ms / bound(f, duration_ms));
    fflush(stdout);
}

int main(int argc, char **argv)
{
    char verb[] = "create", targets[] = "--targets", user[] = "--user",
         ca[] = "--ca-file";
    char password[] = "--password-file", auth[] = "--auth", ntlm[] = "ntlm";
    char quiet[] = "-q";
    struct hosts hosts = {0};
    char *create_argv[] = {argv[1], verb,     targets, NULL, ca,   hosts.ca, user,
                           argv[4], password, argv[5], auth, ntlm, quiet,    NULL};
    struct figures f = {0};
    double session[ROUNDS], each, late;
    int i;

    if (argc != 6)
        return 2;
    snprintf(hosts.scenario, sizeof(hosts.scenario), "%s/fleet.json", argv[3]);
    snprintf(hosts.ca, sizeof(hosts.ca), "%s/fleet-ca.pem", argv[3]);
    snprintf(hosts.one, sizeof(hosts.one), "%s/fleet-one", argv[3]);
    snprintf(hosts.all, sizeof(hosts.all), "%s/fleet-all", argv[3]);
    for (i = 0; i < ROUNDS; i++) {
        if (measure(&hosts, argv[2], create_argv, 0, &f) < 0)
            return 1;
        session[i] = (f.client.peak_kb - f.one_kb) / (HOSTS - 1);
        show(&f, 0);
    }
    each = median(session, ROUNDS);
    printf("memory of a session: %.0f KB (%d at the most)\n", each, MOST_SESSION_KB);
    if (measure(&hosts, argv[2], create_argv, JOB_MS, &f) < 0)
        return 1;
    show(&f, JOB_MS);
    late = f.client.wall_ms / bound(&f, JOB_MS);
    printf("time with jobs of 5 s: %.2f x (%.2f at the most)\n", late, most_time);
    return each > MOST_SESSION_KB || late > most_time;
}

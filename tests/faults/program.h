#ifndef FAULTS_PROGRAM_H
#define FAULTS_PROGRAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * One case of the fault matrix through the program: a hvsim of its own, or two of them,
 * something that goes wrong at one, and hvsnap over the wire.
 */

enum program_verdict {
    PROGRAM_TRUE,
    PROGRAM_DUPLICATE,
    PROGRAM_LOSS,
    PROGRAM_WRONG,
    PROGRAM_CRASH,
    PROGRAM_HANG,
    PROGRAM_LEAK,
    PROGRAM_VERDICTS,
};

/* What a command is for. */
enum program_effect {
    PROGRAM_READS,
    PROGRAM_CREATES,
    PROGRAM_DELETES,
    PROGRAM_DELETES_TREE,
    PROGRAM_RESTORES,
    PROGRAM_SETS,
    PROGRAM_PRUNES,
    PROGRAM_GUARDS,
    PROGRAM_WAITS,
    PROGRAM_CANCELS,
};

/* What an option says of targets that have nothing else to do with each other. */
enum { PROGRAM_WHOLE = 1, PROGRAM_TOGETHER = 2 };

struct program_verb {
    const char *words; /* of the command line, with blanks between them */
    const char *name;  /* of --name, or NULL */
    enum program_effect effect;
    unsigned requests;   /* how many to hit, logins counted */
    const char *method;  /* the change: hit as often as all others together; or NULL */
    const char *guarded; /* the command behind "--", or NULL */
    bool several;        /* of two hosts; "web1" stands for the VM on each */
    unsigned bound;      /* how: PROGRAM_WHOLE, PROGRAM_TOGETHER */
    unsigned job_ms;     /* so long lasts a job that each host is at before; 0: none.
                            "JOB" stands for it */
    const char *manner;  /* a switch of hvsim, or NULL */
};

struct program_door {
    const char *listen; /* "https://127.0.0.1:0" */
    const char *auth;   /* of --auth */
    unsigned to_begin;  /* requests that begin a job */
};

/* Of --timeout. One host may hold up the first login at another for two seconds, in which
 * nobody knows whether the password is right. */
enum { PROGRAM_ONE_S = 4, PROGRAM_SEVERAL_S = 6, PROGRAM_GRACE_MS = 1000 };

/* What hvsim has: tests/fixtures/scenarios/small.json. */
#define PROGRAM_VM "web1"
#define PROGRAM_ROOT "5A4E9F10-2B7C-4D55-9D1B-7A3C0E6B8F21"     /* its first snapshot */
#define PROGRAM_SNAPSHOT "7C1D8E52-90AF-4E1B-8B6C-3D2F5A6B7C8D" /* one below it */

enum program_host_file {
    HOST_SCENARIO,
    HOST_STATE,
    HOST_CA,
    HOST_READY,
    HOST_LOG,
    HOST_FILES,
};

/* One hvsim, and what it knows to be so. */
struct program_host {
    char file[HOST_FILES][100];
    char url[64];  /* "https://127.0.0.1:4711" */
    char name[64]; /* "127.0.0.1": in messages */
    char label[64]; /* "127.0.0.1:4711": of its results */
    char job[40];  /* that it was at before, or "" */
    pid_t pid;
    int status; /* as wait() has it */
    json_t *before, *after;
    char *log;
};

enum program_file {
    FILE_CA,
    FILE_PASSWORD,
    FILE_KRB5,
    FILE_OUT,
    FILE_ERR,
    PROGRAM_FILES,
};

enum { PROGRAM_HOSTS = 2 };

struct program_case {
    unsigned long number;
    const struct program_verb *verb;
    const struct program_door *door;
    char faults[2][64]; /* SPECs of hvsim */
    size_t fault_count;
    size_t faulty; /* which host has them */
    bool kdc_hangs, resolver_hangs; /* instead */

    char dir[64], file[PROGRAM_FILES][100];
    unsigned silent_port; /* of the KDC */
    struct program_host hosts[PROGRAM_HOSTS];
    size_t host_count;
    int timeout_s;
    int status; /* of hvsnap, as wait() has it */
    int64_t took_ms;
    char *out, *err;
    enum program_verdict verdict;
    char why[300];
};

/* What goes wrong in this case. A verb whose words do not begin with `only` is not
 * chosen; NULL: any may be. False where there is none. */
bool program_choose(struct program_case *c, unsigned long seed, const char *only);

/* A command that no case tries, or NULL. */
const char *program_untried(void);

/* Do it: status, took_ms, the states and what was said. */
void program_do(struct program_case *c);
void program_clear(struct program_case *c);

/* Start and end a hvsim of the case; has it come to rest? */
void program_host_start(struct program_case *c, struct program_host *host);
bool program_host_rests(const struct program_case *c, const struct program_host *host);
void program_host_end(struct program_host *host);

/* Hold what was said against what is so: verdict and why. */
void program_judge(struct program_case *c);

/* Does one of its faults hold this word? */
bool program_has(const struct program_case *c, const char *word);

#endif

#ifndef FAULTS_PROGRAM_H
#define FAULTS_PROGRAM_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * One case of the fault matrix through the program: a hvsim of its own, something that
 * goes wrong, and hvsnap over the wire.
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
};

struct program_verb {
    const char *words; /* of the command line, with blanks between them */
    const char *name;  /* of --name, or NULL */
    enum program_effect effect;
    unsigned requests; /* how many to hit, logins counted */
    const char *method; /* the change: hit as often as all others together; or NULL */
    const char *guarded; /* the command behind "--", or NULL */
};

struct program_door {
    const char *listen; /* "https://127.0.0.1:0" */
    const char *auth;   /* of --auth */
};

enum { PROGRAM_TIMEOUT_S = 4, PROGRAM_GRACE_MS = 1000 };

/* What hvsim has: tests/fixtures/scenarios/small.json. */
#define PROGRAM_VM "0F6B2C44-7D0E-4B3E-9C51-2A61D5F0A1B2"       /* web1 */
#define PROGRAM_ROOT "5A4E9F10-2B7C-4D55-9D1B-7A3C0E6B8F21"     /* its first snapshot */
#define PROGRAM_SNAPSHOT "7C1D8E52-90AF-4E1B-8B6C-3D2F5A6B7C8D" /* one below it */

enum program_file {
    FILE_SCENARIO,
    FILE_STATE,
    FILE_CA,
    FILE_PASSWORD,
    FILE_KRB5,
    FILE_READY,
    FILE_LOG,
    FILE_OUT,
    FILE_ERR,
    PROGRAM_FILES,
};

struct program_case {
    unsigned long number;
    const struct program_verb *verb;
    const struct program_door *door;
    char faults[2][64]; /* SPECs of hvsim */
    size_t fault_count;
    bool kdc_hangs, resolver_hangs; /* instead */

    char dir[64], file[PROGRAM_FILES][100];
    unsigned silent_port; /* of the KDC */
    char url[64];
    int status, host_status; /* of hvsnap, of hvsim: as wait() has them */
    int64_t took_ms;
    json_t *before, *after; /* hvsim's state files */
    char *out, *err;
    enum program_verdict verdict;
    char why[300];
};

/* Do it: status, took_ms, the states and what was said. */
void program_do(struct program_case *c);
void program_clear(struct program_case *c);

/* Hold what was said against what is so: verdict and why. */
void program_judge(struct program_case *c);

/* Does one of its faults hold this word? */
bool program_has(const struct program_case *c, const char *word);

#endif

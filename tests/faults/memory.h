#ifndef FAULTS_MEMORY_H
#define FAULTS_MEMORY_H

#include "faults/alloc.h"
#include "faults/program.h"

#include <sys/types.h>

/*
 * hvsnap as a whole program whose memory runs out (program_memory.c), against an hvsim
 * that is MEMORY_HOSTS hosts alike: each try has its own.
 */

enum memory_login { LOGIN_BASIC, LOGIN_NTLM, LOGIN_SEALED, LOGIN_KRB5 };

struct memory_row {
    struct program_verb verb; /* as program_judge() wants it; `words` may name FILES */
    const char *output;       /* of -o, or NULL */
    enum memory_login login;
    bool config;  /* what is asked for is in a file and the environment */
    bool misread; /* jansson may take a token without memory for a mistake in the file */
    bool varies;  /* it reads, and yet tells numbers that are new each time */
    const char *file; /* what it writes beside its output, or NULL */
};

/* What `words` may name; each try works in a folder below theirs. */
#define FILE_INI "../hosts.ini"
#define FILE_JSON "../hosts.json"
#define FILE_TARGETS "../targets"

/* One try, and what came of it. */
struct memory_try {
    struct alloc_plan plan;
    int timeout_s;
    pid_t pid;
    int status; /* as wait() has it */
    bool told;  /* it came to its end, and said: */
    unsigned long counts[ALLOC_ALL_OF_US];
    bool failed;
    unsigned long live;
    char *out, *err, *file;
    char label[64];         /* "127.0.0.1:4711": of its host */
    json_t *before, *after; /* the state of its host; NULL without */
};

enum { MEMORY_AT_ONCE = 12, MEMORY_HOSTS = 24 };

/* Files, and a KDC. */
void memory_open(void);
void memory_close(void);

/* Why there is no such login here; or NULL. */
const char *memory_lacks(enum memory_login login);

/* Do them, so many at once. */
void memory_do(const struct memory_row *row, struct memory_try *tries, size_t count);
void memory_clear(struct memory_try *one);

/* Is it the same text, or none? The host's port is of no matter, nor the progress, nor
 * the job, which is not known where it was found out what became of it. Unless `exact`,
 * since something was changed or measured, nor are numbers and GUIDs. */
bool memory_same(const char *one, const char *other, bool exact);

#endif

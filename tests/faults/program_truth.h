#ifndef FAULTS_PROGRAM_TRUTH_H
#define FAULTS_PROGRAM_TRUTH_H

#include "faults/program.h"

/* What was said of a target, and what is so on its host. */

/* JobType; STOP is of a change alone: a job was stopped. */
enum { ANY = -1, STOP = 0, MODIFY = 2, CREATE = 70, APPLY = 71, DESTROY = 72 };

struct program_said {
    struct program_case *c;
    const struct program_host *host;
    json_t *item;        /* of the document: lent */
    json_t *error;       /* of it, or NULL */
    const char *outcome; /* "" where there is none */
    const char *message; /* of the error, or "" */
    int code;            /* what it would exit with by itself */
    bool changed;
};

/* A verdict; the first one stays. */
void program_is(const struct program_said *said, enum program_verdict verdict,
                const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The text of a member, or "". */
const char *truth_text(const json_t *object, const char *name);

/* Did something go wrong there that holds this word? Not at a host that has no faults. */
bool truth_has(const struct program_said *said, const char *word);

/* Is somebody else at work there? */
bool truth_has_rival(const struct program_said *said);

json_t *truth_host(const json_t *state);

/* The snapshots of the VM; NULL where it is no longer there. */
json_t *truth_snapshots(const json_t *state);

/* The one of that id; NULL where there is none. */
json_t *truth_find(const json_t *rows, const char *id);

bool truth_is_there(const struct program_said *said, const char *id);

/* How often it was done, of this type and to this one ("": any), by somebody else or by
 * us, and to which one at last. What the job has made that the host was at before is
 * nobody's. */
size_t truth_done(const struct program_said *said, int type, const char *id, bool rival,
                  const char **last);
size_t truth_ours(const struct program_said *said, int type, const char *id);

/* The job that the host was at before, and the snapshot that it made; or NULL. */
json_t *truth_job(const struct program_said *said);
const char *truth_made(const struct program_said *said);

/* Of each command, in what it says of one target. */
void judge_create(const struct program_said *said);
void judge_delete(const struct program_said *said);
void judge_tree(const struct program_said *said);
void judge_restore(const struct program_said *said);
void judge_set(const struct program_said *said);
void judge_prune(const struct program_said *said);
void judge_guard(const struct program_said *said);
void judge_read(const struct program_said *said);
void judge_wait(const struct program_said *said);
void judge_cancel(const struct program_said *said);

/* That what goes wrong at one host is no other's trouble: what is said of both. */
void judge_several(const struct program_said said[PROGRAM_HOSTS]);

#endif

#ifndef FAULTS_PROGRAM_SPAWN_H
#define FAULTS_PROGRAM_SPAWN_H

#include "faults/program.h"
#include "faults/program_files.h"

/* Programs with their output in files, and a clock to wait for them. */

enum { PROGRAM_WORDS = 40 };

struct program_words {
    const char *at[PROGRAM_WORDS + 1]; /* lent */
    size_t count;
};

void program_add(struct program_words *words, const char *word);
pid_t program_spawn(const struct program_case *c, const struct program_words *words,
                    const char *out, const char *err);

int64_t program_now_ms(void);
void program_nap(void);

#endif

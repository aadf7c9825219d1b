#ifndef FAULTS_MATRIX_H
#define FAULTS_MATRIX_H

#include "faults/trial.h"

/*
 * Every operation, every fault at every request of it, and pairs of faults by chance.
 */

extern const struct fault fault_kinds[];
extern const size_t fault_kind_count;

struct matrix_opts {
    unsigned part;    /* one case in so many, chosen by the seed; 1: all */
    unsigned seed;
    unsigned pairs;   /* pairs of faults for each operation and login */
    const char *only; /* operations whose name begins so; NULL: all */
    const char *login; /* "tls", "legs" or "sealed": no other; NULL: all */
    long alone;       /* this case and no other, or -1 */
    bool first;       /* end with the first that is not true */
    bool talk;        /* say of each case what came of it */
    bool line;        /* of all operations, one line of figures */
    unsigned jobs;    /* processes at once */
};

struct tally {
    unsigned long total; /* how many cases there are */
    unsigned long cases, verdicts[VERDICTS], crashes, leaks, unknown, failed;
};

/* How many operations there are, and the i-th one's name. */
size_t matrix_operations(void);
const char *matrix_operation(size_t i);

/* The cases of all operations, in processes of their own, so many at once; one tally for
 * each operation. Cases that are not true are told on stderr, with what repeats them. */
void matrix_run(const struct matrix_opts *opts, struct tally *tallies);

#endif

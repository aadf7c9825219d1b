#ifndef FAULTS_ALLOC_H
#define FAULTS_ALLOC_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Memory that runs out when it is told to: for what we allocate, and for what libxml2
 * does for us. The linker hands us malloc() and its kin (--wrap, see the Makefile).
 */

enum alloc_whose { ALLOC_OURS, ALLOC_LIBXML, ALLOC_ALL_OF_US };

/* Which allocation fails, counted from 1 while armed; 0: none. */
struct alloc_plan {
    enum alloc_whose whose;
    unsigned long at;
    bool on; /* and all that come after it, whose ever */
};

/* Before anything uses libxml2. */
void alloc_setup(void);

/* From the first one again. */
void alloc_begin(const struct alloc_plan *plan);

/* Only what is called while it is armed is counted, and fails. Returns what was. */
bool alloc_arm(bool armed);

/* How many there were since alloc_begin(). */
unsigned long alloc_count(enum alloc_whose whose);

/* Did one fail? */
bool alloc_failed(void);

/* How many of all that was ever allocated are not freed. */
size_t alloc_live(void);

#endif

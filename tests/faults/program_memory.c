/*
 * hvsnap whose memory runs out when the environment says so: what is linked with the
 * program (--wrap, see the Makefile) for test_memory, and never with what is shipped.
 *
 *     HVSNAP_MEMORY="WHOSE AT ON FILE"    see struct alloc_plan; FILE gets the counts
 */
#include "faults/alloc.h"
#include "faults/numbers.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__wrap_malloc(size_t size);
void __wrap_free(void *old);

static char path[200];
static size_t before;
static pid_t self;

/* Before main(). jansson's allocations are the program's own. */
static void __attribute__((constructor)) arm(void)
{
    const char *text = getenv("HVSNAP_MEMORY");
    struct alloc_plan plan = {ALLOC_OURS, 0, false};
    unsigned long given[3];

    alloc_setup();
    json_set_alloc_funcs(__wrap_malloc, __wrap_free);
    if (!text || !(text = numbers_read(text, given, 3)) || *text != ' ')
        return;
    plan.whose = (enum alloc_whose)given[0];
    plan.at = given[1];
    plan.on = given[2];
    snprintf(path, sizeof(path), "%s", text + 1);
    self = getpid();
    before = alloc_live();
    alloc_begin(&plan);
    alloc_arm(true);
}

/* How many there were, whether one failed, and how many are left. */
static void __attribute__((destructor)) tell(void)
{
    FILE *file;

    if (!*path || getpid() != self)
        return;
    alloc_arm(false);
    file = fopen(path, "w");
    if (!file)
        return;
    fprintf(file, "%lu %lu %d %zu\n", alloc_count(ALLOC_OURS), alloc_count(ALLOC_LIBXML),
            alloc_failed(), alloc_live() - before);
    fclose(file);
}

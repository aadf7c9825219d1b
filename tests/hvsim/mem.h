#ifndef SIM_MEM_H
#define SIM_MEM_H

#include <stddef.h>

/*
 * Memory that is always there: a pretend host that ran out of it ends the process with
 * a message, since no test could learn anything from what it would do next.
 */

void *sim_new(size_t size); /* zeroed; free with free() */
char *sim_copy(const char *text);
char *sim_copy_n(const char *text, size_t len);

/* Room for one more element of `size` bytes behind `*count` of them; the new one is
 * zeroed and counted, and its address returned. The array moves. */
void *sim_more(void *array, size_t *count, size_t size);

#define SIM_MORE(array, count) \
    ((array) = sim_more((array), &(count), sizeof(*(array))), &(array)[(count)-1])

#endif

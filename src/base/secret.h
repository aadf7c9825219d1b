#ifndef HVS_BASE_SECRET_H
#define HVS_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Zero memory in a way that the optimiser must keep; explicit_bzero is not everywhere. */
void hvs_wipe(void *mem, size_t len);

/* Wipe a string and free it. NULL is fine. */
void hvs_secret_free(char *secret);

/* Equal, in a time that depends on `len` alone. */
bool hvs_secret_equal(const void *a, const void *b, size_t len);

#endif

#ifndef HVS_BASE_UUID_H
#define HVS_BASE_UUID_H

#include <hvsnap/error.h>

#include <stdbool.h>

/* 36 characters and the NUL. */
#define HVS_UUID_SIZE 37

/* A random (version 4) UUID in upper case, as Windows prints them. */
int hvs_uuid_new(char out[HVS_UUID_SIZE], struct hvs_error *err) HVS_MUST_CHECK;

/* Is the whole text a GUID, in braces or not, in either case? */
bool hvs_uuid_valid(const char *text);

/* The GUID in `text`, without braces and in upper case. `text` must be valid. */
void hvs_uuid_normal(char out[HVS_UUID_SIZE], const char *text);

#endif

#ifndef HVS_BASE_GLOB_H
#define HVS_BASE_GLOB_H

#include <hvsnap/error.h>

#include <stdbool.h>

/*
 * Patterns for names: `*` for any text, `?` for a character, `[a-z]` for one of these and
 * `[!a-z]` for one that is none of them; `\` takes what follows as it is. Not fnmatch(3):
 * that one counts bytes or characters as the program's locale has it.
 */

/* Is it a pattern? Says why not. */
int hvs_glob_check(const char *pattern, struct hvs_error *err) HVS_MUST_CHECK;

/* Does it fit the whole text? Upper and lower case differ, as names do on a host. The
 * time is at most the product of both lengths. */
bool hvs_glob_match(const char *pattern, const char *text);

#endif

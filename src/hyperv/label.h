#ifndef HVS_HYPERV_LABEL_H
#define HVS_HYPERV_LABEL_H

#include <hvsnap/snapshot.h>

#include <stddef.h>

/*
 * Labels: "key=value", words of the user's about a snapshot.
 *
 * A key has 1 to 63 of A-Z a-z 0-9 . _ - / and begins with a letter or a digit. A value
 * is one line of at most 255 bytes that can be printed, without blanks at its ends; it
 * may be empty. A snapshot bears at most 32 labels, each key once.
 */
enum { HVS_MOST_LABELS = 32, HVS_MOST_KEY = 63, HVS_MOST_VALUE = 255 };

/* Is it one? `len` bytes each. */
bool hvs_label_key_valid(const char *key, size_t len);
bool hvs_label_value_valid(const char *value, size_t len);

/* The same of what a caller gave; says why not. */
int hvs_label_check_key(const char *key, struct hvs_error *err) HVS_MUST_CHECK;
int hvs_label_check(const struct hvs_label *labels, size_t count,
                    struct hvs_error *err) HVS_MUST_CHECK;

/* The label with this key, or NULL. */
const struct hvs_label *hvs_label_find(const struct hvs_label *labels, size_t count,
                                       const char *key);

/* A copy of them all; NULL, with *err set, when memory runs out. A count of 0 gives NULL
 * too, without an error. */
struct hvs_label *hvs_labels_copy(const struct hvs_label *labels, size_t count,
                                  struct hvs_error *err) HVS_MUST_CHECK;
void hvs_labels_free(struct hvs_label *labels, size_t count);

#endif

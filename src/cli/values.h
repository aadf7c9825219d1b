#ifndef HVS_CLI_VALUES_H
#define HVS_CLI_VALUES_H

#include "cli/opt.h"

#include <hvsnap/hvsnap.h>

/* What the texts of options mean, where a row alone cannot tell. */

/* Labels, "KEY=VALUE" each; free with labels_free(), after a failure too. */
struct labels {
    struct hvs_label *items;
    size_t count;
};
int labels_read(struct labels *out, const struct opt_list *texts,
                struct hvs_error *err) HVS_MUST_CHECK;
void labels_free(struct labels *labels);

/* Does the snapshot bear all of them? */
bool labels_fit(const struct labels *labels, const struct hvs_snapshot *snapshot);

/* "team=ops, tier=1"; what does not fit in is left out. Returns `buf`. */
const char *labels_text(const struct hvs_snapshot *snapshot, char *buf, size_t size);

/* A span such as "7d" in ms, as it is from now on. `option` is for messages. */
int span_read(uint64_t *out, const char *option, const char *text,
              struct hvs_error *err) HVS_MUST_CHECK;

/* A moment: a date ("2026-12-31"), or a date with a time in UTC
 * ("2026-12-31T23:59:59Z"), in ms since 1970. */
int moment_read(int64_t *out, const char *option, const char *text,
                struct hvs_error *err) HVS_MUST_CHECK;

/* "3d", "5h", "12min": how long ago, roughly; "-" for HVS_TIME_NONE. Returns `buf`. */
const char *age_text(int64_t since_ms, char buf[32]);

/* The items of "a,b,c", one after the other: false at the end. `word` gets it. */
bool next_word(const char **list, char *word, size_t size);

#endif

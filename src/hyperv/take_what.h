#ifndef HVS_HYPERV_TAKE_WHAT_H
#define HVS_HYPERV_TAKE_WHAT_H

#include <hvsnap/snapshot.h>

/* What a create asks for, in copies of our own. */
struct hvs_take_what {
    char *vm, *name, *own; /* name NULL: the host's own; own NULL: the inherited notes */
    struct hvs_label *labels;
    size_t label_count;
    uint64_t ttl_ms;
    int64_t expires_ms;
    bool detach, hold;
    unsigned retries;
    enum hvs_create_type type;
    enum hvs_consistency consistency;
    enum hvs_checkpoint_type checkpoint;
};
int hvs_take_what_read(struct hvs_take_what *out, const struct hvs_create_opts *opts,
                       struct hvs_error *err) HVS_MUST_CHECK;

/* The kind of snapshot that it comes to. */
enum hvs_snapshot_kind hvs_take_what_kind(const struct hvs_take_what *what);

/* Is this one what was asked for, as far as one can see? Else *err says what it is. */
int hvs_take_what_check(const struct hvs_take_what *what, const struct hvs_snapshot *made,
                        struct hvs_error *err) HVS_MUST_CHECK;
void hvs_take_what_clear(struct hvs_take_what *what);

#endif

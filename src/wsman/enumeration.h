#ifndef HVS_WSMAN_ENUMERATION_H
#define HVS_WSMAN_ENUMERATION_H

#include "wsman/op.h"
#include "wsman/template.h"

/*
 * A query, to its last page. A page whose reply was lost may have been served, and its
 * rows would be missing in silence: then the query begins anew, and `restart` tells its
 * owner to forget the rows.
 *
 * Where the host does not take the filter, the whole class is enumerated instead: `row`
 * must look at each row itself whether it is wanted, and should do so anyway, since WQL
 * compares without regard to case.
 */
struct hvs_query {
    struct hvs_op op;
    const char *space;  /* resource URI of the namespace, without the class */
    const char *class_; /* for the fallback, and the class URI's last segment */
    struct hvs_buf filter; /* a w:Filter element; empty: the whole class */
    int (*row)(struct hvs_query *query, const xmlNode *item, struct hvs_error *err);
    void (*restart)(struct hvs_query *query);
    hvs_xml_wanted_fn *wanted; /* which properties `row` reads; NULL: it may be any */
    void *owner;        /* yours */
    size_t most_kept;   /* in bytes: a host that lists more has no end */
    bool no_fallback;   /* a filter that is refused is an error for the owner to act on */

    char *context;
    char resource[256];
    unsigned max_elements, restarts;
    unsigned long rows; /* since it began anew */
    size_t kept;        /* what those may weigh, in bytes */
    size_t weight;      /* of the last one */
    unsigned empty;     /* pages without a row, the last ones */
    uint64_t bytes;     /* of all replies */
    bool whole;         /* enumerating the class, without the filter */
    struct hvs_op release; /* the undo: gives an open context back */
};

/* Of the whole class, until it gets a filter. `restart` may be NULL if rows that come
 * twice do no harm. */
void hvs_query_init(struct hvs_query *query, const char *space, const char *class_,
                    int (*row)(struct hvs_query *, const xmlNode *, struct hvs_error *),
                    void (*restart)(struct hvs_query *), void *owner);
/* Give it a filter from a template. */
int hvs_query_filter(struct hvs_query *query, const char *template,
                     const struct hvs_param *params, size_t count, struct hvs_error *err)
    HVS_MUST_CHECK;
/* `row` has kept nothing of the row it is at. */
void hvs_query_dropped(struct hvs_query *query);
void hvs_query_clear(struct hvs_query *query);

#endif

#ifndef SIM_QUERY_H
#define SIM_QUERY_H

#include "hvsim/call.h"
#include "hvsim/wql.h"

/* Filters of an enumeration: each collects the objects that it lets pass. Returns 0, or
 * -1 with the fault. */

/* What the association filters and ASSOCIATORS OF look for; NULL: any. */
struct sim_walk {
    const char *assoc_class, *result_class, *role, *result_role;
    bool links; /* the associations themselves: REFERENCES OF */
};

/* A query in WQL; `columns` gets the projection, if it has one, which the caller frees as
 * sim_wql_clear() does. */
int sim_query_wql(struct sim_call *call, const char *text, struct sim_refs *out,
                  char ***columns, size_t *column_count);

/* All objects of call->class_name and of the classes derived from it. */
int sim_query_class(struct sim_call *call, struct sim_refs *out);

/* The selector dialect: all properties have these values. */
int sim_query_selectors(struct sim_call *call, const xmlNode *filter,
                        struct sim_refs *out);

/* The association dialect. */
int sim_query_association(struct sim_call *call, const xmlNode *filter,
                          struct sim_refs *out);

#endif

#ifndef SIM_CIMXML_H
#define SIM_CIMXML_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The text of an embedded instance (DSP0201 INSTANCE), read as oddly as the host does:
 * it is no XML parser, and knows numeric references only.
 */

struct sim_cim_property {
    char *name, *type;
    bool array;
    char **values; /* none: NULL */
    size_t count;
};

struct sim_cim {
    char *class_;
    struct sim_cim_property *properties;
    size_t count;
};

/* `entities`: take &amp; and &lt; as well; `quotes`: &quot; and &apos;. Returns 0, or
 * what the method then returns: 32768 or 32773. Clear it in either case. */
int sim_cim_parse(struct sim_cim *cim, const char *text, bool entities, bool quotes);
void sim_cim_clear(struct sim_cim *cim);

/* The property of that name, in any case; NULL when it is not there. */
const struct sim_cim_property *sim_cim_find(const struct sim_cim *cim, const char *name);

#endif

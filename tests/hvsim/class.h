#ifndef SIM_CLASS_H
#define SIM_CLASS_H

#include "hvsim/world.h"

/*
 * CIM classes, and instances as rows of values: what WQL compares, what Get and
 * Enumerate show, and what references name.
 */

enum sim_type { SIM_STRING, SIM_NUMBER, SIM_BOOL, SIM_TIME, SIM_INTERVAL, SIM_REF };

enum { SIM_ARRAY = 1, SIM_KEY = 2, SIM_READ_ONLY = 4 };

/* `usual` is the value of an instance that says nothing else; NULL is NULL. For times
 * it is "never" or NULL, for intervals milliseconds. */
struct sim_property {
    const char *name;
    enum sim_type type;
    const char *usual;
    unsigned flags;
};

struct sim_class;

/* One object: of this class, with this id ("" for the host and what there is one of). */
struct sim_ref {
    const struct sim_class *class_;
    char id[HVS_UUID_SIZE];
    int row; /* which of several rows that belong to one id */
};

struct sim_refs {
    struct sim_ref *refs;
    size_t count;
};

/* What a list may be narrowed to, before anybody looks at the rows: a property's value,
 * or the neighbourhood of an object. */
struct sim_search {
    struct {
        char *name, *value;
    } *terms;
    size_t count;
    const struct sim_ref *around;
};

enum { SIM_MOST_PROPERTIES = 112, SIM_MOST_ELEMENTS = 4 };

struct sim_value {
    size_t count; /* 0: NULL, or an array without elements */
    const char *text[SIM_MOST_ELEMENTS];
    int64_t ms;
    const struct sim_ref *ref;
};

struct sim_row {
    struct sim_host *host;
    const struct sim_class *class_;
    struct sim_value values[SIM_MOST_PROPERTIES];
    struct sim_ref refs[2];
    char scratch[4096]; /* texts made for this row */
    size_t used;
};

struct sim_class {
    const char *name;
    const char *bases; /* with a space before and behind each */
    const struct sim_property *properties; /* sorted, case ignored */
    size_t count;
    /* Add those objects that `search` could mean, or more. NULL: there never is one. */
    void (*list)(struct sim_host *host, const struct sim_class *class_,
                 const struct sim_search *search, struct sim_refs *out);
    /* Fill the keys, whether the object exists or not. */
    void (*keys)(struct sim_row *row, const struct sim_ref *ref);
    /* Fill the rest. False when there is no such object any more. */
    bool (*fill)(struct sim_row *row, const struct sim_ref *ref);
    bool service; /* there is one, and a method needs only some of its keys */
};

/* All of them; NULL at the end. */
extern const struct sim_class *const sim_classes[];

extern const struct sim_class sim_computer_system, sim_settings, sim_concrete_job,
    sim_affected_job_element, sim_snapshot_of, sim_most_current, sim_last_applied,
    sim_defines_state, sim_parent_child, sim_snapshot_service, sim_management_service,
    sim_summary;

#define SIM_NAMESPACE "root/virtualization/v2"
#define SIM_WMI "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
#define SIM_URI SIM_WMI SIM_NAMESPACE "/"

/* The class of that name, in any case; a base class is none of these. */
const struct sim_class *sim_class_find(const char *name);

/* Is it that class, or derived from it? */
bool sim_class_is(const struct sim_class *class_, const char *name);

/* Is the name that of a class or a base class? */
bool sim_class_known(const char *name);

/* The property's place; -1 when there is none. */
int sim_property_find(const struct sim_class *class_, const char *name);

void sim_refs_add(struct sim_refs *refs, const struct sim_class *class_, const char *id,
                  int row);
void sim_refs_clear(struct sim_refs *refs);
bool sim_ref_equal(const struct sim_ref *a, const struct sim_ref *b);

void sim_search_add(struct sim_search *search, const char *name, const char *value);
void sim_search_clear(struct sim_search *search);

/* The value that a property must have; NULL when any will do. */
const char *sim_search_term(const struct sim_search *search, const char *name);

/* Fill a row. False when the object is gone; its keys are filled all the same. */
bool sim_row_fill(struct sim_row *row, struct sim_host *host, const struct sim_ref *ref);

void sim_row_text(struct sim_row *row, const char *name, const char *text);
void sim_row_more(struct sim_row *row, const char *name, const char *text);
void sim_row_number(struct sim_row *row, const char *name, int64_t number);
void sim_row_more_number(struct sim_row *row, const char *name, int64_t number);
void sim_row_bool(struct sim_row *row, const char *name, bool value);
void sim_row_ms(struct sim_row *row, const char *name, int64_t ms);
void sim_row_ref(struct sim_row *row, const char *name, const struct sim_class *class_,
                 const char *id);

/* Text kept in the row itself. */
const char *sim_row_keep(struct sim_row *row, const char *first, const char *second);

#endif

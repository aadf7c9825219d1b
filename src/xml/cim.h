#ifndef HVS_XML_CIM_H
#define HVS_XML_CIM_H

#include <hvsnap/error.h>

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * CIM values as text: points in time, intervals, references and object paths.
 */

/* A point in time. Windows writes 1601-01-01 for "never": not set. */
struct hvs_time {
    bool set;
    int64_t ms; /* since 1970, in UTC */
};

/* "2026-07-29T14:10:59.467886Z", with 0 to 9 digits of a second, "Z" or an offset. False
 * when it is none. */
bool hvs_cim_time(const char *text, struct hvs_time *out);

/* An interval: an ISO 8601 duration of days to seconds ("P0DT0H1M40S"). */
struct hvs_interval {
    int64_t ms;
};
bool hvs_cim_interval(const char *text, struct hvs_interval *out);

/* A reference to an instance, as WS-Management writes one: a resource and selectors. */
enum { HVS_REF_KEYS = 8 };
struct hvs_ref {
    char *resource; /* NULL: no reference */
    size_t count;
    struct {
        char *name, *value;
    } keys[HVS_REF_KEYS];
};

/* Read the reference in `node`, with an a:EndpointReference around it or without. 0, or
 * -1 with *out cleared. */
int hvs_cim_ref(const xmlNode *node, struct hvs_ref *out, struct hvs_error *err)
    HVS_MUST_CHECK;

/* A key's value, whatever the case of its name; "" when there is none. Lent. */
const char *hvs_cim_ref_key(const struct hvs_ref *ref, const char *name);

/* Copy an id that a host has given. One that does not fit is an error: a part of it would
 * be another's. */
int hvs_id_copy(char *out, size_t size, const char *id,
                struct hvs_error *err) HVS_MUST_CHECK;

/* Is it of this class? The last segment of the resource, in any case. */
bool hvs_cim_ref_is(const struct hvs_ref *ref, const char *class_);

void hvs_cim_ref_clear(struct hvs_ref *ref);

/* The value of `key` in an object path (`\\HOST\root\v2:Class.InstanceID="a\\b"`), with
 * its escapes undone. False when it has no such key, or a longer one. */
bool hvs_cim_path_key(const char *path, const char *key, char *out, size_t size);

#endif

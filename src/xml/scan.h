#ifndef HVS_XML_SCAN_H
#define HVS_XML_SCAN_H

#include "xml/doc.h"

/*
 * A look at bytes before libxml2 sees them: over tags, by their signs alone. It refuses
 * what must not reach libxml2, and leaves out of a list what nobody reads.
 */
enum { HVS_SCAN_LEVELS = 100 };

/* What the scan counts, to be found again in the tree; and what it leaves out. */
struct hvs_scan {
    const char *at, *end;
    size_t elements, attributes;
    size_t nodes; /* not fewer than the tree will have */
    int levels;
    int namespaces;                          /* in force here */
    unsigned char declared[HVS_SCAN_LEVELS]; /* by the element of each level */

    hvs_xml_wanted_fn *wanted; /* NULL: all of it stays as it is */
    int list;                  /* the level of an element Items; 0 before it */
    int left_out;              /* the level of an element that is not wanted; or 0 */
    const char *name;          /* of that */
    size_t name_len;
    const char *kept_to; /* what is before it is kept, or left out */
    char *kept;
    size_t kept_len;
};

/* Why these bytes must not reach libxml2, or NULL. */
const char *hvs_scan_refuse(struct hvs_scan *scan);

/* Keep what is before `to` and not yet decided. */
void hvs_scan_keep(struct hvs_scan *scan, const char *to);

#endif

#ifndef HVS_WSMAN_FAULT_H
#define HVS_WSMAN_FAULT_H

#include <hvsnap/error.h>

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * SOAP faults, in every shape that Windows sends: an f:WSManFault, one around a
 * provider's, an MSFT_WmiError, or no detail at all.
 */

/* May the request have begun to act? Where a code leaves it open, it may. */
enum hvs_begun { HVS_BEGUN_OPEN, HVS_BEGUN_NO };

/* What a fault asks of whoever gets it. */
enum {
    HVS_FAULT_RETRY = 1 << 0,   /* a read may be repeated a little later */
    HVS_FAULT_RESTART = 1 << 1, /* the enumeration is gone: begin it anew */
    HVS_FAULT_FILTER = 1 << 2,  /* the filter was not understood: filter here */
    HVS_FAULT_GONE = 1 << 3,    /* no such object */
    HVS_FAULT_SMALLER = 1 << 4, /* ask for fewer elements at a time */
};

/* One row for each code that a host is known to send. */
struct hvs_fault_row {
    uint32_t code;
    const char *symbol;
    enum hvs_class class_;
    enum hvs_begun begun;
    unsigned flags;
    const char *hint; /* NULL for none */
};

struct hvs_fault {
    uint32_t code;     /* 0 when the host gave none */
    char subcode[64];  /* local name: "AccessDenied" */
    char text[512];    /* what the host says, white space collapsed */
    char detail[1024]; /* what the provider adds */
    const struct hvs_fault_row *row; /* never NULL once read */
};

/* Is it a SOAP Body with a fault? Then *out has it. */
bool hvs_fault_read(const xmlNode *body, struct hvs_fault *out);

/* Record it. Always returns -1. */
int hvs_fault_error(const struct hvs_fault *fault, struct hvs_error *err);

/* The row of a code, or of a subcode when the code is 0 or unknown. Never NULL. */
const struct hvs_fault_row *hvs_fault_row(uint32_t code, const char *subcode);

/* The flags of an error that came from a fault; 0 for any other. */
unsigned hvs_fault_flags(const struct hvs_error *err);

#endif

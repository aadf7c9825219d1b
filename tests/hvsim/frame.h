#ifndef FRAME_H
#define FRAME_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * The multipart/encrypted frame of WS-Management (MS-WSMV 2.2.9.1): two parts that look
 * like MIME and are not, the second of them binary. No cryptography here.
 */

#define SIM_SPNEGO_PROTOCOL "application/HTTP-SPNEGO-session-encrypted"
#define SIM_KERBEROS_PROTOCOL "application/HTTP-Kerberos-session-encrypted"

/* What a frame holds. The bytes are lent by the body that was read. */
struct sim_frame {
    size_t length;       /* what OriginalContent says: bytes before sealing */
    bool utf16;          /* its charset */
    size_t signature;    /* bytes of the signature that begins `token` */
    const char *token;   /* signature and sealed text */
    size_t token_len;
};

/* Take a frame apart. False when it is none, or of another protocol. A tab before the
 * part headers may stand or be left out, a blank after "--" as well. */
bool sim_frame_read(struct sim_frame *out, const char *protocol, const char *body,
                    size_t len);

/* How replies look; sources disagree, and hosts may. */
struct sim_frame_style {
    bool no_tab;
    bool spaced; /* "-- Encrypted Boundary", and no "--" at the end */
};

/* Append a frame. `length` is what OriginalContent shall say. */
void sim_frame_write(struct hvs_buf *out, const struct sim_frame_style *style,
                     const char *protocol, const struct sim_frame *frame);

/* The Content-Type that goes with it. */
void sim_frame_type(struct hvs_buf *out, const char *protocol);

#endif

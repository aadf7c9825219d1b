#ifndef HVS_AUTH_FRAME_H
#define HVS_AUTH_FRAME_H

#include "auth/mech.h"

/*
 * The multipart/encrypted body of a sealed message (MS-WSMV 2.2.9.1), which looks like
 * MIME and is none. We leave out the tab before its headers, which Microsoft's own
 * client for Linux does too, and read replies with and without.
 */

/* The Content-Type of a request with such a body. */
#define HVS_FRAME_TYPE                                                                  \
    "multipart/encrypted;protocol=\"application/HTTP-SPNEGO-session-encrypted\";"        \
    "boundary=\"Encrypted Boundary\""

/* Does a reply with this Content-Type hold a frame? NULL: no. */
bool hvs_frame_is(const char *content_type);

/* A frame taken apart. The pointers lead into the body. */
struct hvs_frame {
    size_t length; /* of the plain text, with the padding that the cipher may add */
    const void *signature;
    size_t signature_len;
    const void *sealed; /* `length` bytes */
};

/* Append the frame around a sealed message; `length` counts its padding. */
void hvs_frame_add(struct hvs_buf *out, const void *signature, size_t signature_len,
                   const void *sealed, size_t length);

/* Take a body apart: all of it, by its lengths, to the letter. */
int hvs_frame_read(struct hvs_frame *out, const void *body, size_t len,
                   struct hvs_error *err) HVS_MUST_CHECK;

/* Seal plain text and append it as a frame. */
int hvs_frame_seal(struct hvs_mech *mech, const void *plain, size_t len,
                   struct hvs_buf *out, struct hvs_error *err) HVS_MUST_CHECK;

/* The way back: append what the body holds to `plain`. */
int hvs_frame_open(struct hvs_mech *mech, const void *body, size_t len,
                   struct hvs_buf *plain, struct hvs_error *err) HVS_MUST_CHECK;

#endif

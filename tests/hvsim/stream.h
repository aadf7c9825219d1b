#ifndef STREAM_H
#define STREAM_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A connection's bytes, in clear or through TLS. Every wait also ends when `stop_fd`
 * becomes readable, so that a thread can be told to leave wherever it stands.
 */
struct sim_stream {
    int fd; /* -1: closed */
    int stop_fd;
    SSL *ssl; /* NULL: clear */
    const char *why; /* the handshake failed, or NULL */
};

/* Take over `fd`, and shake hands when there is a `tls` to do it with. False when that
 * fails; the stream is then closed. */
bool sim_stream_open(struct sim_stream *stream, int fd, int stop_fd, SSL_CTX *tls);

/* Some bytes: how many, 0 at the end, -1 for an error, a timeout or a stop. */
long sim_stream_read(struct sim_stream *stream, void *out, size_t len, int timeout_ms);

/* All bytes, or false. */
bool sim_stream_write(struct sim_stream *stream, const void *mem, size_t len);

/* Let time pass. False when it was cut short by a stop. */
bool sim_stream_sleep(const struct sim_stream *stream, int64_t ms);

/* Wait, answering nothing, until the peer has gone. */
void sim_stream_hang(struct sim_stream *stream);

/* Close in good order. With `drain`, first read what the peer still sends: closing with
 * unread bytes makes TCP reset, and the peer may then lose the reply. */
void sim_stream_close(struct sim_stream *stream, bool drain);

/* Close without the end that TLS wants. */
void sim_stream_cut(struct sim_stream *stream);

/* Close with a TCP reset. */
void sim_stream_reset(struct sim_stream *stream);

#endif

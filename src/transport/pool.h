#ifndef HVS_TRANSPORT_POOL_H
#define HVS_TRANSPORT_POOL_H

#include <hvsnap/error.h>

#include <curl/curl.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A curl_multi that somebody else's loop drives: it says what to poll for and for how
 * long, and is told when that time has come.
 */
struct hvs_pool;

struct hvs_pool *hvs_pool_new(struct hvs_error *err) HVS_MUST_CHECK;

/* No transfer may be left in it. NULL is fine. */
void hvs_pool_free(struct hvs_pool *pool);

/* Fill at most `max` rows; how many there are, which may be more. */
size_t hvs_pool_fds(const struct hvs_pool *pool, struct pollfd *fds, size_t max);

/* The same were polled just now: the next hvs_pool_work() need not do it again. */
void hvs_pool_polled(struct hvs_pool *pool, const struct pollfd *fds, size_t count);

/* In how many ms libcurl wants to be called; -1 for when a descriptor is ready. */
int hvs_pool_timeout(const struct hvs_pool *pool, int64_t now);

/* Move every transfer as far as it goes without waiting. */
void hvs_pool_work(struct hvs_pool *pool, int64_t now);

/* For http.c: transfers come and go; `done` is called from hvs_pool_work() with the
 * easy handle's private pointer. */
typedef void hvs_pool_done(void *private_, CURLcode code);
int hvs_pool_add(struct hvs_pool *pool, CURL *easy, hvs_pool_done *done,
                 struct hvs_error *err) HVS_MUST_CHECK;
void hvs_pool_remove(struct hvs_pool *pool, CURL *easy);

#endif

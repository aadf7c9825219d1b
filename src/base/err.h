#ifndef HVS_BASE_ERR_H
#define HVS_BASE_ERR_H

#include <hvsnap/error.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * Record a failure. Always returns -1, so a failing path is one line:
 *
 *     return hvs_err_set(err, HVS_HTTP, status, "unexpected status %d", status);
 *
 * The class is the domain's usual one; hvs_err_class() refines it. `err` may be NULL
 * for a caller who only wants to know that it failed.
 */
int hvs_err_set(struct hvs_error *err, enum hvs_domain domain, int64_t code,
                const char *fmt, ...) HVS_PRINTF(4, 5);

/* The same, with what the user can try. In one call, so that a hint can never
 * land on somebody else's error. */
int hvs_err_set_hint(struct hvs_error *err, enum hvs_domain domain, int64_t code,
                     const char *hint, const char *fmt, ...) HVS_PRINTF(5, 6);

/* Out of memory, as HVS_SYSTEM. Always returns -1. */
int hvs_err_memory(struct hvs_error *err);
bool hvs_err_is_memory(const struct hvs_error *err);

/* Did a signal of the caller's end it? */
bool hvs_err_is_stop(const struct hvs_error *err);

/* Give the error recorded just before another class. Always returns -1. */
int hvs_err_class(struct hvs_error *err, enum hvs_class class_);

/* Append "; text" to what can be tried. Returns -1. */
int hvs_err_add_hint(struct hvs_error *err, const char *text);

/* Append a line to the details: what the host said, word for word. Returns -1. */
int hvs_err_detail(struct hvs_error *err, const char *text);

/* Put "context: " before the message. Always returns -1. */
int hvs_err_prefix(struct hvs_error *err, const char *context);

/* Analyzers read one file at a time, and do not see that these are always -1. */
#ifdef HVS_ANALYZE
#define hvs_err_set(...) (hvs_err_set(__VA_ARGS__), -1)
#define hvs_err_set_hint(...) (hvs_err_set_hint(__VA_ARGS__), -1)
#define hvs_err_memory(err) (hvs_err_memory(err), -1)
#define hvs_err_class(err, class_) (hvs_err_class(err, class_), -1)
#define hvs_err_prefix(err, context) (hvs_err_prefix(err, context), -1)
#define hvs_err_add_hint(err, text) (hvs_err_add_hint(err, text), -1)
#define hvs_err_detail(err, text) (hvs_err_detail(err, text), -1)
#endif

#endif

#ifndef CHOOSE_H
#define CHOOSE_H

#include "support/test.h"

#include "cli/inventory.h"

#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* For tests of inventories, whose file they call "F". */

static inline int parse(struct inventory **out, const char *text, struct hvs_error *err)
{
    return inventory_parse(out, "F", text, strlen(text), err);
}

/* "http://bob@hv01:80/web1", and a blank */
static inline void add_target(struct hvs_buf *out, const struct target *target)
{
    static const char *const schemes[] = {"", "http://", "https://"};
    char *host = target_host_name(target);

    hvs_buf_printf(out, "%s%s%s%s%s/%s", out->len ? " " : "", schemes[target->scheme],
                   target->user ? target->user : "", target->user ? "@" : "", host,
                   target->vm ? target->vm : "");
    free(host);
}

/* All targets that the words choose, in a line. */
static inline int choose(struct inventory *inventory, const char *words, const char *base,
                  struct hvs_buf *out, struct hvs_error *err)
{
    const struct inventory_node *entry = NULL;
    struct target host = {0}, target;
    char word[100];
    size_t len;
    int rc = 0;

    if (base)
        assert_int_equal(target_parse_host(&host, base, err), 0);
    do {
        len = strcspn(words, " ");
        snprintf(word, sizeof(word), "%.*s", (int)len, words);
        rc = inventory_choose(inventory, word, err);
        words += len + (words[len] != '\0');
    } while (rc == 0 && *words);
    while (rc == 0 && (entry = inventory_next(inventory, entry))) {
        rc = inventory_target(inventory, entry, base ? &host : NULL, &target, err);
        if (rc == 0)
            add_target(out, &target);
        target_clear(&target);
    }
    target_clear(&host);
    return rc;
}

#define HOST_VARS(name, vars) "{\"_meta\":{\"hostvars\":{\"" name "\":{" vars "}}}}"
#define TWO_GROUPS(one, other)                   \
    "{\"a\":{\"hosts\":[\"x\"],\"vars\":{" one "}}," \
    "\"b\":{\"hosts\":[\"x\"],\"vars\":{" other "}}}"

/* A text that is refused, and how. */
struct error_case {
    const char *label;
    const char *text;
    const char *error;
};

static inline void test_error(void **state)
{
    const struct error_case *row = *state;
    struct inventory *inventory;
    struct hvs_error err = {0};

    assert_int_equal(parse(&inventory, row->text, &err), -1);
    assert_null(inventory);
    assert_err(&err, HVS_USAGE, row->error);
    assert_null(strstr(err.message, "secret"));
}

#endif

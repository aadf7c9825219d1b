#ifndef SIM_SWITCH_CASE_H
#define SIM_SWITCH_CASE_H

#include "hvsim/ask.h"
#include "hvsim/switch.h"

#include <stdio.h>
#include <string.h>

/*
 * For tests, which include support/test.h before. A row says how a world behaves with one
 * setting: the reply to a request holds one text and lacks another.
 */
struct switch_case {
    const char *name; /* NAME=VALUE, behind a word in brackets and a space if need be */
    const char *(*run)(struct ask *ask);
    const char *holds, *lacks; /* or NULL */
};

static void test_switch(void **state)
{
    const struct switch_case *row = *state;
    const char *space = strchr(row->name, ' ');
    const char *settings[] = {space ? space + 1 : row->name, NULL};
    struct ask ask;
    const char *reply;

    assert_int_equal(ask_open(&ask, NULL, settings, NULL), 0);
    reply = row->run(&ask);
    if (row->holds && !strstr(reply, row->holds))
        fail_msg("no '%s' in %s", row->holds, reply);
    if (row->lacks && strstr(reply, row->lacks))
        fail_msg("'%s' in %s", row->lacks, reply);
    ask_close(&ask);
}

/* Is each switch from `first` to `last` tried with two settings at least? */
static inline void check_all_tried(const struct switch_case *cases, size_t count,
                                   enum sim_switch first, enum sim_switch last)
{
    struct sim_switch_row row;
    char word[64];
    size_t tried, n;
    int i;

    for (i = first; i <= (int)last; i++) {
        assert_true(sim_switch_row((size_t)i, &row));
        snprintf(word, sizeof(word), "%s=", row.name);
        for (n = 0, tried = 0; n < count; n++)
            tried += strstr(cases[n].name, word) != NULL;
        if (tried < 2)
            fail_msg("switch '%s' is not tried both ways", row.name);
    }
}

#endif

#include "support/create_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a row asks for. */
struct asked {
    char name[64]; /* "" for the host's own */
    bool detach, once;
    uint32_t timeout_ms;
};

static void read_with(struct asked *asked, const char *with)
{
    const char *name = strstr(with, "name="), *ms = strstr(with, "ms=");

    *asked = (struct asked){.detach = strstr(with, "detach") != NULL,
                            .once = strstr(with, "once") != NULL,
                            .timeout_ms = ms ? (uint32_t)strtoul(ms + 3, NULL, 10)
                                             : 600000};
    if (name)
        snprintf(asked->name, sizeof(asked->name), "%.*s", (int)strcspn(name + 5, " "),
                 name + 5);
}

static bool says(const struct hvs_error *err, const char *text)
{
    return strstr(err->message, text) || strstr(err->hint, text) ||
           strstr(err->detail, text);
}

static void check_failure(const struct create_case *row, const struct hvs_error *err)
{
    if (!says(err, row->says))
        fail_msg("'%s' / '%s' / '%s' do not say '%s'", err->message, err->hint,
                 err->detail, row->says);
    assert_string_equal(hvs_class_name(err->class_), hvs_class_name(row->class_));
}

static void check_success(const struct asked *asked,
                          const struct hvs_create_result *result)
{
    if (asked->detach) {
        assert_null(result->snapshot);
        assert_string_equal(result->job, "33333333-0000-4000-8000-000000000001");
        return;
    }
    assert_non_null(result->snapshot);
    assert_string_equal(result->snapshot->id, "A0000000-0000-4000-8000-000000000001");
    assert_string_equal(result->snapshot->vm_name, "web1");
    assert_string_equal(result->snapshot->parent_id,
                        "A0000000-0000-4000-8000-000000000000");
    assert_true(result->snapshot->current);
    assert_string_equal(result->snapshot->name, asked->name[0] ? asked->name : "auto");
    assert_int_equal(result->named, asked->name[0] != '\0');
}

void test_create_case(void **state)
{
    const struct create_case *row = *state;
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_create_result *result;
    struct hvs_client *client;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct asked asked;
    struct hvs_run *run;
    int rc;

    read_with(&asked, row->with);
    client = feed_client(asked.timeout_ms);
    opts.vm = "web1";
    opts.name = asked.name[0] ? asked.name : NULL;
    opts.detach = asked.detach;
    opts.retries = asked.once ? 0 : 2;
    assert_int_equal(hvs_snapshot_create_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, row->script);
    rc = hvs_snapshot_create_end(run, &result, &err);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    assert_int_equal(feed.changes, feed_count(&feed, "CreateSnapshot") +
                                       feed_count(&feed, "ModifySystemSettings"));
    if (row->class_ == HVS_CLASS_DONE)
        assert_string_equal(err.message, "");
    else
        check_failure(row, &err);
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    assert_string_equal(hvs_outcome_name(result->outcome),
                        hvs_outcome_name(row->outcome));
    if (rc == 0)
        check_success(&asked, result);
    feed_clear(&feed);
    hvs_create_result_free(result);
    hvs_client_close(client);
}

#include "support/create_case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a row asks for. */
struct asked {
    char name[64], notes[200]; /* "" for the host's own, and for none */
    struct hvs_label label;
    bool detach, hold, once;
    uint32_t timeout_ms;
};

static int64_t number(const char *with, const char *name, int64_t otherwise)
{
    const char *at = strstr(with, name);

    return at ? strtoll(at + strlen(name), NULL, 10) : otherwise;
}

static void text(char *out, size_t size, const char *with, const char *name)
{
    const char *at = strstr(with, name);
    size_t i;

    at = at ? at + strlen(name) : "";
    snprintf(out, size, "%.*s", (int)strcspn(at, " "), at);
    for (i = 0; out[i]; i++)
        if (out[i] == '_')
            out[i] = ' ';
}

static void read_with(struct asked *asked, struct hvs_create_opts *opts, const char *with)
{
    struct hvs_error err = {0};
    char label[100];

    *asked = (struct asked){.detach = strstr(with, "detach") != NULL,
                            .hold = strstr(with, "hold") != NULL,
                            .once = strstr(with, "once") != NULL,
                            .timeout_ms = (uint32_t)number(with, "ms=", 600000)};
    text(asked->name, sizeof(asked->name), with, "name=");
    text(asked->notes, sizeof(asked->notes), with, "notes=");
    text(label, sizeof(label), with, "label=");
    if (label[0])
        assert_int_equal(hvs_label_parse(&asked->label, label, &err), 0);
    opts->vm = "web1";
    opts->name = asked->name[0] ? asked->name : NULL;
    opts->notes = asked->notes[0] ? asked->notes : NULL;
    opts->labels = &asked->label;
    opts->label_count = label[0] != '\0';
    opts->detach = asked->detach;
    opts->hold = asked->hold;
    opts->retries = asked->once ? 0 : 2;
    opts->ttl_ms = (uint64_t)number(with, "ttl=", 0);
    opts->expires_ms = number(with, "expires=", HVS_TIME_NONE);
    opts->type = (enum hvs_create_type)number(with, "type=", HVS_CREATE_FULL);
    opts->consistency = (enum hvs_consistency)number(with, "consistency=", 0);
    opts->checkpoint = (enum hvs_checkpoint_type)number(with, "checkpoint=", 0);
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
    assert_int_equal(result->snapshot->current, result->snapshot->kind == HVS_KIND_USER);
    assert_string_equal(result->snapshot->name, asked->name[0] ? asked->name : "auto");
    assert_int_equal(result->named, asked->name[0] != '\0');
}

void create_case_do(const struct create_case *row, struct create_done *done)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_client *client;
    struct feed *feed = &done->feed;
    struct asked asked;
    struct hvs_run *run;
    int rc;

    *done = (struct create_done){0};
    read_with(&asked, &opts, row->with);
    client = feed_client(asked.timeout_ms);
    assert_int_equal(hvs_snapshot_create_start(&run, client, &opts, &done->err), 0);
    hvs_label_clear(&asked.label);
    feed_run(feed, run, row->script);
    rc = hvs_snapshot_create_end(run, &done->result, &done->err);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed->log), row->posts);
    assert_int_equal(feed->changes, feed_count(feed, "CreateSnapshot") +
                                        feed_count(feed, "ModifySystemSettings"));
    if (row->class_ == HVS_CLASS_DONE)
        assert_string_equal(done->err.message, "");
    else
        check_failure(row, &done->err);
    assert_int_equal(rc, row->class_ == HVS_CLASS_DONE ? 0 : -1);
    assert_string_equal(hvs_outcome_name(done->result->outcome),
                        hvs_outcome_name(row->outcome));
    if (feed_count(feed, "CreateSnapshot"))
        assert_true(done->result->asked_ms > 0);
    assert_true(done->result->answered_ms >= done->result->asked_ms);
    if (rc == 0)
        check_success(&asked, done->result);
    hvs_client_close(client);
}

void create_done_clear(struct create_done *done)
{
    feed_clear(&done->feed);
    hvs_create_result_free(done->result);
}

void test_create_case(void **state)
{
    struct create_done done;

    create_case_do(*state, &done);
    create_done_clear(&done);
}

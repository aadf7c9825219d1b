/* Whole conversations in files: tests/fixtures/CASE/1.xml, 2.xml, ... are what the host
 * answers, expect.txt begins with what is asked ("create|VM|NAME") and holds what must
 * come of it. */
#include "support/feed.h"

#include <hvsnap/snapshot.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name; /* the folder, too */
} cases[] = {
    {"create-named"},
    {"create-fails-in-japanese"},
    {"list-pages"},
    {"delete-job-gone"},
};

static void add_snapshot(struct hvs_buf *out, const struct hvs_snapshot *row)
{
    if (!row)
        return;
    hvs_buf_printf(out, "snapshot: %s '%s' %s%s, at %lld%s%s", row->id, row->name,
                   row->parent_id ? "on " : "at a root",
                   row->parent_id ? row->parent_id : "", (long long)row->created_ms,
                   row->current ? ", standing on it" : "",
                   row->saved_state ? ", with memory" : "");
    if (row->kind != HVS_KIND_USER)
        hvs_buf_printf(out, ", %s", hvs_snapshot_kind_name(row->kind));
    hvs_buf_puts(out, "\n");
}

static void add_outcome(struct hvs_buf *out, enum hvs_outcome outcome, const char *job)
{
    hvs_buf_printf(out, "outcome: %s\njob: %s\n", hvs_outcome_name(outcome), job);
}

static void add_error(struct hvs_buf *out, const struct hvs_error *err)
{
    if (err->domain)
        hvs_buf_printf(out, "error: %s: %s\nhint: %s\n%s\n", hvs_class_name(err->class_),
                       err->message, err->hint, err->detail);
}

/* What is asked: the parts of the first line. */
struct asked {
    char verb[16], vm[64], what[128];
};

static void read_asked(struct asked *asked, const char *line)
{
    size_t verb = strcspn(line, "|"), vm = strcspn(line + verb + 1, "|");
    const char *what = line + verb + vm + 2;

    snprintf(asked->verb, sizeof(asked->verb), "%.*s", (int)verb, line);
    snprintf(asked->vm, sizeof(asked->vm), "%.*s", (int)vm, line + verb + 1);
    snprintf(asked->what, sizeof(asked->what), "%.*s", (int)strcspn(what, "\n"), what);
}

static void create(struct hvs_client *client, const struct asked *asked,
                   struct feed *feed, struct hvs_buf *out)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_create_result *result;
    struct hvs_error err = {0};
    struct hvs_run *run;
    int rc;

    opts.vm = asked->vm;
    opts.name = asked->what[0] ? asked->what : NULL;
    assert_int_equal(hvs_snapshot_create_start(&run, client, &opts, &err), 0);
    feed_run(feed, run, NULL);
    hvs_buf_printf(out, "posts: %s\n", hvs_buf_str(&feed->log));
    rc = hvs_snapshot_create_end(run, &result, &err);
    assert_int_equal(rc, err.domain ? -1 : 0);
    add_outcome(out, result->outcome, result->job);
    add_snapshot(out, result->snapshot);
    add_error(out, &err);
    hvs_create_result_free(result);
}

static void remove_it(struct hvs_client *client, const struct asked *asked,
                      struct feed *feed, struct hvs_buf *out)
{
    struct hvs_delete_opts opts = HVS_DELETE_OPTS_INIT;
    struct hvs_delete_result *result;
    struct hvs_error err = {0};
    struct hvs_run *run;
    int rc;

    opts.vm = asked->vm;
    opts.snapshot = asked->what;
    assert_int_equal(hvs_snapshot_delete_start(&run, client, &opts, &err), 0);
    feed_run(feed, run, NULL);
    hvs_buf_printf(out, "posts: %s\n", hvs_buf_str(&feed->log));
    rc = hvs_snapshot_delete_end(run, &result, &err);
    assert_int_equal(rc, err.domain ? -1 : 0);
    add_outcome(out, result->outcome, result->job);
    add_snapshot(out, result->snapshot);
    add_error(out, &err);
    hvs_delete_result_free(result);
}

static void list(struct hvs_client *client, const struct asked *asked, struct feed *feed,
                 struct hvs_buf *out)
{
    struct hvs_snapshot_list *rows;
    struct hvs_error err = {0};
    struct hvs_run *run;
    size_t i;
    int rc;

    assert_int_equal(hvs_snapshot_list_start(&run, client,
                                             asked->vm[0] ? asked->vm : NULL, &err),
                     0);
    feed_run(feed, run, NULL);
    hvs_buf_printf(out, "posts: %s\n", hvs_buf_str(&feed->log));
    rc = hvs_snapshot_list_end(run, &rows, &err);
    assert_int_equal(rc, err.domain ? -1 : 0);
    for (i = 0; rows && i < rows->vm_count; i++)
        hvs_buf_printf(out, "vm: %s, %u snapshots\n", rows->vms[i]->name,
                       (unsigned)rows->vms[i]->snapshots);
    for (i = 0; rows && i < rows->count; i++)
        add_snapshot(out, rows->items[i]);
    add_error(out, &err);
    hvs_snapshot_list_free(rows);
}

static void test_case(void **state)
{
    const char *folder = *(const char **)*state;
    struct hvs_buf out = HVS_BUF_INIT(1 << 16);
    struct hvs_client *client = feed_client(600000);
    struct feed feed = {.folder = folder};
    char *expected = feed_file(folder, "expect.txt");
    struct asked asked = {.verb = ""};

    assert_non_null(expected);
    read_asked(&asked, expected);
    hvs_buf_printf(&out, "%s|%s|%s\n", asked.verb, asked.vm, asked.what);
    if (strcmp(asked.verb, "create") == 0)
        create(client, &asked, &feed, &out);
    else if (strcmp(asked.verb, "delete") == 0)
        remove_it(client, &asked, &feed, &out);
    else
        list(client, &asked, &feed, &out);
    while (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    assert_string_equal(hvs_buf_str(&out), expected);
    free(expected);
    hvs_buf_clear(&out);
    feed_clear(&feed);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases)];

    CASES(tests, cases, test_case);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

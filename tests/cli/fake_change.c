/* The changes of the pretend libhvsnap. */
#include "cli/fake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int hvs_snapshot_create_start(struct hvs_run **out, struct hvs_client *client,
                              const struct hvs_create_opts *opts, struct hvs_error *err)
{
    /* kept before going back to "queue" */
    bool queue = opts->name && strcmp(opts->name, "before restoring queue") == 0;

    if (fake_start(out, client, queue ? "queue" : opts->vm, err) < 0)
        return -1;
    (*out)->detach = opts->detach;
    (*out)->hold = opts->hold;
    snprintf((*out)->name, sizeof((*out)->name), "%s", opts->name ? opts->name : "auto");
    return 0;
}

int hvs_snapshot_create_end(struct hvs_run *run, struct hvs_create_result **out,
                            struct hvs_error *err)
{
    struct hvs_create_result *result = calloc(1, sizeof(*result));

    result->outcome = fake_fate(run, err);
    if (result->outcome != HVS_OUTCOME_NOT_DONE) {
        snprintf(result->job, sizeof(result->job), "%s", FAKE_JOB);
        snprintf(result->vm_id, sizeof(result->vm_id), "AAAAAAAA");
    }
    if (result->outcome == HVS_OUTCOME_DONE)
        result->snapshot = fake_snapshot_new(ID_TWO, run->name, run->vm, ID_ONE);
    free(run);
    *out = result;
    return err->domain ? -1 : 0;
}

void hvs_create_result_free(struct hvs_create_result *result)
{
    if (result)
        fake_snapshot_free(result->snapshot);
    free(result);
}

int hvs_snapshot_delete_start(struct hvs_run **out, struct hvs_client *client,
                              const struct hvs_delete_opts *opts, struct hvs_error *err)
{
    /* of a delete, the snapshot's name says what comes of it */
    return fake_start(out, client, opts->snapshot, err);
}

int hvs_snapshot_delete_end(struct hvs_run *run, struct hvs_delete_result **out,
                            struct hvs_error *err)
{
    struct hvs_delete_result *result = calloc(1, sizeof(*result));

    result->outcome = fake_fate(run, err);
    if (result->outcome != HVS_OUTCOME_NOT_DONE)
        result->snapshot = fake_snapshot_new(ID_TWO, run->vm, "web1", NULL);
    free(run);
    *out = result;
    return err->domain ? -1 : 0;
}

void hvs_delete_result_free(struct hvs_delete_result *result)
{
    if (result)
        fake_snapshot_free(result->snapshot);
    free(result);
}

int hvs_snapshot_delete_tree_start(struct hvs_run **out, struct hvs_client *client,
                                   const struct hvs_delete_tree_opts *opts,
                                   struct hvs_error *err)
{
    return fake_start(out, client, opts->snapshot, err);
}

/* The snapshot itself, and one below it. */
int hvs_snapshot_delete_tree_end(struct hvs_run *run, struct hvs_delete_tree_result **out,
                                 struct hvs_error *err)
{
    struct hvs_delete_tree_result *result = calloc(1, sizeof(*result));

    result->outcome = fake_fate(run, err);
    result->items = calloc(2, sizeof(struct hvs_snapshot *));
    result->gone = calloc(2, sizeof(*result->gone));
    if (result->outcome == HVS_OUTCOME_DONE) {
        result->count = 2;
        result->items[0] = fake_snapshot_new(ID_ONE, run->vm, "web1", NULL);
        result->items[1] = fake_snapshot_new(ID_TWO, "below", "web1", ID_ONE);
        result->gone[0] = result->gone[1] = true;
    }
    free(run);
    *out = result;
    return err->domain ? -1 : 0;
}

void hvs_delete_tree_result_free(struct hvs_delete_tree_result *result)
{
    size_t i;

    for (i = 0; result && i < result->count; i++)
        fake_snapshot_free(result->items[i]);
    if (result) {
        free(result->items);
        free(result->gone);
    }
    free(result);
}

/* FAKE_MERGE is the name that says what comes of it. */
int hvs_vm_wait_merged_start(struct hvs_run **out, struct hvs_client *client,
                             const char *vm, struct hvs_error *err)
{
    (void)vm;
    return fake_start(out, client, "merge", err);
}

int hvs_vm_wait_merged_end(struct hvs_run *run, struct hvs_merge_result **out,
                           struct hvs_error *err)
{
    struct hvs_merge_result *result = calloc(1, sizeof(*result));
    const char *fate = getenv("FAKE_MERGE");

    if (fate)
        snprintf(run->vm, sizeof(run->vm), "%s", fate);
    result->merged = fake_fate(run, err) == HVS_OUTCOME_DONE;
    result->merging = err->class_ == HVS_CLASS_DEADLINE;
    free(run);
    *out = result;
    return err->domain ? -1 : 0;
}

void hvs_merge_result_free(struct hvs_merge_result *result)
{
    free(result);
}

int hvs_snapshot_apply_start(struct hvs_run **out, struct hvs_client *client,
                             const struct hvs_apply_opts *opts, struct hvs_error *err)
{
    /* its name says what comes of it, and is its id too, by which it is asked again */
    if (fake_start(out, client, opts->snapshot, err) < 0)
        return -1;
    (*out)->detach = opts->upto == HVS_APPLY_CHECK;
    return 0;
}

int hvs_snapshot_apply_end(struct hvs_run *run, struct hvs_apply_result **out,
                           struct hvs_error *err)
{
    struct hvs_apply_result *result = calloc(1, sizeof(*result));

    snprintf(result->vm_id, sizeof(result->vm_id), "AAAAAAAA");
    result->state = result->state_before = 3;
    result->snapshot = fake_snapshot_new(run->vm, run->vm, "web1", NULL);
    result->stood_on = fake_snapshot_new(ID_ONE, "base", "web1", NULL);
    if (!run->detach) /* not a mere check */
        result->outcome = fake_fate(run, err);
    free(run);
    *out = result;
    return err->domain ? -1 : 0;
}

void hvs_apply_result_free(struct hvs_apply_result *result)
{
    if (result) {
        fake_snapshot_free(result->snapshot);
        fake_snapshot_free(result->stood_on);
    }
    free(result);
}

int hvs_snapshot_get_start(struct hvs_run **out, struct hvs_client *client,
                           const char *vm, const char *snapshot, struct hvs_error *err)
{
    (void)vm;
    return fake_start(out, client, snapshot, err);
}

int hvs_snapshot_get_end(struct hvs_run *run, struct hvs_snapshot **out,
                         struct hvs_error *err)
{
    *out = NULL;
    if (fake_fate(run, err) == HVS_OUTCOME_DONE)
        *out = fake_snapshot_new(ID_ONE, run->vm, "web1", NULL);
    free(run);
    return *out ? 0 : -1;
}

void hvs_snapshot_free(struct hvs_snapshot *snapshot)
{
    fake_snapshot_free(snapshot);
}

int hvs_snapshot_set_start(struct hvs_run **out, struct hvs_client *client,
                           const struct hvs_set_opts *opts, struct hvs_error *err)
{
    if (fake_start(out, client, opts->snapshot, err) < 0)
        return -1;
    snprintf((*out)->name, sizeof((*out)->name), "%s", opts->name ? opts->name : "");
    return 0;
}

/* Called "same", nothing is changed. */
int hvs_snapshot_set_end(struct hvs_run *run, struct hvs_set_result **out,
                         struct hvs_error *err)
{
    struct hvs_set_result *result = calloc(1, sizeof(*result));

    result->outcome = fake_fate(run, err);
    if (result->outcome == HVS_OUTCOME_DONE) {
        result->changed = strcmp(run->name, "same") != 0;
        result->snapshot = fake_snapshot_new(ID_ONE, run->name, "web1", NULL);
    }
    free(run);
    *out = result;
    return err->domain ? -1 : 0;
}

void hvs_set_result_free(struct hvs_set_result *result)
{
    if (result)
        fake_snapshot_free(result->snapshot);
    free(result);
}

int hvs_snapshot_ensure_start(struct hvs_run **out, struct hvs_client *client,
                              const struct hvs_ensure_opts *opts, struct hvs_error *err)
{
    return hvs_snapshot_create_start(out, client, opts->create, err);
}

int hvs_snapshot_ensure_end(struct hvs_run *run, struct hvs_create_result **out,
                            struct hvs_error *err)
{
    return hvs_snapshot_create_end(run, out, err);
}

#ifndef FAKE_H
#define FAKE_H

#include <hvsnap/hvsnap.h>

/* What the parts of the pretend libhvsnap share; see fake_lib.c. */

struct hvs_client {
    struct hvs_evidence evidence;
    char host[64];
    bool plain_http;
    char user[64];
    char password[64];
    uint32_t timeout_ms;
};

struct hvs_run {
    struct hvs_client *client;
    char vm[128];
    char name[128];
    bool detach, hold;
    int step;
    struct hvs_error stopped;
    hvs_progress_fn *fn;
    void *arg;
};

#define FAKE_JOB "11111111-2222-3333-4444-555555555555"
#define ID_ONE "11111111-0000-0000-0000-000000000001"
#define ID_TWO "22222222-0000-0000-0000-000000000002"

/* Begin a run about a VM. */
int fake_start(struct hvs_run **out, struct hvs_client *client, const char *vm,
               struct hvs_error *err);

/* What the run comes to, by the name of its VM. */
enum hvs_outcome fake_fate(const struct hvs_run *run, struct hvs_error *err);

struct hvs_snapshot *fake_snapshot_new(const char *id, const char *name, const char *vm,
                                       const char *parent);
void fake_snapshot_free(struct hvs_snapshot *s);

#endif

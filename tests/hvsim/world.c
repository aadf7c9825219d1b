#include "hvsim/world.h"

#include "base/err.h"
#include "base/secret.h"
#include "hvsim/enumerate.h"
#include "hvsim/job.h"
#include "hvsim/mischief.h"
#include "hvsim/scenario.h"
#include "hvsim/store.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct sim_world *sim_world_new(const char *scenario_file, sim_clock *clock, void *arg,
                                struct hvs_error *err)
{
    struct sim_world *world = sim_new(sizeof(*world));

    world->clock = clock;
    world->clock_arg = arg;
    if (sim_scenario_load(world, scenario_file, err) < 0) {
        sim_world_free(world);
        return NULL;
    }
    return world;
}

static void free_host(struct sim_host *host)
{
    size_t i;

    sim_contexts_clear(host);
    sim_jobs_clear(host);
    while (host->vm_count)
        sim_vm_remove(host, host->vms[host->vm_count - 1]);
    xmlHashFree(host->vm_index, NULL);
    xmlHashFree(host->snapshot_index, NULL);
    xmlHashFree(host->job_index, NULL);
    for (i = 0; i < host->counter_count; i++)
        free(host->counters[i].kind);
    for (i = 0; i < host->deferred_count; i++) {
        free(host->deferred[i].account);
        free(host->deferred[i].body);
    }
    free(host->counters);
    free(host->deferred);
    free(host->effects);
    free(host->contexts);
    free(host->active);
    free(host->vms);
    free(host->name);
    free(host->machine);
    free(host->os);
    hvs_buf_clear(&host->last);
    free(host);
}

void sim_world_free(struct sim_world *world)
{
    size_t i;

    if (!world)
        return;
    for (i = 0; i < world->host_count; i++)
        free_host(world->hosts[i]);
    for (i = 0; i < world->account_count; i++) {
        free(world->accounts[i].domain);
        free(world->accounts[i].user);
        hvs_secret_free(world->accounts[i].password);
    }
    for (i = 0; i < world->rule_count; i++)
        sim_rule_clear(&world->rules[i]);
    free(world->hosts);
    free(world->accounts);
    free(world->rules);
    sim_switchboard_clear(&world->switches);
    free(world);
}

int sim_world_set(struct sim_world *world, const char *assignment, struct hvs_error *err)
{
    size_t len = strcspn(assignment, "=");
    struct sim_rule rule;
    char *name;
    int rc;

    if (!assignment[len])
        return hvs_err_set(err, HVS_USAGE, 0, "'%s' is not NAME=VALUE", assignment);
    if (strncmp(assignment, "fault=", 6) == 0) {
        rc = sim_rule_parse(&rule, assignment + 6, err);
        if (rc == 0)
            *SIM_MORE(world->rules, world->rule_count) = rule;
        else
            sim_rule_clear(&rule);
        return rc;
    }
    name = sim_copy_n(assignment, len);
    rc = sim_switchboard_set(&world->switches, name, assignment + len + 1, err);
    free(name);
    return rc;
}

int64_t sim_world_now(const struct sim_world *world)
{
    return world->clock(world->clock_arg);
}

size_t sim_world_hosts(const struct sim_world *world)
{
    return world->host_count;
}

struct sim_host *sim_world_host(struct sim_world *world, size_t i)
{
    return i < world->host_count ? world->hosts[i] : NULL;
}

int64_t sim_host_clock(const struct sim_host *host)
{
    return sim_world_now(host->world) + host->ahead;
}

const char *sim_host_name(const struct sim_host *host)
{
    return host->name;
}

const char *sim_host_last(const struct sim_host *host)
{
    return hvs_buf_str(&host->last);
}

const char *sim_world_switch(const struct sim_world *world, const char *name)
{
    enum sim_switch which = sim_switch_find(name);

    return which == SW_COUNT ? "" : sim_switch_text(&world->switches, which);
}

/* The account of that user: of that domain, or of any (`len` SIZE_MAX). */
static const struct sim_account *find(const struct sim_world *world, const char *user,
                                      size_t user_len, const char *domain, size_t len)
{
    const struct sim_account *account;
    size_t i;

    for (i = 0; i < world->account_count; i++) {
        account = &world->accounts[i];
        if (strlen(account->user) == user_len &&
            strncasecmp(account->user, user, user_len) == 0 &&
            (len == SIZE_MAX || (strlen(account->domain) == len &&
                                 strncasecmp(account->domain, domain, len) == 0)))
            return account;
    }
    return NULL;
}

static bool domain_known(const struct sim_world *world, const char *domain, size_t len)
{
    size_t i;

    for (i = 0; i < world->account_count; i++)
        if (strlen(world->accounts[i].domain) == len &&
            strncasecmp(world->accounts[i].domain, domain, len) == 0)
            return true;
    return false;
}

const struct sim_account *sim_account_find(const struct sim_world *world,
                                           const char *account)
{
    const char *slash = account ? strchr(account, '\\') : NULL;
    const char *at = account ? strrchr(account, '@') : NULL;
    size_t len;

    if (!account)
        return NULL;
    if (slash) {
        len = (size_t)(slash - account);
        return find(world, slash + 1, strlen(slash + 1), account,
                    domain_known(world, account, len) ? len : SIZE_MAX);
    }
    if (!at)
        return find(world, account, strlen(account), "", SIZE_MAX);
    len = strlen(at + 1);
    return find(world, account, (size_t)(at - account), at + 1,
                domain_known(world, at + 1, len) ? len : SIZE_MAX);
}

const char *sim_world_password(const struct sim_world *world, const char *account)
{
    const struct sim_account *found = sim_account_find(world, account);

    return found ? found->password : NULL;
}

void sim_world_users(const struct sim_world *world, struct hvs_buf *out)
{
    const struct sim_account *account;
    size_t i;

    for (i = 0; i < world->account_count; i++) {
        account = &world->accounts[i];
        hvs_buf_printf(out, "%s:%s:%s\n", account->domain, account->user,
                       account->password);
    }
}

void sim_effect_add(struct sim_host *host, int type, const char *id, bool rival)
{
    struct sim_effect *effect = SIM_MORE(host->effects, host->effect_count);

    effect->type = type;
    effect->rival = rival;
    memcpy(effect->id, id, sizeof(effect->id));
}

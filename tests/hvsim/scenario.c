#include "hvsim/scenario.h"

#include "base/err.h"
#include "hvsim/mischief.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHERE_SIZE = 96, MOST_HOSTS = 10000 };

static int load_account(struct sim_world *world, const json_t *object, size_t i,
                        struct hvs_error *err)
{
    const char *domain = "", *user = NULL, *password = "", *rights = "full";
    struct sim_account *account;
    char where[WHERE_SIZE];

    snprintf(where, sizeof(where), "accounts[%zu]", i);
    if (sim_json_keys(object, "domain user password rights", where, err) < 0 ||
        sim_json_text(object, "domain", &domain, where, err) < 0 ||
        sim_json_text(object, "user", &user, where, err) < 0 ||
        sim_json_text(object, "password", &password, where, err) < 0 ||
        sim_json_text(object, "rights", &rights, where, err) < 0)
        return -1;
    if (!user || !*user)
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: %s has no 'user'", where);
    if (strcmp(rights, "full") != 0 && strcmp(rights, "read") != 0 &&
        strcmp(rights, "none") != 0)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "scenario: 'rights' of %s must be full, read or none", where);
    account = SIM_MORE(world->accounts, world->account_count);
    account->domain = sim_copy(domain);
    account->user = sim_copy(user);
    account->password = sim_copy(password);
    account->rights = rights[0] == 'f'   ? SIM_RIGHTS_FULL
                      : rights[0] == 'r' ? SIM_RIGHTS_READ
                                         : SIM_RIGHTS_NONE;
    return 0;
}

static int load_accounts(struct sim_world *world, const json_t *root,
                         struct hvs_error *err)
{
    static const char usual[] =
        "[{\"domain\":\"HVTEST\",\"user\":\"hvuser\",\"password\":\"Passw0rd!\"},"
        "{\"domain\":\"HVTEST\",\"user\":\"hvread\",\"password\":\"Passw0rd!\","
        "\"rights\":\"read\"},"
        "{\"domain\":\"HVTEST\",\"user\":\"hvnone\",\"password\":\"Passw0rd!\","
        "\"rights\":\"none\"}]";
    const json_t *list;
    json_t *made = NULL;
    size_t i;
    int rc = -1;

    if (sim_json_array(root, "accounts", &list, "the scenario", err) < 0)
        goto out;
    if (!list)
        list = made = json_loads(usual, 0, NULL);
    for (i = 0; i < json_array_size(list); i++)
        if (load_account(world, json_array_get(list, i), i, err) < 0)
            goto out;
    rc = 0;
out:
    json_decref(made);
    return rc;
}

static int load_switches(struct sim_world *world, const json_t *root,
                         struct hvs_error *err)
{
    json_t *switches = json_object_get(root, "switches"), *value;
    const char *key;

    if (switches && !json_is_object(switches))
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: 'switches' must be an object");
    json_object_foreach(switches, key, value)
    {
        if (!json_is_string(value))
            return hvs_err_set(err, HVS_USAGE, 0,
                               "scenario: switch '%s' must be a string", key);
        if (sim_switchboard_set(&world->switches, key, json_string_value(value), err) < 0)
            return -1;
    }
    return 0;
}

static int load_faults(struct sim_world *world, const json_t *root, struct hvs_error *err)
{
    const json_t *list;
    const char *spec;
    size_t i;

    if (sim_json_array(root, "faults", &list, "the scenario", err) < 0)
        return -1;
    for (i = 0; i < json_array_size(list); i++) {
        spec = json_string_value(json_array_get(list, i));
        if (!spec)
            return hvs_err_set(err, HVS_USAGE, 0,
                               "scenario: faults[%zu] must be a string", i);
        if (sim_rule_parse(SIM_MORE(world->rules, world->rule_count), spec, err) < 0)
            return -1;
    }
    return 0;
}

/* Names go into messages and paths as they are. */
static int check_host_name(const char *name, struct hvs_error *err)
{
    static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                               "0123456789-_.";

    if (!*name || strlen(name) > 63 || name[strspn(name, good)])
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: '%s' is no host name", name);
    return 0;
}

/* One of some hosts alike, the n-th from 1; or a host by itself, 0. */
struct place {
    char where[WHERE_SIZE];
    int64_t n;
};

/* A host's own name: where it is one of some, its number stands for the %d. */
static int number_name(char **out, const char *name, const char *key,
                       const struct place *place, struct hvs_error *err)
{
    struct hvs_buf text = HVS_BUF_INIT(128);
    const char *mark = place->n ? strstr(name, "%d") : NULL;

    if (place->n && !mark)
        return hvs_err_set(err, HVS_USAGE, 0,
                           "scenario: '%s' of %s needs a %%d for the number of the host",
                           key, place->where);
    if (mark)
        hvs_buf_printf(&text, "%.*s%lld%s", (int)(mark - name), name, (long long)place->n,
                       mark + 2);
    else
        hvs_buf_puts(&text, name);
    if (check_host_name(text.failed ? name : hvs_buf_str(&text), err) == 0)
        *out = sim_copy(hvs_buf_str(&text));
    hvs_buf_clear(&text);
    return *out ? 0 : -1;
}

static int load_names(struct sim_host *host, const json_t *object,
                      const struct place *place, struct hvs_error *err)
{
    const char *name = NULL, *machine = NULL, *locale = "en-US", *os = "10.0.20348";
    const char *where = place->where;

    if (sim_json_text(object, "name", &name, where, err) < 0 ||
        sim_json_text(object, "machine", &machine, where, err) < 0 ||
        sim_json_text(object, "locale", &locale, where, err) < 0 ||
        sim_json_text(object, "os", &os, where, err) < 0)
        return -1;
    if (!name)
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: %s has no 'name'", where);
    if (!sim_language_find(locale, &host->language))
        return hvs_err_set(err, HVS_USAGE, 0,
                           "scenario: 'locale' of %s must be en-US, de-DE or ja-JP",
                           where);
    host->speaking = host->language;
    if (check_host_name(os, err) < 0)
        return -1;
    host->os = sim_copy(os);
    if (number_name(&host->name, name, "name", place, err) < 0)
        return -1;
    return number_name(&host->machine, machine ? machine : name, "machine", place, err);
}

static int load_host(struct sim_world *world, const json_t *object,
                     const struct place *place, struct hvs_error *err)
{
    struct sim_host *host = sim_new(sizeof(*host));
    const char *where = place->where;
    int64_t offset = 0;

    *SIM_MORE(world->hosts, world->host_count) = host;
    host->world = world;
    host->hyperv = true;
    host->duration_ms = 2000;
    host->now = world->clock(world->clock_arg);
    host->last = (struct hvs_buf)HVS_BUF_INIT(4096);
    /* they grow by themselves, and there may be hundreds of hosts */
    host->vm_index = xmlHashCreate(32);
    host->snapshot_index = xmlHashCreate(32);
    host->job_index = xmlHashCreate(32);
    if (load_names(host, object, place, err) < 0 ||
        sim_json_number(object, "utc_offset", &offset, -840, 840, where, err) < 0 ||
        sim_json_bool(object, "hyperv", &host->hyperv, where, err) < 0 ||
        sim_json_number(object, "duration_ms", &host->duration_ms, 0, INT32_MAX, where,
                        err) < 0 ||
        sim_json_number(object, "merge_ms", &host->merge_ms, 0, INT32_MAX, where, err) <
            0)
        return -1;
    host->offset_minutes = (int)offset;
    return sim_scenario_vms(host, object, where, err);
}

/* One host, or with "count" so many alike. */
static int load_row(struct sim_world *world, const json_t *object, size_t i,
                    struct hvs_error *err)
{
    struct place place = {.n = 0};
    int64_t count = 0;

    snprintf(place.where, sizeof(place.where), "hosts[%zu]", i);
    if (sim_json_keys(object,
                      "name machine count locale os utc_offset hyperv duration_ms "
                      "merge_ms vms generate",
                      place.where, err) < 0 ||
        sim_json_number(object, "count", &count, 1, MOST_HOSTS, place.where, err) < 0)
        return -1;
    if (!count)
        return load_host(world, object, &place, err);
    for (place.n = 1; place.n <= count; place.n++)
        if (load_host(world, object, &place, err) < 0)
            return -1;
    return 0;
}

static int load_hosts(struct sim_world *world, const json_t *root, struct hvs_error *err)
{
    const json_t *list;
    size_t i;

    if (sim_json_array(root, "hosts", &list, "the scenario", err) < 0)
        return -1;
    if (!json_array_size(list))
        return hvs_err_set(err, HVS_USAGE, 0, "scenario: there is no host in 'hosts'");
    for (i = 0; i < json_array_size(list); i++)
        if (load_row(world, json_array_get(list, i), i, err) < 0)
            return -1;
    return 0;
}

int sim_scenario_load(struct sim_world *world, const char *file, struct hvs_error *err)
{
    json_error_t why;
    json_t *root = file ? json_load_file(file, JSON_REJECT_DUPLICATES, &why)
                        : json_loads(sim_scenario_builtin, 0, &why);
    int rc = -1;

    if (!root) {
        hvs_err_set(err, HVS_USAGE, 0, "scenario '%s', line %d: %s", file ? file : "",
                    why.line, why.text);
        goto out;
    }
    if (sim_json_keys(root, "hosts accounts switches faults about", "the scenario", err) <
            0 ||
        load_accounts(world, root, err) < 0 || load_switches(world, root, err) < 0 ||
        load_faults(world, root, err) < 0 || load_hosts(world, root, err) < 0) {
        hvs_err_prefix(err, file ? file : "the built-in one");
        goto out;
    }
    rc = 0;
out:
    json_decref(root);
    return rc;
}

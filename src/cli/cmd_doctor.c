#include "cli/call.h"

#include "base/err.h"
#include "cli/json.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Kerberos refuses tickets when clocks differ by more (RFC 4120, 7.5.9 and its default in
 * Windows). */
#define CLOCK_SKEW_MS (5 * 60 * 1000)

enum verdict { SKIPPED, PASSED, WARNED, FAILED };

/* The ladder: a rung that fails has those after it skipped. */
enum rung { CONNECT, WINRM, CLOCK, LOGIN, HYPERV, RUNGS };

static const char *const rung_names[RUNGS] = {"connect", "winrm", "clock", "login",
                                              "hyper-v"};

struct finding {
    enum verdict verdict;
    char seen[1200];
    char hint[512];
};

struct doctor {
    struct call *call;
    const struct work *work;
    struct finding findings[RUNGS];
    struct hvs_error err; /* the first failure */
};

static const struct opt doctor_opts[] = {OPT_END};

static const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {"skipped", "pass", "warning", "fail"};

    return names[verdict];
}

HVS_PRINTF(4, 5)
static void found(struct doctor *d, enum rung rung, enum verdict verdict, const char *fmt,
                  ...)
{
    struct finding *f = &d->findings[rung];
    va_list ap;

    f->verdict = verdict;
    va_start(ap, fmt);
    vsnprintf(f->seen, sizeof(f->seen), fmt, ap);
    va_end(ap);
}

static void hint(struct doctor *d, enum rung rung, const char *text)
{
    snprintf(d->findings[rung].hint, sizeof(d->findings[rung].hint), "%s", text);
}

static void failed(struct doctor *d, enum rung rung, const struct hvs_error *err)
{
    found(d, rung, FAILED, "%s", err->message);
    hint(d, rung, err->hint);
    if (d->err.domain == HVS_OK)
        d->err = *err;
}

static struct hvs_identity *identify(struct doctor *d, bool anonymous,
                                     struct hvs_error *err)
{
    struct hvs_client *client = d->work->host->client;
    struct hvs_identity *identity = NULL;
    struct hvs_run *running = NULL;

    if (call_begin(d->call, d->work, err) == 0 &&
        hvs_identify_start(&running, client, anonymous, err) == 0) {
        call_drive(d->call, d->work->label, running);
        if (hvs_identify_end(running, &identity, err) < 0)
            identity = NULL;
    }
    return identity;
}

/* The last exchange that was answered, or NULL. */
static const struct hvs_hop *last_hop(const struct doctor *d)
{
    const struct hvs_evidence *e = hvs_client_evidence(d->work->host->client);
    unsigned i;

    for (i = e->hop_count; i; i--) {
        if (e->hops[i - 1].status)
            return &e->hops[i - 1];
    }
    return NULL;
}

static void look_at_clock(struct doctor *d)
{
    const struct hvs_hop *hop = last_hop(d);
    int64_t ahead;

    if (!hop || !hop->host_clock)
        return;
    ahead = hop->host_clock - hop->our_clock;
    if (llabs(ahead) < CLOCK_SKEW_MS) {
        found(d, CLOCK, PASSED, "the host's clock and ours differ by %" PRId64 " s",
              (int64_t)llabs(ahead) / 1000);
        return;
    }
    found(d, CLOCK, WARNED, "the host's clock is %" PRId64 " s %s ours",
          (int64_t)llabs(ahead) / 1000, ahead > 0 ? "ahead of" : "behind");
    hint(d, CLOCK, "set both by NTP: with over 300 s between them Kerberos fails");
}

/* Reach the host, and ask it what it is before any login. True to go on. */
static bool reach(struct doctor *d)
{
    struct hvs_error err = {0};
    struct hvs_identity *identity = identify(d, true, &err);
    const struct hvs_hop *hop = last_hop(d);

    if (!hop) {
        failed(d, CONNECT, &err);
        goto out;
    }
    found(d, CONNECT, PASSED, "it answers, with HTTP status %d%s%s", hop->status,
          *hop->schemes ? ", and offers " : "", hop->schemes);
    look_at_clock(d);
    if (identity) {
        found(d, WINRM, PASSED, "%s, %s", identity->vendor, identity->version);
    } else if (hop->status == 401) {
        found(d, WINRM, WARNED, "it does not say what it is before a login");
    } else {
        failed(d, WINRM, &err);
    }
out:
    hvs_identity_free(identity);
    return d->err.domain == HVS_OK;
}

static bool log_in(struct doctor *d)
{
    const struct hvs_evidence *e = hvs_client_evidence(d->work->host->client);
    struct hvs_error err = d->work->host->no_login;
    struct hvs_identity *identity = err.domain ? NULL : identify(d, false, &err);

    if (!identity) {
        failed(d, LOGIN, &err);
        return false;
    }
    found(d, LOGIN, PASSED, "%s%s%.200s%s%.200s%s%.200s%s; %s",
          *e->mechanism ? e->mechanism : "logged in", *e->account ? " as " : "",
          e->account, *e->domain ? " of " : "", e->domain, *e->spn ? ", to " : "", e->spn,
          e->bound ? ", bound to the host's certificate" : "", identity->version);
    hvs_identity_free(identity);
    return true;
}

static void look_at_vms(struct doctor *d)
{
    struct hvs_vm_list *list = NULL;
    struct hvs_run *running = NULL;
    struct hvs_error err = {0};

    if (call_begin(d->call, d->work, &err) == 0 &&
        hvs_vm_list_start(&running, d->work->host->client, NULL, &err) == 0) {
        call_drive(d->call, d->work->label, running);
        if (hvs_vm_list_end(running, &list, &err) < 0)
            list = NULL;
    }
    if (!list) {
        failed(d, HYPERV, &err);
    } else if (list->maybe_no_rights) {
        found(d, HYPERV, WARNED, "it shows no VMs, and not even itself");
        hint(d, HYPERV,
             "hosts show an account without rights an empty list: put it into the host's "
             "group Hyper-V Administrators");
    } else {
        found(d, HYPERV, PASSED, "%zu VM%s", list->count, list->count == 1 ? "" : "s");
    }
    hvs_vm_list_free(list);
}

static json_t *evidence(const struct hvs_evidence *e)
{
    json_t *out = json_object();

    json_put(&out, "mechanism", json_text_or_null(e->mechanism));
    json_put(&out, "account", json_text_or_null(e->account));
    json_put(&out, "domain", json_text_or_null(e->domain));
    json_put(&out, "spn", json_text_or_null(e->spn));
    json_put(&out, "ntlm_flags", json_integer(e->ntlm_flags));
    json_put(&out, "gss_major", json_integer(e->gss_major));
    json_put(&out, "gss_minor", json_integer(e->gss_minor));
    json_put(&out, "bound", json_boolean(e->bound));
    json_put(&out, "requests", json_integer(e->requests));
    json_put(&out, "logins", json_integer(e->logins));
    return out;
}

static json_t *item(const struct doctor *d)
{
    json_t *rungs = json_array(), *out = json_object(), *rung;
    const struct finding *f;
    int i;

    for (i = 0; i < RUNGS; i++) {
        f = &d->findings[i];
        rung = json_object();
        json_put(&rung, "name", json_string(rung_names[i]));
        json_put(&rung, "verdict", json_string(verdict_name(f->verdict)));
        json_put(&rung, "seen", json_text_or_null(f->seen));
        json_put(&rung, "hint", json_text_or_null(f->hint));
        json_push(&rungs, rung);
    }
    json_put(&out, "host", json_text(d->work->host->name));
    json_put(&out, "rungs", rungs);
    json_put(&out, "evidence", evidence(hvs_client_evidence(d->work->host->client)));
    json_put_error(&out, &d->err);
    return out;
}

/* A line in the last column alone. */
static void more(struct table *table, const char *what, const char *text)
{
    table_cell(table, "");
    table_cell(table, "");
    table_cell_after(table, what, text);
}

static void rows(const struct doctor *d)
{
    struct table *table = &d->call->out.table;
    const struct finding *f;
    char line[256];
    const char *at;
    size_t len;
    int i;

    for (i = 0; i < RUNGS; i++) {
        f = &d->findings[i];
        table_cell(table, rung_names[i]);
        table_cell(table, verdict_name(f->verdict));
        table_cell(table, *f->seen ? f->seen : "-");
        for (at = d->err.detail; f->verdict == FAILED && *at;
             at += len + (at[len] == '\n')) {
            len = strcspn(at, "\n");
            snprintf(line, sizeof(line), "%.*s", (int)len, at);
            more(table, "  ", line);
        }
        if (*f->hint)
            more(table, "try: ", f->hint);
    }
}

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"CHECK", "RESULT", "SEEN"};
    struct doctor *d = calloc(1, sizeof(*d));

    if (!d)
        return hvs_err_memory(err);
    d->call = call;
    d->work = &call->works[0];
    if (reach(d) && log_in(d))
        look_at_vms(d);
    if (output_is_json(&call->out)) {
        output_item(&call->out, item(d));
    } else {
        table_start(&call->out.table, headings, 3);
        rows(d);
    }
    call_count(call, NULL, &d->err);
    free(d);
    return 0;
}

const struct command command_doctor = {
    .name = "doctor",
    .operands = "[HOST]",
    .summary = "find out why a host cannot be used, step by step",
    .about =
        "Reads only. Each check says what was seen, and what to try when it failed.\n",
    .examples = "  hvsnap doctor hv01\n"
                "  hvsnap doctor -H http://hv01 --user 'CORP\\ops' -o json\n",
    .opts = doctor_opts,
    .list = "hosts",
    .targets = TARGET_HOST,
    .run = run,
};

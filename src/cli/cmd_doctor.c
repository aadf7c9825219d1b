#include "cli/call.h"

#include "base/err.h"
#include "cli/json.h"
#include "cli/report.h"
#include "cli/signals.h"

#include <stdlib.h>
#include <string.h>

struct doctor_args {
    bool all;
    const char *report;
    int names; /* 0: told in the report */
};

static const struct opt doctor_opts[] = {
    OPT(struct doctor_args, all, 'a', "all", NULL,
        "try every way to log in: may lock the account"),
    OPT(struct doctor_args, report, 0, "report", "FILE",
        "write what was seen, for a bug report"),
    OPT_ROW(struct doctor_args, names, 0, "report-names", "WORD", "yes|no", 0,
            "whether it tells hosts and users"),
    OPT_END,
};

static json_t *hops(const struct hvs_evidence *e)
{
    json_t *out = json_array(), *hop;
    char when[32];
    unsigned i;

    for (i = 0; i < e->hop_count; i++) {
        const struct hvs_hop *h = &e->hops[i];

        hop = json_object();
        json_put(&hop, "login", json_boolean(h->login));
        json_put(&hop, "network", json_integer(h->net_code));
        json_put(&hop, "status", json_integer(h->status));
        json_put(&hop, "schemes", json_text_or_null(h->schemes));
        json_put(&hop, "host_clock",
                 json_text_or_null(h->host_clock ? time_utc(h->host_clock, when) : ""));
        json_put(&hop, "our_clock", json_text_or_null(time_utc(h->our_clock, when)));
        json_push(&out, hop);
    }
    return out;
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
    json_put(&out, "hops", hops(e));
    return out;
}

static json_t *certificate(const struct hvs_certificate *c)
{
    json_t *out;
    char when[32];

    if (!c)
        return json_null();
    out = json_object();
    json_put(&out, "subject", json_text(c->subject));
    json_put(&out, "issuer", json_text(c->issuer));
    json_put(&out, "names", json_text(c->names));
    json_put(&out, "not_before", json_string(time_utc(c->not_before, when)));
    json_put(&out, "not_after", json_string(time_utc(c->not_after, when)));
    json_put(&out, "pin", json_text_or_null(c->pin));
    json_put(&out, "thumbprint", json_text_or_null(c->thumbprint));
    return out;
}

/* The next of the lines in *text, in `line`; false at the end. */
static bool next_line(const char **text, char *line, size_t size)
{
    size_t len = strcspn(*text, "\n");

    if (!**text)
        return false;
    snprintf(line, size, "%.*s", (int)len, *text);
    *text += len + ((*text)[len] == '\n');
    return true;
}

static json_t *rung(const struct hvs_finding *f)
{
    json_t *out = json_object(), *causes = json_array();
    const char *text = f->causes;
    char line[1600];

    json_put(&out, "name", json_string(hvs_rung_name(f->rung)));
    if (f->mechanism[0])
        json_put(&out, "mechanism", json_text(f->mechanism));
    json_put(&out, "verdict", json_string(hvs_verdict_name(f->verdict)));
    json_put(&out, "seen", json_text_or_null(f->seen));
    json_put(&out, "hint", json_text_or_null(f->hint));
    while (next_line(&text, line, sizeof(line)))
        json_push(&causes, json_text(line));
    json_put(&out, "causes", causes);
    json_put(&out, "command", json_text_or_null(f->command));
    json_put(&out, "host_command", json_text_or_null(f->host_command));
    return out;
}

static json_t *item(const struct work *work, const struct hvs_doctor_report *report,
                    const struct hvs_error *err)
{
    json_t *rungs = json_array(), *others = json_array(), *out = json_object();
    size_t i;

    for (i = 0; report && i < report->count; i++)
        json_push(report->findings[i]->mechanism[0] ? &others : &rungs,
                  rung(report->findings[i]));
    json_put(&out, "host", json_text(work->host->name));
    json_put(&out, "rungs", rungs);
    json_put(&out, "other_logins", others);
    json_put(&out, "certificate", certificate(report ? report->certificate : NULL));
    json_put(&out, "evidence", report ? evidence(report->evidence) : json_null());
    json_put_error(&out, err);
    return out;
}

/* Lines in the last column alone, the first one after `what`. */
static void more(struct table *table, const char *what, const char *text)
{
    char line[1600];

    while (next_line(&text, line, sizeof(line))) {
        table_cell(table, "");
        table_cell(table, "");
        table_cell_after(table, what, line);
    }
}

/* The causes, with their rank before them. */
static void ranked(struct table *table, const char *text)
{
    char line[1600], rank[32];
    int i;

    for (i = 1; next_line(&text, line, sizeof(line)); i++) {
        snprintf(rank, sizeof(rank), "%s %d. ", i == 1 ? "likely:" : "       ", i);
        more(table, rank, line);
    }
}

static void rows(struct table *table, const struct hvs_doctor_report *report)
{
    const struct hvs_finding *f;
    const char *seen;
    char line[1100];
    size_t i;

    for (i = 0; i < report->count; i++) {
        f = report->findings[i];
        seen = f->seen;
        table_cell(table, f->mechanism[0] ? f->mechanism : hvs_rung_name(f->rung));
        table_cell(table, hvs_verdict_name(f->verdict));
        table_cell(table, next_line(&seen, line, sizeof(line)) ? line : "-");
        more(table, "  ", seen);
        ranked(table, f->causes);
        more(table, "try: ", f->hint);
        more(table, "here: ", f->command);
        more(table, "on the host: ", f->host_command);
    }
}

/* What was asked for, as far as it may be told. */
static json_t *asked(const struct work *work)
{
    const struct settings *s = &work->host->settings;
    static const char *const methods[] = {"negotiate", "kerberos", "ntlm", "basic",
                                          "certificate"};
    json_t *out = json_object();
    unsigned how = (unsigned)s->auth;

    json_put(&out, "host", json_text(work->target.host));
    json_put(&out, "port", json_integer((json_int_t)s->port));
    json_put(&out, "clear_http", json_boolean(work->host->opts.plain_http));
    json_put(&out, "auth", json_string(how < 5 ? methods[how] : "?"));
    json_put(&out, "user", json_text(s->user));
    json_put(&out, "password", json_boolean(work->host->opts.password != NULL));
    json_put(&out, "keytab", json_boolean(s->keytab != NULL));
    json_put(&out, "service", json_text(work->host->opts.service));
    json_put(&out, "ca_file", json_boolean(s->ca_file != NULL));
    json_put(&out, "pins", json_integer((json_int_t)s->pin.count));
    json_put(&out, "tls_name", json_text(s->tls_name));
    json_put(&out, "connect_to", json_text(s->connect_to));
    json_put(&out, "proxy", json_boolean(s->proxy != NULL));
    json_put(&out, "insecure", json_boolean(s->insecure));
    return out;
}

/* All that would tell whose host it was. The certificate's names and the addresses
 * are dropped before. */
static void hide_names(json_t **document, const struct work *work,
                       const struct hvs_doctor_report *report)
{
    const struct hvs_evidence *e = report->evidence;
    const char *user = work->host->settings.user ? work->host->settings.user : "";
    const char *cut = strpbrk(user, "\\@");
    const char *host = work->target.host;
    char first[256], label[256];
    const struct settings *s = &work->host->settings;
    const char *names[] = {user,
                           host,
                           e->account,
                           e->domain,
                           first,
                           label,
                           cut ? cut + 1 : "",
                           s->tls_name ? s->tls_name : "",
                           s->connect_to ? s->connect_to : "",
                           NULL};

    /* the parts of DOMAIN\user and hv01.example.com stand alone too */
    snprintf(first, sizeof(first), "%.*s", (int)strcspn(user, "\\@"), user);
    snprintf(label, sizeof(label), "%.*s", (int)strcspn(host, "."), host);
    report_hide(document, names);
}

/* Addresses, and what is in the certificate or tells which one it is. False when they
 * are still there. */
static bool drop_names(json_t *result)
{
    json_t *certificate_ = json_object_get(result, "certificate"), *found;
    static const char *const of_certificate[] = {"subject", "issuer", "names",
                                                 "thumbprint", "pin"};
    bool dropped = true;
    const char *name;
    size_t i;

    for (i = 0; i < 5 && dropped && json_is_object(certificate_); i++)
        dropped = json_object_set_new(certificate_, of_certificate[i],
                                      json_string("(hidden)")) == 0;
    json_array_foreach(json_object_get(result, "rungs"), i, found)
    {
        name = json_string_value(json_object_get(found, "name"));
        if (name && (strcmp(name, "resolve") == 0 || strcmp(name, "tcp") == 0 ||
                     strcmp(name, "tls") == 0))
            dropped = json_object_set_new(found, "seen", json_string("(hidden)")) == 0 &&
                      dropped;
    }
    return dropped;
}

static int write_report(const struct call *call, const struct work *work,
                        const struct hvs_doctor_report *report,
                        const struct hvs_error *failure, struct hvs_error *err)
{
    const struct doctor_args *args = call->args;
    json_t *out = json_object(), *result = item(work, report, failure);
    int rc;

    json_put(&out, "schema", json_string("hvsnap/v1"));
    json_put(&out, "command", json_string("doctor"));
    json_put(&out, "version", json_string(hvs_version()));
    json_put(&out, "libraries", json_string(hvs_version_details()));
    json_put(&out, "asked", asked(work));
    if (args->names && result && !drop_names(result)) {
        json_decref(result);
        result = NULL;
    }
    json_put(&out, "result", result);
    if (args->names && out)
        hide_names(&out, work, report);
    rc = report_write(out, args->report, err);
    json_decref(out);
    return rc;
}

static int run(struct call *call, struct hvs_error *err)
{
    static const char *const headings[] = {"CHECK", "RESULT", "SEEN"};
    const struct doctor_args *args = call->args;
    struct work *work = &call->works[0];
    struct hvs_doctor_opts opts = HVS_DOCTOR_OPTS_INIT;
    struct hvs_doctor_report *report = NULL;
    struct hvs_error why = {0};
    int rc = 0;

    opts.all = args->all;
    opts.stop_fd = signals_fd();
    work->host->opts.timeout_ms = (uint32_t)call_limit(call);
    if (hvs_doctor(&report, &work->host->opts, &opts, &why) < 0 && signals_caught()) {
        why = (struct hvs_error){0};
        signals_error(&why);
    }
    if (report && args->report)
        rc = write_report(call, work, report, &why, err);
    if (output_is_json(&call->out)) {
        output_item(&call->out, item(work, report, &why));
    } else if (report) {
        table_start(&call->out.table, headings, 3);
        rows(&call->out.table, report);
    }
    call_count(call, report ? NULL : work->label, &why);
    hvs_doctor_report_free(report);
    return rc;
}

const struct command command_doctor = {
    .name = "doctor",
    .operands = "[HOST]",
    .summary = "find out why a host cannot be used, step by step",
    .about =
        "Reads only. Each check says what was seen, and what to try when it failed. The\n"
        "first check that fails decides the exit status; those after it are skipped.\n",
    .examples = "  hvsnap doctor hv01\n"
                "  hvsnap doctor -H http://hv01 --user 'CORP\\ops' -o json\n"
                "  hvsnap doctor hv01 --report hv01.json\n",
    .opts = doctor_opts,
    .args_size = sizeof(struct doctor_args),
    .list = "hosts",
    .targets = TARGET_HOST,
    .run = run,
};

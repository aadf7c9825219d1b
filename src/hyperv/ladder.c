#include "hyperv/ladder.h"

#include "base/buf.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct hvs_finding *hvs_ladder_say(struct hvs_ladder *ladder, enum hvs_rung rung,
                                   enum hvs_verdict verdict, const char *fmt, ...)
{
    struct hvs_finding *finding = ladder->found[rung];
    va_list ap;

    finding->verdict = verdict;
    va_start(ap, fmt);
    vsnprintf(finding->seen, sizeof(finding->seen), fmt, ap);
    va_end(ap);
    hvs_utf8_trim(finding->seen);
    return finding;
}

struct hvs_finding *hvs_ladder_fail(struct hvs_ladder *ladder, enum hvs_rung rung,
                                    const struct hvs_error *why)
{
    struct hvs_finding *finding;
    struct hvs_error said = *why; /* perhaps by the host */

    hvs_utf8_one_line(said.message);
    hvs_utf8_one_line(said.detail);
    finding = hvs_ladder_say(ladder, rung, HVS_VERDICT_FAIL, "%s%s%s", said.message,
                             said.detail[0] ? "\n" : "", said.detail);
    hvs_finding_hint(finding, why->hint);
    if (!ladder->err.domain)
        ladder->err = *why;
    return finding;
}

void hvs_finding_hint(struct hvs_finding *finding, const char *text)
{
    snprintf(finding->hint, sizeof(finding->hint), "%s", text);
    hvs_utf8_trim(finding->hint);
}

/* Append, cut at a character. */
HVS_PRINTF(3, 0)
static void append(char *to, size_t size, const char *fmt, va_list ap)
{
    size_t len = strlen(to);

    vsnprintf(to + len, size - len, fmt, ap);
    hvs_utf8_trim(to);
}

void hvs_finding_cause(struct hvs_finding *finding, const char *fmt, ...)
{
    va_list ap;

    if (finding->causes[0] && strlen(finding->causes) + 2 < sizeof(finding->causes))
        memcpy(finding->causes + strlen(finding->causes), "\n", 2);
    va_start(ap, fmt);
    append(finding->causes, sizeof(finding->causes), fmt, ap);
    va_end(ap);
}

void hvs_finding_on_host(struct hvs_finding *finding, const char *fmt, ...)
{
    va_list ap;

    finding->host_command[0] = '\0';
    va_start(ap, fmt);
    append(finding->host_command, sizeof(finding->host_command), fmt, ap);
    va_end(ap);
}

void hvs_finding_command(struct hvs_finding *finding, const char *fmt, ...)
{
    va_list ap;

    finding->command[0] = '\0';
    va_start(ap, fmt);
    append(finding->command, sizeof(finding->command), fmt, ap);
    va_end(ap);
}

/* " --option 'value'", for a shell. A quote in the value is written as '\''. */
static void add_option(struct hvs_buf *out, const char *option, const char *value)
{
    if (!value)
        return;
    hvs_buf_printf(out, "%s%s'", option, *option ? " " : "");
    for (; *value; value++) {
        if (*value == '\'')
            hvs_buf_puts(out, "'\\''");
        else
            hvs_buf_add(out, value, 1);
    }
    hvs_buf_puts(out, "'");
}

/* The host as a target; the default port of the other scheme is not said. */
static void add_target(struct hvs_buf *out, const struct hvs_ladder *ladder,
                       bool plain_http, bool with_port)
{
    const struct hvs_client_opts *opts = &ladder->opts;
    struct hvs_buf target = HVS_BUF_INIT(1024);
    bool v6 = strchr(opts->host, ':') != NULL;

    hvs_buf_printf(&target, "%s%s%s%s", plain_http ? "http://" : "", v6 ? "[" : "",
                   opts->host, v6 ? "]" : "");
    if (opts->port && with_port)
        hvs_buf_printf(&target, ":%u", (unsigned)opts->port);
    add_option(out, "", hvs_buf_str(&target));
    hvs_buf_clear(&target);
}

void hvs_ladder_again(const struct hvs_ladder *ladder, struct hvs_finding *finding,
                      const struct hvs_again *again)
{
    static const char *const methods[] = {NULL, "kerberos", "ntlm", "basic"};
    const struct hvs_client_opts *opts = &ladder->opts;
    const char *auth = (unsigned)opts->auth < 4 ? methods[opts->auth] : NULL;
    struct hvs_buf out = HVS_BUF_INIT(sizeof(finding->command) - 1);
    const char *option = again->option ? again->option : "";

    hvs_buf_puts(&out, "hvsnap doctor ");
    add_target(&out, ladder, opts->plain_http != again->other_scheme,
               !again->other_scheme);
    if (strcmp(option, "--user") != 0)
        add_option(&out, " --user", opts->user);
    auth = again->auth ? again->auth : auth;
    if (auth)
        hvs_buf_printf(&out, " --auth %s", auth);
    add_option(&out, " --ca-file", opts->ca_file);
    add_option(&out, " --connect-to", opts->connect_to);
    add_option(&out, " --proxy", opts->proxy);
    if (again->option) {
        hvs_buf_printf(&out, " %s", again->option);
        if (again->value)
            hvs_buf_puts(&out, " ");
        add_option(&out, "", again->value);
    }
    hvs_finding_command(finding, "%s", hvs_buf_str(&out));
    hvs_buf_clear(&out);
}

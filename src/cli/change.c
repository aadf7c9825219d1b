#include "cli/change.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/utf8.h"
#include "base/uuid.h"
#include "cli/json.h"

#include <stdio.h>
#include <string.h>

enum { HINT_MAX = 20480 };

json_t *change_item(const struct work *work, const char *vm_id, enum hvs_outcome outcome,
                    const char *job, const struct hvs_snapshot *snapshot)
{
    const struct hvs_snapshot *s = snapshot;
    bool by_id = hvs_uuid_valid(work->target.vm);
    json_t *vm = json_object(), *out = json_object();

    json_put(&vm, "id", json_text_or_null(vm_id && *vm_id ? vm_id : s ? s->vm_id : NULL));
    json_put(&vm, "name", json_text(s ? s->vm_name : by_id ? NULL : work->target.vm));
    json_put(&out, "host", json_text(work->host->name));
    json_put(&out, "vm", vm);
    json_put(&out, "outcome", json_string(hvs_outcome_name(outcome)));
    json_put(&out, "changed", json_boolean(outcome != HVS_OUTCOME_NOT_DONE));
    json_put(&out, "job", json_text_or_null(job));
    json_put(&out, "snapshot", json_snapshot(s));
    return out;
}

/* "'http://hv01/web 1'": a target that a shell takes as it stands. */
static void quote_target(struct hvs_buf *out, const struct work *work)
{
    const char *c;

    hvs_buf_puts(out, "'");
    if (work->host->opts.plain_http)
        hvs_buf_puts(out, "http://");
    for (c = work->label; *c; c++) {
        if (*c == '\'')
            hvs_buf_puts(out, "'\\''");
        else
            hvs_buf_add(out, c, 1);
    }
    hvs_buf_puts(out, "'");
}

/* The library lets no id by that is no GUID: it needs no quotes. */
static void add_command(struct hvs_buf *out, const struct work *work, const char *verb,
                        const char *id, const char *options)
{
    hvs_buf_printf(out, "hvsnap %s ", verb);
    quote_target(out, work);
    hvs_buf_printf(out, " %s%s", id, options);
}

void change_delete_hint(const struct work *work, const char *id, struct hvs_error *err)
{
    struct hvs_buf hint = HVS_BUF_INIT(HINT_MAX);

    add_command(&hint, work, "delete", id, "");
    snprintf(err->hint, sizeof(err->hint), "%s", hvs_buf_str(&hint));
    hvs_utf8_trim(err->hint);
    hvs_buf_clear(&hint);
}

void change_add_hint(const struct work *work, const char *verb, const char *id,
                     const char *options, struct hvs_error *err)
{
    struct hvs_buf text = HVS_BUF_INIT(HINT_MAX);

    add_command(&text, work, verb, id, options);
    /* half a command would be worse than none of the rest */
    if (strlen(err->hint) + strlen("; ") + text.len >= sizeof(err->hint))
        err->hint[0] = '\0';
    hvs_err_add_hint(err, hvs_buf_str(&text));
    hvs_buf_clear(&text);
}

void change_hint(const struct work *work, const char *job, enum hvs_outcome outcome,
                 struct hvs_error *err)
{
    struct hvs_buf hint = HVS_BUF_INIT(HINT_MAX);

    if (!err->domain ||
        (outcome != HVS_OUTCOME_STARTED && outcome != HVS_OUTCOME_UNKNOWN))
        return;
    if (outcome == HVS_OUTCOME_STARTED)
        hvs_buf_printf(&hint, "the host goes on with job %s; look with hvsnap list ",
                       job);
    else if (*job)
        hvs_buf_printf(&hint,
                       "the host's job was %s; before you repeat it, look with "
                       "hvsnap list ",
                       job);
    else
        hvs_buf_puts(&hint, "before you repeat it, look with hvsnap list ");
    quote_target(&hint, work);
    snprintf(err->hint, sizeof(err->hint), "%s", hvs_buf_str(&hint));
    hvs_utf8_trim(err->hint);
    hvs_buf_clear(&hint);
}

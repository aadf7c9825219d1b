#include "cli/json.h"

#include "base/date.h"
#include "base/utf8.h"
#include "cli/escape.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

json_t *json_text(const char *text)
{
    json_t *value;
    char *safe;

    if (!text)
        return json_null();
    if (hvs_utf8_valid(text, strlen(text)))
        return json_string(text);
    safe = escape_line(text);
    value = safe ? json_string(safe) : NULL;
    free(safe);
    return value;
}

json_t *json_text_or_null(const char *text)
{
    return json_text(text && *text ? text : NULL);
}

const char *time_utc(int64_t ms, char buf[32])
{
    buf[0] = '\0';
    return ms == HVS_TIME_NONE ? buf : hvs_date_text(ms, buf);
}

const char *time_local(int64_t ms, char buf[32])
{
    time_t when = (time_t)hvs_floor_div(ms, 1000);
    struct tm tm;

    buf[0] = '-';
    buf[1] = '\0';
    if (ms != HVS_TIME_NONE && localtime_r(&when, &tm))
        strftime(buf, 32, "%Y-%m-%d %H:%M:%S", &tm);
    return buf;
}

static json_t *labels(const struct hvs_snapshot *s)
{
    json_t *out = json_object();
    size_t i;

    for (i = 0; i < s->label_count; i++)
        json_put(&out, s->labels[i].key, json_text(s->labels[i].value));
    return out;
}

json_t *json_snapshot(const struct hvs_snapshot *snapshot)
{
    const struct hvs_snapshot *s = snapshot;
    json_t *out;
    char created[32];

    if (!s)
        return json_null();
    out = json_object();
    json_put(&out, "id", json_text(s->id));
    json_put(&out, "name", json_text(s->name));
    json_put(&out, "vm_id", json_text(s->vm_id));
    json_put(&out, "vm_name", json_text(s->vm_name));
    json_put(&out, "parent_id", json_text_or_null(s->parent_id));
    json_put(&out, "created", json_text_or_null(time_utc(s->created_ms, created)));
    json_put(&out, "kind", json_string(hvs_snapshot_kind_name(s->kind)));
    json_put(&out, "type", json_string(hvs_checkpoint_type_name(s->type)));
    json_put(&out, "current", json_boolean(s->current));
    json_put(&out, "saved_state", json_boolean(s->saved_state));
    json_put(&out, "notes", json_text(s->notes));
    json_put(&out, "labels", labels(s));
    json_put(&out, "expires", json_text_or_null(time_utc(s->expires_ms, created)));
    return out;
}

json_t *json_vm(const struct hvs_vm *vm)
{
    json_t *out = json_object();
    char state[16];

    json_put(&out, "id", json_text(vm->id));
    json_put(&out, "name", json_text(vm->name));
    json_put(&out, "state", json_text(hvs_vm_state_name(vm->state, state)));
    json_put(&out, "uptime_ms", json_integer((json_int_t)vm->uptime_ms));
    json_put(&out, "version", json_text_or_null(vm->version));
    json_put(&out, "generation",
             vm->generation ? json_integer(vm->generation) : json_null());
    json_put(&out, "checkpoint", json_string(hvs_checkpoint_type_name(vm->checkpoint)));
    json_put(&out, "current_id", json_text_or_null(vm->current_id));
    json_put(&out, "snapshots", json_integer(vm->snapshots));
    json_put(&out, "operation", json_text_or_null(vm->operation));
    return out;
}

json_t *json_job(const struct hvs_job *job)
{
    json_t *out;
    char text[32];

    if (!job)
        return json_null();
    out = json_object();
    json_put(&out, "id", json_text(job->id));
    json_put(&out, "type", json_text(hvs_job_type_name(job, text)));
    json_put(&out, "state", json_text(hvs_job_state_name(job->state, text)));
    json_put(&out, "over", json_boolean(job->over));
    json_put(&out, "percent", json_integer(job->percent));
    json_put(&out, "cancellable", json_boolean(job->cancellable));
    json_put(&out, "owner", json_text_or_null(job->owner));
    json_put(&out, "vm_id", json_text_or_null(job->vm_id));
    json_put(&out, "vm_name", json_text_or_null(job->vm_name));
    json_put(&out, "snapshot_id", json_text_or_null(job->snapshot_id));
    json_put(&out, "started", json_text_or_null(time_utc(job->started_ms, text)));
    json_put(&out, "elapsed_ms", json_integer(job->elapsed_ms));
    json_put(&out, "caption", json_text_or_null(job->caption));
    json_put(&out, "failure", json_text_or_null(job->error));
    return out;
}

json_t *json_error_of(const struct hvs_error *err)
{
    json_t *out = json_object();

    json_put(&out, "class", json_string(hvs_class_name(err->class_)));
    json_put(&out, "exit", json_integer(err->class_));
    json_put(&out, "domain", json_string(hvs_domain_name(err->domain)));
    json_put(&out, "code", json_integer(err->code));
    json_put(&out, "message", json_text(err->message));
    json_put(&out, "hint", json_text_or_null(err->hint));
    json_put(&out, "detail", json_text_or_null(err->detail));
    return out;
}

void json_put_error(json_t **object, const struct hvs_error *err)
{
    if (err->domain)
        json_put(object, "error", json_error_of(err));
}

/* Drop what could not be filled in full. */
static void give_up(json_t **whole)
{
    json_decref(*whole);
    *whole = NULL;
}

void json_put(json_t **object, const char *key, json_t *value)
{
    if (!*object)
        json_decref(value);
    else if (!value || json_object_set_new(*object, key, value) < 0)
        give_up(object);
}

void json_push(json_t **array, json_t *value)
{
    if (!*array)
        json_decref(value);
    else if (!value || json_array_append_new(*array, value) < 0)
        give_up(array);
}

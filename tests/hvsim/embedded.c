#include "hvsim/cimxml.h"
#include "hvsim/invoke.h"
#include "hvsim/times.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Recorded: any form but TYPE="datetime" with the native text makes the call fail with
 * 32768. */
static int check_value(const struct sim_property *property,
                       const struct sim_cim_property *given)
{
    const char *type = given->type ? given->type : "";
    bool time = property->type == SIM_TIME || property->type == SIM_INTERVAL;
    const char *text;
    size_t i;

    if (given->array != ((property->flags & SIM_ARRAY) != 0))
        return SIM_INVALID_PARAMETER;
    for (i = 0; i < given->count; i++) {
        text = given->values[i];
        if (time && (strcasecmp(type, "datetime") != 0 || !sim_is_native(text)))
            return SIM_FAILED;
        if (property->type == SIM_NUMBER &&
            (!*text || strlen(text) > 20 || text[strspn(text, "0123456789")]))
            return SIM_INVALID_PARAMETER;
        if (property->type == SIM_BOOL && strcasecmp(text, "true") != 0 &&
            strcasecmp(text, "false") != 0)
            return SIM_INVALID_PARAMETER;
    }
    return SIM_DONE;
}

int sim_embedded_read(struct sim_call *call, const struct sim_arg *arg,
                      struct sim_cim *cim, const struct sim_class *class_)
{
    int code, at;
    size_t i;

    *cim = (struct sim_cim){0};
    if (!arg->cdata && sim_is(call->host, SW_EMBEDDED_ESCAPED, "refuse"))
        return SIM_INVALID_PARAMETER;
    code = sim_cim_parse(cim, sim_arg_text(arg),
                         sim_is(call->host, SW_EMBEDDED_ENTITIES, "decode"),
                         sim_is(call->host, SW_EMBEDDED_QUOTES, "decode"));
    if (code)
        return code;
    if (strcasecmp(cim->class_, class_->name) != 0)
        return SIM_INVALID_PARAMETER;
    for (i = 0; i < cim->count; i++) {
        at = sim_property_find(class_, cim->properties[i].name);
        if (at < 0)
            return SIM_INVALID_PARAMETER;
        code = check_value(&class_->properties[at], &cim->properties[i]);
        if (code)
            return code;
    }
    return SIM_DONE;
}

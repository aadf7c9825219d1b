#include "hvsim/manners.h"

#include "hvsim/accept.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is(const struct sim_world *world, const char *name, const char *value)
{
    return strcasecmp(sim_world_switch(world, name), value) == 0;
}

/* Does the comma-separated list hold the word? */
static bool lists(const char *list, const char *word)
{
    size_t len;

    for (; *list; list += len + (list[len] == ',')) {
        list += strspn(list, " ");
        len = strcspn(list, ",");
        if (len == strlen(word) && strncasecmp(list, word, len) == 0)
            return true;
    }
    return false;
}

/* MaxEnvelopeSizekb, 500 since Windows Server 2012, holds for requests as for replies. */
static size_t envelope(const struct sim_world *world)
{
    long kib = strtol(sim_world_switch(world, "max-envelope"), NULL, 10);

    return (kib > 0 && kib <= 8192 ? (size_t)kib : 500) * 1024;
}

void sim_manners_read(struct sim_manners *out, const struct sim_world *world, bool tls)
{
    const char *schemes = sim_world_switch(world, "schemes");

    *out = (struct sim_manners){.cbt = SIM_CBT_RELAXED};
    if (!*schemes)
        schemes = "Negotiate,Kerberos,Basic";
    out->allow_unencrypted = is(world, "allow-unencrypted", "on");
    out->negotiate = lists(schemes, "Negotiate") && sim_accept_built();
    out->kerberos = lists(schemes, "Kerberos") && sim_accept_built();
    /* Windows does not offer Basic where the body would have to be clear */
    out->basic = lists(schemes, "Basic") && (tls || out->allow_unencrypted);
    out->clear_status = is(world, "clear-body", "401") ? 401 : 500;
    out->first_open = is(world, "first-401", "open");
    out->identify_path = is(world, "identify-path", "both");
    out->ignore_last_body = is(world, "last-leg-body", "ignore");
    out->frame.no_tab = is(world, "frame-ht", "off");
    out->frame.spaced = is(world, "boundary", "spaced");
    out->max_envelope = envelope(world);
    if (is(world, "cbt", "none"))
        out->cbt = SIM_CBT_NONE;
    else if (is(world, "cbt", "strict"))
        out->cbt = SIM_CBT_STRICT;
}

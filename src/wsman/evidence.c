#include "wsman/evidence.h"

#include "base/clock.h"
#include "wsman/challenge.h"

#include <stdio.h>
#include <string.h>

void hvs_evidence_add(struct hvs_evidence *seen, const struct hvs_posted *posted,
                      bool leg, char *line, size_t size)
{
    const size_t most = sizeof(seen->hops) / sizeof(seen->hops[0]);
    const char *what = leg ? "login leg" : "request";
    struct hvs_hop *hop;

    seen->requests += posted->began;
    seen->logins += posted->began && leg;
    if (seen->hop_count == most) {
        memmove(seen->hops, seen->hops + 1, (most - 1) * sizeof(*hop));
        seen->hop_count--;
    }
    hop = &seen->hops[seen->hop_count++];
    *hop = (struct hvs_hop){.login = leg,
                            .net_code = posted->net_code,
                            .status = posted->status,
                            .host_clock = posted->date,
                            .our_clock = hvs_clock_utc_ms()};
    if (posted->challenges)
        hvs_challenge_schemes(posted->challenges, hop->schemes, sizeof(hop->schemes));
    if (posted->status)
        snprintf(line, size, "%s: HTTP %d%s%s", what, posted->status,
                 hop->schemes[0] ? ", challenge: " : "", hop->schemes);
    else
        snprintf(line, size, "%s: %s", what,
                 posted->refused ? "not on a connection that we are not logged in on"
                                 : posted->net_text);
}

void hvs_evidence_of_mech(struct hvs_evidence *seen, const struct hvs_mech *mech)
{
    const struct hvs_mech_evidence *from = &mech->evidence;

    snprintf(seen->mechanism, sizeof(seen->mechanism), "%s", mech->ops->name);
    snprintf(seen->account, sizeof(seen->account), "%s", from->account);
    snprintf(seen->domain, sizeof(seen->domain), "%s", from->domain);
    snprintf(seen->spn, sizeof(seen->spn), "%s", from->spn);
    seen->ntlm_flags = from->ntlm_flags;
    seen->gss_major = from->gss_major;
    seen->gss_minor = from->gss_minor;
    seen->bound = from->bound;
    seen->until_ms = from->until_ms;
}

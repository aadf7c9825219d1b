#include "cli/progress.h"

#include "base/clock.h"

#include <inttypes.h>
#include <string.h>

/* A plain line about a percentage: at most this often, and this far apart. */
#define PLAIN_MS 10000
#define PLAIN_PERCENT 10

static const char *phase_text(enum hvs_phase phase)
{
    switch (phase) {
    case HVS_PHASE_FIND: return "looking";
    case HVS_PHASE_CHANGE: return "asking the host";
    case HVS_PHASE_JOB: return "the host works";
    case HVS_PHASE_DOUBT: return "a reply was lost, finding out what was done";
    case HVS_PHASE_VERIFY: return "reading back";
    }
    return "working";
}

void progress_begin(struct progress *progress, struct notice *notice, const char *label,
                    bool plain)
{
    *progress = (struct progress){.notice = notice, .label = label, .plain = plain};
    progress->began = hvs_clock_ms();
    progress_tick(progress);
}

static void draw(const struct progress *p)
{
    int64_t seconds = (hvs_clock_ms() - p->began) / 1000;
    char percent[16] = "", text[1024];

    if (p->known && p->phase == HVS_PHASE_JOB)
        snprintf(percent, sizeof(percent), " %3u%%", p->percent);
    snprintf(text, sizeof(text), "%.600s: %s%s  %" PRId64 ":%02" PRId64, p->label,
             p->known ? phase_text(p->phase) : "connecting", percent, seconds / 60,
             seconds % 60);
    notice_draw(p->notice, text);
}

static void say(struct progress *p)
{
    p->told = hvs_clock_ms();
    p->told_percent = p->percent;
    if (p->phase != HVS_PHASE_JOB)
        notice_say(p->notice, "%s: %s", p->label, phase_text(p->phase));
    else
        notice_say(p->notice, "%s: %s: job %s, %u%%", p->label, phase_text(p->phase),
                   p->job, p->percent);
}

void progress_told(void *arg, const struct hvs_progress *now)
{
    struct progress *p = arg;
    bool moved = !p->known || now->phase != p->phase;

    p->known = true;
    p->phase = now->phase;
    p->percent = now->percent > 100 ? 100 : now->percent;
    if (*now->job)
        snprintf(p->job, sizeof(p->job), "%s", now->job);
    if (p->notice->quiet)
        return;
    if (p->notice->terminal)
        draw(p);
    else if (!p->plain)
        return;
    else if (moved || (p->percent >= p->told_percent + PLAIN_PERCENT &&
                       hvs_clock_ms() - p->told >= PLAIN_MS))
        say(p);
}

int progress_tick(struct progress *progress)
{
    if (!progress->notice->terminal || progress->notice->quiet)
        return -1;
    draw(progress);
    return 1000 - (int)((hvs_clock_ms() - progress->began) % 1000);
}

void progress_end(struct progress *progress)
{
    notice_clear(progress->notice);
}

#include "cli/progress.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

/* A plain line about a percentage: at most this often, and this far apart. */
#define PLAIN_MS 10000
#define PLAIN_PERCENT 10

/* A line of many targets is not drawn more often than this. */
#define DRAW_MS 100

static const char *phase_text(enum hvs_phase phase)
{
    switch (phase) {
    case HVS_PHASE_FIND: return "looking";
    case HVS_PHASE_CHANGE: return "asking the host";
    case HVS_PHASE_JOB: return "the host works";
    case HVS_PHASE_DOUBT: return "a reply was lost, finding out what was done";
    case HVS_PHASE_VERIFY: return "reading back";
    case HVS_PHASE_MERGE: return "the host merges disks";
    }
    return "working";
}

/* Does the percentage tell something? */
static bool works(const struct progress *p)
{
    return p->phase == HVS_PHASE_JOB || p->phase == HVS_PHASE_MERGE;
}

static bool draws(const struct board *board)
{
    return board->notice->terminal && !board->notice->quiet;
}

/* "hv01/web1: the host works  40%  1:05" */
static void describe(const struct progress *p, int64_t since, char *out, size_t size)
{
    int64_t seconds = (hvs_clock_ms() - since) / 1000;
    char more[sizeof(p->busy) + 8] = "";

    if (*p->busy)
        snprintf(more, sizeof(more), ": %s", p->busy);
    else if (p->known && works(p))
        snprintf(more, sizeof(more), " %3u%%", p->percent);
    snprintf(out, size, "%.600s: %s%s  %" PRId64 ":%02" PRId64, p->label,
             *p->busy   ? "waits in turn"
             : p->known ? phase_text(p->phase)
                        : "connecting",
             more, seconds / 60, seconds % 60);
}

static void draw(struct board *board)
{
    int64_t now = hvs_clock_ms();
    char counts[160] = "", failed[40] = "", one[1024] = "", text[1300];

    if (!draws(board) || (board->total > 1 && now - board->drawn < DRAW_MS))
        return;
    board->drawn = now;
    if (board->failed)
        snprintf(failed, sizeof(failed), ", %zu failed", board->failed);
    if (board->total > 1)
        snprintf(counts, sizeof(counts), "%zu of %zu done%s, %zu under way%s",
                 board->done, board->total, failed, board->under_way,
                 board->last ? "; " : "");
    if (board->last)
        describe(board->last, board->began, one, sizeof(one));
    snprintf(text, sizeof(text), "%s%s", counts, one);
    if (*text)
        notice_draw(board->notice, text);
}

void board_open(struct board *board, struct notice *notice, size_t total)
{
    *board = (struct board){.notice = notice, .total = total, .began = hvs_clock_ms()};
}

int board_tick(struct board *board)
{
    if (!draws(board) || (board->total > 1 && !board->under_way))
        return -1;
    draw(board);
    return 1000 - (int)((hvs_clock_ms() - board->began) % 1000);
}

void board_close(struct board *board)
{
    notice_clear(board->notice);
}

void progress_begin(struct progress *progress, struct board *board, const char *label,
                    bool plain)
{
    *progress = (struct progress){.board = board, .label = label, .plain = plain};
    progress->began = hvs_clock_ms();
    board->under_way++;
    board->last = progress;
    draw(board);
}

static void say(struct progress *p)
{
    struct notice *notice = p->board->notice;

    p->told = hvs_clock_ms();
    p->told_percent = p->percent;
    if (*p->busy)
        notice_say(notice, "%s: waits in turn: %s", p->label, p->busy);
    else if (!works(p))
        notice_say(notice, "%s: %s", p->label, phase_text(p->phase));
    else if (p->phase == HVS_PHASE_MERGE)
        notice_say(notice, "%s: %s: %u%%", p->label, phase_text(p->phase), p->percent);
    else
        notice_say(notice, "%s: %s: job %s, %u%%", p->label, phase_text(p->phase), p->job,
                   p->percent);
}

void progress_told(void *arg, const struct hvs_progress *now)
{
    struct progress *p = arg;
    bool moved = !p->known || now->phase != p->phase || *p->busy;

    if (*p->busy && now->phase <= HVS_PHASE_CHANGE)
        return;
    p->busy[0] = '\0';
    p->known = true;
    p->phase = now->phase;
    p->percent = now->percent > 100 ? 100 : now->percent;
    if (*now->job)
        snprintf(p->job, sizeof(p->job), "%s", now->job);
    p->board->last = p;
    if (p->board->notice->quiet)
        return;
    if (p->board->notice->terminal)
        draw(p->board);
    else if (!p->plain)
        return;
    else if (moved || (p->percent >= p->told_percent + PLAIN_PERCENT &&
                       hvs_clock_ms() - p->told >= PLAIN_MS))
        say(p);
}

void progress_busy(struct progress *p, const char *why)
{
    bool news = !*p->busy ||
                (strcmp(p->busy, why) != 0 && hvs_clock_ms() - p->told >= PLAIN_MS);

    snprintf(p->busy, sizeof(p->busy), "%s", why);
    hvs_utf8_trim(p->busy);
    p->board->last = p;
    if (p->board->notice->quiet)
        return;
    if (p->board->notice->terminal)
        draw(p->board);
    else if (p->plain && news)
        say(p);
}

void progress_end(struct progress *progress)
{
    struct board *board = progress->board;

    if (!board)
        return; /* it was never begun */
    board->under_way--;
    if (board->last == progress)
        board->last = NULL;
    notice_clear(board->notice);
}

#include "hyperv/job_board.h"

#include "hyperv/names.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_ASKED = 20, FIRST_OVER = 7 }; /* JobState: Completed; those before go on */

struct job_row {
    char *id;
    uint32_t state, percent;
};

static const struct hvs_field row_fields[] = {
    HVS_FIELD(struct job_row, id, "InstanceID", true),
    HVS_FIELD(struct job_row, state, "JobState", true),
    HVS_FIELD(struct job_row, percent, "PercentComplete", false),
};

/* What was asked for in this query, and has not been answered yet. */
static struct hvs_job_wait *asked(const struct hvs_job_board *board, const char *id)
{
    struct hvs_job_wait *wait;

    for (wait = board->first; wait; wait = wait->next)
        if (wait->asked && strcasecmp(wait->id, id) == 0)
            return wait;
    return NULL;
}

static int add_row(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    const struct hvs_job_wait *self = query->owner;
    struct job_row row = {0};
    struct hvs_job_wait *wait;

    if (hvs_xml_map(item, row_fields, 3, &row, err) < 0)
        return -1;
    wait = asked(self->board, row.id);
    if (wait) {
        wait->goes_on = row.state < FIRST_OVER;
        wait->told_percent = row.percent > 100 ? 100 : row.percent;
    }
    hvs_xml_map_clear(row_fields, 3, &row);
    return 0;
}

struct hvs_job_board *hvs_job_board_new(const char *key)
{
    struct hvs_job_board *board = calloc(1, sizeof(*board));

    if (!board)
        return NULL;
    board->key = strdup(key);
    if (!board->key) {
        free(board);
        return NULL;
    }
    return board;
}

void hvs_job_board_free(struct hvs_job_board *board)
{
    if (!board)
        return;
    free(board->key);
    free(board);
}

void hvs_job_board_join(struct hvs_job_board *board, struct hvs_job_wait *wait,
                        struct hvs_run *run)
{
    if (!board || wait->board)
        return;
    wait->board = board;
    wait->run = run;
    wait->next = board->first;
    board->first = wait;
    board->count++;
}

void hvs_job_board_leave(struct hvs_job_wait *wait)
{
    struct hvs_job_board *board = wait->board;
    struct hvs_job_wait **at;

    if (!board)
        return;
    for (at = &board->first; *at != wait; at = &(*at)->next)
        ;
    *at = wait->next;
    board->count--;
    if (board->reader == wait)
        board->reader = NULL;
    wait->board = NULL;
}

bool hvs_job_board_shared(const struct hvs_job_wait *wait)
{
    return wait->board && wait->board->count > 1;
}

/* Ids are GUIDs; what a host calls otherwise is asked for by itself. */
static bool is_plain(const char *id)
{
    return strspn(id, "0123456789ABCDEFabcdef-") == strlen(id);
}

enum hvs_want hvs_job_board_ask(struct hvs_job_wait *wait, struct hvs_run *run,
                                struct hvs_error *err)
{
    struct hvs_job_board *board = wait->board;
    struct hvs_buf which = HVS_BUF_INIT(16384);
    struct hvs_param params[] = {{"WHICH", NULL}};
    struct hvs_job_wait *other;
    size_t count = 0;
    int rc;

    for (other = board->first; other; other = other->next) {
        /* the asker's own comes in any case */
        other->asked = is_plain(other->id) &&
                       (other == wait || (other->pausing && count < MOST_ASKED));
        other->goes_on = false;
        if (other->asked)
            hvs_buf_printf(&which, "%sInstanceID = '%s'", count++ ? " OR " : "",
                           other->id);
    }
    params[0].value = hvs_buf_str(&which);
    hvs_query_clear(&wait->all);
    hvs_query_init(&wait->all, HVS_V2, HVS_CLASS_JOBS, add_row, NULL, wait);
    rc = hvs_query_filter(&wait->all, "filter-jobs-of-ids", params, 1, err);
    hvs_buf_clear(&which);
    if (rc < 0)
        return HVS_FAIL;
    board->reader = wait;
    return hvs_call(run, &wait->all.op);
}

void hvs_job_board_tell(struct hvs_job_wait *wait, const struct hvs_run *run, bool well)
{
    struct hvs_job_wait *other;

    wait->board->reader = NULL;
    for (other = wait->board->first; well && other; other = other->next) {
        other->told = other->asked && (other == wait || other->pausing);
        if (other->told && other != wait)
            other->run->wake = run->now;
    }
}

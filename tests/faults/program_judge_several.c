#include "faults/program_truth.h"

#include <stdio.h>
#include <string.h>

/* What goes wrong at one host delays, fails and falsifies nothing at the other; but where
 * it refuses the account, and where an option says so. */

enum { AUTH = 4, DEADLINE = 8 }; /* exit statuses */

/* Has it said 401 where it should not? hvsim logs a fault with the status that it had.
 * One that is said twice is read as the answer to the next leg. */
static bool has_refused(const struct program_host *host)
{
    const char *line = host->log, *end;
    char text[400];

    for (; (end = strchr(line, '\n')); line = end + 1) {
        snprintf(text, sizeof(text), "%.*s", (int)(end - line), line);
        if (strstr(text, " 401 ") &&
            (strstr(text, "[status]") || strstr(text, "[bare]") ||
             strstr(text, "[duplicate]")))
            return true;
    }
    return false;
}

/* An account that one host refuses is tried on no other in that call. It has to say which
 * host that was; and that host, that it has refused the login. */
static bool is_locked_out(const struct program_said *said,
                          const struct program_said *other)
{
    char why[200];

    snprintf(why, sizeof(why),
             "'%s' refused the account 'HVTEST\\hvuser', so it is not tried again",
             other->host->name);
    if (said->code != AUTH || !strstr(said->message, why))
        return false;
    if (!has_refused(other->host) || !strstr(other->message, "refused to log in"))
        program_is(said, PROGRAM_WRONG, "an account that no host has refused");
    return true;
}

/* One that is not to be there when the other fails. */
static bool is_taken_back(const struct program_said *said,
                          const struct program_said *other)
{
    bool stays = strstr(said->message, "could not be deleted again");

    if (!(said->c->verb->bound & PROGRAM_WHOLE) || !other->error)
        return false;
    if (stays)
        return said->code == DEADLINE && strcmp(said->outcome, "done") == 0;
    return strstr(said->message, "since another one failed") &&
           (said->code == other->code ||
            strstr(other->message, "could not be deleted again"));
}

/* One that begins when the other is ready, which it never was. */
static bool is_held(const struct program_said *said, const struct program_said *other)
{
    return said->c->verb->bound & PROGRAM_TOGETHER && said->code == DEADLINE &&
           other->code == DEADLINE;
}

static void judge_healthy(const struct program_said *said,
                          const struct program_said *other)
{
    if (!said->error || is_locked_out(said, other) || is_taken_back(said, other) ||
        is_held(said, other))
        return;
    if (said->code == DEADLINE)
        program_is(said, PROGRAM_HANG, "it was held up by the other");
    program_is(said, PROGRAM_WRONG, "it failed, and nothing was wrong there: %s",
               said->message);
}

void judge_several(const struct program_said said[PROGRAM_HOSTS])
{
    const size_t faulty = said[0].c->faulty;
    const struct program_said *one = &said[faulty], *other = &said[1 - faulty];
    char lie[100];

    judge_healthy(other, one);
    snprintf(lie, sizeof(lie), "'%s' refused", other->host->name);
    if (strstr(one->message, lie))
        program_is(one, PROGRAM_WRONG, "the other has refused nobody");
    if (one->c->verb->bound & PROGRAM_WHOLE && (!one->error) != (!other->error))
        program_is(one->error ? other : one, PROGRAM_WRONG,
                   "all or nothing, and one stays without a word");
}

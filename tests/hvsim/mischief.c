#include "hvsim/mischief.h"

#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    enum sim_deed deed;
    enum sim_mischief mischief;
} words[] = {
    {"refuse", SIM_DEED_HTTP, SIM_REFUSE},
    {"reset-before", SIM_DEED_HTTP, SIM_RESET_BEFORE},
    {"reset-read", SIM_DEED_HTTP, SIM_RESET_READ},
    {"reset-after", SIM_DEED_HTTP, SIM_RESET_AFTER},
    {"reset-within", SIM_DEED_HTTP, SIM_RESET_WITHIN},
    {"late", SIM_DEED_HTTP, SIM_LATE},
    {"late-act", SIM_DEED_HTTP, SIM_LATE_ACT},
    {"hang", SIM_DEED_HTTP, SIM_HANG},
    {"drip", SIM_DEED_HTTP, SIM_DRIP},
    {"truncate", SIM_DEED_HTTP, SIM_TRUNCATE},
    {"html", SIM_DEED_HTTP, SIM_HTML},
    {"garbage", SIM_DEED_HTTP, SIM_GARBAGE},
    {"status", SIM_DEED_HTTP, SIM_STATUS},
    {"bare", SIM_DEED_HTTP, SIM_BARE},
    {"duplicate", SIM_DEED_HTTP, SIM_DUPLICATE},
    {"close", SIM_DEED_HTTP, SIM_CLOSE},
    {"tls-cut", SIM_DEED_HTTP, SIM_TLS_CUT},
    {"damage", SIM_DEED_HTTP, SIM_DAMAGE},
    {"fault", SIM_DEED_FAULT, SIM_NONE},
    {"return", SIM_DEED_RETURN, SIM_NONE},
    {"wrong-relates-to", SIM_DEED_RELATES, SIM_NONE},
    {"job-fail", SIM_DEED_JOB_FAIL, SIM_NONE},
    {"job-warn", SIM_DEED_JOB_WARN, SIM_NONE},
    {"job-odd", SIM_DEED_JOB_ODD, SIM_NONE},
    {"job-part", SIM_DEED_JOB_PART, SIM_NONE},
    {"job-slow", SIM_DEED_JOB_SLOW, SIM_NONE},
    {"job-stuck", SIM_DEED_JOB_STUCK, SIM_NONE},
    {"vm-moved", SIM_DEED_VM_MOVED, SIM_NONE},
    {"vmms-restart", SIM_DEED_RESTART, SIM_NONE},
    {"clock-forward", SIM_DEED_CLOCK_FORWARD, SIM_NONE},
    {"clock-back", SIM_DEED_CLOCK_BACK, SIM_NONE},
    {"admin-create", SIM_DEED_ADMIN_CREATE, SIM_NONE},
    {"admin-apply", SIM_DEED_ADMIN_APPLY, SIM_NONE},
    {"admin-rename", SIM_DEED_ADMIN_RENAME, SIM_NONE},
    {"admin-destroy", SIM_DEED_ADMIN_DESTROY, SIM_NONE},
    {"admin-start", SIM_DEED_ADMIN_START, SIM_NONE},
    {"admin-off", SIM_DEED_ADMIN_OFF, SIM_NONE},
    {"admin-type", SIM_DEED_ADMIN_TYPE, SIM_NONE},
};

const char *sim_fault_help(void)
{
    return "SPEC is WHERE:WHAT[=NUMBER][:NUMBER]\n"
           "WHERE  3                 the third HTTP request of the host, logins counted\n"
           "       CreateSnapshot    the first of its kind: login, Identify, Get,\n"
           "       CreateSnapshot#2  Enumerate, Pull, Release, or a method; the second;\n"
           "       CreateSnapshot#*  each\n"
           "WHAT   refuse, reset-before, reset-read   close or reset, nothing was done\n"
           "       reset-after, reset-within[=BYTE]   do it, then reset\n"
           "       late=MS, drip=MS, hang             do it, reply later, slowly, never\n"
           "       late-act=MS                        reset, and do it later\n"
           "       truncate, garbage                  do it, spoil the reply\n"
           "       duplicate, close, tls-cut          do it, reply twice, not at all, "
           "and\n"
           "                                          without the end that TLS wants\n"
           "       damage=FIELD                       do it, spoil that field of the "
           "reply\n"
           "       html, status=503                   answer that instead\n"
           "       bare=404                           do it, answer that without a body\n"
           "       fault=0x80338029, return=32775     answer that instead\n"
           "       fault=0x8033804D:1                 do it, and answer that\n"
           "       wrong-relates-to                   the reply to another message\n"
           "       job-fail[=32768], job-warn, job-stuck[=PERCENT]   of the job it "
           "starts\n"
           "       job-slow=MS                        it takes so much longer\n"
           "       job-part[=32768]                   it destroys a part of a tree, and "
           "ends\n"
           "                                          with that code\n"
           "       job-odd                            the job does nothing, and ends "
           "with\n"
           "                                          state 7 and ErrorCode 32768\n"
           "       vm-moved, vmms-restart             before it is done\n"
           "       clock-forward=MS, clock-back=MS    the host's clock jumps, before it\n"
           "       admin-create, admin-apply, admin-rename, admin-destroy, admin-start,\n"
           "       admin-off, admin-type=2            a second administrator, before it\n"
           "       same-create, same-apply, same-rename, same-destroy, same-start,\n"
           "       same-off, same-type=2              the same with the account that "
           "asks\n";
}

const char *sim_fault_word(size_t i)
{
    return i < sizeof(words) / sizeof(words[0]) ? words[i].name : NULL;
}

static int bad(const char *spec, struct hvs_error *err)
{
    return hvs_err_set_hint(err, HVS_USAGE, 0,
                            "write WHERE:WHAT, for example CreateSnapshot:reset-after",
                            "fault '%s' is not understood", spec);
}

/* The number that `at` points to, decimal or with 0x; steps over it. */
static bool number(const char **at, int64_t *out)
{
    char *end;

    *out = strtoll(*at, &end, 0);
    if (end == *at || *out < 0)
        return false;
    *at = end;
    return true;
}

static bool parse_where(struct sim_rule *rule, const char *spec, size_t len)
{
    size_t word = strcspn(spec, "#:");
    const char *at = spec + word + 1;
    int64_t value;

    rule->nth = 1;
    if (len && strspn(spec, "0123456789") == len) {
        rule->number = strtoull(spec, NULL, 10);
        return rule->number > 0;
    }
    if (!word)
        return false;
    rule->kind = sim_copy_n(spec, word);
    if (word == len)
        return true;
    if (*at == '*') {
        rule->nth = 0;
        return at + 1 == spec + len;
    }
    if (!number(&at, &value) || value < 1 || at != spec + len)
        return false;
    rule->nth = (long)value;
    return true;
}

/* "same-create" is "admin-create" by who asks. */
static bool is_word(const char *word, const char *what, size_t len, bool same)
{
    char name[32];

    snprintf(name, sizeof(name), "%s%.*s", same ? "admin-" : "",
             (int)len - (same ? 5 : 0), what + (same ? 5 : 0));
    return strcmp(word, name) == 0;
}

static bool needs_number(const struct sim_rule *rule)
{
    switch (rule->deed) {
    case SIM_DEED_HTTP: return rule->mischief == SIM_STATUS || rule->mischief == SIM_BARE;
    case SIM_DEED_FAULT:
    case SIM_DEED_RETURN:
    case SIM_DEED_JOB_SLOW:
    case SIM_DEED_CLOCK_FORWARD:
    case SIM_DEED_CLOCK_BACK:
    case SIM_DEED_ADMIN_TYPE: return true;
    default: return false;
    }
}

int sim_rule_parse(struct sim_rule *rule, const char *spec, struct hvs_error *err)
{
    size_t where = strcspn(spec, ":"), len, i;
    const char *what = spec + where + 1;

    *rule = (struct sim_rule){0};
    if (!spec[where] || !parse_where(rule, spec, where))
        return bad(spec, err);
    len = strcspn(what, "=:");
    rule->same = strncmp(what, "same-", 5) == 0;
    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (is_word(words[i].name, what, len, rule->same))
            break;
    if (i == sizeof(words) / sizeof(words[0]))
        return bad(spec, err);
    rule->deed = words[i].deed;
    rule->mischief = words[i].mischief;
    what += len;
    if (*what == '=') {
        what++;
        rule->has_first = true;
        if (!number(&what, &rule->first))
            return bad(spec, err);
    }
    if (*what == ':') {
        what++;
        if (!number(&what, &rule->second))
            return bad(spec, err);
    }
    if (*what)
        return bad(spec, err);
    if (!rule->has_first && needs_number(rule))
        return hvs_err_set(err, HVS_USAGE, 0, "fault '%s' needs a number", spec);
    return 0;
}

void sim_rule_clear(struct sim_rule *rule)
{
    free(rule->kind);
    *rule = (struct sim_rule){0};
}

const struct sim_rule *sim_rule_next(const struct sim_host *host, const char *kind,
                                     uint64_t nth, size_t *at)
{
    const struct sim_world *world = host->world;
    const struct sim_rule *rule;

    while (*at < world->rule_count) {
        rule = &world->rules[(*at)++];
        if (rule->number ? rule->number == host->requests
                         : strcasecmp(rule->kind, kind) == 0 &&
                               (!rule->nth || (uint64_t)rule->nth == nth))
            return rule;
    }
    return NULL;
}

bool sim_mischief_is_early(enum sim_mischief mischief)
{
    return mischief == SIM_REFUSE || mischief == SIM_RESET_BEFORE ||
           mischief == SIM_RESET_READ || mischief == SIM_HTML || mischief == SIM_STATUS;
}

bool sim_mischief_prevents(enum sim_mischief mischief)
{
    return sim_mischief_is_early(mischief) || mischief == SIM_LATE_ACT;
}

void sim_rule_numbers(const struct sim_rule *rule, int64_t *ms, int *value)
{
    bool timed = rule->mischief == SIM_LATE || rule->mischief == SIM_LATE_ACT ||
                 rule->mischief == SIM_DRIP;

    *ms = timed ? rule->first : rule->second;
    *value = (int)(timed ? rule->second : rule->first);
}

#include "support/policy_case.h"

#include "support/test.h"
#include "xml/cim.h"

#include <stdio.h>
#include <string.h>

static char pin[] = "pin", yes[] = "yes", quarter[] = "quarter=4";

const struct hvs_label pin_yes[1] = {{pin, yes}};
const struct hvs_label pins[2] = {{pin, yes}, {pin, quarter}};

static int64_t moment(const char *text)
{
    struct hvs_time time;

    if (!text)
        return HVS_TIME_NONE;
    assert_true(hvs_cim_time(text, &time) && time.set);
    return time.ms;
}

static size_t read_snaps(const struct snap *snaps, struct hvs_policy_item *items,
                         struct hvs_label *labels)
{
    size_t i;

    for (i = 0; i < POLICY_SNAPS && snaps[i].id; i++) {
        const struct snap *snap = &snaps[i];

        labels[i] = (struct hvs_label){pin, (char *)snap->pin};
        items[i] = (struct hvs_policy_item){.id = snap->id,
                                            .name = snap->name,
                                            .created_ms = moment(snap->created),
                                            .expires_ms = moment(snap->expires),
                                            .kind = snap->kind,
                                            .current = snap->current,
                                            .labels = &labels[i],
                                            .label_count = snap->pin != NULL};
    }
    return i;
}

static void write_plan(const struct hvs_policy_plan *plan,
                       const struct hvs_policy_item *items, char *out, size_t size)
{
    size_t i, j, len = 0;

    out[0] = '\0';
    for (i = 0; i < plan->count; i++) {
        const struct hvs_policy_decision *decision = &plan->items[i];

        len += (size_t)snprintf(out + len, size - len, "%s%c%s ", i ? "|" : "",
                                decision->keep ? '+' : '-', items[i].id);
        for (j = 0; j < decision->reason_count; j++)
            len += (size_t)snprintf(out + len, size - len, "%s%s", j ? ", " : "",
                                    decision->reasons[j]);
    }
}

/* What it was decided, or that it was refused, and why. */
static int decide(const struct policy_case *row, const struct hvs_policy_item *items,
                  size_t count, struct hvs_policy_plan **plan)
{
    struct hvs_error err = {0};
    int rc = hvs_policy_decide(&row->policy, items, count, moment(POLICY_NOW), plan,
                               &err);

    if (!row->says) {
        assert_string_equal(err.message, "");
        return rc;
    }
    assert_int_equal(rc, -1);
    assert_err(&err, HVS_USAGE, row->says);
    assert_string_equal(hvs_class_name(err.class_), hvs_class_name(row->class_));
    if (row->hint)
        assert_non_null(strstr(err.hint, row->hint));
    return 0;
}

void test_policy_case(void **state)
{
    const struct policy_case *row = *state;
    struct hvs_policy_item items[POLICY_SNAPS];
    struct hvs_label labels[POLICY_SNAPS];
    size_t count = read_snaps(row->snaps, items, labels), i, removed = 0;
    struct hvs_policy_plan *plan;
    char text[2000];

    assert_int_equal(decide(row, items, count, &plan), 0);
    if (!row->decided) {
        assert_null(plan);
        return;
    }
    write_plan(plan, items, text, sizeof(text));
    assert_string_equal(text, row->decided);
    for (i = 0; i < count; i++)
        removed += !plan->items[i].keep;
    assert_int_equal(plan->removed, removed);
    assert_int_equal(plan->count, count);
    hvs_policy_plan_free(plan);
}

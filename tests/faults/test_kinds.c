#include "faults/matrix.h"
#include "wsman/fault.h"

#include <stdlib.h>
#include <string.h>

/* Do the kinds of faults know every class of the codes that a host can send? */

/* Where codes are: WinRM's, WMI's and Windows' own. */
static const struct {
    uint32_t first, last;
} ranges[] = {
    {0x00000001, 0x000000FF},
    {0x80338000, 0x803383FF},
    {0x80041000, 0x800410FF},
    {0x80070000, 0x80070FFF},
};

/* Is it among them, so that the host did it first (`behind`), or instead of doing it? */
static bool is_tried(const struct hvs_fault_row *row, bool behind)
{
    const struct hvs_fault_row *other;
    char *end;
    size_t i;

    for (i = 0; i < fault_kind_count; i++) {
        if (strncmp(fault_kinds[i].what, "fault=", 6) != 0)
            continue;
        other = hvs_fault_row((uint32_t)strtoul(fault_kinds[i].what + 6, &end, 0), "");
        if ((*end == ':') == behind && other->class_ == row->class_ &&
            other->begun == row->begun && other->flags == row->flags)
            return true;
    }
    return false;
}

static void test_classes(void **state)
{
    const struct hvs_fault_row *row;
    size_t i, known = 0;
    uint32_t code;

    (void)state;
    for (i = 0; i < COUNT(ranges); i++)
        for (code = ranges[i].first; code <= ranges[i].last; code++) {
            row = hvs_fault_row(code, "");
            if (!row->code)
                continue;
            known++;
            if (!is_tried(row, false))
                fail_msg("nothing of the class of %s is tried", row->symbol);
            if (row->begun == HVS_BEGUN_OPEN && !is_tried(row, true))
                fail_msg("... nor behind what was asked: %s", row->symbol);
        }
    assert_true(known > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_classes)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

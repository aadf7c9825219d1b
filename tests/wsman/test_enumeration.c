#include "support/feed.h"

#include "base/err.h"
#include "wsman/enumeration.h"
#include "xml/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLASS "Msvm_VirtualSystemSettingData"

/* A query whose rows are noted by their ids: "A B ". The row BAD cannot be read, and DROP
 * is not kept. */
struct list {
    struct hvs_query query;
    char rows[400];
};

static int add_row(struct hvs_query *query, const xmlNode *item, struct hvs_error *err)
{
    struct list *self = query->owner;
    size_t used = strlen(self->rows);
    char *text = hvs_xml_word(hvs_xml_first(item));

    snprintf(self->rows + used, sizeof(self->rows) - used, "%s ", text);
    free(text);
    if (strstr(self->rows, "DROP")) {
        self->rows[used] = '\0';
        hvs_query_dropped(query);
    }
    return strstr(self->rows, "BAD") ? hvs_err_set(err, HVS_XML, 0, "a bad row") : 0;
}

static void forget(struct hvs_query *query)
{
    struct list *self = query->owner;

    self->rows[0] = '\0';
}

#define FILTER_FAULT "fault|0x8033801A|n:CannotProcessFilter "
#define TOO_LARGE "fault|0x80338048|w:EncodingLimit "
#define EXPIRED "fault|0x8033801B|n:InvalidEnumerationContext "
#define NINE "[> [> [> [> [> [> [> [> [> "
#define TEN NINE "[> "
#define PAGE "[bare|A,bare|A,bare|A,bare|A,bare|A,bare|A,bare|A,bare|A> "
#define PAGES PAGE PAGE PAGE PAGE PAGE PAGE PAGE PAGE
#define ROWS "A A A A A A A A "
#define ALL_ROWS ROWS ROWS ROWS ROWS ROWS ROWS ROWS ROWS
#define E "Enumerate"
#define R " Release"

struct list_case {
    const char *name;
    const char *with; /* "all" (no filter), "no-fallback", "ms=TIMEOUT", "kept=BYTES" */
    const char *script;
    const char *posts;
    const char *rows; /* NULL: it must fail */
    enum hvs_domain domain;
    const char *says;
};

static const struct list_case cases[] = {
    {"one page", "", "[bare|A,bare|B]", E, "A B ", HVS_OK, ""},
    {"no rows", "", "[]", E, "", HVS_OK, ""},
    {"three pages", "", "[bare|A> [bare|B> [bare|C]", E " Pull Pull", "A B C ", HVS_OK,
     ""},
    {"an empty page between", "", "[bare|A> [> [bare|C]", E " Pull Pull", "A C ", HVS_OK,
     ""},
    {"the last page is empty", "", "[bare|A> []", E " Pull", "A ", HVS_OK, ""},
    {"the first page is empty", "", "[> [bare|A]", E " Pull", "A ", HVS_OK, ""},
    {"the whole class", "all", "[bare|A]", E, "A ", HVS_OK, ""},
    {"as an older host writes it", "", "page-2008|A [bare|B]", E " Pull", "A B ", HVS_OK,
     ""},
    {"as others write it", "", "page-omi|A", E, "A ", HVS_OK, ""},
    {"no items at all", "", "page-bare", E, "", HVS_OK, ""},

    {"a Pull is lost: the query begins anew", "", "[bare|A> lost [bare|A> [bare|B]",
     E " Pull " E " Pull", "A B ", HVS_OK, ""},
    {"a Pull cannot be read", "", "[bare|A> astray [bare|B> [bare|A> [bare|B]",
     E " Pull " E " Pull", "A B ", HVS_OK, ""},
    {"a Pull meets 503", "", "[bare|A> http|503 [bare|A,bare|B]", E " Pull " E, "A B ",
     HVS_OK, ""},
    {"the context expired", "", "[bare|A> " EXPIRED "[bare|A,bare|B]", E " Pull " E,
     "A B ", HVS_OK, ""},
    {"a Pull is lost four times", "",
     "[bare|A> lost [bare|A> lost [bare|A> lost [bare|A> lost",
     E " Pull " E " Pull " E " Pull " E " Pull", NULL, HVS_NET, "broke"},
    {"the first question is repeated by the session", "", "lost [bare|A]", E " " E, "A ",
     HVS_OK, ""},
    {"no rights in the middle: asking anew would not help", "",
     "[bare|A> fault|5|w:AccessDenied", E " Pull", NULL, HVS_SOAP, "0x00000005"},
    {"nor when WMI says so", "", "[bare|A> fault|0x80041003|w:InternalError", E " Pull",
     NULL, HVS_SOAP, "0x80041003"},
    {"a hundred pages without a row", "",
     "[> " TEN TEN TEN TEN TEN TEN TEN TEN TEN NINE "[bare|A]", NULL, "A ", HVS_OK, ""},
    {"pages without rows and without end: the rest is given back", "",
     "[> " TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN "released", NULL, NULL, HVS_XML,
     "the host's list does not end: 0 rows"},
    {"as many rows as are kept", "kept=800", "[bare|A> [bare|B> [bare|C]", E " Pull Pull",
     "A B C ", HVS_OK, ""},
    {"more rows than are kept: the rest is given back", "kept=700",
     "[bare|A> [bare|B> [bare|C> released", E " Pull Pull" R, NULL, HVS_XML,
     "the host's list does not end: 3 rows"},
    {"what is dropped does not count", "kept=700", "[bare|A> [bare|DROP> [bare|B]",
     E " Pull Pull", "A B ", HVS_OK, ""},

    {"the filter is not taken: the whole class is read", "",
     FILTER_FAULT "[bare|A,bare|B]", E " " E, "A B ", HVS_OK, ""},
    {"not taken at the first Pull", "", "[bare|A> " FILTER_FAULT "[bare|A,bare|B]",
     E " Pull " E, "A B ", HVS_OK, ""},
    {"the class is not taken either", "", FILTER_FAULT FILTER_FAULT, E " " E, NULL,
     HVS_SOAP, "0x8033801A"},
    {"the fallback is not wanted", "no-fallback", FILTER_FAULT, E, NULL, HVS_SOAP,
     "0x8033801A"},
    {"the whole class was asked for", "all", FILTER_FAULT, E, NULL, HVS_SOAP,
     "0x8033801A"},
    {"a dialect that is not known", "",
     "fault|0x80338019|n:FilterDialectRequestedUnavailable "
     "[bare|A]",
     E " " E, "A ", HVS_OK, ""},

    {"too large: smaller pages", "", TOO_LARGE TOO_LARGE TOO_LARGE "[bare|A]",
     E " " E " " E " " E, "A ", HVS_OK, ""},
    {"too large in the middle", "", "[bare|A> " TOO_LARGE "[bare|A> [bare|B]",
     E " Pull " E " Pull", "A B ", HVS_OK, ""},
    {"too large for ever", "", TOO_LARGE TOO_LARGE TOO_LARGE TOO_LARGE, NULL, NULL,
     HVS_SOAP, "0x80338048"},

    {"the host stops in the middle", "", "page-cut|A", E, NULL, HVS_XML,
     "the host stopped in the middle of a list"},
    {"another reply", "", "job|7|100|0", E, NULL, HVS_XML,
     "the reply holds no EnumerateResponse"},
    {"a row that cannot be read: the rest is given back", "", "[bare|BAD> released", E R,
     NULL, HVS_XML, "a bad row"},
    {"a row that cannot be read, on the last page", "", "[bare|BAD]", E, NULL, HVS_XML,
     "a bad row"},

    {"stopped: the rest is given back", "", "[bare|A> stop [bare|B> released",
     E " Pull" R, NULL, HVS_USAGE, "stopped by the test"},
    {"stopped while a Pull hangs", "", "[bare|A> stop hang released", E " Pull" R, NULL,
     HVS_USAGE, "stopped by the test"},
    {"stopped on the last page: nothing is left", "", "[bare|A> stop [bare|B]", E " Pull",
     "A B ", HVS_OK, ""},
    {"late: the rest is given back", "ms=3000", "[bare|A> hang released", E " Pull" R,
     NULL, HVS_NET, "the time was over"},
    {"late, and not even that is answered", "ms=3000", "[bare|A> hang hang", E " Pull" R,
     NULL, HVS_NET, "the time was over"},
    {"as many rows as there is time to show", "ms=87", PAGES PAGES "[]", NULL,
     ALL_ROWS ALL_ROWS, HVS_OK, ""},
    {"more rows than there is time to show: the rest is given back", "ms=86",
     PAGES PAGES "[> released", NULL, NULL, HVS_NET, "the time was over"},
};

static void test_list(void **state)
{
    const struct list_case *row = *state;
    const struct hvs_param params[] = {{"INSTANCE_ID", "x"}};
    const char *ms = strstr(row->with, "ms="), *kept = strstr(row->with, "kept=");
    struct hvs_error err = {0};
    struct hvs_run run = {0};
    struct list list = {0};
    struct feed feed = {0};

    hvs_query_init(&list.query, "urn:v2", CLASS, add_row, forget, &list);
    list.query.no_fallback = strstr(row->with, "no-fallback") != NULL;
    if (kept)
        list.query.most_kept = strtoul(kept + 5, NULL, 10);
    if (!strstr(row->with, "all"))
        assert_int_equal(hvs_query_filter(&list.query, "filter-settings-id", params, 1,
                                          &err),
                         0);
    if (ms)
        run.deadline = 1000 + strtoll(ms + 3, NULL, 10);
    feed_op(&feed, &run, &list.query.op, row->script);
    assert_err(&run.err, row->domain, row->says);
    if (row->posts)
        assert_string_equal(hvs_buf_str(&feed.log), row->posts);
    if (row->rows)
        assert_string_equal(list.rows, row->rows);
    if (ms) /* whatever hangs */
        assert_in_range(feed.now - feed.began, 0, strtoll(ms + 3, NULL, 10) + 250);
    assert_int_equal(feed.changes, 0);
    hvs_query_clear(&list.query);
    feed_clear(&feed);
}

/* Run a query of the ids of class `CLASS` over `script`. */
static void run_query(struct feed *feed, const char *script)
{
    const struct hvs_param params[] = {{"INSTANCE_ID", "it's"}};
    struct hvs_error err = {0};
    struct hvs_run run = {0};
    struct list list = {0};

    hvs_query_init(&list.query, "urn:v2", CLASS, add_row, forget, &list);
    assert_int_equal(hvs_query_filter(&list.query, "filter-settings-id", params, 1, &err),
                     0);
    feed_op(feed, &run, &list.query.op, script);
    assert_string_equal(run.err.message, "");
    hvs_query_clear(&list.query);
}

static bool posted(const struct feed *feed, size_t n, const char *text)
{
    return strstr(feed_post(feed, n), text) != NULL;
}

static void test_requests(void **state)
{
    struct feed feed = {0};

    (void)state;
    run_query(&feed, "[bare|A> [bare|B> [bare|C]");
    assert_true(posted(&feed, 0, "<w:ResourceURI s:mustUnderstand=\"true\">urn:v2/*<"));
    assert_true(posted(&feed, 0, "<w:OptimizeEnumeration/>"));
    assert_true(posted(&feed, 0, "<w:MaxElements>50</w:MaxElements>"));
    assert_true(posted(&feed, 0, "WHERE InstanceID = 'it\\&apos;s'"));
    /* each Pull bears the newest context, and the sizes do not change */
    assert_true(posted(&feed, 1, "<n:EnumerationContext>uuid:1</n:EnumerationContext>"));
    assert_true(posted(&feed, 1, "<n:MaxElements>50</n:MaxElements>"));
    assert_true(posted(&feed, 2, "<n:EnumerationContext>uuid:2</n:EnumerationContext>"));
    assert_true(posted(&feed, 2, "<w:ResourceURI s:mustUnderstand=\"true\">urn:v2/*<"));
    feed_clear(&feed);
}

static void test_fallback_requests(void **state)
{
    struct feed feed = {0};

    (void)state;
    run_query(&feed, FILTER_FAULT "[bare|A> [bare|B]");
    assert_true(posted(&feed, 1, ">urn:v2/" CLASS "<"));
    assert_false(posted(&feed, 1, "Filter"));
    assert_true(posted(&feed, 2, ">urn:v2/" CLASS "<"));
    feed_clear(&feed);
}

static void test_smaller_requests(void **state)
{
    struct feed feed = {0};

    (void)state;
    run_query(&feed, TOO_LARGE TOO_LARGE TOO_LARGE "[bare|A> [bare|B]");
    assert_true(posted(&feed, 1, "<w:MaxElements>12</w:MaxElements>"));
    assert_true(posted(&feed, 2, "<w:MaxElements>3</w:MaxElements>"));
    assert_true(posted(&feed, 3, "<w:MaxElements>1</w:MaxElements>"));
    assert_true(posted(&feed, 4, "<n:MaxElements>1</n:MaxElements>"));
    feed_clear(&feed);
}

/* Whose rows may come twice needs not to be told. */
static void test_no_restart(void **state)
{
    struct hvs_run run = {0};
    struct list list = {0};
    struct feed feed = {0};

    (void)state;
    hvs_query_init(&list.query, "urn:v2", CLASS, add_row, NULL, &list);
    feed_op(&feed, &run, &list.query.op, "[bare|A> lost [bare|A,bare|B]");
    assert_string_equal(run.err.message, "");
    assert_string_equal(list.rows, "A A B ");
    hvs_query_clear(&list.query);
    feed_clear(&feed);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + 4];
    struct CMUnitTest *at = tests;

    CASES(at, cases, test_list);
    at += COUNT(cases);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_requests);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_fallback_requests);
    *at++ = (struct CMUnitTest)cmocka_unit_test(test_smaller_requests);
    *at = (struct CMUnitTest)cmocka_unit_test(test_no_restart);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

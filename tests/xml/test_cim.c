#include "support/test.h"

#include "xml/cim.h"
#include "xml/doc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct time_case {
    const char *name; /* the text, too */
    bool valid, set;
    int64_t ms;
};

#define MOMENT INT64_C(1785334259000) /* 2026-07-29T14:10:59Z */

static const struct time_case time_cases[] = {
    {"2026-07-29T14:10:59Z", true, true, MOMENT},
    {"2026-07-29T14:10:59.4Z", true, true, MOMENT + 400},
    {"2026-07-29T14:10:59.46Z", true, true, MOMENT + 460},
    {"2026-07-29T14:10:59.467Z", true, true, MOMENT + 467},
    {"2026-07-29T14:10:59.467886Z", true, true, MOMENT + 467},
    {"2026-07-29T14:10:59.4678861Z", true, true, MOMENT + 467},
    {"2026-07-29T14:10:59.999999999Z", true, true, MOMENT + 999},
    {"2026-07-29T14:10:59.000000001Z", true, true, MOMENT},
    {"2026-07-29T14:10:59", true, true, MOMENT},
    {"2026-07-29T22:10:59+08:00", true, true, MOMENT},
    {"2026-07-29T08:40:59-05:30", true, true, MOMENT},
    {"2026-07-30T04:10:59.5+14:00", true, true, MOMENT + 500},
    {"1970-01-01T00:00:00Z", true, true, 0},
    {"1969-12-31T23:59:59.999Z", true, true, -1},
    {"2000-02-29T00:00:00Z", true, true, INT64_C(951782400000)},
    {"2100-03-01T00:00:00Z", true, true, INT64_C(4107542400000)},
    {"1602-01-01T00:00:00Z", true, true, INT64_C(-11612937600000)},
    {"9999-12-31T23:59:59Z", true, true, INT64_C(253402300799000)},

    /* a FILETIME of zero is no time, wherever the host stands */
    {"1601-01-01T00:00:00Z", true, false, 0},
    {"1601-01-01T08:00:00+08:00", true, false, 0},
    {"1600-12-31T16:00:00-08:00", true, false, 0},

    {"", false, false, 0},
    {"never", false, false, 0},
    {"2026-07-29", false, false, 0},
    {"2026-07-29 14:10:59Z", false, false, 0},
    {"2026-7-29T14:10:59Z", false, false, 0},
    {"26-07-29T14:10:59Z", false, false, 0},
    {"2026-07-29T14:10Z", false, false, 0},
    {"2026-07-29T14:10:59.Z", false, false, 0},
    {"2026-07-29T14:10:59.1234567890Z", false, false, 0},
    {"2026-07-29T14:10:59,5Z", false, false, 0},
    {"2026-07-29T14:10:59z", false, false, 0},
    {"2026-07-29T14:10:59ZZ", false, false, 0},
    {"2026-07-29T14:10:59+8", false, false, 0},
    {"2026-07-29T14:10:59+0800", false, false, 0},
    {"2026-07-29T14:10:59+15:00", false, false, 0},
    {"2026-07-29T14:10:59+08:60", false, false, 0},
    {"2026-07-29T14:10:59+08:00Z", false, false, 0},
    {"2026-13-29T14:10:59Z", false, false, 0},
    {"2026-00-29T14:10:59Z", false, false, 0},
    {"2026-07-32T14:10:59Z", false, false, 0},
    {"2026-07-00T14:10:59Z", false, false, 0},
    {"2026-07-29T25:10:59Z", false, false, 0},
    {"2026-07-29T14:60:59Z", false, false, 0},
    {"2026-07-29T14:10:61Z", false, false, 0},
    {"1599-07-29T14:10:59Z", false, false, 0},
    {"-2026-07-29T14:10:59Z", false, false, 0},
    {"20260729141059.467886+000", false, false, 0},
};

static void test_time(void **state)
{
    const struct time_case *row = *state;
    struct hvs_time time = {.ms = 4711};

    assert_int_equal(hvs_cim_time(row->name, &time), row->valid);
    assert_int_equal(time.set, row->set);
    assert_true(time.ms == row->ms);
}

struct interval_case {
    const char *name; /* the text, too */
    bool valid;
    int64_t ms;
};

static const struct interval_case interval_cases[] = {
    {"P0DT0H1M40S", true, 100000},
    {"P0DT0H0M1.00417S", true, 1004},
    {"P0DT0H5M0S", true, 300000},
    {"P1D", true, 86400000},
    {"PT2H", true, 7200000},
    {"PT0.5S", true, 500},
    {"P99999999DT23H59M59.999S", true, INT64_C(8639999999999999)},
    {"", false, 0},
    {"P", false, 0},
    {"PT", false, 0},
    {"P1DT", false, 0},
    {"1D", false, 0},
    {"P1", false, 0},
    {"P1S", false, 0},
    {"PT1D", false, 0},
    {"P1M", false, 0},
    {"P1Y", false, 0},
    {"PT1M1H", false, 0},
    {"PT1S1S", false, 0},
    {"PT1.5M", false, 0},
    {"PT1.S", false, 0},
    {"PT-1S", false, 0},
    {"P1DTT1S", false, 0},
    {"P9999999999D", false, 0},
    {"00000000000140.000000:000", false, 0},
};

static void test_interval(void **state)
{
    const struct interval_case *row = *state;
    struct hvs_interval interval = {.ms = 4711};

    assert_int_equal(hvs_cim_interval(row->name, &interval), row->valid);
    if (row->valid)
        assert_true(interval.ms == row->ms);
}

struct path_case {
    const char *name;
    const char *path, *key;
    const char *value; /* NULL: it has no such key */
};

static const struct path_case path_cases[] = {
    {"a snapshot's",
     "\\\\HV01\\root\\virtualization\\v2:Msvm_X.InstanceID=\"Microsoft:1\"", "InstanceID",
     "Microsoft:1"},
    {"without a host", "Msvm_X.InstanceID=\"1\"", "InstanceID", "1"},
    {"a host with a domain", "\\\\hv01.example.com\\root:X.InstanceID=\"1\"",
     "InstanceID", "1"},
    {"in another case", "X.instanceid=\"1\"", "InstanceID", "1"},
    {"the second key", "X.CreationClassName=\"Y\",Name=\"2\"", "Name", "2"},
    {"the first of two", "X.Name=\"1\",Name=\"2\"", "Name", "1"},
    {"escapes", "X.InstanceID=\"a\\\\b\\\"c\"", "InstanceID", "a\\b\"c"},
    {"a key in another's value", "X.A=\",Name=\\\"evil\\\"\",Name=\"good\"", "Name",
     "good"},
    {"an empty value", "X.Name=\"\"", "Name", ""},
    {"the end of a longer key", "X.ElementName=\"1\"", "Name", NULL},
    {"the start of a longer key", "X.NameFormat=\"1\"", "Name", NULL},
    {"a number", "X.Name=5", "Name", NULL},
    {"cut in the value", "X.Name=\"12", "Name", NULL},
    {"cut in an escape", "X.Name=\"12\\", "Name", NULL},
    {"cut in the key", "X.Name", "Name", NULL},
    {"no path", "", "Name", NULL},
};

static void test_path(void **state)
{
    const struct path_case *row = *state;
    char value[32];

    assert_int_equal(hvs_cim_path_key(row->path, row->key, value, sizeof(value)),
                     row->value != NULL);
    if (row->value)
        assert_string_equal(value, row->value);
}

#define NS \
    " xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/addressing'" \
    " xmlns:w='http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd'"
#define PARAMS(inside) "<a:ReferenceParameters>" inside "</a:ReferenceParameters>"
#define URI(uri) "<w:ResourceURI>" uri "</w:ResourceURI>"
#define KEY(name, value) "<w:Selector Name='" name "'>" value "</w:Selector>"
#define SET(inside) "<w:SelectorSet>" inside "</w:SelectorSet>"

struct ref_case {
    const char *name;
    const char *inside;   /* of the property */
    const char *resource; /* NULL: it is no reference */
    const char *says;     /* the keys, or the error */
};

static const struct ref_case ref_cases[] = {
    {"as Windows writes it",
     "<a:Address>x</a:Address>" PARAMS(URI("http://x/Msvm_ConcreteJob")
                                           SET(KEY("InstanceID", "1"))),
     "http://x/Msvm_ConcreteJob", "InstanceID=1;"},
    {"with a wrapper",
     "<a:EndpointReference>" PARAMS(
         URI("http://x/Y") SET(KEY("A", "1") KEY("B", " 2 "))) ""
                                                               "</a:EndpointReference>",
     "http://x/Y", "A=1;B= 2 ;"},
    {"without keys", PARAMS(URI("http://x/Y")), "http://x/Y", ""},
    {"blanks around the resource", PARAMS(URI("\n http://x/Y ")), "http://x/Y", ""},
    {"eight keys",
     PARAMS(URI("u") SET(KEY("1", "") KEY("2", "") KEY("3", "") KEY("4", "") KEY("5", "")
                             KEY("6", "") KEY("7", "") KEY("8", ""))),
     "u", "1=;2=;3=;4=;5=;6=;7=;8=;"},
    {"nine keys",
     PARAMS(URI("u") SET(KEY("1", "") KEY("2", "") KEY("3", "") KEY("4", "") KEY("5", "")
                             KEY("6", "") KEY("7", "") KEY("8", "") KEY("9", ""))),
     NULL, "bad selector in a reference"},
    {"a key without a name", PARAMS(URI("u") SET("<w:Selector>1</w:Selector>")), NULL,
     "bad selector in a reference"},
    {"another element among the keys",
     PARAMS(URI("u") SET("<w:X Name='n'>1</w:X>" KEY("A", "1"))), "u", "A=1;"},
    {"text", "Msvm_X.Name=1", NULL, "Job is no reference to an object"},
    {"nothing", "", NULL, "Job is no reference to an object"},
    {"no resource", PARAMS(SET(KEY("A", "1"))), NULL, "Job is no reference to an object"},
};

static void test_ref(void **state)
{
    const struct ref_case *row = *state;
    struct hvs_error err = {0};
    struct hvs_ref ref;
    char xml[2048], keys[200] = "";
    size_t i, used = 0;
    xmlDoc *doc;
    int rc;

    snprintf(xml, sizeof(xml), "<Job" NS ">%s</Job>", row->inside);
    doc = hvs_xml_parse(xml, strlen(xml), &err);
    assert_non_null(doc);
    rc = hvs_cim_ref(xmlDocGetRootElement(doc), &ref, &err);
    xmlFreeDoc(doc);
    if (!row->resource) {
        assert_int_equal(rc, -1);
        assert_err(&err, HVS_XML, row->says);
        assert_null(ref.resource);
        assert_int_equal(ref.count, 0);
        return;
    }
    assert_int_equal(rc, 0);
    assert_string_equal(ref.resource, row->resource);
    for (i = 0; i < ref.count; i++)
        used += (size_t)snprintf(keys + used, sizeof(keys) - used, "%s=%s;",
                                 ref.keys[i].name, ref.keys[i].value);
    assert_string_equal(keys, row->says);
    hvs_cim_ref_clear(&ref);
    assert_int_equal(ref.count, 0);
}

static void test_ref_asked(void **state)
{
    const struct hvs_ref none = {0};
    struct hvs_ref ref = {.resource = (char *)"http://x/v2/msvm_concretejob", .count = 1};

    (void)state;
    ref.keys[0].name = (char *)"instanceID";
    ref.keys[0].value = (char *)"1";
    assert_string_equal(hvs_cim_ref_key(&ref, "InstanceID"), "1");
    assert_string_equal(hvs_cim_ref_key(&ref, "Name"), "");
    assert_true(hvs_cim_ref_is(&ref, "Msvm_ConcreteJob"));
    assert_false(hvs_cim_ref_is(&ref, "ConcreteJob"));
    assert_false(hvs_cim_ref_is(&none, "Msvm_ConcreteJob"));
    assert_string_equal(hvs_cim_ref_key(&none, "InstanceID"), "");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(time_cases) + COUNT(interval_cases) +
                            COUNT(path_cases) + COUNT(ref_cases) + 1];
    struct CMUnitTest *at = tests;

    CASES(at, time_cases, test_time);
    CASES(at += COUNT(time_cases), interval_cases, test_interval);
    CASES(at += COUNT(interval_cases), path_cases, test_path);
    CASES(at += COUNT(path_cases), ref_cases, test_ref);
    at[COUNT(ref_cases)] = (struct CMUnitTest)cmocka_unit_test(test_ref_asked);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

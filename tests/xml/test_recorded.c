/* Replies that a real host sent, through the real parsers. They are not ours to copy:
 * where they do not lie beside the tree, each of these is skipped. */
#include "support/test.h"

#include "hyperv/job.h"
#include "hyperv/job_query.h"
#include "hyperv/names.h"
#include "hyperv/system.h"
#include "wsman/envelope.h"
#include "wsman/names.h"
#include "xml/doc.h"
#include "xml/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ID(n) "00000000-0000-4000-8000-0000000000" n

/* The s:Body of a recorded reply to this request, or a skipped test. */
static const xmlNode *load(xmlDoc **doc, const char *name, const char *action,
                           const char *id)
{
    const char *root = getenv("SRCDIR");
    struct hvs_error err = {0};
    static char text[1 << 16];
    const xmlNode *body;
    char path[512];
    FILE *file;
    size_t len;

    snprintf(path, sizeof(path), "%s/../shared/recorded/%s.xml", root ? root : ".", name);
    file = fopen(path, "rb");
    if (!file) {
        print_message("%s is not there\n", name);
        skip();
    }
    len = fread(text, 1, sizeof(text), file);
    fclose(file);
    *doc = hvs_xml_parse(text, len, &err);
    assert_string_equal(err.message, "");
    body = hvs_envelope_check(*doc, action, id, &err);
    assert_string_equal(err.message, "");
    return body;
}

static const xmlNode *item(const xmlNode *body)
{
    const xmlNode *pull = hvs_xml_child(body, HVS_NS_ENUMERATION, "PullResponse");

    return hvs_xml_first(hvs_xml_child(pull, HVS_NS_ENUMERATION, "Items"));
}

static const struct hvs_field affected_fields[] = {
    HVS_FIELD(struct hvs_affected, element, "AffectedElement", true),
    HVS_FIELD(struct hvs_affected, job, "AffectingElement", true),
    HVS_FIELD(struct hvs_affected, effects, "ElementEffects", true),
};

static void test_affected(void **state)
{
    struct hvs_affected row = {0};
    struct hvs_error err = {0};
    const xmlNode *body;
    xmlDoc *doc;

    (void)state;
    body = load(&doc, "affectedjobelement_pull_created", HVS_ACTION_PULL, ID("82"));
    assert_int_equal(hvs_xml_map(item(body), affected_fields, 3, &row, &err), 0);
    assert_true(hvs_cim_ref_is(&row.element, HVS_CLASS_SETTINGS));
    assert_string_equal(hvs_cim_ref_key(&row.element, "InstanceID"),
                        "Microsoft:" ID("83"));
    assert_true(hvs_cim_ref_is(&row.job, HVS_CLASS_JOBS));
    assert_string_equal(hvs_cim_ref_key(&row.job, "InstanceID"), ID("66"));
    assert_int_equal(row.effects.count, 1);
    assert_int_equal(row.effects.items[0], 5);
    hvs_xml_map_clear(affected_fields, 3, &row);
    xmlFreeDoc(doc);
}

/* The same through the query that create asks: it finds our job's snapshot. */
static void test_affected_query(void **state)
{
    struct hvs_affected_query query;
    struct hvs_error err = {0};
    const xmlNode *body;
    xmlDoc *doc;

    (void)state;
    body = load(&doc, "affectedjobelement_pull_created", HVS_ACTION_PULL, ID("82"));
    assert_int_equal(hvs_affected_init(&query, ID("66"), &err), 0);
    assert_int_equal(query.query.row(&query.query, item(body), &err), 0);
    assert_string_equal(query.snapshot, "Microsoft:" ID("83"));
    hvs_affected_clear(&query);
    assert_int_equal(hvs_affected_init(&query, ID("67"), &err), 0);
    assert_int_equal(query.query.row(&query.query, item(body), &err), 0);
    assert_string_equal(query.snapshot, "");
    hvs_affected_clear(&query);
    xmlFreeDoc(doc);
}

static void test_system(void **state)
{
    struct hvs_system_query query;
    struct hvs_error err = {0};
    const xmlNode *body;
    xmlDoc *doc;

    (void)state;
    body = load(&doc, "computersystem_pull_vm_running", HVS_ACTION_PULL, ID("08"));
    assert_int_equal(hvs_system_query_init(&query, NULL, &err), 0);
    assert_int_equal(query.query.row(&query.query, item(body), &err), 0);
    assert_int_equal(query.count, 1);
    assert_string_equal(query.rows[0].id, "00000000-0000-4000-8000-00000000000a");
    assert_string_equal(query.rows[0].name, "scrubbed-3");
    assert_int_equal(query.rows[0].state, 2);
    assert_true(query.rows[0].uptime_ms == UINT64_C(6138294371));
    assert_int_equal(query.rows[0].status.count, 1);
    assert_int_equal(query.rows[0].status.items[0], 2);
    assert_string_equal(hvs_system_operation(&query.rows[0]), "");
    assert_false(hvs_system_is_busy(&query.rows[0]));
    assert_false(query.host_seen);
    hvs_system_query_clear(&query);
    xmlFreeDoc(doc);
}

struct job {
    char *id, *owner, *caption, *error;
    uint32_t state, percent;
    bool cancellable;
    struct hvs_time submitted, installed, until;
    struct hvs_interval elapsed, before_removal;
    struct hvs_numbers status;
    struct hvs_strings descriptions;
};

static const struct hvs_field job_fields[] = {
    HVS_FIELD(struct job, id, "InstanceID", true),
    HVS_FIELD(struct job, owner, "Owner", true),
    HVS_FIELD(struct job, caption, "Caption", true),
    HVS_FIELD(struct job, error, "ErrorDescription", true),
    HVS_FIELD(struct job, state, "JobState", true),
    HVS_FIELD(struct job, percent, "PercentComplete", true),
    HVS_FIELD(struct job, cancellable, "Cancellable", true),
    HVS_FIELD(struct job, submitted, "TimeSubmitted", true),
    HVS_FIELD(struct job, installed, "InstallDate", true),
    HVS_FIELD(struct job, until, "UntilTime", false),
    HVS_FIELD(struct job, elapsed, "ElapsedTime", true),
    HVS_FIELD(struct job, before_removal, "TimeBeforeRemoval", true),
    HVS_FIELD(struct job, status, "OperationalStatus", true),
    HVS_FIELD(struct job, descriptions, "StatusDescriptions", true),
};

static void test_job(void **state)
{
    struct hvs_error err = {0};
    struct job job = {0};
    const xmlNode *body;
    xmlDoc *doc;

    (void)state;
    body = load(&doc, "storagejob_get_completed", HVS_ACTION_GET, ID("09"));
    assert_int_equal(hvs_xml_map(hvs_xml_first(body), job_fields, COUNT(job_fields), &job,
                                 &err),
                     0);
    assert_string_equal(job.id, ID("03"));
    assert_string_equal(job.owner, "scrubbed-1\\scrubbed-8");
    assert_string_equal(job.error, ""); /* two tags: an empty string, not nil */
    assert_int_equal(job.state, 7);
    assert_int_equal(job.percent, 100);
    assert_true(job.cancellable);
    assert_true(job.submitted.ms == INT64_C(1791174230000)); /* 2026-10-05T04:23:50Z */
    assert_false(job.installed.set);                         /* 1601 */
    assert_false(job.until.set);                             /* nil */
    assert_true(job.elapsed.ms == 1004);
    assert_true(job.before_removal.ms == 300000);
    assert_int_equal(job.status.count, 2);
    assert_int_equal(job.status.items[0], 17);
    assert_int_equal(job.descriptions.count, 2);
    assert_string_equal(job.caption, "仮想ハード ディスクの作成");
    hvs_xml_map_clear(job_fields, COUNT(job_fields), &job);
    xmlFreeDoc(doc);
}

/* The same as a row of a list of jobs, for which its class counts too. */
static void test_job_row(void **state)
{
    struct hvs_job_query query;
    const struct hvs_job *job;
    struct hvs_error err = {0};
    const xmlNode *body;
    char buf[16];
    xmlDoc *doc;

    (void)state;
    body = load(&doc, "storagejob_get_completed", HVS_ACTION_GET, ID("09"));
    hvs_job_query_init(&query);
    assert_int_equal(query.query.row(&query.query, hvs_xml_first(body), &err), 0);
    assert_int_equal(query.count, 1);
    job = query.items[0];
    assert_string_equal(job->id, ID("03"));
    assert_string_equal(job->class_, "Msvm_StorageJob");
    assert_string_equal(hvs_job_type_name(job, buf), "storage");
    assert_string_equal(hvs_job_state_name(job->state, buf), "completed");
    assert_true(job->over && job->cancellable);
    assert_string_equal(job->error, "");
    assert_true(job->started_ms == INT64_C(1791174230000));
    assert_true(job->changed_ms == INT64_C(1791174231000));
    assert_true(job->elapsed_ms == 1004);
    assert_string_equal(job->caption, "仮想ハード ディスクの作成");
    hvs_job_query_clear(&query);
    xmlFreeDoc(doc);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_affected), cmocka_unit_test(test_affected_query),
        cmocka_unit_test(test_system),   cmocka_unit_test(test_job),
        cmocka_unit_test(test_job_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

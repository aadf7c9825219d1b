#include "support/test.h"

#include "base/clock.h"

#include <hvsnap/doctor.h>

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The resolver hangs until this pipe's other end is closed; -1: it answers 127.0.0.1. */
static int hang = -1;

/* In place of the C library's. */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **out)
{
    struct sockaddr_in *to = calloc(1, sizeof(*to));
    struct addrinfo *info = calloc(1, sizeof(*info));
    char byte;

    (void)node;
    (void)service;
    (void)hints;
    if (!to || !info || (hang >= 0 && read(hang, &byte, 1) == 0)) {
        free(to);
        free(info);
        return EAI_AGAIN;
    }
    to->sin_family = AF_INET;
    to->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *info = (struct addrinfo){.ai_family = AF_INET,
                              .ai_addrlen = sizeof(*to),
                              .ai_addr = (struct sockaddr *)to};
    *out = info;
    return 0;
}

void freeaddrinfo(struct addrinfo *info)
{
    free(info->ai_addr);
    free(info);
}

static struct hvs_client_opts opts(uint32_t timeout_ms)
{
    struct hvs_client_opts out = HVS_CLIENT_OPTS_INIT;

    out.host = "hv01";
    out.port = 1;
    out.auth = HVS_AUTH_BASIC;
    out.user = "ops";
    out.password = "secret";
    out.timeout_ms = timeout_ms;
    return out;
}

/* The first finding that is a failure. */
static const struct hvs_finding *failure(const struct hvs_doctor_report *report)
{
    size_t i;

    for (i = 0; i < report->count; i++)
        if (report->findings[i]->verdict == HVS_VERDICT_FAIL)
            return report->findings[i];
    fail_msg("nothing failed");
    return NULL;
}

/* A resolver that never answers is left alone when the time is over. */
static void test_hung_resolver(void **state)
{
    struct hvs_client_opts client = opts(300);
    struct hvs_doctor_report *report;
    struct hvs_error err = {0};
    int64_t began = hvs_clock_ms(), took;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    hang = ends[0];
    assert_int_equal(hvs_doctor(&report, &client, NULL, &err), -1);
    took = hvs_clock_ms() - began;
    close(ends[1]);
    assert_non_null(report);
    assert_int_equal(failure(report)->rung, HVS_RUNG_RESOLVE);
    assert_non_null(strstr(failure(report)->seen, "no answer from the resolver"));
    assert_int_equal(err.class_, HVS_CLASS_DEADLINE);
    assert_true(took >= 300);
    assert_true(took < 300 + 250);
    hvs_doctor_report_free(report);
    hang = -1;
}

/* Somebody presses Ctrl-C. */
static void test_stop(void **state)
{
    struct hvs_client_opts client = opts(0);
    struct hvs_doctor_opts how = HVS_DOCTOR_OPTS_INIT;
    struct hvs_doctor_report *report;
    struct hvs_error err = {0};
    int ends[2], stop[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(pipe(stop), 0);
    assert_int_equal(write(stop[1], "", 1), 1);
    hang = ends[0];
    how.stop_fd = stop[0];
    assert_int_equal(hvs_doctor(&report, &client, &how, &err), -1);
    assert_int_equal(err.class_, HVS_CLASS_INTERRUPTED);
    assert_int_equal(failure(report)->rung, HVS_RUNG_RESOLVE);
    hvs_doctor_report_free(report);
    close(ends[1]);
    close(stop[0]);
    close(stop[1]);
    hang = -1;
}

struct told {
    size_t count;
    enum hvs_rung last;
};

static void tell(void *arg, const struct hvs_finding *finding)
{
    struct told *told = arg;

    assert_int_equal(finding->rung, told->count);
    told->count++;
    told->last = finding->rung;
}

/* Every rung is told of, in the order of the ladder; those after the failure are
 * skipped. */
static void test_told(void **state)
{
    struct hvs_client_opts client = opts(0);
    struct hvs_doctor_opts how = HVS_DOCTOR_OPTS_INIT;
    struct hvs_doctor_report *report;
    struct hvs_error err = {0};
    struct told told = {0};
    size_t i;

    (void)state;
    how.told = tell;
    how.told_arg = &told;
    assert_int_equal(hvs_doctor(&report, &client, &how, &err), -1);
    assert_err(&err, HVS_NET, "port 1");
    assert_int_equal(err.class_, HVS_CLASS_CONNECT);
    assert_int_equal(told.last, HVS_RUNG_LIMITS);
    assert_int_equal(report->count, HVS_RUNG_LIMITS + 1);
    assert_int_equal(report->findings[HVS_RUNG_RESOLVE]->verdict, HVS_VERDICT_PASS);
    assert_string_equal(report->findings[HVS_RUNG_RESOLVE]->seen, "'hv01' is 127.0.0.1");
    assert_int_equal(failure(report)->rung, HVS_RUNG_TCP);
    for (i = HVS_RUNG_TLS; i < report->count; i++) {
        assert_int_equal(report->findings[i]->verdict, HVS_VERDICT_SKIPPED);
        assert_string_equal(report->findings[i]->seen, "not looked at, since tcp failed");
    }
    assert_non_null(report->evidence);
    assert_null(report->certificate);
    hvs_doctor_report_free(report);
}

/* What is wrong with the options is no finding. */
static void test_wrong_options(void **state)
{
    struct hvs_client_opts client = HVS_CLIENT_OPTS_INIT;
    struct hvs_doctor_opts how = {0};
    struct hvs_doctor_report *report;
    struct hvs_error err = {0};

    (void)state;
    assert_int_equal(hvs_doctor(&report, &client, NULL, &err), -1);
    assert_null(report);
    assert_err(&err, HVS_USAGE, "no host given");
    err = (struct hvs_error){0};
    client = opts(0);
    assert_int_equal(hvs_doctor(&report, &client, &how, &err), -1);
    assert_null(report);
    assert_err(&err, HVS_USAGE, "HVS_DOCTOR_OPTS_INIT");
}

static void test_names(void **state)
{
    int i;

    (void)state;
    for (i = 0; i <= HVS_RUNG_LIMITS; i++)
        assert_true(strlen(hvs_rung_name((enum hvs_rung)i)) > 1);
    assert_string_equal(hvs_rung_name((enum hvs_rung)99), "?");
    assert_string_equal(hvs_verdict_name(HVS_VERDICT_WARN), "warning");
    assert_string_equal(hvs_verdict_name((enum hvs_verdict)99), "?");
    hvs_doctor_report_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hung_resolver), cmocka_unit_test(test_stop),
        cmocka_unit_test(test_told),          cmocka_unit_test(test_wrong_options),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Memory runs out at every place of what a run against the host does not reach, or not by
 * itself: clients that are opened, logins by NTLM, what is sent and parsed.
 */
#include "auth/frame.h"
#include "auth/ntlm.h"
#include "auth/vectors.h"
#include "base/err.h"
#include "faults/alloc.h"
#include "hyperv/notes.h"
#include "support/hex.h"
#include "support/test.h"
#include "xml/doc.h"

#include <hvsnap/client.h>
#include <hvsnap/policy.h>
#include <hvsnap/vm.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a part has made, for comparison. */
static char said[8192];

static void say(const void *bytes, size_t len)
{
    size_t i, at = strlen(said);

    for (i = 0; i < len && at + 3 < sizeof(said); i++, at += 2)
        snprintf(said + at, 3, "%02x", ((const unsigned char *)bytes)[i]);
}

static int open_client(enum hvs_auth_method auth, struct hvs_client **out,
                       struct hvs_error *err)
{
    static const char *const pins[] =
        {"sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", NULL};
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;

    opts.host = "hv01.hvsnap.test";
    opts.auth = auth;
    opts.user = "HVTEST\\hvuser";
    opts.password = "secret";
    opts.pins = pins;
    opts.connect_to = "127.0.0.1:1";
    opts.timeout_ms = 5000;
    return hvs_client_open(out, &opts, err);
}

static int open_one(enum hvs_auth_method auth, struct hvs_error *err)
{
    struct hvs_client *client;

    if (open_client(auth, &client, err) < 0)
        return -1;
    snprintf(said, sizeof(said), "%s", hvs_client_evidence(client)->mechanism);
    hvs_client_close(client);
    return 0;
}

static int open_basic(struct hvs_error *err)
{
    return open_one(HVS_AUTH_BASIC, err);
}

static int open_ntlm(struct hvs_error *err)
{
    return open_one(HVS_AUTH_NTLM, err);
}

#ifdef HVS_GSSAPI
static int open_kerberos(struct hvs_error *err)
{
    return open_one(HVS_AUTH_KERBEROS, err);
}
#endif

/* The whole way down to the socket; nobody answers there. */
static int nobody_there(struct hvs_error *err)
{
    struct hvs_client *client;
    struct hvs_vm_list *list;

    if (open_client(HVS_AUTH_BASIC, &client, err) < 0)
        return -1;
    if (hvs_vm_list(client, NULL, &list, err) == 0) {
        hvs_vm_list_free(list);
        snprintf(said, sizeof(said), "somebody answers");
    } else if (err->domain == HVS_NET) {
        snprintf(said, sizeof(said), "%s", err->message);
        *err = (struct hvs_error){0};
    }
    hvs_client_close(client);
    return err->domain ? -1 : 0;
}

static struct hvs_buf challenge, binding;
static struct hvs_ntlm_inputs inputs = {.workstation = "COMPUTER"};

/* Both messages of a login at a host of today; and a sealed message, where there is no
 * TLS to bind it to. */
static int log_in(const struct hvs_buf *bound, struct hvs_error *err)
{
    static const struct hvs_credentials user = {.user = "User",
                                                .domain = "Domain",
                                                .password = "Password"};
    struct hvs_buf first = HVS_BUF_INIT(1000), second = HVS_BUF_INIT(1000),
                   frame = HVS_BUF_INIT(4096);
    struct hvs_mech *mech = hvs_ntlm_new_with(&user, TARGET_B, &inputs, err);
    int rc = -1;

    if (!mech || mech->ops->step(mech, "", 0, bound, &first, err) < 0 ||
        mech->ops->step(mech, challenge.data, challenge.len, bound, &second, err) < 0)
        goto out;
    if (!bound && hvs_frame_seal(mech, "<hv/>", 5, &frame, err) < 0)
        goto out;
    say(first.data, first.len);
    say(second.data, second.len);
    say(frame.data, frame.len);
    rc = 0;
out:
    hvs_mech_free(mech);
    hvs_buf_clear(&first);
    hvs_buf_clear(&second);
    hvs_buf_clear(&frame);
    return rc;
}

static int log_in_over_tls(struct hvs_error *err)
{
    return log_in(&binding, err);
}

static int log_in_and_seal(struct hvs_error *err)
{
    return log_in(NULL, err);
}

static char team[] = "team", ops[] = "ops";

static int edit_notes(struct hvs_error *err)
{
    static const char guid[] = "7C1D8E52-90AF-4E1B-8B6C-3D2F5A6B7C8D";
    static const struct hvs_label labels[] = {{team, ops}};
    static const struct hvs_notes_edit edit = {.labels = labels,
                                               .label_count = 1,
                                               .set_expires = true,
                                               .expires_ms = 1785334200000};
    static const char was[] =
        "mine\n--- hvsnap: snapshot 7C1D8E52-90AF-4E1B-8B6C-3D2F5A6B7C8D ---\n"
        "label: env=prod\n--- hvsnap: end ---";
    bool differs;
    char *text = hvs_notes_edit(was, guid, &edit, &differs, err);

    if (!text)
        return -1;
    snprintf(said, sizeof(said), "%d %s", differs, text);
    free(text);
    return 0;
}

static int decide(struct hvs_error *err)
{
    static const struct hvs_label pin[] = {{team, ops}};
    static const struct hvs_policy_item items[] = {
        {"a", "one", 1785334200000, HVS_TIME_NONE, HVS_KIND_USER, true, pin, 1},
        {"b", "two", 1785247800000, HVS_TIME_NONE, HVS_KIND_USER, false, NULL, 0},
        {"c", "three", 1785161400000, 1785161400001, HVS_KIND_USER, false, NULL, 0},
    };
    struct hvs_policy policy = HVS_POLICY_INIT;
    struct hvs_policy_plan *plan;
    size_t i, n;

    policy.keep_last = policy.keep_daily = 1;
    policy.keep_labels = pin;
    policy.keep_label_count = 1;
    if (hvs_policy_decide(&policy, items, COUNT(items), 1785334200000, &plan, err) < 0) {
        hvs_policy_plan_free(plan);
        return -1;
    }
    for (i = 0; i < plan->count; i++)
        for (n = 0; n < plan->items[i].reason_count; n++)
            say(plan->items[i].reasons[n], strlen(plan->items[i].reasons[n]));
    hvs_policy_plan_free(plan);
    return 0;
}

static int parse(struct hvs_error *err)
{
    static const char text[] =
        "<a:e xmlns:a='urn:a' xmlns:b='urn:b' b:x='1' y='2'>one<a:i>two &lt;</a:i>"
        "<![CDATA[three]]><b:i a:z='3'/>four<!-- five --></a:e>";
    xmlDoc *doc = hvs_xml_parse(text, sizeof(text) - 1, err);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    char *all = root ? hvs_xml_string(root) : NULL;
    int rc = -1;

    if (!doc)
        return -1;
    if (!all) {
        hvs_err_memory(err);
        goto out;
    }
    snprintf(said, sizeof(said), "%s %s %s %d %d", all,
             hvs_xml_attribute(root, "urn:b", "x"), hvs_xml_attribute(root, NULL, "y"),
             hvs_xml_child(root, "urn:a", "i") != NULL,
             hvs_xml_child(root, "urn:b", "i") != NULL);
    rc = 0;
out:
    free(all);
    xmlFreeDoc(doc);
    return rc;
}

struct part {
    const char *name;
    int (*work)(struct hvs_error *err);
};

static const struct part parts[] = {
    {"open a client, Basic", open_basic},
    {"open a client, NTLM", open_ntlm},
#ifdef HVS_GSSAPI
    {"open a client, Kerberos", open_kerberos},
#endif
    {"nobody answers", nobody_there},
    {"log in by NTLM over TLS", log_in_over_tls},
    {"log in by NTLM, and seal", log_in_and_seal},
    {"edit notes", edit_notes},
    {"decide by a policy", decide},
    {"parse XML", parse},
};

static int work(const struct part *part, const struct alloc_plan *plan,
                struct hvs_error *err)
{
    int rc;

    *err = (struct hvs_error){0};
    said[0] = '\0';
    alloc_begin(plan);
    alloc_arm(true);
    rc = part->work(err);
    alloc_arm(false);
    return rc;
}

static void try(const struct part *part, const struct alloc_plan *plan, const char *good)
{
    struct hvs_error err;
    size_t live = alloc_live();
    int rc = work(part, plan, &err);

    assert_true(alloc_failed());
    if (rc < 0 && !hvs_err_is_memory(&err))
        fail_msg("allocation %lu: %d %s", plan->at, (int)err.domain, err.message);
    if (rc == 0 && strcmp(said, good) != 0)
        fail_msg("allocation %lu: '%s' and no error", plan->at, said);
    if (alloc_live() != live)
        fail_msg("allocation %lu: %zu leaked", plan->at, alloc_live() - live);
}

static void test_part(void **state)
{
    static const struct alloc_plan none;
    const struct part *part = *state;
    unsigned long counts[ALLOC_ALL_OF_US];
    struct alloc_plan plan = {.whose = ALLOC_OURS};
    static char good[sizeof(said)];
    struct hvs_error err;

    assert_int_equal(work(part, &none, &err), 0); /* what is made for good */
    assert_int_equal(work(part, &none, &err), 0);
    assert_true(said[0]);
    memcpy(good, said, sizeof(good));
    counts[ALLOC_OURS] = alloc_count(ALLOC_OURS);
    counts[ALLOC_LIBXML] = alloc_count(ALLOC_LIBXML);
    for (; plan.whose < ALLOC_ALL_OF_US; plan.whose++)
        for (plan.at = 1; plan.at <= counts[plan.whose]; plan.at++) {
            plan.on = false;
            try(part, &plan, good);
            plan.on = true;
            try(part, &plan, good);
        }
    print_message("%s: %lu and %lu places\n", part->name, counts[ALLOC_OURS],
                  counts[ALLOC_LIBXML]);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(parts)];
    int rc;

    alloc_setup();
    challenge = (struct hvs_buf)HVS_BUF_INIT(4096);
    binding = (struct hvs_buf)HVS_BUF_INIT(100);
    hex_add(&challenge, CHALLENGE_B);
    hvs_buf_puts(&binding, "tls-server-end-point:0123456789");
    hex_fill(inputs.nonce, 8, "aaaaaaaaaaaaaaaa");
    hex_fill(inputs.session_key, 16, KEY_55);
    hex_fill(inputs.version, 8, VERSION_B);
    CASES(tests, parts, test_part);
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    hvs_buf_clear(&challenge);
    hvs_buf_clear(&binding);
    return rc;
}

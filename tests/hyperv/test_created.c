#include "support/create_case.h"

#include "hyperv/created.h"

#define LOST FOUND "lost "
#define OURS "[create-job|1|HV01\\admin|10:00] [acts-on-vm|1] "
#define THEIRS "[create-job|4|HV01\\other|10:00] "
#define BEFORE "[vm|web1|3,old] "
#define JOB "job|7|100|0 [" NEW "]"
#define AGAIN "creating|1 " JOB

#define LOOK " Enumerate Enumerate"   /* jobs, settings */
#define LOOK_AT_ONE LOOK " Enumerate" /* and what a job acts on */
#define TWICE " Enumerate"            /* a new child: the jobs once more */
#define LOST_POSTS "Enumerate CreateSnapshot"
#define AGAIN_POSTS " CreateSnapshot Get Enumerate"

#define DONE HVS_OUTCOME_DONE, HVS_CLASS_DONE, ""
#define UNKNOWN HVS_OUTCOME_UNKNOWN, HVS_CLASS_UNKNOWN, "whether it happened is unknown"

static const struct create_case cases[] = {
    {"our job is there", "", LOST OURS BEFORE JOB,
     LOST_POSTS LOOK_AT_ONE " Get Enumerate", DONE},
    {"detached, found by its job", "detach", LOST OURS BEFORE, LOST_POSTS LOOK_AT_ONE,
     HVS_OUTCOME_STARTED, HVS_CLASS_DONE, ""},
    {"the account is told in any case of letters", "",
     LOST "[create-job|1|hv01\\ADMIN|10:00] [acts-on-vm|1] " BEFORE JOB, NULL, DONE},
    {"our job, and somebody else's", "",
     LOST
     "[create-job|1|HV01\\admin|10:00,create-job|4|HV01\\other|10:00] [acts-on-vm|1] "
     "[acts-on-vm|4,creates|4|4] [vm|web1|3,old,snapshot|4|theirs|10:01] " JOB,
     LOST_POSTS LOOK_AT_ONE " Enumerate Get Enumerate", DONE},
    {"two of ours", "",
     LOST
     "[create-job|1|HV01\\admin|10:00,create-job|2|HV01\\admin|10:00] [acts-on-vm|1] "
     "[acts-on-vm|2] " BEFORE,
     NULL, UNKNOWN},
    {"an owner without a domain", "",
     LOST "[create-job|1|admin|10:00] [acts-on-vm|1] " BEFORE, NULL, UNKNOWN},
    {"our job on another VM", "",
     LOST "[create-job|1|HV01\\admin|10:00] [acts-on-other|1] " BEFORE
          "later|66000 [] " BEFORE AGAIN,
     LOST_POSTS LOOK_AT_ONE LOOK AGAIN_POSTS, DONE},
    {"our job of before", "",
     LOST "[create-job|2|HV01\\admin|09:50] " BEFORE "later|66000 [] " BEFORE AGAIN,
     LOST_POSTS LOOK LOOK AGAIN_POSTS, DONE},
    {"our job of two seconds before, which a clock may say", "",
     LOST "[create-job|2|HV01\\admin|09:58] [acts-on-vm|2] " BEFORE, NULL, UNKNOWN},
    {"our job of just before made what the VM stood on", "",
     LOST "[create-job|3|HV01\\admin|10:00] [acts-on-vm|3,creates|3|0] " BEFORE
          "later|66000 [] " BEFORE AGAIN,
     LOST_POSTS LOOK_AT_ONE LOOK AGAIN_POSTS, DONE},
    {"our job does not say on which VM it acts: it is asked again", "",
     LOST "[create-job|1|HV01\\admin|10:00] [] " BEFORE OURS BEFORE JOB,
     LOST_POSTS LOOK_AT_ONE LOOK_AT_ONE " Get Enumerate", DONE},
    {"and never does", "",
     LOST "[create-job|1|HV01\\admin|10:00] [] " BEFORE
          "later|66000 [create-job|1|HV01\\admin|10:00] [] " BEFORE,
     NULL, UNKNOWN},
    {"nothing came, but the VM is no longer to be seen", "",
     LOST "[] " BEFORE "later|66000 [] []", LOST_POSTS LOOK LOOK, UNKNOWN},
    {"nothing came, but the VM stands elsewhere", "",
     LOST "[] " BEFORE "later|66000 [] [vm-root|web1|3,old]", LOST_POSTS LOOK LOOK,
     UNKNOWN},
    {"the host's clock went back", "",
     LOST "early|3600000 [] " BEFORE "later|66000 early|3600000 [] " BEFORE,
     LOST_POSTS LOOK LOOK, UNKNOWN},
    {"no reply has a date", "",
     "undated [vm|web1|3] lost undated [] undated " BEFORE
     "later|66000 undated [] undated " BEFORE,
     LOST_POSTS LOOK LOOK, UNKNOWN},

    {"not believed before the request can no longer act", "",
     LOST "[] " BEFORE "later|55000 [] " BEFORE OURS BEFORE JOB,
     LOST_POSTS LOOK LOOK LOOK_AT_ONE " Get Enumerate", DONE},
    {"nothing came: sent again, and its job followed", "",
     LOST "[] " BEFORE "later|66000 [] " BEFORE AGAIN, LOST_POSTS LOOK LOOK AGAIN_POSTS,
     DONE},
    {"nothing came, and no second try is allowed", "once",
     LOST "[] " BEFORE "later|66000 [] " BEFORE, LOST_POSTS LOOK LOOK,
     HVS_OUTCOME_NOT_DONE, HVS_CLASS_CONNECT,
     "it did not happen, and may be tried again"},
    {"lost twice, found the second time", "",
     LOST "[] " BEFORE "later|66000 [] " BEFORE "lost [create-job|1|HV01\\admin|11:30] "
          "[acts-on-vm|1] " BEFORE JOB,
     LOST_POSTS LOOK LOOK " CreateSnapshot" LOOK_AT_ONE " Get Enumerate", DONE},

    {"somebody else's alone: ours is sent again", "",
     LOST THEIRS
     "[acts-on-vm|4,creates|4|4] [vm|web1|3,old,snapshot|4|x|10:01] later|66000 " THEIRS
     "[acts-on-vm|4,creates|4|4] [vm|web1|3,old,snapshot|4|x|10:01] " AGAIN,
     LOST_POSTS LOOK_AT_ONE LOOK_AT_ONE AGAIN_POSTS, DONE},
    {"somebody else's job has not named its snapshot yet", "",
     LOST THEIRS "[acts-on-vm|4] [vm|web1|3,old,snapshot|4|x|10:01] " THEIRS
                 "[acts-on-vm|4,creates|4|4] [vm|web1|3,old,snapshot|4|x|10:01," NEW
                 "] " THEIRS "[acts-on-vm|4,creates|4|4] [" NEW "]",
     LOST_POSTS LOOK_AT_ONE LOOK_AT_ONE TWICE " Enumerate Enumerate", DONE},
    {"somebody else's job never names its snapshot", "",
     LOST THEIRS "[acts-on-vm|4] [vm|web1|3,old," NEW "] later|66000 " THEIRS
                 "[acts-on-vm|4] [vm|web1|3,old," NEW "]",
     NULL, UNKNOWN},

    {"somebody else's job of before made its snapshot since", "",
     LOST
     "[long-job|4|7|10:01] [acts-on-vm|4,creates|4|4] [vm|web1|3,old,snapshot|4|x|10:01] "
     "later|66000 [long-job|4|7|10:01] [acts-on-vm|4,creates|4|4] "
     "[vm|web1|3,old,snapshot|4|x|10:01] " AGAIN,
     LOST_POSTS LOOK_AT_ONE LOOK_AT_ONE AGAIN_POSTS, DONE},

    {"somebody else's job of before is still at it", "",
     LOST "[long-job|4|4|09:50] [acts-on-vm|4] [vm|web1|3,old," NEW "] later|66000 "
          "[long-job|4|4|09:50] [acts-on-vm|4] [vm|web1|3,old," NEW "]",
     LOST_POSTS LOOK_AT_ONE LOOK_AT_ONE, UNKNOWN},
    {"a job that was over before is not looked at", "",
     LOST "[long-job|4|7|09:55,long-job|5|32768|09:55] [vm|web1|3,old," NEW "] [] [" NEW
          "]",
     LOST_POSTS LOOK TWICE " Enumerate", DONE},

    {"the jobs are gone, one new child is there", "",
     LOST "[] [vm|web1|3,old," NEW "] [] [" NEW "]", LOST_POSTS LOOK TWICE " Enumerate",
     DONE},
    {"one new child, of a job that began since we read the jobs", "",
     LOST "[] [vm|web1|3,old,snapshot|4|x|10:01] " THEIRS "[acts-on-vm|4,creates|4|4] "
          "later|66000 " THEIRS
          "[acts-on-vm|4,creates|4|4] [vm|web1|3,old,snapshot|4|x|10:01] " AGAIN,
     LOST_POSTS LOOK TWICE " Enumerate" LOOK_AT_ONE AGAIN_POSTS, DONE},
    {"the jobs are gone, two new children are there", "",
     LOST "[] [vm|web1|3,old," NEW ",snapshot|4|x|10:02]", LOST_POSTS LOOK, UNKNOWN},
    {"a child of before is not new", "",
     LOST "[] [vm|web1|3,old,snapshot|4|x|09:58] later|66000 [] "
          "[vm|web1|3,old,snapshot|4|x|09:58] " AGAIN,
     NULL, DONE},

    {"a child of while it was held is not new", "hold",
     FOUND "nap-go lost [] [vm|web1|3,old,snapshot|4|x|10:20] later|66000 [] "
           "[vm|web1|3,old,snapshot|4|x|10:20] " AGAIN,
     NULL, DONE},

    {"no answer while finding out", "",
     LOST "unsent unsent unsent unsent unsent unsent unsent unsent " OURS BEFORE JOB,
     NULL, DONE},
    {"finding out is not allowed", "", LOST "fault|5|w:AccessDenied",
     LOST_POSTS " Enumerate", UNKNOWN},
    {"the time is over while finding out", "ms=20000", LOST "[] " BEFORE "hang",
     LOST_POSTS LOOK " Enumerate", UNKNOWN},
    {"stopped while finding out", "", LOST "[] " BEFORE "nap-stop", LOST_POSTS LOOK,
     UNKNOWN},

    {"503 is in doubt", "", FOUND "http|503 " OURS BEFORE JOB, NULL, DONE},
    {"an empty 500 is in doubt", "", FOUND "http|500 " OURS BEFORE JOB, NULL, DONE},
    {"HTML is in doubt", "", FOUND "html|200 " OURS BEFORE JOB, NULL, DONE},
    {"a page that is too large is in doubt", "", FOUND "huge " OURS BEFORE JOB, NULL,
     DONE},
    {"another message's reply is in doubt", "",
     FOUND "astray creating|3 " OURS BEFORE JOB, NULL, DONE},
    {"another action's reply is in doubt", "",
     FOUND "acted|urn:x creating|3 " OURS BEFORE JOB, NULL, DONE},
    {"a job that is not named is in doubt", "", FOUND "created|4096 " OURS BEFORE JOB,
     NULL, DONE},
    {"a time-out of the host is in doubt", "",
     FOUND "fault|0x80338029|w:TimedOut " OURS BEFORE JOB, NULL, DONE},
    {"done, but too large to say, is in doubt", "",
     FOUND "fault|0x8033804D|w:InternalError " OURS BEFORE JOB, NULL, DONE},
    {"a fault that nobody knows is in doubt", "",
     FOUND "fault|0x80339999|w:Odd " OURS BEFORE JOB, NULL, DONE},

    {"nothing was sent: sent again", "", FOUND "unsent unsent " AGAIN,
     LOST_POSTS " CreateSnapshot" AGAIN_POSTS, DONE},
    {"nothing was sent, three times", "", FOUND "unsent unsent unsent",
     LOST_POSTS " CreateSnapshot CreateSnapshot", HVS_OUTCOME_NOT_DONE, HVS_CLASS_CONNECT,
     "nothing answers there"},
    {"a quota at the door: sent again", "",
     FOUND "fault|0x803381A6|w:InternalError " AGAIN, LOST_POSTS AGAIN_POSTS, DONE},
    {"no rights, said at the door, are not tried again", "",
     FOUND "fault|5|w:AccessDenied", LOST_POSTS, HVS_OUTCOME_NOT_DONE, HVS_CLASS_AUTH,
     "0x00000005"},
    {"a login that is refused is not tried again", "", FOUND "401|Basic_realm=\"WSMAN\"",
     LOST_POSTS, HVS_OUTCOME_NOT_DONE, HVS_CLASS_AUTH, "refused to log in 'HV01\\admin'"},
};

struct owner_case {
    const char *name;
    const char *owner, *account, *domain;
    int is;
};

static const struct owner_case owner_cases[] = {
    {"ours", "CORP\\admin", "admin", "CORP", 1},
    {"in any case", "corp\\Admin", "admin", "CORP", 1},
    {"the realm's first label", "CORP\\admin", "admin", "CORP.EXAMPLE.COM", 1},
    {"another user", "CORP\\eve", "admin", "CORP", 0},
    {"another user, without a domain", "eve", "admin", "CORP", 0},
    {"the same name in another domain", "OTHER\\admin", "admin", "CORP", 0},
    {"a start of the domain", "COR\\admin", "admin", "CORP", 0},
    {"a longer domain", "CORPS\\admin", "admin", "CORP", 0},
    {"a realm whose NetBIOS name may differ", "OLD\\admin", "admin", "CORP.EXAMPLE.COM",
     -1},
    {"an owner without a domain", "admin", "admin", "CORP", -1},
    {"we do not know our domain", "CORP\\admin", "admin", "", -1},
    {"we do not know who we are", "CORP\\admin", "", "CORP", -1},
    {"no owner", "", "admin", "CORP", -1},
};

static void test_owner(void **state)
{
    const struct owner_case *row = *state;

    assert_int_equal(hvs_owner_is(row->owner, row->account, row->domain), row->is);
}

/* "Nothing there" is asked for again and again, for 65 seconds of the host's own time. */
static void test_settles(void **state)
{
    struct hvs_create_opts opts = HVS_CREATE_OPTS_INIT;
    struct hvs_client *client = feed_client(60000);
    struct hvs_buf script = HVS_BUF_INIT(4096);
    struct hvs_create_result *result;
    struct hvs_error err = {0};
    struct feed feed = {0};
    struct hvs_run *run;
    size_t i;

    (void)state;
    hvs_buf_puts(&script, LOST);
    for (i = 0; i < 30; i++)
        hvs_buf_puts(&script, "[] " BEFORE);
    opts.vm = "web1";
    assert_int_equal(hvs_snapshot_create_start(&run, client, &opts, &err), 0);
    feed_run(&feed, run, hvs_buf_str(&script));
    assert_int_equal(hvs_snapshot_create_end(run, &result, &err), -1);
    assert_int_equal(result->outcome, HVS_OUTCOME_UNKNOWN);
    assert_int_equal(feed_count(&feed, "CreateSnapshot"), 1);
    for (i = 0; i + 1 < feed.naps; i++)
        assert_int_equal(feed.nap[i], 2000);
    hvs_create_result_free(result);
    hvs_buf_clear(&script);
    feed_clear(&feed);
    hvs_client_close(client);
}

int main(void)
{
    struct CMUnitTest tests[COUNT(cases) + COUNT(owner_cases) + 1];

    CASES(tests, cases, test_create_case);
    CASES(tests + COUNT(cases), owner_cases, test_owner);
    tests[COUNT(tests) - 1] = (struct CMUnitTest)cmocka_unit_test(test_settles);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

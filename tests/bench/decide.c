/*
 * What it costs to decide which snapshots stay, with every rule set: CPU per snapshot for
 * more and more of them. Fails when 20,000 take 50 ms. Figures are medians.
 *
 *     decide
 */
#include <hvsnap/policy.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST = 20000, ROUNDS = 21, MOST_MS = 50 };

static struct hvs_policy_item items[MOST];
static char ids[MOST][40], names[MOST][24];
static char key[] = "pin", yes[] = "yes", no[] = "no";
static struct hvs_label pinned = {key, yes}, free_to_go = {key, no};

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* One each quarter of an hour, in no order. */
static void fill(void)
{
    const int64_t now = INT64_C(1795878000000), quarter = 900000;
    unsigned long i;

    for (i = 0; i < MOST; i++) {
        unsigned long at = i * 7919 % MOST; /* a prime: meets each once */

        snprintf(ids[i], sizeof(ids[i]), "%08lX-0000-4000-8000-000000000000", at);
        snprintf(names[i], sizeof(names[i]), "auto-%lu", at);
        items[i] = (struct hvs_policy_item){.id = ids[i],
                                            .name = names[i],
                                            .created_ms = now - (int64_t)at * quarter,
                                            .expires_ms = at % 5
                                                              ? HVS_TIME_NONE
                                                              : now + 1000 - (int64_t)at,
                                            .labels = at % 100 ? &free_to_go : &pinned,
                                            .label_count = 1};
    }
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The median, or a negative number. */
static double measure(size_t count)
{
    static const char *const patterns[] = {"*[13579]", "auto-*"};
    struct hvs_policy policy = HVS_POLICY_INIT;
    double took[ROUNDS];
    int i;

    policy.keep_last = policy.keep_hourly = policy.keep_daily = policy.keep_weekly = 1000;
    policy.keep_monthly = policy.keep_yearly = HVS_POLICY_ALL;
    policy.keep_within.days = 30;
    policy.keep_labels = &pinned;
    policy.keep_label_count = 1;
    policy.match = patterns;
    policy.match_count = 2;
    for (i = 0; i < ROUNDS; i++) {
        struct hvs_policy_plan *plan;
        struct hvs_error err = {0};
        double start = now_ms();

        if (hvs_policy_decide(&policy, items, count, INT64_C(1795878000000), &plan,
                              &err) < 0) {
            fprintf(stderr, "decide: %s\n", err.message);
            return -1;
        }
        hvs_policy_plan_free(plan);
        took[i] = now_ms() - start;
    }
    qsort(took, ROUNDS, sizeof(took[0]), by_value);
    return took[ROUNDS / 2];
}

int main(void)
{
    static const size_t counts[] = {100, 1000, MOST};
    double ms = 0;
    size_t i;

    fill();
    for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        ms = measure(counts[i]);
        if (ms < 0)
            return 1;
        printf("decide on %5zu snapshots: %7.3f ms of CPU, %.0f ns each\n", counts[i], ms,
               ms * 1e6 / (double)counts[i]);
    }
    if (ms <= MOST_MS)
        return 0;
    fprintf(stderr, "decide: %d snapshots take more than %d ms\n", MOST, MOST_MS);
    return 1;
}

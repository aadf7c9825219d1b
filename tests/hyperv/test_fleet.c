#include "support/test.h"
#include "support/tiny.h"

#include <hvsnap/hvsnap.h>

#include <stdio.h>

enum { CLIENTS = 5 };

struct fleet {
    struct tiny tiny;
    struct hvs_fleet *fleet;
    struct hvs_client *clients[CLIENTS];
    unsigned ended, again;
    struct hvs_error last;
};

static void open_client(struct fleet *self, size_t i, struct hvs_fleet *fleet)
{
    struct hvs_client_opts opts = HVS_CLIENT_OPTS_INIT;
    struct hvs_error err = {0};

    opts.host = "127.0.0.1";
    opts.port = (uint16_t)self->tiny.port;
    opts.plain_http = true;
    opts.auth = HVS_AUTH_NTLM;
    opts.user = opts.password = "x";
    opts.timeout_ms = 20000;
    opts.fleet = fleet;
    assert_int_equal(hvs_client_open(&self->clients[i], &opts, &err), 0);
}

static void setup(struct fleet *self, const struct tiny_step *steps, size_t count)
{
    struct hvs_error err = {0};
    size_t i;

    *self = (struct fleet){0};
    tiny_start(&self->tiny, steps, count, NULL);
    assert_int_equal(hvs_fleet_new(&self->fleet, &err), 0);
    for (i = 0; i < CLIENTS; i++)
        open_client(self, i, self->fleet);
}

static void teardown(struct fleet *self)
{
    size_t i;

    for (i = 0; i < CLIENTS; i++)
        hvs_client_close(self->clients[i]);
    hvs_fleet_free(self->fleet);
    tiny_stop(&self->tiny);
}

static void on_ended(void *arg, struct hvs_run *run);

static void begin(struct fleet *self, size_t i)
{
    struct hvs_error err = {0};
    struct hvs_run *run;

    assert_int_equal(hvs_identify_start(&run, self->clients[i], true, &err), 0);
    assert_int_equal(hvs_fleet_add(self->fleet, run, on_ended, self, &err), 0);
}

/* Begins another as long as it may. */
static void on_ended(void *arg, struct hvs_run *run)
{
    struct fleet *self = arg;
    struct hvs_identity *identity = NULL;

    self->last = (struct hvs_error){0};
    self->ended++;
    if (hvs_identify_end(run, &identity, &self->last) == 0)
        hvs_identity_free(identity);
    if (self->again) {
        self->again--;
        begin(self, 0);
    }
}

/* Each on a connection of its own, all of them to their end. */
static void test_all(void **state)
{
    static const struct tiny_step steps[] = {{TINY_OK, TINY_CLOSE},
                                             {TINY_OK, TINY_CLOSE},
                                             {TINY_OK, TINY_CLOSE},
                                             {TINY_OK, TINY_CLOSE},
                                             {TINY_OK, TINY_CLOSE}};
    struct fleet self;
    size_t i;

    (void)state;
    setup(&self, steps, COUNT(steps));
    for (i = 0; i < CLIENTS; i++)
        begin(&self, i);
    while (hvs_fleet_step(self.fleet))
        hvs_fleet_wait(self.fleet, NULL, 0, -1);
    assert_int_equal(self.ended, CLIENTS);
    teardown(&self);
    assert_int_equal(self.tiny.requests, CLIENTS);
    assert_int_equal(self.tiny.connections, CLIENTS);
}

/* What is over may begin what is next. */
static void test_again(void **state)
{
    struct fleet self;

    (void)state;
    setup(&self, NULL, 0);
    self.again = 3;
    begin(&self, 0);
    while (hvs_fleet_step(self.fleet))
        hvs_fleet_wait(self.fleet, NULL, 0, -1);
    assert_int_equal(self.ended, 4);
    teardown(&self);
    assert_int_equal(self.tiny.requests, 4);
}

/* A host that says nothing: the others are done, and it is given up when asked. */
static void test_stop(void **state)
{
    static const struct tiny_step steps[] = {{NULL, TINY_KEEP}};
    struct hvs_error why = {0};
    struct pollfd mine = {.fd = -1, .events = POLLIN};
    struct fleet self;

    (void)state;
    setup(&self, steps, COUNT(steps));
    begin(&self, 0);
    while (hvs_fleet_step(self.fleet) && hvs_fleet_fds(self.fleet, NULL, 0) == 0)
        hvs_fleet_wait(self.fleet, &mine, 1, 10);
    assert_true(hvs_fleet_timeout(self.fleet) > 0);
    hvs_fleet_wait(self.fleet, &mine, 1, 0);
    assert_int_equal(mine.revents, 0);
    why.domain = HVS_SYSTEM;
    why.class_ = HVS_CLASS_INTERRUPTED;
    snprintf(why.message, sizeof(why.message), "enough");
    hvs_fleet_stop(self.fleet, &why);
    while (hvs_fleet_step(self.fleet))
        hvs_fleet_wait(self.fleet, NULL, 0, -1);
    assert_int_equal(self.ended, 1);
    assert_int_equal(self.last.class_, HVS_CLASS_INTERRUPTED);
    teardown(&self);
}

static void test_strangers(void **state)
{
    struct hvs_error err = {0};
    struct hvs_identity *identity;
    struct hvs_run *run;
    struct fleet self;

    (void)state;
    setup(&self, NULL, 0);
    hvs_client_close(self.clients[1]);
    open_client(&self, 1, NULL);
    assert_int_equal(hvs_identify_start(&run, self.clients[1], true, &err), 0);
    assert_int_equal(hvs_fleet_add(self.fleet, run, on_ended, &self, &err), -1);
    assert_err(&err, HVS_USAGE, "not of this fleet");
    err = (struct hvs_error){0};
    assert_int_equal(hvs_identify_end(run, &identity, &err), -1);
    teardown(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_strangers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

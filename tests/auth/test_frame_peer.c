#include "support/acceptor.h"
#include "support/kdc.h"
#include "support/test.h"

#include "auth/frame.h"
#include "auth/ntlm.h"
#include "auth/ntlm_seal.h"

#ifdef HVS_GSSAPI

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Whole frames to and from servers that we did not write: of every size that a reply may
 * have, and with sealed bytes whose end looks like something else.
 */

/* The most that a reply may have: more than we ask for as MaxEnvelopeSize. */
enum { MOST = 2 << 20, ROOM = MOST + 4096 };

static struct kdc kdc;
static const char *no_kdc;
static char users[300];

static int start(void **state)
{
    const char *tmp = getenv("TMPDIR");
    FILE *file;
    int fd;

    (void)state;
    no_kdc = kdc_start(&kdc);
    setenv("KRB5CCNAME", "FILE:/nonexistent/ccache", 1);
    unsetenv("KRB5_CLIENT_KTNAME");
    snprintf(users, sizeof(users), "%s/users.XXXXXX", tmp ? tmp : "/tmp");
    fd = mkstemp(users);
    file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file)
        return -1;
    fprintf(file, "HVTEST:ntuser:NtPassw0rd!\n");
    fclose(file);
    setenv("NTLM_USER_FILE", users, 1);
    setenv("NETBIOS_COMPUTER_NAME", "HV01", 1);
    setenv("NETBIOS_DOMAIN_NAME", "HVTEST", 1);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    kdc_stop(&kdc);
    return unlink(users);
}

/* How to log in. */
struct way {
    const char *name;
    const char *host; /* for Kerberos; NULL: NTLM */
    size_t key_size;  /* of the session key */
};

static const struct way ntlm = {"NTLM", NULL, 16};
static const struct way aes256 = {"AES256", "hv01.hvsnap.test", 32};
static const struct way aes128 = {"AES128", "aes128.hvsnap.test", 16};

struct peers {
    struct acceptor acceptor;
    struct hvs_mech *mech;
    struct hvs_ntlm_half twin; /* with NTLM: a copy of what the server seals with */
    struct hvs_ntlm_half ours; /* and of what we seal with */
};

static void skip_for(const char *why)
{
    print_message("%s\n", why);
    skip();
}

static void make_ntlm(struct peers *peers)
{
    static const struct hvs_credentials who = {.user = "ntuser",
                                               .domain = "HVTEST",
                                               .password = "NtPassw0rd!"};
    struct hvs_ntlm_inputs inputs = {.workstation = "COMPUTER"};
    struct hvs_error err = {0};

    if (!acceptor_open(&peers->acceptor, &acceptor_ntlm))
        skip_for("gss-ntlmssp is not installed");
    memset(inputs.session_key, 0x55, sizeof(inputs.session_key));
    peers->mech = hvs_ntlm_new_with(&who, "HTTP/hv01", &inputs, &err);
    assert_non_null(peers->mech);
    assert_int_equal(hvs_ntlm_half_init(&peers->twin, inputs.session_key, true, &err), 0);
    assert_int_equal(hvs_ntlm_half_init(&peers->ours, inputs.session_key, false, &err),
                     0);
}

/* Both ends would take AES256 for what they seal with, whatever the ticket has (RFC
 * 4537), so both are told that there is none. */
static void only_aes128(bool only)
{
    FILE *file;

    if (only) {
        file = fopen(kdc_path(&kdc, "aes128.conf"), "w");
        assert_non_null(file);
        fprintf(file, "[libdefaults]\n  permitted_enctypes = aes128-cts-hmac-sha1-96\n");
        fprintf(file, "include %s\n", kdc_path(&kdc, "krb5.conf"));
        assert_int_equal(fclose(file), 0);
    }
    setenv("KRB5_CONFIG", kdc_path(&kdc, only ? "aes128.conf" : "krb5.conf"), 1);
}

static void make_kerberos(struct peers *peers, const char *host, size_t key_size)
{
    static const struct hvs_credentials who = {.user = "hvuser@HVSNAP.TEST",
                                               .password = "Passw0rd!"};
    struct hvs_blocking *call;
    struct hvs_error err = {0};

    if (no_kdc)
        skip_for(no_kdc);
    only_aes128(key_size == 16);
    assert_true(acceptor_open(&peers->acceptor, &acceptor_spnego));
    peers->mech = hvs_gss_new(&who, "HTTP", host, &err);
    assert_non_null(peers->mech);
    call = peers->mech->ops->prepare(peers->mech, &err);
    assert_non_null(call);
    call->work(call);
    assert_int_equal(peers->mech->ops->prepared(peers->mech, call, &err), 0);
    call->free(call);
}

static void log_in(struct peers *peers, const struct way *way)
{
    struct hvs_buf token = HVS_BUF_INIT(1 << 16), answer = HVS_BUF_INIT(1 << 16);
    struct hvs_error err = {0};
    int legs;

    *peers = (struct peers){0};
    if (way->host)
        make_kerberos(peers, way->host, way->key_size);
    else
        make_ntlm(peers);
    for (legs = 0; legs < 3 && !peers->acceptor.complete; legs++) {
        if (peers->mech->ops->step(peers->mech, answer.data, answer.len, NULL, &token,
                                   &err) < 0)
            fail_msg("%s", err.message);
        hvs_buf_clear(&answer);
        assert_true(acceptor_step(&peers->acceptor, &token, NULL, &answer));
    }
    if (!peers->mech->complete)
        assert_int_equal(peers->mech->ops->step(peers->mech, answer.data, answer.len,
                                                NULL, &token, &err),
                         0);
    assert_true(peers->mech->complete);
    assert_int_equal(acceptor_key_size(&peers->acceptor), way->key_size);
    hvs_buf_clear(&token);
    hvs_buf_clear(&answer);
}

static void log_out(struct peers *peers)
{
    hvs_mech_free(peers->mech);
    acceptor_close(&peers->acceptor);
    hvs_ntlm_half_clear(&peers->twin);
    hvs_ntlm_half_clear(&peers->ours);
}

/* From the server to us. Keeps the sealed bytes' last two in `tail`. */
static void receive(struct peers *peers, const char *text, size_t len, char tail[2])
{
    struct hvs_buf signature = HVS_BUF_INIT(100), sealed = HVS_BUF_INIT(ROOM),
                   body = HVS_BUF_INIT(ROOM), plain = HVS_BUF_INIT(MOST);
    struct hvs_error err = {0};

    acceptor_seal_bytes(&peers->acceptor, text, len, &signature, &sealed);
    hvs_frame_add(&body, hvs_buf_str(&signature), signature.len, hvs_buf_str(&sealed),
                  sealed.len);
    if (hvs_frame_open(peers->mech, hvs_buf_str(&body), body.len, &plain, &err) < 0)
        fail_msg("%zu bytes: %s", len, err.message);
    assert_int_equal(plain.len, len);
    assert_memory_equal(hvs_buf_str(&plain), text, len);
    if (sealed.len >= 2)
        memcpy(tail, sealed.data + sealed.len - 2, 2);
    hvs_buf_clear(&signature);
    hvs_buf_clear(&sealed);
    hvs_buf_clear(&body);
    hvs_buf_clear(&plain);
}

/* From us to the server. */
static void transmit(struct peers *peers, const char *text, size_t len, char tail[2])
{
    struct hvs_buf signature = HVS_BUF_INIT(100), sealed = HVS_BUF_INIT(ROOM),
                   body = HVS_BUF_INIT(ROOM), plain = HVS_BUF_INIT(MOST);
    struct hvs_error err = {0};
    struct hvs_frame frame;

    assert_int_equal(hvs_frame_seal(peers->mech, text, len, &body, &err), 0);
    assert_int_equal(hvs_frame_read(&frame, hvs_buf_str(&body), body.len, &err), 0);
    hvs_buf_add(&signature, frame.signature, frame.signature_len);
    hvs_buf_add(&sealed, frame.sealed, frame.length);
    assert_true(acceptor_unseal(&peers->acceptor, &signature, &sealed, &plain));
    assert_int_equal(plain.len, len);
    assert_memory_equal(hvs_buf_str(&plain), text, len);
    if (sealed.len >= 2)
        memcpy(tail, sealed.data + sealed.len - 2, 2);
    hvs_buf_clear(&signature);
    hvs_buf_clear(&sealed);
    hvs_buf_clear(&body);
    hvs_buf_clear(&plain);
}

/* Sizes around the cipher's blocks and powers of two, up to the most. */
static void test_sizes(void **state)
{
    static const size_t odd[] = {500, 1000, 65535, 100003, 512000, MOST - 1, MOST};
    const struct way *way = *state;
    char *text, tail[2];
    struct peers peers;
    size_t len;

    log_in(&peers, way);
    text = test_malloc(MOST);
    for (len = 0; len < MOST; len++)
        text[len] = (char)(' ' + len % 95);
    for (len = 1; len <= 130; len++) {
        receive(&peers, text, len, tail);
        transmit(&peers, text, len, tail);
    }
    for (len = 0; len < COUNT(odd); len++) {
        receive(&peers, text, odd[len], tail);
        transmit(&peers, text, odd[len], tail);
    }
    log_out(&peers);
    test_free(text);
}

static const char *const ends[] = {"\0", "\r", "\n", " ", "\r\n", "--"};
static const size_t end_len[] = {1, 1, 1, 1, 2, 2};

/* The text whose sealed form will end so, by the cipher's own stream. */
static void aim(struct hvs_ntlm_half *half, char *text, size_t len, const char *end,
                size_t size)
{
    struct hvs_rc4 stream = half->rc4;
    size_t i;

    memset(text, 'x', len);
    for (i = 0; i < size; i++)
        text[len - size + i] = 0;
    hvs_rc4_apply(&stream, text, text, len);
    for (i = 0; i < len - size; i++)
        text[i] = 'x';
    for (i = len - size; i < len; i++)
        text[i] = (char)(text[i] ^ end[i - (len - size)]);
}

/* The twin goes where the server's stream went. */
static void follow(struct hvs_ntlm_half *half, const char *text, size_t len)
{
    struct hvs_buf sealed = HVS_BUF_INIT(1000);
    struct hvs_error err = {0};
    uint8_t signature[HVS_NTLM_SIGNATURE_SIZE];

    assert_int_equal(hvs_ntlm_seal(half, text, len, signature, &sealed, &err), 0);
    hvs_buf_clear(&sealed);
}

static void test_ends_ntlm(void **state)
{
    char text[40], tail[2];
    struct peers peers;
    size_t i, len = sizeof(text);

    (void)state;
    log_in(&peers, &ntlm);
    for (i = 0; i < COUNT(ends); i++) {
        aim(&peers.twin, text, len, ends[i], end_len[i]);
        receive(&peers, text, len, tail);
        assert_memory_equal(tail + 2 - end_len[i], ends[i], end_len[i]);
        follow(&peers.twin, text, len);

        aim(&peers.ours, text, len, ends[i], end_len[i]);
        transmit(&peers, text, len, tail);
        assert_memory_equal(tail + 2 - end_len[i], ends[i], end_len[i]);
        follow(&peers.ours, text, len);
    }
    log_out(&peers);
}

/* Two bytes take 65536 messages on average, which is too slow where each allocation is
 * watched, by a sanitizer or by valgrind. */
static size_t ends_to_meet(void)
{
#ifdef __SANITIZE_ADDRESS__
    return 4;
#else
    return getenv("WRAP") ? 4 : COUNT(ends);
#endif
}

/* What is sealed by AES ends by chance, so there are as many as it takes. */
static void test_ends_kerberos(void **state)
{
    const size_t count = ends_to_meet();
    const struct way *way = *state;
    void (*const directions[])(struct peers *, const char *, size_t,
                               char[2]) = {receive, transmit};
    size_t d, i, seen;
    struct peers peers;
    unsigned long n;
    char tail[2];

    log_in(&peers, way);
    for (d = 0; d < COUNT(directions); d++) {
        bool met[COUNT(ends)] = {false};

        for (n = seen = 0; seen < count && n < 2000000; n++) {
            directions[d](&peers, "<hv/>", 5, tail);
            for (i = 0; i < count; i++) {
                if (met[i] || memcmp(tail + 2 - end_len[i], ends[i], end_len[i]) != 0)
                    continue;
                met[i] = true;
                seen++;
            }
        }
        assert_int_equal(seen, count);
    }
    log_out(&peers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"sizes, NTLM", test_sizes, NULL, NULL, (void *)&ntlm},
        {"sizes, AES256", test_sizes, NULL, NULL, (void *)&aes256},
        {"sizes, AES128", test_sizes, NULL, NULL, (void *)&aes128},
        {"ends, NTLM", test_ends_ntlm, NULL, NULL, NULL},
        {"ends, AES256", test_ends_kerberos, NULL, NULL, (void *)&aes256},
        {"ends, AES128", test_ends_kerberos, NULL, NULL, (void *)&aes128},
    };

    return cmocka_run_group_tests(tests, start, stop);
}

#else

int main(void)
{
    print_message("built without GSSAPI\n");
    return 77;
}

#endif

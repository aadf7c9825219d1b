/*
 * What unsealing a large reply costs: a frame of 500 KB with NTLM's keys, beside what
 * OpenSSL takes for RC4 (of its legacy provider) and HMAC-MD5 over the same bytes, and
 * for TLS's AES-256-GCM. In turn, in one run; figures are medians.
 *
 *     unseal [ROUNDS]
 */
#include "auth/frame.h"
#include "auth/ntlm_seal.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/provider.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SIZE = 500 * 1024, MOST_ROUNDS = 2000 };

static const uint8_t key[32] = "0123456789abcdef0123456789abcde";

static double now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void die(const char *what)
{
    fprintf(stderr, "unseal: %s\n", what);
    exit(1);
}

/* A mechanism that has logged in: both directions' keys, and no more. */
struct peer {
    struct hvs_mech mech;
    struct hvs_ntlm_half server, client;
};

static int unseal(struct hvs_mech *mech, const void *signature, size_t signature_len,
                  const void *sealed, size_t len, struct hvs_buf *plain,
                  struct hvs_error *err)
{
    struct peer *peer = (struct peer *)mech;

    return hvs_ntlm_unseal(&peer->client, signature, signature_len, sealed, len, plain,
                           err);
}

static const struct hvs_mech_ops ops = {.name = "ntlm", .unseal = unseal};

static void make_frame(struct peer *peer, const char *text, struct hvs_buf *body)
{
    struct hvs_buf sealed = HVS_BUF_INIT(SIZE);
    uint8_t signature[HVS_NTLM_SIGNATURE_SIZE];

    if (hvs_ntlm_seal(&peer->server, text, SIZE, signature, &sealed, NULL) < 0)
        die("cannot seal");
    hvs_buf_clear(body);
    hvs_frame_add(body, signature, sizeof(signature), sealed.data, sealed.len);
    hvs_buf_clear(&sealed);
}

static double time_ours(struct peer *peer, const char *text, struct hvs_buf *body)
{
    struct hvs_buf plain = HVS_BUF_INIT(SIZE);
    struct hvs_error err = {0};
    double began;

    make_frame(peer, text, body);
    began = now_us();
    if (hvs_frame_open(&peer->mech, body->data, body->len, &plain, &err) < 0)
        die(err.message);
    began = now_us() - began;
    if (plain.len != SIZE || memcmp(plain.data, text, SIZE) != 0)
        die("another text came out");
    hvs_buf_clear(&plain);
    return began;
}

static double time_openssl(EVP_CIPHER_CTX *rc4, const char *sealed, char *out)
{
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned sum_len = 0;
    double began = now_us();
    int len = 0;

    if (EVP_DecryptUpdate(rc4, (unsigned char *)out, &len, (const unsigned char *)sealed,
                          SIZE) != 1 ||
        !HMAC(EVP_md5(), key, 16, (unsigned char *)out, SIZE, sum, &sum_len))
        die("OpenSSL fails");
    return now_us() - began;
}

static double time_gcm(const char *sealed, char *out)
{
    static const unsigned char iv[12] = {0};
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    double began = now_us();
    int len = 0;

    if (EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, iv) != 1 ||
        EVP_DecryptUpdate(ctx, (unsigned char *)out, &len, (const unsigned char *)sealed,
                          SIZE) != 1)
        die("OpenSSL fails");
    began = now_us() - began;
    EVP_CIPHER_CTX_free(ctx);
    return began;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof(*values), ascending);
    return values[count / 2];
}

static void show(const char *name, double us)
{
    printf("%-40s %8.0f us %7.0f MB/s\n", name, us, SIZE / us);
}

int main(int argc, char **argv)
{
    static double times[3][MOST_ROUNDS];
    int rounds = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 300, i;
    struct hvs_buf body = HVS_BUF_INIT(SIZE + 4096);
    EVP_CIPHER_CTX *rc4 = EVP_CIPHER_CTX_new();
    static char text[SIZE], out[SIZE];
    struct peer peer = {.mech = {.ops = &ops, .complete = true}};
    double ours, theirs;

    if (rounds < 1 || rounds > MOST_ROUNDS)
        die("usage: unseal [ROUNDS]");
    if (!OSSL_PROVIDER_load(NULL, "default") || !OSSL_PROVIDER_load(NULL, "legacy")) {
        printf("unseal: OpenSSL's legacy provider is not here\n");
        return 0;
    }
    memset(text, 'x', SIZE);
    if (hvs_ntlm_half_init(&peer.server, key, true, NULL) < 0 ||
        hvs_ntlm_half_init(&peer.client, key, true, NULL) < 0 ||
        EVP_DecryptInit_ex(rc4, EVP_rc4(), NULL, key, NULL) != 1)
        die("no keys");
    for (i = 0; i < rounds; i++) {
        times[0][i] = time_ours(&peer, text, &body);
        times[1][i] = time_openssl(rc4, text, out);
        times[2][i] = time_gcm(text, out);
    }
    ours = median(times[0], rounds);
    theirs = median(times[1], rounds);
    show("unseal a frame of 500 KB (NTLM)", ours);
    show("OpenSSL's RC4 and HMAC-MD5", theirs);
    show("OpenSSL's AES-256-GCM, as in TLS", median(times[2], rounds));
    printf("%-40s %8.2f x (1.30 at the most)\n", "ratio", ours / theirs);
    hvs_buf_clear(&body);
    EVP_CIPHER_CTX_free(rc4);
    return ours / theirs > 1.3;
}

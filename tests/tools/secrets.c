/*
 * secrets USER PASSWORD_FILE KEYS_FILE WHERE...: the forms of a password that are found
 * in files, and in the memory of processes where WHERE is a number; a line "WHERE: FORM"
 * for each. KEYS_FILE has the session keys of NTLM logins in hexadecimal, one a line.
 *
 *     password  as it is           pair     base64 of USER:PASSWORD, as Basic sends it
 *     utf16     little end first   nt-hash  its MD4
 *     ntowf     NTLMv2's key, made from the hash, the user and its domain
 *     session-key, and sign-key and seal-key, which are made from it
 *     FORM-hex, FORM-HEX, FORM-base64
 *
 * Exit status 77: the system does not let us read that memory.
 */
#include "auth/digest.h"
#include "auth/ntlm_hash.h"
#include "auth/utf16.h"
#include "base/base64.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FORMS = 1024, CHUNK = 1 << 20, LONGEST = 4096 };

struct form {
    char name[32];
    struct hvs_buf bytes;
    bool found;
};

static struct form forms[FORMS];
static size_t count;

static void add(const char *name, const char *how, const void *bytes, size_t len)
{
    struct form *form = &forms[count];

    if (count == FORMS)
        abort();
    snprintf(form->name, sizeof(form->name), "%s%s", name, how);
    form->bytes = (struct hvs_buf)HVS_BUF_INIT(LONGEST);
    hvs_buf_add(&form->bytes, bytes, len);
    if (form->bytes.failed || !len)
        abort();
    count++;
}

/* A secret as it is, and as it could be printed. */
static void add_all(const char *name, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    struct hvs_buf lower = HVS_BUF_INIT(LONGEST), upper = HVS_BUF_INIT(LONGEST);
    struct hvs_buf base64 = HVS_BUF_INIT(LONGEST);
    size_t i;

    for (i = 0; i < len; i++) {
        hvs_buf_printf(&lower, "%02x", at[i]);
        hvs_buf_printf(&upper, "%02X", at[i]);
    }
    hvs_base64_add(&base64, bytes, len - len % 3); /* whatever follows */
    add(name, "", bytes, len);
    add(name, "-hex", hvs_buf_str(&lower), lower.len);
    add(name, "-HEX", hvs_buf_str(&upper), upper.len);
    add(name, "-base64", hvs_buf_str(&base64), base64.len);
    hvs_buf_clear(&lower);
    hvs_buf_clear(&upper);
    hvs_buf_clear(&base64);
}

/* MS-NLMP 3.4.5.2 and 3.4.5.3, with the longest of the keys. */
static int make_keys(const uint8_t key[16])
{
    static const struct {
        const char *name, *magic;
    } rows[] = {
        {"sign-key", "session key to client-to-server signing key magic constant"},
        {"sign-key", "session key to server-to-client signing key magic constant"},
        {"seal-key", "session key to client-to-server sealing key magic constant"},
        {"seal-key", "session key to server-to-client sealing key magic constant"},
    };
    struct hvs_error err = {0};
    uint8_t made[16];
    size_t i;

    add_all("session-key", key, 16);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct hvs_bytes spans[] = {{key, 16},
                                          {rows[i].magic, strlen(rows[i].magic) + 1}};

        if (hvs_md5(made, spans, 2, &err) < 0)
            return -1;
        add_all(rows[i].name, made, sizeof(made));
    }
    return 0;
}

static int read_keys(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[64], digits[3] = "";
    uint8_t key[16];
    size_t i;
    int rc = 0;

    while (file && rc == 0 && fgets(line, sizeof(line), file)) {
        if (strspn(line, "0123456789abcdef") != 2 * sizeof(key))
            rc = -1;
        for (i = 0; rc == 0 && i < sizeof(key); i++) {
            memcpy(digits, line + 2 * i, 2);
            key[i] = (uint8_t)strtoul(digits, NULL, 16);
        }
        if (rc == 0)
            rc = make_keys(key);
    }
    if (file)
        fclose(file);
    return file ? rc : -1;
}

static int make_forms(const char *user, const char *password)
{
    const char *slash = strchr(user, '\\');
    struct hvs_buf pair = HVS_BUF_INIT(LONGEST), domain = HVS_BUF_INIT(LONGEST);
    struct hvs_buf utf16 = HVS_BUF_INIT(LONGEST), base64 = HVS_BUF_INIT(LONGEST);
    struct hvs_error err = {0};
    uint8_t hash[16], owf[16];
    char *name = strndup(user, slash ? (size_t)(slash - user) : 0);
    int rc = -1;

    hvs_buf_printf(&pair, "%s:%s", user, password);
    hvs_base64_add(&base64, hvs_buf_str(&pair), pair.len);
    if (!name || !hvs_utf16_add(&utf16, password) || !hvs_utf16_add(&domain, name) ||
        hvs_ntlm_hash(hash, password, &err) < 0 ||
        hvs_ntlm_owf(owf, hash, slash ? slash + 1 : user,
                     (struct hvs_bytes){hvs_buf_str(&domain), domain.len}, &err) < 0)
        goto out;
    add_all("password", password, strlen(password));
    add_all("utf16", hvs_buf_str(&utf16), utf16.len);
    add("pair", "", hvs_buf_str(&base64), base64.len);
    add_all("nt-hash", hash, sizeof(hash));
    add_all("ntowf", owf, sizeof(owf));
    rc = 0;
out:
    hvs_buf_clear(&pair);
    hvs_buf_clear(&domain);
    hvs_buf_clear(&utf16);
    hvs_buf_clear(&base64);
    free(name);
    return rc;
}

static bool holds(const char *bytes, size_t len, const struct hvs_buf *form)
{
    const char *at = bytes, *end = bytes + len;

    while ((at = memchr(at, form->data[0], (size_t)(end - at)))) {
        if ((size_t)(end - at) < form->len)
            return false;
        if (memcmp(at, form->data, form->len) == 0)
            return true;
        at++;
    }
    return false;
}

/* In what `fd` has from `from` to `to`, or to its end; how much could be read. */
static size_t search(int fd, uint64_t from, uint64_t to)
{
    static char chunk[LONGEST + CHUNK];
    size_t kept = 0, all = 0, want, i;
    ssize_t n;

    while (from < to) {
        want = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
        n = pread(fd, chunk + kept, want, (off_t)from);
        if (n <= 0)
            break;
        for (i = 0; i < count; i++)
            forms[i].found |= holds(chunk, kept + (size_t)n, &forms[i].bytes);
        from += (uint64_t)n;
        all += (size_t)n;
        kept += (size_t)n;
        if (kept > LONGEST) { /* what may go on in the next one */
            memmove(chunk, chunk + kept - LONGEST, LONGEST);
            kept = LONGEST;
        }
    }
    return all;
}

static int search_process(const char *pid)
{
    char path[64], line[512], *dash, *flags;
    size_t all = 0;
    uint64_t from, to;
    FILE *maps;
    int fd;

    snprintf(path, sizeof(path), "/proc/%s/maps", pid);
    maps = fopen(path, "r");
    snprintf(path, sizeof(path), "/proc/%s/mem", pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    while (maps && fd >= 0 && fgets(line, sizeof(line), maps)) {
        from = strtoull(line, &dash, 16);
        to = *dash == '-' ? strtoull(dash + 1, &flags, 16) : 0;
        if (to && flags[1] == 'r' && !strstr(line, "[v"))
            all += search(fd, from, to);
    }
    if (maps)
        fclose(maps);
    if (fd >= 0)
        close(fd);
    return all ? 0 : -1;
}

static int search_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return -1;
    search(fd, 0, UINT64_MAX >> 1);
    close(fd);
    return 0;
}

/* The first line of it. */
static bool read_password(const char *path, char *out, int size)
{
    FILE *file = fopen(path, "r");
    bool ok = file && fgets(out, size, file);

    if (file)
        fclose(file);
    if (ok)
        out[strcspn(out, "\n")] = '\0';
    return ok && *out;
}

int main(int argc, char **argv)
{
    char password[1024];
    bool process;
    int i, rc;
    size_t f;

    if (argc < 5 || !read_password(argv[2], password, sizeof(password)) ||
        make_forms(argv[1], password) < 0 || read_keys(argv[3]) < 0) {
        fprintf(stderr, "usage: %s USER PASSWORD_FILE KEYS_FILE WHERE...\n", argv[0]);
        return 2;
    }
    for (i = 4; i < argc; i++) {
        for (f = 0; f < count; f++)
            forms[f].found = false;
        process = strspn(argv[i], "0123456789") == strlen(argv[i]);
        rc = process ? search_process(argv[i]) : search_file(argv[i]);
        if (rc < 0) {
            fprintf(stderr, "cannot read '%s': %s\n", argv[i], strerror(errno));
            return process ? 77 : 1;
        }
        for (f = 0; f < count; f++)
            if (forms[f].found)
                printf("%s: %s\n", argv[i], forms[f].name);
    }
    return 0;
}

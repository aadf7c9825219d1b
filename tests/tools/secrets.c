/*
 * secrets USER PASSWORD_FILE WHERE...: the forms of a password that are found in files,
 * and in the memory of processes where WHERE is a number; a line "WHERE: FORM" for each.
 *
 *     password  as it is           pair     base64 of USER:PASSWORD, as Basic sends it
 *     utf16     little end first   nt-hash  its MD4
 *     ntowf     NTLMv2's key, made from the hash, the user and its domain
 *
 * Exit status 77: the system does not let us read that memory.
 */
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

enum { FORMS = 5, CHUNK = 1 << 20, LONGEST = 4096 };

struct form {
    const char *name;
    struct hvs_buf bytes;
    bool found;
};

static struct form forms[FORMS] = {
    {"password", HVS_BUF_INIT(LONGEST), false}, {"utf16", HVS_BUF_INIT(LONGEST), false},
    {"pair", HVS_BUF_INIT(LONGEST), false},     {"nt-hash", HVS_BUF_INIT(LONGEST), false},
    {"ntowf", HVS_BUF_INIT(LONGEST), false},
};

static int make_forms(const char *user, const char *password)
{
    const char *slash = strchr(user, '\\');
    struct hvs_buf pair = HVS_BUF_INIT(LONGEST), domain = HVS_BUF_INIT(LONGEST);
    struct hvs_error err = {0};
    uint8_t hash[16], owf[16];
    char *name = strndup(user, slash ? (size_t)(slash - user) : 0);
    int rc = -1;

    hvs_buf_puts(&forms[0].bytes, password);
    hvs_buf_printf(&pair, "%s:%s", user, password);
    hvs_base64_add(&forms[2].bytes, hvs_buf_str(&pair), pair.len);
    if (!name || !hvs_utf16_add(&forms[1].bytes, password) ||
        !hvs_utf16_add(&domain, name) || hvs_ntlm_hash(hash, password, &err) < 0 ||
        hvs_ntlm_owf(owf, hash, slash ? slash + 1 : user,
                     (struct hvs_bytes){hvs_buf_str(&domain), domain.len}, &err) < 0)
        goto out;
    hvs_buf_add(&forms[3].bytes, (const char *)hash, sizeof(hash));
    hvs_buf_add(&forms[4].bytes, (const char *)owf, sizeof(owf));
    rc = 0;
out:
    hvs_buf_clear(&pair);
    hvs_buf_clear(&domain);
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
        for (i = 0; i < FORMS; i++)
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

    if (argc < 4 || !read_password(argv[2], password, sizeof(password)) ||
        make_forms(argv[1], password) < 0) {
        fprintf(stderr, "usage: %s USER PASSWORD_FILE WHERE...\n", argv[0]);
        return 2;
    }
    for (i = 3; i < argc; i++) {
        for (f = 0; f < FORMS; f++)
            forms[f].found = false;
        process = strspn(argv[i], "0123456789") == strlen(argv[i]);
        rc = process ? search_process(argv[i]) : search_file(argv[i]);
        if (rc < 0) {
            fprintf(stderr, "cannot read '%s': %s\n", argv[i], strerror(errno));
            return process ? 77 : 1;
        }
        for (f = 0; f < FORMS; f++)
            if (forms[f].found)
                printf("%s: %s\n", argv[i], forms[f].name);
    }
    return 0;
}

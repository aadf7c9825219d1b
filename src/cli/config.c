#include "cli/config.h"

#include "base/buf.h"
#include "base/err.h"
#include "cli/settings.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_LIMIT 4096

struct config_entry {
    struct config_entry *next;
    const struct opt *row;
    unsigned file;
    char *host; /* NULL in [default] */
    char *value;
};

/* What the parser's callbacks share. The parser cuts the names of sections at 49 bytes
 * and, depending on how it was built, tells nobody the line: so the lines are counted
 * and the sections remembered here. */
struct reading {
    struct config *config;
    FILE *file;
    const char *path;
    unsigned line;
    char section[300];
    struct hvs_error *err;
};

static int complain(struct reading *r, const char *what, const char *subject)
{
    return hvs_err_set(r->err, HVS_USAGE, 0, "%s:%u: %s '%.100s'", r->path, r->line, what,
                       subject);
}

/* Hand the parser a line without the blanks before it: it would take an indented line for
 * more of the value above. */
static char *read_line(char *out, int size, void *arg)
{
    struct reading *r = arg;
    size_t blanks, len;
    char *end;

    if (r->err->domain || !fgets(out, size, r->file))
        return NULL;
    r->line++;
    len = strlen(out);
    if (len + 1 == (size_t)size && out[len - 1] != '\n') {
        complain(r, "this line is too long:", out);
        return NULL;
    }
    blanks = strspn(out, " \t");
    memmove(out, out + blanks, len - blanks + 1);
    if (*out != '[')
        return out;
    end = strchr(out, ']');
    if (end && (size_t)(end - out) <= sizeof(r->section))
        snprintf(r->section, sizeof(r->section), "%.*s", (int)(end - out) - 1, out + 1);
    return out;
}

/* The host that a section is for: NULL in *host for [default]. */
static int section_host(struct reading *r, const char **host)
{
    const char *name = r->section;

    *host = NULL;
    if (strcmp(name, "default") == 0)
        return 0;
    if (strncmp(name, "host", 4) == 0 && (name[4] == ' ' || name[4] == '\t')) {
        name += 4 + strspn(name + 4, " \t");
        *host = name;
        if (*name)
            return 0;
    }
    if (!*r->section)
        return complain(r, "this stands before the first", "[section]");
    return complain(r, "no such section, only [default] and [host NAME]:", r->section);
}

/* "~/" stands for the home folder; other paths must be absolute, since the current folder
 * means nothing to a file. */
static char *full_path(struct reading *r, const char *value)
{
    struct hvs_buf path = HVS_BUF_INIT(PATH_LIMIT);
    const char *home = getenv("HOME");

    if (strncmp(value, "~/", 2) == 0 && home && *home == '/')
        hvs_buf_printf(&path, "%s%s", home, value + 1);
    else if (*value == '/')
        hvs_buf_puts(&path, value);
    else {
        complain(r, "not an absolute path:", value);
        return NULL;
    }
    return hvs_buf_take(&path, r->err);
}

static bool duplicate(const struct reading *r, const struct opt *row, const char *host)
{
    const struct config_entry *e;

    for (e = r->config->first; e; e = e->next) {
        if (e->file == r->config->files && e->row == row && !e->host == !host &&
            (!host || strcasecmp(e->host, host) == 0))
            return true;
    }
    return false;
}

static void free_entry(struct config_entry *entry)
{
    if (entry) {
        free(entry->host);
        free(entry->value);
        free(entry);
    }
}

static int add(struct reading *r, const struct opt *row, const char *host,
               const char *value)
{
    struct config_entry *entry = calloc(1, sizeof(*entry));
    struct settings scratch = SETTINGS_INIT;
    char shown[400];
    int rc = -1;

    if (!entry) {
        hvs_err_memory(r->err);
        goto out;
    }
    entry->row = row;
    entry->file = r->config->files;
    entry->value = row->traits & OPT_PATH ? full_path(r, value) : strdup(value);
    entry->host = host ? strdup(host) : NULL;
    if (!entry->value || (host && !entry->host)) {
        hvs_err_memory(r->err);
        goto out;
    }
    snprintf(shown, sizeof(shown), "%.350s:%u: %s", r->path, r->line, row->name);
    if (opt_store(row, shown, entry->value, &scratch, r->err) < 0)
        goto out;
    *r->config->end = entry;
    r->config->end = &entry->next;
    entry = NULL;
    rc = 0;
out:
    free_entry(entry);
    return rc;
}

static int told(void *arg, const char *section, const char *name, const char *value)
{
    struct reading *r = arg;
    const struct opt *row = opt_find(setting_rows, name);
    const char *host;

    (void)section;
    if (section_host(r, &host) < 0)
        return 0;
    if (!row || !(row->traits & OPT_FILE)) {
        complain(r, "no such key:", name);
        return 0;
    }
    if (host && (row->traits & OPT_CALL)) {
        complain(r, "only [default] can hold", name);
        return 0;
    }
    if (!*value) {
        complain(r, "no value for", name);
        return 0;
    }
    if (duplicate(r, row, host)) {
        complain(r, "here a second time:", name);
        return 0;
    }
    return add(r, row, host, value) == 0;
}

int config_read(struct config *config, FILE *file, const char *path,
                struct hvs_error *err)
{
    struct reading r = {config, file, path, 0, "", err};
    int line;

    if (!config->end)
        config->end = &config->first;
    config->files++;
    line = ini_parse_stream(read_line, &r, told, &r);
    if (err->domain)
        return -1;
    if (line)
        return hvs_err_set(err, HVS_USAGE, 0, "%s:%d: neither [section] nor key = value",
                           path, line);
    return ferror(file) ? hvs_err_set(err, HVS_SYSTEM, errno, "cannot read '%s': %s",
                                      path, strerror(errno))
                        : 0;
}

/* Whoever can write the file can send the password to a host of their own. */
static int check_owner(int fd, const char *path, struct hvs_error *err)
{
    struct stat st;

    if (fstat(fd, &st) < 0)
        return hvs_err_set(err, HVS_SYSTEM, errno, "cannot look at '%s': %s", path,
                           strerror(errno));
    if (!S_ISREG(st.st_mode))
        return hvs_err_set(err, HVS_USAGE, 0, "'%s' is not a file", path);
    if ((st.st_uid != geteuid() && st.st_uid != 0) || (st.st_mode & (S_IWGRP | S_IWOTH)))
        return hvs_err_set_hint(err, HVS_USAGE, 0, "make it yours, and chmod go-w",
                                "others may write '%s'", path);
    return 0;
}

static int load(struct config *config, const char *path, struct hvs_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    FILE *file = NULL;
    int rc = -1;

    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return 0;
    if (fd < 0)
        return hvs_err_set(err, HVS_USAGE, 0, "cannot open '%s': %s", path,
                           strerror(errno));
    if (check_owner(fd, path, err) < 0)
        goto out;
    file = fdopen(fd, "r");
    if (!file) {
        hvs_err_memory(err);
        goto out;
    }
    fd = -1;
    if (config_read(config, file, path, err) < 0)
        goto out;
    rc = 0;
out:
    if (file)
        fclose(file);
    if (fd >= 0)
        close(fd);
    return rc;
}

int config_load(struct config *config, struct hvs_error *err)
{
    const char *home = getenv("XDG_CONFIG_HOME"), *below = "";
    char path[PATH_LIMIT];

    /* The XDG specification has relative paths ignored. */
    if (!home || *home != '/') {
        home = getenv("HOME");
        below = "/.config";
    }
    if (home && *home == '/') {
        snprintf(path, sizeof(path), "%s%s/hvsnap/config", home, below);
        if (load(config, path, err) < 0)
            return -1;
    }
    return load(config, "/etc/hvsnap/config", err);
}

int config_fill(const struct config *config, const char *host, struct opt_set *set,
                struct hvs_error *err)
{
    struct settings values;
    struct opt_set found = {.rows = setting_rows, .into = &values};
    const struct config_entry *e;
    unsigned file;
    int own;

    for (file = 1; file <= config->files; file++) {
        for (own = 1; own >= 0; own--) {
            values = (struct settings)SETTINGS_INIT;
            found.seen = 0;
            for (e = config->first; e; e = e->next) {
                if (e->file != file ||
                    (own ? !e->host || strcasecmp(e->host, host) != 0 : e->host != NULL))
                    continue;
                if (opt_store(e->row, e->row->name, e->value, &values, err) < 0)
                    return -1;
                found.seen |= UINT64_C(1) << (e->row - setting_rows);
            }
            opt_fill(set, &found);
        }
    }
    return 0;
}

void config_clear(struct config *config)
{
    struct config_entry *entry, *next;

    for (entry = config->first; entry; entry = next) {
        next = entry->next;
        free_entry(entry);
    }
    *config = (struct config){0};
}

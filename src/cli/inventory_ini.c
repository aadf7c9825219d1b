#include "cli/inventory_tree.h"

#include "base/err.h"
#include "base/utf8.h"
#include "cli/target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the reader is. */
struct reading {
    struct inventory *inventory;
    struct inventory_node *group; /* NULL before the first section */
    bool children;
    unsigned line;
    char section[120]; /* as a message has it */
    struct hvs_error *err;
};

#define FAIL(r, ...) \
    inventory_fail((r)->inventory, (r)->line, (r)->section, (r)->err, __VA_ARGS__)

/* --- Words -------------------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The text between double quotes, two of which stand for one, moved to `to`; `from` is
 * behind the first. NULL when the end is missing, else behind the last. */
static char *unquote(char *from, char **to)
{
    for (; *from; from++) {
        if (*from == '"' && *++from != '"')
            return from;
        *(*to)++ = *from;
    }
    return NULL;
}

/* The next word, unquoted in place: 1, or 0 at the end of the line. As a label, what
 * follows its '=' may be quoted too. */
static int next_word(struct reading *r, char **at, bool label, char **word)
{
    char *from = *at + strspn(*at, " \t"), *to = from;
    bool quoted = *from == '"';

    *word = from;
    if (!*from || *from == '#' || *from == ';')
        return 0;
    while (!quoted && *from && !is_blank(*from)) {
        *to++ = *from++;
        quoted = label && from[-1] == '=' && *from == '"';
        label = label && from[-1] != '=';
    }
    if (quoted)
        from = unquote(from + 1, &to);
    if (!from)
        return FAIL(r, "a quote without its end");
    if (*from && !is_blank(*from))
        return FAIL(r, "after a quote, there must be a blank");
    *at = from + (*from != '\0');
    *to = '\0';
    return 1;
}

/* Only a remark may follow. */
static int end_of_line(struct reading *r, const char *at)
{
    at += strspn(at, " \t");
    if (!*at || *at == '#' || *at == ';')
        return 0;
    return FAIL(r, "'%.80s' is too much here", at);
}

/* --- Lines -------------------------------------------------------------------------- */

/* What a command line can name without quotes, with signs left for a later use. */
static bool is_group(const char *name)
{
    const char *c;

    for (c = name; *c; c++)
        if (strchr("!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~", *c) || is_blank(*c))
            return false;
    return c > name && strcmp(name, "all") != 0;
}

static struct inventory_node *get_group(struct reading *r, const char *name)
{
    if (is_group(name))
        return inventory_get(&r->inventory->groups, name, r->line, r->err);
    if (strcmp(name, "all") == 0)
        FAIL(r, "'all' is every entry, without being written");
    else
        FAIL(r, "'%.80s' is not the name of a group", name);
    return NULL;
}

/* "[group]", "[group:children]"; `end` is at its ']'. */
static int read_section(struct reading *r, char *line, char *end)
{
    char *colon;

    *end = '\0';
    r->children = false;
    snprintf(r->section, sizeof(r->section), "%s", line + 1);
    hvs_utf8_trim(r->section);
    if (end_of_line(r, end + 1) < 0)
        return -1;
    colon = strchr(line, ':');
    if (colon && strcmp(colon, ":children") != 0)
        return FAIL(r, "no such section, only [GROUP] and [GROUP:children]");
    if (colon)
        *colon = '\0';
    r->group = get_group(r, line + 1);
    if (!r->group)
        return -1;
    r->group->known = true;
    r->children = colon != NULL;
    return 0;
}

static int read_child(struct reading *r, char *line)
{
    struct inventory_node *child;
    char *name;
    int rc = next_word(r, &line, false, &name);

    if (rc < 0 || end_of_line(r, line) < 0)
        return -1;
    child = get_group(r, name);
    rc = child ? inventory_put(child, r->group, r->line, r->err) : -1;
    return rc > 0 ? FAIL(r, "'%.80s' is here a second time", name) : rc;
}

static int read_label(struct reading *r, struct inventory_node *entry, char *word)
{
    const struct inventory_var *before;
    char *value = strchr(word, '=');

    if (!value || value == word)
        return FAIL(r,
                    "'%.80s' is not KEY=VALUE; a target that holds blanks stands in "
                    "double quotes",
                    word);
    *value++ = '\0';
    if (strncmp(word, "hvsnap_", 7) == 0)
        return FAIL(r, "%.80s: not in this kind of file; the target says all", word);
    before = inventory_own(entry, word);
    if (!before)
        return inventory_set(entry, word, value, r->err);
    if (strcmp(before->value, value) != 0)
        return FAIL(r, "'%.80s' of '%.80s' is '%.80s' already", word, entry->name,
                    before->value);
    return 0;
}

static int read_entry(struct reading *r, char *line)
{
    struct inventory_node *entry;
    char *word;
    int rc = next_word(r, &line, false, &word);

    if (rc < 0)
        return -1;
    if (!*word)
        return FAIL(r, "an empty target");
    entry = inventory_get(&r->inventory->entries, word, r->line, r->err);
    if (!entry)
        return -1;
    if (target_names_host(word) && !inventory_own(entry, "hvsnap_target") &&
        inventory_set(entry, "hvsnap_target", word, r->err) < 0)
        return -1;
    if (r->group) {
        rc = inventory_put(entry, r->group, r->line, r->err);
        if (rc)
            return rc < 0 ? rc : FAIL(r, "'%.200s' is here a second time", word);
    }
    while ((rc = next_word(r, &line, true, &word)) > 0)
        if (read_label(r, entry, word) < 0)
            return -1;
    return rc;
}

static int read_line(struct reading *r, char *line, size_t len)
{
    char *end;
    size_t i;

    for (i = 0; i < len; i++)
        if (((unsigned char)line[i] < ' ' && line[i] != '\t') || line[i] == 0x7f)
            return FAIL(r, "a control character");
    if (!hvs_utf8_valid(line, len))
        return FAIL(r, "not UTF-8");
    line += strspn(line, " \t");
    if (!*line || *line == '#' || *line == ';')
        return 0;
    end = *line == '[' ? strchr(line, ']') : NULL;
    /* "[fe80::1]/web1" is a target */
    if (*line == '[' && (!end || (end[1] != '/' && end[1] != ':')))
        return end ? read_section(r, line, end) : FAIL(r, "a section without its ']'");
    return r->children ? read_child(r, line) : read_entry(r, line);
}

/* Groups named as children must have a section. */
static int check_known(struct reading *r)
{
    const struct inventory_node *group;

    for (group = r->inventory->groups.first; group; group = group->next) {
        if (group->known)
            continue;
        r->line = group->groups->line;
        snprintf(r->section, sizeof(r->section), "%.100s:children",
                 group->groups->group->name);
        return FAIL(r, "no group '%.80s'", group->name);
    }
    return 0;
}

int inventory_read_ini(struct inventory *inventory, const char *text, size_t len,
                       struct hvs_error *err)
{
    struct reading r = {.inventory = inventory, .err = err};
    char *copy = malloc(len + 1), *at = copy, *eol;
    size_t size;
    int rc = -1;

    if (!copy)
        return hvs_err_memory(err);
    memcpy(copy, text, len);
    copy[len] = '\n';
    for (; at < copy + len; at = eol + 1) {
        eol = memchr(at, '\n', (size_t)(copy + len + 1 - at));
        size = (size_t)(eol - at);
        if (size && at[size - 1] == '\r')
            size--;
        at[size] = '\0';
        r.line++;
        if (read_line(&r, at, size) < 0)
            goto out;
    }
    if (check_known(&r) < 0)
        goto out;
    rc = 0;
out:
    free(copy);
    return rc;
}

#include "hyperv/label.h"

#include "base/err.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool hvs_label_key_valid(const char *key, size_t len)
{
    static const char signs[] = {'.', '_', '-', '/'};
    size_t i;

    if (!len || len > HVS_MOST_KEY || !is_alnum(key[0]))
        return false;
    for (i = 1; i < len; i++)
        if (!is_alnum(key[i]) && !memchr(signs, key[i], sizeof(signs)))
            return false;
    return true;
}

/* Controls of both sets, what ends a line, and what XML cannot carry. */
static bool printable(uint32_t c)
{
    return c >= 0x20 && (c < 0x7f || c > 0x9f) && c != 0x2028 && c != 0x2029 &&
           c != 0xfffe && c != 0xffff;
}

bool hvs_label_value_valid(const char *value, size_t len)
{
    size_t left = len, n;
    uint32_t c;

    if (len > HVS_MOST_VALUE || (len && (value[0] == ' ' || value[len - 1] == ' ')))
        return false;
    for (; left; value += n, left -= n) {
        n = hvs_utf8_next(value, left, &c);
        if (!n || !printable(c))
            return false;
    }
    return true;
}

int hvs_label_check_key(const char *key, struct hvs_error *err)
{
    if (hvs_label_key_valid(key, strlen(key)))
        return 0;
    return hvs_err_set_hint(err, HVS_USAGE, 0,
                            "1 to 63 letters, digits, or any of . _ - / behind the first",
                            "'%s' cannot be the key of a label", key);
}

static int check_value(const struct hvs_label *label, struct hvs_error *err)
{
    if (hvs_label_value_valid(label->value, strlen(label->value)))
        return 0;
    return hvs_err_set_hint(err, HVS_USAGE, 0,
                            "one line of at most 255 bytes of UTF-8, without control "
                            "characters, and without blanks at its ends",
                            "the label '%s' cannot have that value", label->key);
}

int hvs_label_check(const struct hvs_label *labels, size_t count, struct hvs_error *err)
{
    size_t i;

    if (count > HVS_MOST_LABELS)
        return hvs_err_set(err, HVS_USAGE, 0, "%zu labels, and a snapshot can have %d",
                           count, HVS_MOST_LABELS);
    for (i = 0; i < count; i++) {
        if (hvs_label_check_key(labels[i].key, err) < 0 ||
            check_value(&labels[i], err) < 0)
            return -1;
        if (hvs_label_find(labels, i, labels[i].key))
            return hvs_err_set(err, HVS_USAGE, 0, "the label '%s' is given twice",
                               labels[i].key);
    }
    return 0;
}

const struct hvs_label *hvs_label_find(const struct hvs_label *labels, size_t count,
                                       const char *key)
{
    size_t i;

    for (i = 0; i < count; i++)
        if (strcmp(labels[i].key, key) == 0)
            return &labels[i];
    return NULL;
}

struct hvs_label *hvs_labels_copy(const struct hvs_label *labels, size_t count,
                                  struct hvs_error *err)
{
    struct hvs_label *copy = count ? calloc(count, sizeof(*copy)) : NULL;
    bool failed = count && !copy;
    size_t i;

    for (i = 0; copy && i < count; i++) {
        copy[i].key = strdup(labels[i].key);
        copy[i].value = strdup(labels[i].value);
        failed = failed || !copy[i].key || !copy[i].value;
    }
    if (!failed)
        return copy;
    hvs_labels_free(copy, count);
    hvs_err_memory(err);
    return NULL;
}

void hvs_labels_free(struct hvs_label *labels, size_t count)
{
    size_t i;

    for (i = 0; labels && i < count; i++)
        hvs_label_clear(&labels[i]);
    free(labels);
}

int hvs_label_parse(struct hvs_label *out, const char *text, struct hvs_error *err)
{
    const char *equals = strchr(text, '=');
    struct hvs_label label;
    int rc = -1;

    *out = (struct hvs_label){0};
    if (!equals)
        return hvs_err_set_hint(err, HVS_USAGE, 0, "write it as KEY=VALUE",
                                "a label without '=': '%s'", text);
    label.key = strndup(text, (size_t)(equals - text));
    label.value = strdup(equals + 1);
    if (!label.key || !label.value) {
        hvs_err_memory(err);
        goto out;
    }
    if (hvs_label_check(&label, 1, err) < 0)
        goto out;
    *out = label;
    label = (struct hvs_label){0};
    rc = 0;
out:
    hvs_label_clear(&label);
    return rc;
}

void hvs_label_clear(struct hvs_label *label)
{
    free(label->key);
    free(label->value);
    *label = (struct hvs_label){0};
}

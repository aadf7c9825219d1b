/*
 * json PATH FILE: print one value of a JSON document, for tests that are shell scripts.
 *
 * A path is keys and indexes with dots between: "hosts.0.vms.name=web1.snapshots.#". In
 * an array, KEY=VALUE picks the first object whose KEY is VALUE, and # is the length.
 * Exit status 1: there is no such value.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const json_t *pick(const json_t *array, const char *key, const char *value)
{
    size_t i;

    for (i = 0; i < json_array_size(array); i++) {
        const json_t *item = json_array_get(array, i);
        const char *text = json_string_value(json_object_get(item, key));

        if (text && strcmp(text, value) == 0)
            return item;
    }
    return NULL;
}

/* `step` is one part of the path; a '=' in it is overwritten. */
static const json_t *descend(const json_t *node, char *step)
{
    char *equals = strchr(step, '=');

    if (json_is_object(node))
        return json_object_get(node, step);
    if (equals) {
        *equals = '\0';
        return pick(node, step, equals + 1);
    }
    return json_array_get(node, strtoul(step, NULL, 10));
}

static int print(const json_t *node)
{
    char *text;

    if (json_is_string(node)) {
        puts(json_string_value(node));
        return 0;
    }
    text = json_dumps(node, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);
    if (!text)
        return 1;
    puts(text);
    free(text);
    return 0;
}

static int find(const json_t *node, char *path)
{
    char *step = path, *dot;

    for (; node && step; step = dot) {
        dot = strchr(step, '.');
        if (dot)
            *dot++ = '\0';
        if (strcmp(step, "#") == 0 && json_is_array(node)) {
            printf("%zu\n", json_array_size(node));
            return 0;
        }
        node = descend(node, step);
    }
    if (node)
        return print(node);
    fprintf(stderr, "no such value\n");
    return 1;
}

int main(int argc, char **argv)
{
    json_error_t error;
    json_t *root;
    int rc;

    if (argc != 3) {
        fprintf(stderr, "usage: json PATH FILE\n");
        return 2;
    }
    root = json_load_file(argv[2], 0, &error);
    if (!root) {
        fprintf(stderr, "%s:%d: %s\n", argv[2], error.line, error.text);
        return 1;
    }
    rc = find(root, argv[1]);
    json_decref(root);
    return rc;
}

#include "cli/operand.h"
#include "cli/target.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What was read has a host without anything that a URL would take for more than one. */
static void check(const struct target *target, bool may_have_vm)
{
    const char *zone;
    char *name;

    if (!target->host || !*target->host || (target->vm && !may_have_vm))
        abort();
    zone = strchr(target->host, '%');
    if (strcspn(target->host, "/@?#[]\\ ") <
        (zone ? (size_t)(zone - target->host) : strlen(target->host)))
        abort();
    if (target->user && (!*target->user || strchr(target->user, ':')))
        abort();
    name = target_host_name(target);
    if (!name)
        abort();
    free(name);
}

/* The same again from its own copy. */
static void check_copy(const struct target *target)
{
    struct hvs_error err = {0};
    struct target copy;

    if (target_copy(&copy, target, target->vm, &err) < 0)
        abort();
    if (strcmp(copy.host, target->host) != 0 || copy.port != target->port ||
        copy.scheme != target->scheme)
        abort();
    target_clear(&copy);
}

/* As the lines of a file of targets: each ends where its line does. */
static void read_lines(const uint8_t *data, size_t size)
{
    struct operands operands = {0};
    struct hvs_error err = {0};
    char *text = malloc(size + 1);
    size_t i;
    int rc;

    if (!text)
        return;
    memcpy(text, data, size);
    rc = operands_add_lines(&operands, text, size, "FILE", &err);
    if ((rc < 0) != (err.domain == HVS_USAGE))
        abort();
    for (i = 0; i < operands.count; i++)
        if (!operands.items[i].line || strchr(operands.items[i].text, '\n') ||
            strlen(operands.items[i].text) > size)
            abort();
    operands_clear(&operands);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int (*const parsers[])(struct target *, const char *,
                           struct hvs_error *) = {target_parse, target_parse_host};
    char *text = malloc(size + 1);
    size_t i;

    if (!text)
        return 0;
    read_lines(data, size);
    memcpy(text, data, size);
    text[size] = '\0';
    for (i = 0; i < 2; i++) {
        struct hvs_error err = {0};
        struct target target;

        if (parsers[i](&target, text, &err) < 0) {
            if (err.domain != HVS_USAGE || target.host || target.user || target.vm)
                abort();
            continue;
        }
        check(&target, i == 0);
        check_copy(&target);
        target_clear(&target);
    }
    free(text);
    return 0;
}

#include "support/kdc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char *script(void)
{
    static char path[512];
    const char *top = getenv("SRCDIR");

    snprintf(path, sizeof(path), "%s/tests/support/kdc.sh", top ? top : ".");
    return path;
}

/* export NAME='value' */
static void take_line(char *line)
{
    char *name = line + strlen("export "), *value = strchr(line, '='), *end;

    if (strncmp(line, "export ", strlen("export ")) != 0 || !value || value[1] != '\'')
        return;
    *value = '\0';
    value += 2;
    end = strchr(value, '\'');
    if (!end)
        return;
    *end = '\0';
    setenv(name, value, 1);
}

const char *kdc_start(struct kdc *kdc)
{
    const char *tmp = getenv("TMPDIR");
    char command[1024], line[512];
    FILE *out;
    int status;

    snprintf(kdc->dir, sizeof(kdc->dir), "%s/kdc.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(kdc->dir))
        return "no temporary folder";
    snprintf(command, sizeof(command), "%s start '%s'", script(), kdc->dir);
    out = popen(command, "r");
    if (!out)
        return "no shell";
    while (fgets(line, sizeof(line), out))
        take_line(line);
    status = pclose(out);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        return "no MIT KDC is installed";
    return status == 0 ? NULL : "the KDC does not start";
}

static void run(const char *command)
{
    FILE *out = popen(command, "r");

    if (out)
        pclose(out);
}

void kdc_halt(struct kdc *kdc)
{
    char command[1024];

    snprintf(command, sizeof(command), "%s stop '%s'", script(), kdc->dir);
    run(command);
}

void kdc_stop(struct kdc *kdc)
{
    char command[1024];

    kdc_halt(kdc);
    snprintf(command, sizeof(command), "rm -rf '%s'", kdc->dir);
    run(command);
}

const char *kdc_path(const struct kdc *kdc, const char *name)
{
    static char path[512];

    snprintf(path, sizeof(path), "%s/%s", kdc->dir, name);
    return path;
}

#include "base/utf8.h"
#include "cli/config.h"
#include "cli/settings.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A failure says so, in UTF-8; nothing else does. */
static void check(int rc, const struct hvs_error *err)
{
    if ((rc < 0) != (err->domain != HVS_OK) || (rc < 0 && !err->message[0]) ||
        !hvs_utf8_valid(err->message, strlen(err->message)))
        abort();
}

/* A configuration file, and what it says of a host. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct settings settings = SETTINGS_INIT;
    struct opt_set set = {.rows = setting_rows, .into = &settings};
    struct config config = {0};
    struct hvs_error err = {0};
    FILE *file;
    int rc;

    if (!size)
        return 0;
    file = fmemopen((void *)(uintptr_t)data, size, "r");
    if (!file)
        return 0;
    rc = config_read(&config, file, "FILE", &err);
    check(rc, &err);
    if (rc == 0)
        check(config_fill(&config, "hv01", &set, &err), &err);
    config_clear(&config);
    fclose(file);
    return 0;
}

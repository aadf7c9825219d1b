#include <hvsnap/policy.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A span is nothing and longer than 1000 years never, is the same again when it is
 * written and read, and goes back as well as forth. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int64_t now = INT64_C(1795878000000);
    char *text = calloc(1, size + 1), buf[80];
    struct hvs_span span, again;
    struct hvs_error err = {0};

    if (!text)
        return 0;
    memcpy(text, data, size);
    if (hvs_span_parse(text, &span, &err) < 0) {
        if (err.domain != HVS_USAGE || !*err.hint)
            abort();
        goto out;
    }
    if (hvs_span_parse(hvs_span_text(&span, buf), &again, &err) < 0 ||
        span.years != again.years || span.months != again.months ||
        span.days != again.days || span.ms != again.ms)
        abort();
    if (hvs_span_before(&span, now) >= now || hvs_span_after(&span, now) <= now ||
        span.years > 1000 || span.months > 12000 || span.days > 365250)
        abort();
out:
    free(text);
    return 0;
}

#include "base/base64.h"
#include "base/utf8.h"
#include "transport/cert.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_pem(const char *pem)
{
    struct hvs_certificate found = {0};
    struct hvs_error err = {0};
    int rc = hvs_cert_read(&found, pem, &err);

    if ((rc < 0) != (err.domain != HVS_OK))
        abort();
    if (!memchr(found.subject, '\0', sizeof(found.subject)) ||
        !memchr(found.issuer, '\0', sizeof(found.issuer)) ||
        !memchr(found.names, '\0', sizeof(found.names)) ||
        !hvs_utf8_valid(found.subject, strlen(found.subject)) ||
        !hvs_utf8_valid(found.issuer, strlen(found.issuer)) ||
        !hvs_utf8_valid(found.names, strlen(found.names)))
        abort();
}

/* What a host's certificate says of itself: of the bytes in DER, and of the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hvs_buf pem = HVS_BUF_INIT(256 * 1024), base64 = HVS_BUF_INIT(256 * 1024);
    size_t at;

    hvs_base64_add(&base64, data, size);
    hvs_buf_puts(&pem, "-----BEGIN CERTIFICATE-----\n");
    for (at = 0; at < base64.len; at += 64) {
        hvs_buf_add(&pem, hvs_buf_str(&base64) + at,
                    base64.len - at < 64 ? base64.len - at : 64);
        hvs_buf_puts(&pem, "\n");
    }
    hvs_buf_puts(&pem, "-----END CERTIFICATE-----\n");
    read_pem(hvs_buf_str(&pem));
    hvs_buf_clear(&pem);
    hvs_buf_add(&pem, (const char *)data, size);
    read_pem(hvs_buf_str(&pem));
    hvs_buf_clear(&pem);
    hvs_buf_clear(&base64);
    return 0;
}

#include "base/clock.h"

#include <openssl/rand.h>

unsigned hvs_clock_jitter(unsigned ms)
{
    unsigned char random = 0;

    RAND_bytes(&random, 1);
    return ms / 2 + (unsigned)((uint64_t)ms * random / 255);
}

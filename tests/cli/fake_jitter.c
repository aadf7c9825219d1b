/* Who comes back later does so ten times sooner. */
#include "base/clock.h"

unsigned hvs_clock_jitter(unsigned ms)
{
    return ms / 10;
}

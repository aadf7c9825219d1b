#ifndef FAULTS_DICE_H
#define FAULTS_DICE_H

#include <stdint.h>

/* xorshift64*: the same numbers everywhere. *dice is not 0. */
static inline uint64_t dice_roll(uint64_t *dice)
{
    *dice ^= *dice >> 12;
    *dice ^= *dice << 25;
    *dice ^= *dice >> 27;
    return *dice * UINT64_C(2685821657736338717);
}

#endif

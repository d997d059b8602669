/* What every bundled guest program shares: a seeded generator, a checksum and the scale argument.
 * The programs use no time, address or host property, so that their output is the same on every
 * machine that rounds as IEEE 754 says. */
#ifndef WORKLOADS_WORKLOAD_H
#define WORKLOADS_WORKLOAD_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* xorshift64*, Vigna 2014; the state must not be zero. */
static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(0x2545f4914f6cdd1d);
}

static inline uint32_t random_below(uint64_t *state, uint32_t bound)
{
    return (uint32_t)(((random_next(state) >> 32) * bound) >> 32);
}

/* Order-sensitive, so that a value computed late or twice shows. */
static inline uint64_t checksum_add(uint64_t sum, uint64_t value)
{
    return ((sum ^ value) * UINT64_C(0x100000001b3)) ^ (sum >> 29);
}

/* By its bits: a last-place difference shows, as does the sign of zero. */
static inline uint64_t checksum_add_double(uint64_t sum, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return checksum_add(sum, bits);
}

/* Argument `index` as a positive number, `otherwise` when it is absent. */
static inline uint32_t number_argument(int argc, char **argv, int index, uint32_t otherwise)
{
    if (argc <= index)
        return otherwise;
    char *end;
    unsigned long value = strtoul(argv[index], &end, 10);
    if (*end != '\0' || end == argv[index] || value == 0 || value > 1000000) {
        fprintf(stderr, "%s: argument %d must be a number from 1 to 1000000\n", argv[0], index);
        exit(2);
    }
    return (uint32_t)value;
}

/* The first argument multiplies the work; without it the program is small enough for a test. */
static inline uint32_t scale_argument(int argc, char **argv)
{
    return number_argument(argc, argv, 1, 1);
}

#endif

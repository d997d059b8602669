/* The conversions that floating-point loads and stores make between the single and the double
 * format (Book I, chapter 4.6.2 and 4.6.3: DOUBLE and SINGLE). They move bits: no rounding, no
 * exception, NaNs keep their payload and quietness. */
#ifndef SIM_ISA_FP_FORMAT_H
#define SIM_ISA_FP_FORMAT_H

#include <stdint.h>

#include "sim/base/bits.h"

static inline uint64_t fp_single_to_double(uint32_t w)
{
    uint64_t sign = (uint64_t)(w >> 31) << 63, fraction = w & 0x7fffff;
    uint32_t exponent = w >> 23 & 0xff;
    if (exponent == 0xff)
        return sign | UINT64_C(0x7ff) << 52 | fraction << 29;
    if (exponent)
        return sign | (uint64_t)(exponent + 1023 - 127) << 52 | fraction << 29;
    if (!fraction)
        return sign;
    unsigned top = ilog2(fraction); /* denormal: its leading one becomes the hidden bit */
    return sign | (uint64_t)(top + 1023 - 149) << 52 |
           (fraction << (52 - top) & UINT64_C(0xfffffffffffff));
}

/* A double too small for a denormal single is undefined in the ISA: processors store a zero of
 * its sign. Of one too large, as in the ISA, the exponent's high bits are lost. */
static inline uint32_t fp_double_to_single(uint64_t d)
{
    uint32_t exponent = d >> 52 & 0x7ff, sign = (uint32_t)(d >> 63) << 31;
    if (exponent > 1023 - 127)
        return (uint32_t)(d >> 62) << 30 | (uint32_t)(d >> 29 & 0x3fffffff);
    if (exponent < 1023 - 149)
        return sign;
    uint64_t fraction = UINT64_C(1) << 52 | (d & UINT64_C(0xfffffffffffff));
    return sign | (uint32_t)(fraction >> (1023 - 127 + 30 - exponent));
}

#endif

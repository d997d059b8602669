/* A vector-scalar register as one 128-bit number in host order. Elements are numbered from the most
 * significant end, as in the ISA; use the VSR_* macros, never the arrays. FPR n is doubleword 0 of
 * VSR n, VR n is VSR 32+n. */
#ifndef SIM_ISA_VSR_H
#define SIM_ISA_VSR_H

#include "sim/base/bits.h"

union vsr {
    u128 q;
    uint64_t d[2];
    uint32_t w[4];
    uint16_t h[8];
    uint8_t b[16];
};
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define VSR_D(v, n) ((v).d[1 - (n)])
#define VSR_W(v, n) ((v).w[3 - (n)])
#define VSR_H(v, n) ((v).h[7 - (n)])
#define VSR_B(v, n) ((v).b[15 - (n)])
#else
#define VSR_D(v, n) ((v).d[n])
#define VSR_W(v, n) ((v).w[n])
#define VSR_H(v, n) ((v).h[n])
#define VSR_B(v, n) ((v).b[n])
#endif

#endif

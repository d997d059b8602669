/* What the permute instructions of VMX and VSX have in common. */
#ifndef SIM_ISA_PERMUTE_H
#define SIM_ISA_PERMUTE_H

#include "sim/isa/vector.h"

/* Interleaves the elements of VA and VB from number `first` on. */
#define VX_MERGE(name, e, first)                                                                   \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB;                                                          \
        union vsr vt;                                                                              \
        for (int n = COUNT_##e / 2 - 1; n >= 0; n--) {                                             \
            VSR_##e(vt, 2 * n) = VSR_##e(va, (first) + n);                                         \
            VSR_##e(vt, 2 * n + 1) = VSR_##e(vb, (first) + n);                                     \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

/* Bytes of a || b picked by the low five bits of the control's bytes; `flip` 31 counts them from the right end. */
static inline union vsr permute(union vsr a, union vsr b, union vsr control, unsigned flip)
{
    uint8_t from[32];
    union vsr t;
    for (int n = 15; n >= 0; n--) {
        from[n] = VSR_B(a, n);
        from[16 + n] = VSR_B(b, n);
    }
    for (int n = 15; n >= 0; n--)
        VSR_B(t, n) = from[(VSR_B(control, n) ^ flip) & 31];
    return t;
}

/* The high half of (a || b) << bits; 0 <= bits < 128. */
static inline u128 shift_left_double(u128 a, u128 b, unsigned bits)
{
    return bits ? a << bits | b >> (128 - bits) : a;
}

static inline u128 rotl128(u128 q, unsigned bits) { return shift_left_double(q, q, bits); }

#endif

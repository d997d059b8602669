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

/* Byte n of a register stands at host byte n ^ HOST_BYTE. */
enum { HOST_BYTE = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 15 : 0 };

/* Bytes of a || b picked by the low five bits of the control's bytes; `flip` 31 counts them from
 * the right end. Bytes are gathered in host registers: storing them one by one would make the next
 * 16-byte load wait. */
static inline union vsr permute(union vsr a, union vsr b, union vsr control, unsigned flip)
{
    uint8_t source[32];
    union vsr t;
    memcpy(source, &a, 16);
    memcpy(source + 16, &b, 16);
    for EACH(n, D)
        VSR_D(control, n) = (VSR_D(control, n) ^ (flip ^ HOST_BYTE) * EACH_BYTE) & 31 * EACH_BYTE;
    for EACH(m, D) {
        uint64_t bytes = 0;
        for (int n = 0; n < 8; n++)
            bytes = bytes << 8 | source[VSR_B(control, 8 * m + n)];
        VSR_D(t, m) = bytes;
    }
    return t;
}

static inline union vsr select_bits(union vsr a, union vsr b, union vsr control)
{
    union vsr t;
    for EACH(n, D)
        VSR_D(t, n) = (VSR_D(a, n) & ~VSR_D(control, n)) | (VSR_D(b, n) & VSR_D(control, n));
    return t;
}

/* The high half of (a || b) << bits; 0 <= bits < 128. */
static inline u128 shift_left_double(u128 a, u128 b, unsigned bits)
{
    return bits ? a << bits | b >> (128 - bits) : a;
}

static inline u128 rotl128(u128 q, unsigned bits) { return shift_left_double(q, q, bits); }

#endif

/* For the files exec_vmx_*.c and exec_vsx_*.c: bodies that do the same to every element of a
 * register.
 *
 *   VX_MAP(vadduhm, H, UNSIGNED, a + b)     a and b are the elements of VA and VB at one place
 *   VX_MAP1(vnegw, W, UNSIGNED, -b)         b is the element of VB
 *   VX_SATURATE(vaddshs, H, SIGNED, a + b)  exact in 64 bits, then brought into
 *                                           the element's range; SAT is set if it was not in it
 *
 * The letter is the element (B, H, W, D as in VSR_B ...), the word its signedness. Elements are
 * visited from the last to the first: ascending addresses on a little-endian host, which the
 * compiler turns into vector instructions. Results are gathered in a local register, because the
 * target may be a source as well. */
#ifndef SIM_ISA_VECTOR_H
#define SIM_ISA_VECTOR_H

#include "sim/isa/exec.h"

#define COUNT_B 16
#define COUNT_H 8
#define COUNT_W 4
#define COUNT_D 2
#define UNSIGNED_B uint8_t
#define UNSIGNED_H uint16_t
#define UNSIGNED_W uint32_t
#define UNSIGNED_D uint64_t
#define SIGNED_B int8_t
#define SIGNED_H int16_t
#define SIGNED_W int32_t
#define SIGNED_D int64_t
#define LOW_SIGNED_B INT8_MIN
#define LOW_SIGNED_H INT16_MIN
#define LOW_SIGNED_W INT32_MIN
#define LOW_UNSIGNED_B 0
#define LOW_UNSIGNED_H 0
#define LOW_UNSIGNED_W 0
#define HIGH_SIGNED_B INT8_MAX
#define HIGH_SIGNED_H INT16_MAX
#define HIGH_SIGNED_W INT32_MAX
#define HIGH_UNSIGNED_B UINT8_MAX
#define HIGH_UNSIGNED_H UINT16_MAX
#define HIGH_UNSIGNED_W UINT32_MAX

/* Element n of register v as a number. */
#define ELEMENT(e, sign, v, n) ((sign##_##e)VSR_##e(v, n))
#define EACH(n, e)             (int n = COUNT_##e - 1; n >= 0; n--)

#define VX_MAP(name, e, sign, value)                                                               \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB;                                                          \
        union vsr vt;                                                                              \
        for EACH(n, e) {                                                                           \
            const sign##_##e a = ELEMENT(e, sign, va, n), b = ELEMENT(e, sign, vb, n);             \
            VSR_##e(vt, n) = (UNSIGNED_##e)(value);                                                \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

#define VX_MAP1(name, e, sign, value)                                                              \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr vb = VB;                                                                   \
        union vsr vt;                                                                              \
        for EACH(n, e) {                                                                           \
            const sign##_##e b = ELEMENT(e, sign, vb, n);                                          \
            VSR_##e(vt, n) = (UNSIGNED_##e)(value);                                                \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

#define SATURATED(e, sign, value)                                                                  \
    ((UNSIGNED_##e)saturate(s, (value), LOW_##sign##_##e, HIGH_##sign##_##e))

#define VX_SATURATE(name, e, sign, value)                                                          \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB;                                                          \
        union vsr vt;                                                                              \
        for EACH(n, e) {                                                                           \
            const int64_t a = ELEMENT(e, sign, va, n), b = ELEMENT(e, sign, vb, n);                \
            VSR_##e(vt, n) = SATURATED(e, sign, value);                                            \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

static inline int64_t saturate(struct cpu *s, int64_t value, int64_t low, int64_t high)
{
    if (value >= low && value <= high)
        return value;
    s->vscr |= VSCR_SAT;
    return value < low ? low : high;
}

/* A number times this is the number in each element of a doubleword. */
#define EACH_BYTE UINT64_C(0x0101010101010101)
#define EACH_HALF UINT64_C(0x0001000100010001)
#define EACH_WORD UINT64_C(0x0000000100000001)

/* The same doubleword twice. */
static inline union vsr splat_d(uint64_t d) { return (union vsr){.d = {d, d}}; }

/* A register as one value of the host's. The host waits when it loads 16 bytes that it has just
 * stored as two halves, and the compiler moves a union in halves once one of them was looked at. */
typedef uint64_t vector_value __attribute__((vector_size(16)));

static inline vector_value whole(union vsr v)
{
    vector_value whole;
    memcpy(&whole, &v, sizeof whole);
    return whole;
}

static inline vector_value reverse_d(vector_value v) { return (vector_value){v[1], v[0]}; }

static inline vector_value reverse_b(vector_value v)
{
    return (vector_value){__builtin_bswap64(v[1]), __builtin_bswap64(v[0])};
}

/* A quadword of storage as one number. */
static inline vector_value load_vector(struct cpu *s, const struct insn *i, uint64_t ea)
{
    vector_value v;
    load_raw(s, i, ea, &v, sizeof v);
    return s->swap ? reverse_b(v) : v;
}

static inline void store_vector(struct cpu *s, const struct insn *i, uint64_t ea, vector_value v)
{
    if (s->swap)
        v = reverse_b(v);
    store_raw(s, i, ea, &v, sizeof v);
}

static inline void set_vector(union vsr *to, vector_value v) { memcpy(to, &v, sizeof v); }

/* CR field 6 of a vector compare: all elements true, none true. */
static inline void set_cr6_compare(struct cpu *s, union vsr v)
{
    bool all = (v.d[0] & v.d[1]) == UINT64_MAX, none = (v.d[0] | v.d[1]) == 0;
    s->cr[6] = (uint8_t)((all ? CR_LT : 0) | (none ? CR_EQ : 0));
}

#endif

/* What the operations of softfp.h share: the 256-bit significand, shifted without losing that
 * something was lost. For softfp*.c alone. */
#ifndef SIM_ISA_SOFTFP_IMPL_H
#define SIM_ISA_SOFTFP_IMPL_H

#include "sim/isa/softfp.h"

#define FP_TOP   ((u128)1 << 127)
#define FP_QUIET ((u128)1 << 126)

static inline unsigned fp_clz128(u128 v)
{
    uint64_t high = (uint64_t)(v >> 64), low = (uint64_t)v;
    return high ? (unsigned)__builtin_clzll(high) : 64 + (unsigned)__builtin_clzll(low);
}

/* sig:low >> n; whatever falls out is or-ed into the last bit. */
static inline void fp_shift_right_jam(struct fp *x, int32_t n)
{
    bool lost;
    if (n == 0)
        return;
    if (n < 128) {
        lost = x->low << (128 - n) != 0;
        x->low = x->low >> n | x->sig << (128 - n);
        x->sig >>= n;
    } else if (n < 256) {
        u128 out = n == 128 ? 0 : x->sig << (256 - n);
        lost = (x->low | out) != 0;
        x->low = x->sig >> (n - 128);
        x->sig = 0;
    } else {
        lost = true;
        x->sig = x->low = 0;
    }
    x->low |= lost;
}

/* Moves the first one to the top; sig:low must not be zero. */
static inline void fp_normalise(struct fp *x)
{
    if (!x->sig) {
        x->sig = x->low;
        x->low = 0;
        x->exp -= 128;
    }
    unsigned n = fp_clz128(x->sig);
    if (n) {
        x->sig = x->sig << n | x->low >> (128 - n);
        x->low <<= n;
        x->exp -= (int32_t)n;
    }
}

static inline struct fp fp_zero(bool sign) { return (struct fp){.kind = KIND_ZERO, .sign = sign}; }

static inline struct fp fp_infinity(bool sign)
{
    return (struct fp){.kind = KIND_INFINITY, .sign = sign};
}

static inline struct fp fp_invalid(struct fp_env *e, uint32_t flag)
{
    e->flags |= flag;
    return fp_quiet_nan();
}

/* |a| < |b|, both finite */
static inline bool fp_is_smaller(const struct fp *a, const struct fp *b)
{
    if (a->exp != b->exp)
        return a->exp < b->exp;
    return a->sig < b->sig || (a->sig == b->sig && a->low < b->low);
}

/* Rounds to a multiple of `unit`, one bit of sig. Returns whether that changed the value. */
bool fp_round_significand(struct fp *x, u128 unit, struct fp_env *e);

#endif

/* Vector integer multiply, multiply-add, multiply-sum and sum-across instructions (Book I,
 * chapters 6.9.1.3 to 6.9.1.5). */
#include "sim/isa/vector.h"

/* Products of the elements `from` with an even (0) or odd (1) number. */
#define VX_MULTIPLY(name, to, from, sign, odd)                                                     \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB;                                                          \
        union vsr vt;                                                                              \
        for EACH(n, to)                                                                            \
            VSR_##to(vt, n) = (UNSIGNED_##to)((sign##_##to)ELEMENT(from, sign, va, 2 * n + odd) *  \
                                              ELEMENT(from, sign, vb, 2 * n + odd));               \
        VT = vt;                                                                                   \
    }

VX_MULTIPLY(vmulesb, H, B, SIGNED, 0)
VX_MULTIPLY(vmuleub, H, B, UNSIGNED, 0)
VX_MULTIPLY(vmulosb, H, B, SIGNED, 1)
VX_MULTIPLY(vmuloub, H, B, UNSIGNED, 1)
VX_MULTIPLY(vmulesh, W, H, SIGNED, 0)
VX_MULTIPLY(vmuleuh, W, H, UNSIGNED, 0)
VX_MULTIPLY(vmulosh, W, H, SIGNED, 1)
VX_MULTIPLY(vmulouh, W, H, UNSIGNED, 1)
VX_MULTIPLY(vmulesw, D, W, SIGNED, 0)
VX_MULTIPLY(vmuleuw, D, W, UNSIGNED, 0)
VX_MULTIPLY(vmulosw, D, W, SIGNED, 1)
VX_MULTIPLY(vmulouw, D, W, UNSIGNED, 1)
VX_MAP(vmuluwm, W, UNSIGNED, a * b)

/* a, b and c are the halfwords of VA, VB and VC. */
#define VX_MULTIPLY_ADD(name, value)                                                               \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB, vc = VC;                                                 \
        union vsr vt;                                                                              \
        for EACH(n, H) {                                                                           \
            const int32_t a = ELEMENT(H, SIGNED, va, n), b = ELEMENT(H, SIGNED, vb, n),            \
                          c = ELEMENT(H, SIGNED, vc, n);                                           \
            VSR_H(vt, n) = (uint16_t)(value);                                                      \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

VX_MULTIPLY_ADD(vmhaddshs, SATURATED(H, SIGNED, (a * b >> 15) + c))
VX_MULTIPLY_ADD(vmhraddshs, SATURATED(H, SIGNED, ((a * b + 0x4000) >> 15) + c))
VX_MULTIPLY_ADD(vmladduhm, a * b + c)

/* Each word gets the products of its part of VA and VB, added to the word of VC; `sum` is exact. */
#define VX_MULTIPLY_SUM(name, from, sign_a, sign_b, value)                                         \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB, vc = VC;                                                 \
        union vsr vt;                                                                              \
        for EACH(n, W) {                                                                           \
            const int per_word = COUNT_##from / COUNT_W;                                           \
            int64_t sum = ELEMENT(W, sign_b, vc, n);                                               \
            for (int m = per_word * n; m < per_word * (n + 1); m++)                                \
                sum += (int64_t)ELEMENT(from, sign_a, va, m) * ELEMENT(from, sign_b, vb, m);       \
            VSR_W(vt, n) = (uint32_t)(value);                                                      \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

VX_MULTIPLY_SUM(vmsumubm, B, UNSIGNED, UNSIGNED, sum)
VX_MULTIPLY_SUM(vmsummbm, B, SIGNED, UNSIGNED, sum)
VX_MULTIPLY_SUM(vmsumshm, H, SIGNED, SIGNED, sum)
VX_MULTIPLY_SUM(vmsumshs, H, SIGNED, SIGNED, SATURATED(W, SIGNED, sum))
VX_MULTIPLY_SUM(vmsumuhm, H, UNSIGNED, UNSIGNED, sum)
VX_MULTIPLY_SUM(vmsumuhs, H, UNSIGNED, UNSIGNED, SATURATED(W, UNSIGNED, sum))

EXEC(vmsumudm)
{
    VT.q = (u128)VSR_D(VA, 0) * VSR_D(VB, 0) + (u128)VSR_D(VA, 1) * VSR_D(VB, 1) + VC.q;
}

/* Each word gets the sum of its part of VA, added to the word of VB. */
#define VX_SUM_ACROSS(name, from, sign)                                                            \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB;                                                          \
        union vsr vt;                                                                              \
        for EACH(n, W) {                                                                           \
            const int per_word = COUNT_##from / COUNT_W;                                           \
            int64_t sum = ELEMENT(W, sign, vb, n);                                                 \
            for (int m = per_word * n; m < per_word * (n + 1); m++)                                \
                sum += ELEMENT(from, sign, va, m);                                                 \
            VSR_W(vt, n) = SATURATED(W, sign, sum);                                                \
        }                                                                                          \
        VT = vt;                                                                                   \
    }

VX_SUM_ACROSS(vsum4sbs, B, SIGNED)
VX_SUM_ACROSS(vsum4shs, H, SIGNED)
VX_SUM_ACROSS(vsum4ubs, B, UNSIGNED)

/* Results stand in the words with odd numbers, zeros in the others. */
EXEC(vsum2sws)
{
    const union vsr va = VA, vb = VB;
    union vsr vt;
    for EACH(n, D) {
        int64_t sum = (int64_t)(int32_t)VSR_W(va, 2 * n) + (int32_t)VSR_W(va, 2 * n + 1) +
                      (int32_t)VSR_W(vb, 2 * n + 1);
        VSR_D(vt, n) = SATURATED(W, SIGNED, sum);
    }
    VT = vt;
}

EXEC(vsumsws)
{
    const union vsr va = VA;
    int64_t sum = (int32_t)VSR_W(VB, 3);
    for EACH(n, W)
        sum += (int32_t)VSR_W(va, n);
    VT.q = SATURATED(W, SIGNED, sum);
}

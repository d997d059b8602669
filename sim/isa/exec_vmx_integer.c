/* Vector integer instructions without multiplication (Book I, chapter 6.9): add, subtract,
 * negate, extend sign, average, absolute difference, maximum, minimum, compare. */
#include "sim/isa/vector.h"

VX_MAP(vaddubm, B, UNSIGNED, a + b)
VX_MAP(vadduhm, H, UNSIGNED, a + b)
VX_MAP(vadduwm, W, UNSIGNED, a + b)
VX_MAP(vaddudm, D, UNSIGNED, a + b)
VX_MAP(vaddcuw, W, UNSIGNED, ((uint64_t)a + b) >> 32)
VX_SATURATE(vaddsbs, B, SIGNED, a + b)
VX_SATURATE(vaddshs, H, SIGNED, a + b)
VX_SATURATE(vaddsws, W, SIGNED, a + b)
VX_SATURATE(vaddubs, B, UNSIGNED, a + b)
VX_SATURATE(vadduhs, H, UNSIGNED, a + b)
VX_SATURATE(vadduws, W, UNSIGNED, a + b)

VX_MAP(vsububm, B, UNSIGNED, a - b)
VX_MAP(vsubuhm, H, UNSIGNED, a - b)
VX_MAP(vsubuwm, W, UNSIGNED, a - b)
VX_MAP(vsubudm, D, UNSIGNED, a - b)
VX_MAP(vsubcuw, W, UNSIGNED, a >= b)
VX_SATURATE(vsubsbs, B, SIGNED, a - b)
VX_SATURATE(vsubshs, H, SIGNED, a - b)
VX_SATURATE(vsubsws, W, SIGNED, a - b)
VX_SATURATE(vsububs, B, UNSIGNED, a - b)
VX_SATURATE(vsubuhs, H, UNSIGNED, a - b)
VX_SATURATE(vsubuws, W, UNSIGNED, a - b)

/* Quadwords. Subtraction adds the complement and a carry of one, or the carry in the last bit of
 * VRC. */
static inline bool carry_out(u128 a, u128 b, unsigned carry_in)
{
    u128 sum = a + b;
    return sum < a || sum + carry_in < sum;
}

#define CARRY_IN ((unsigned)VC.q & 1)
EXEC(vadduqm) { VT.q = VA.q + VB.q; }
EXEC(vaddeuqm) { VT.q = VA.q + VB.q + CARRY_IN; }
EXEC(vaddcuq) { VT.q = carry_out(VA.q, VB.q, 0); }
EXEC(vaddecuq) { VT.q = carry_out(VA.q, VB.q, CARRY_IN); }
EXEC(vsubuqm) { VT.q = VA.q - VB.q; }
EXEC(vsubeuqm) { VT.q = VA.q + ~VB.q + CARRY_IN; }
EXEC(vsubcuq) { VT.q = carry_out(VA.q, ~VB.q, 1); }
EXEC(vsubecuq) { VT.q = carry_out(VA.q, ~VB.q, CARRY_IN); }

VX_MAP1(vnegw, W, UNSIGNED, -b)
VX_MAP1(vnegd, D, UNSIGNED, -b)

VX_MAP1(vextsb2w, W, UNSIGNED, (int8_t)b)
VX_MAP1(vextsh2w, W, UNSIGNED, (int16_t)b)
VX_MAP1(vextsb2d, D, UNSIGNED, (int8_t)b)
VX_MAP1(vextsh2d, D, UNSIGNED, (int16_t)b)
VX_MAP1(vextsw2d, D, UNSIGNED, (int32_t)b)

VX_MAP(vavgsb, B, SIGNED, (a + b + 1) >> 1)
VX_MAP(vavgsh, H, SIGNED, (a + b + 1) >> 1)
VX_MAP(vavgsw, W, SIGNED, ((int64_t)a + b + 1) >> 1)
VX_MAP(vavgub, B, UNSIGNED, (a + b + 1) >> 1)
VX_MAP(vavguh, H, UNSIGNED, (a + b + 1) >> 1)
VX_MAP(vavguw, W, UNSIGNED, ((uint64_t)a + b + 1) >> 1)

VX_MAP(vabsdub, B, UNSIGNED, a > b ? a - b : b - a)
VX_MAP(vabsduh, H, UNSIGNED, a > b ? a - b : b - a)
VX_MAP(vabsduw, W, UNSIGNED, a > b ? a - b : b - a)

VX_MAP(vmaxsb, B, SIGNED, a > b ? a : b)
VX_MAP(vmaxsh, H, SIGNED, a > b ? a : b)
VX_MAP(vmaxsw, W, SIGNED, a > b ? a : b)
VX_MAP(vmaxsd, D, SIGNED, a > b ? a : b)
VX_MAP(vmaxub, B, UNSIGNED, a > b ? a : b)
VX_MAP(vmaxuh, H, UNSIGNED, a > b ? a : b)
VX_MAP(vmaxuw, W, UNSIGNED, a > b ? a : b)
VX_MAP(vmaxud, D, UNSIGNED, a > b ? a : b)
VX_MAP(vminsb, B, SIGNED, a < b ? a : b)
VX_MAP(vminsh, H, SIGNED, a < b ? a : b)
VX_MAP(vminsw, W, SIGNED, a < b ? a : b)
VX_MAP(vminsd, D, SIGNED, a < b ? a : b)
VX_MAP(vminub, B, UNSIGNED, a < b ? a : b)
VX_MAP(vminuh, H, UNSIGNED, a < b ? a : b)
VX_MAP(vminuw, W, UNSIGNED, a < b ? a : b)
VX_MAP(vminud, D, UNSIGNED, a < b ? a : b)

/* Ones where the condition holds. Rc, bit 21 of these instructions, stands where OE does
 * elsewhere. */
#define VX_COMPARE(name, e, sign, condition)                                                       \
    EXEC(name)                                                                                     \
    {                                                                                              \
        const union vsr va = VA, vb = VB;                                                          \
        union vsr vt;                                                                              \
        for EACH(n, e) {                                                                           \
            const sign##_##e a = ELEMENT(e, sign, va, n), b = ELEMENT(e, sign, vb, n);             \
            VSR_##e(vt, n) = (UNSIGNED_##e)-(SIGNED_##e)(condition);                               \
        }                                                                                          \
        if (OE_BIT)                                                                                \
            set_cr6_compare(s, vt);                                                                \
        VT = vt;                                                                                   \
    }

VX_COMPARE(vcmpequb, B, UNSIGNED, a == b)
VX_COMPARE(vcmpequh, H, UNSIGNED, a == b)
VX_COMPARE(vcmpequw, W, UNSIGNED, a == b)
VX_COMPARE(vcmpequd, D, UNSIGNED, a == b)
VX_COMPARE(vcmpgtsb, B, SIGNED, a > b)
VX_COMPARE(vcmpgtsh, H, SIGNED, a > b)
VX_COMPARE(vcmpgtsw, W, SIGNED, a > b)
VX_COMPARE(vcmpgtsd, D, SIGNED, a > b)
VX_COMPARE(vcmpgtub, B, UNSIGNED, a > b)
VX_COMPARE(vcmpgtuh, H, UNSIGNED, a > b)
VX_COMPARE(vcmpgtuw, W, UNSIGNED, a > b)
VX_COMPARE(vcmpgtud, D, UNSIGNED, a > b)
VX_COMPARE(vcmpneb, B, UNSIGNED, a != b)
VX_COMPARE(vcmpneh, H, UNSIGNED, a != b)
VX_COMPARE(vcmpnew, W, UNSIGNED, a != b)
VX_COMPARE(vcmpnezb, B, UNSIGNED, (a != b) | (a == 0) | (b == 0))
VX_COMPARE(vcmpnezh, H, UNSIGNED, (a != b) | (a == 0) | (b == 0))
VX_COMPARE(vcmpnezw, W, UNSIGNED, (a != b) | (a == 0) | (b == 0))

EXEC(mfvscr) { VT.q = s->vscr; }
EXEC(mtvscr) { s->vscr = VSR_W(VB, 3) & (VSCR_NJ | VSCR_SAT); }

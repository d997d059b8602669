/* Fixed-point multiply, divide and modulo (Book I, 3.3.9). Where the manual leaves a result
 * undefined (division by zero, quotient out of range, the upper half of a word operation's
 * register) it is what QEMU gives. Microwatt has 0 where there is no quotient, and copies the upper
 * half of a product of words. */
#include "sim/isa/exec.h"
#include "sim/isa/fixed.h"

#define SRA ((int64_t)RA)
#define SRB ((int64_t)RB)
#define RA_W ((uint32_t)RA)
#define RB_W ((uint32_t)RB)
#define SRA_W ((int32_t)RA_W)
#define SRB_W ((int32_t)RB_W)

static inline void finish_rt_ov(struct cpu *s, const struct insn *i, uint64_t result, bool overflow)
{
    if (OE_BIT)
        set_ov(s, overflow, overflow);
    finish_rt(s, i, result);
}

/* Multiply */

/* The upper half of a product of words; Microwatt copies it into the register's upper word. */
static inline uint64_t place_high(const struct cpu *s, uint64_t product)
{
    uint64_t high = product >> 32;
    return s->is_open_as_microwatt ? (product & ~UINT64_C(0xffffffff)) | high : high;
}

EXEC(mulli)  { RT = RA * SI; }
EXEC(mulhw)  { finish_rt(s, i, place_high(s, (uint64_t)((int64_t)SRA_W * SRB_W))); }
EXEC(mulhwu) { finish_rt(s, i, place_high(s, (uint64_t)RA_W * RB_W)); }
EXEC(mulhd)  { finish_rt(s, i, (uint64_t)((s128)SRA * SRB >> 64)); }
EXEC(mulhdu) { finish_rt(s, i, (uint64_t)((u128)RA * RB >> 64)); }

EXEC(mullw)
{
    int64_t product = (int64_t)SRA_W * SRB_W;
    finish_rt_ov(s, i, (uint64_t)product, product != (int32_t)product);
}

EXEC(mulld)
{
    int64_t product;
    bool overflow = __builtin_mul_overflow(SRA, SRB, &product);
    finish_rt_ov(s, i, (uint64_t)product, overflow);
}

EXEC(maddld)  { RT = RA * RB + RC; }
EXEC(maddhd)  { RT = (uint64_t)(((s128)SRA * SRB + (int64_t)RC) >> 64); }
EXEC(maddhdu) { RT = (uint64_t)(((u128)RA * RB + RC) >> 64); }

/* What a division leaves that has no quotient; `other` is QEMU's. */
static inline uint64_t no_quotient(const struct cpu *s, uint64_t other)
{
    return s->is_open_as_microwatt ? 0 : other;
}

/* Divide: the operands of these two cannot be divided by the host either. */

static inline bool bad_w(int32_t a, int32_t b) { return b == 0 || (a == INT32_MIN && b == -1); }
static inline bool bad_d(int64_t a, int64_t b) { return b == 0 || (a == INT64_MIN && b == -1); }

EXEC(divw)
{
    bool bad = bad_w(SRA_W, SRB_W);
    finish_rt_ov(s, i, bad ? no_quotient(s, RA_W) : (uint32_t)(SRA_W / SRB_W), bad);
}

EXEC(divwu)
{
    bool bad = RB_W == 0;
    finish_rt_ov(s, i, bad ? no_quotient(s, RA_W) : RA_W / RB_W, bad);
}

EXEC(divd)
{
    bool bad = bad_d(SRA, SRB);
    finish_rt_ov(s, i, bad ? no_quotient(s, RA) : (uint64_t)(SRA / SRB), bad);
}

EXEC(divdu)
{
    bool bad = RB == 0;
    finish_rt_ov(s, i, bad ? no_quotient(s, RA) : RA / RB, bad);
}

/* Divide extended: the dividend has as many zero bits again on its right. */

EXEC_CALL(divwe)
{
    int64_t dividend = (int64_t)(RA << 32);
    bool bad = bad_d(dividend, SRB_W);
    int64_t quotient = bad ? 0 : dividend / SRB_W;
    bad = bad || quotient != (int32_t)quotient;
    finish_rt_ov(s, i, bad ? 0 : (uint64_t)quotient, bad);
}

EXEC_CALL(divweu)
{
    bool bad = RA_W >= RB_W;
    finish_rt_ov(s, i, bad ? 0 : (RA << 32) / RB_W, bad);
}

/* The one quotient that 128 bits cannot hold is that of RA = -2^63 by -1. */
EXEC_CALL(divde)
{
    bool bad = bad_d(SRA, SRB);
    s128 quotient = bad ? 0 : (s128)((u128)RA << 64) / SRB;
    bool is_65_bits = quotient >> 64 == 0 || quotient >> 64 == -1;
    bad = bad || quotient != (int64_t)quotient;
    uint64_t result = is_65_bits ? (uint64_t)quotient : 0;
    finish_rt_ov(s, i, bad ? no_quotient(s, result) : result, bad);
}

EXEC_CALL(divdeu)
{
    bool bad = RA >= RB;
    finish_rt_ov(s, i, bad ? 0 : (uint64_t)(((u128)RA << 64) / RB), bad);
}

/* Modulo */

EXEC(modsw) { RT = bad_w(SRA_W, SRB_W) ? 0 : (uint64_t)(int64_t)(SRA_W % SRB_W); }
EXEC(moduw) { RT = RB_W == 0 ? 0 : RA_W % RB_W; }
EXEC(modsd) { RT = bad_d(SRA, SRB) ? 0 : (uint64_t)(SRA % SRB); }
EXEC(modud) { RT = RB == 0 ? 0 : RA % RB; }

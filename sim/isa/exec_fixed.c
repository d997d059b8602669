/* Fixed-point arithmetic (Book I, 3.3.9) but for multiply and divide. */
#include "sim/isa/exec.h"
#include "sim/isa/fixed.h"

/* Where an addition carried out of a bit position, that bit is one; a carry in needs no special
 * care. */
static inline uint64_t carries(uint64_t a, uint64_t b, uint64_t sum)
{
    return (a & b) | ((a | b) & ~sum);
}

static inline void set_ca(struct cpu *s, uint64_t carry)
{
    s->ca32 = carry >> 31 & 1;
    s->ca = s->is_64bit ? (uint8_t)(carry >> 63) : s->ca32;
}

/* RT = a + b + carry_in with the effects of OE and Rc: the sum of a subtraction has one operand
 * complemented. It overflows where the operands agree in sign and the sum does not. */
static inline void add(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b,
                       uint64_t carry_in)
{
    uint64_t sum = a + b + carry_in;
    if (OE_BIT) {
        uint64_t overflow = (a ^ sum) & (b ^ sum);
        set_ov(s, overflow >> 63, overflow >> 31 & 1);
    }
    finish_rt(s, i, sum);
}

static inline void add_carrying(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b,
                                uint64_t carry_in)
{
    set_ca(s, carries(a, b, a + b + carry_in));
    add(s, i, a, b, carry_in);
}

static inline uint64_t add_immediate(struct cpu *s, uint64_t a, uint64_t b, uint64_t carry_in)
{
    uint64_t sum = a + b + carry_in;
    set_ca(s, carries(a, b, sum));
    return sum;
}

EXEC(addi)    { RT = RA0 + SI; }
EXEC(addis)   { RT = RA0 + (SI << 16); }
EXEC(addpcis) { RT = ((i->pc + 4) & s->ea_mask) + (SI << 16); }
EXEC(add)     { add(s, i, RA, RB, 0); }
EXEC(subf)    { add(s, i, ~RA, RB, 1); }
EXEC(addic)   { RT = add_immediate(s, RA, SI, 0); }
EXEC(subfic)  { RT = add_immediate(s, ~RA, SI, 1); }
EXEC(addic_)  { RT = add_immediate(s, RA, SI, 0); set_cr0(s, RT); }
EXEC(addc)    { add_carrying(s, i, RA, RB, 0); }
EXEC(subfc)   { add_carrying(s, i, ~RA, RB, 1); }
EXEC(adde)    { add_carrying(s, i, RA, RB, s->ca); }
EXEC(subfe)   { add_carrying(s, i, ~RA, RB, s->ca); }
EXEC(addme)   { add_carrying(s, i, RA, UINT64_MAX, s->ca); }
EXEC(subfme)  { add_carrying(s, i, ~RA, UINT64_MAX, s->ca); }
EXEC(addze)   { add_carrying(s, i, RA, 0, s->ca); }
EXEC(subfze)  { add_carrying(s, i, ~RA, 0, s->ca); }
EXEC(neg)     { add(s, i, ~RA, 0, 1); }

/* OV serves as a second carry bit; SO stays. */
EXEC(addex)
{
    uint64_t sum = RA + RB + s->ov, carry = carries(RA, RB, sum);
    s->ov32 = carry >> 31 & 1;
    s->ov = s->is_64bit ? (uint8_t)(carry >> 63) : s->ov32;
    RT = sum;
}

/* L: 0 a conditioned word, 1 a conditioned and 2 a raw doubleword; all ones report an error. */
EXEC_CALL(darn)
{
    need_right_path(s, i); /* the next number drawn would be another one */
    uint32_t l = FIELD(14, 15);
    uint64_t random = s->random && l != 3 ? s->random(s->board) : UINT64_MAX;
    RT = l == 0 && s->random ? (uint32_t)random : random;
}

/* For the files exec_*.c: the words in which an instruction's meaning is written, in a body of
 * one of the kinds of exec_kinds.h.
 *
 * A body gets `s` (struct cpu *) and `i` (struct insn *), uses the names below, and must leave
 * architected state untouched when it raises an exception. A branch body says whether it
 * branches; no body reads s->nia. */
#ifndef SIM_ISA_EXEC_H
#define SIM_ISA_EXEC_H

#include "sim/isa/access.h"
#include "sim/isa/exec_kinds.h"

/* Operands by the manual's names. RS is the T field as a source. RA0 is zero when the field is. */
#define RT  (s->gpr[i->rt])
#define RS  (s->gpr[i->rt])
#define RA  (s->gpr[i->ra])
#define RA0 (s->gpr[i->ra]) /* predecoding points i->ra at a zero register */
#define RB  (s->gpr[i->rb])
#define RC  (s->gpr[i->rc])
#define SI  ((uint64_t)i->imm)            /* D, DS, DQ forms: sign-extended */
#define UI  ((uint64_t)(uint16_t)i->imm)  /* D form, logical */
/* A register of any of the three vector banks, as union vsr. */
#define VT (s->vsr[i->rt])
#define VA (s->vsr[i->ra])
#define VB (s->vsr[i->rb])
#define VC (s->vsr[i->rc])
/* Floating-point registers as bits. */
#define FRT (VSR_D(s->vsr[i->rt], 0))
#define FRA (VSR_D(s->vsr[i->ra], 0))
#define FRB (VSR_D(s->vsr[i->rb], 0))
#define FRC (VSR_D(s->vsr[i->rc], 0))
/* Any field of the word by the manual's bit numbers. */
#define FIELD(first, last) ppc_field(i->word, (first), (last))
#define RC_BIT             (i->word & 1)
#define LK_BIT             (i->word & 1)
#define OE_BIT             (i->word >> 10 & 1)
#define BF_FIELD           (i->rt >> 2)
#define BFA_FIELD          FIELD(11, 13)

/* The BO bits that concern CTR: leave it alone, and branch when it has become zero. Predecoding has
 * taken care of the condition's (struct insn), of which one bit says that there is none. */
enum { BO_ALWAYS = 16, BO_NO_COUNT = 4, BO_ZERO = 2 };

/* The special purpose registers that every call uses. */
enum { SPR_LR = 8, SPR_CTR = 9 };

/* CR0 of a record form: compares the result with zero as a number of the current mode's width. */
static inline void set_cr0(struct cpu *s, uint64_t result)
{
    int64_t v = s->is_64bit ? (int64_t)result : (int32_t)(uint32_t)result;
    s->cr[0] = (uint8_t)((v < 0 ? CR_LT : v > 0 ? CR_GT : CR_EQ) | s->so);
}

static inline uint32_t cr_bit(const struct cpu *s, uint32_t bit)
{
    return s->cr[bit >> 2] >> (3 - (bit & 3)) & 1;
}

/* Bit BT becomes the lowest bit of `value`. */
static inline void set_bt(struct cpu *s, const struct insn *i, uint32_t value)
{
    uint32_t shift = 3 - (i->rt & 3u), field = s->cr[i->rt >> 2];
    s->cr[i->rt >> 2] = (uint8_t)((field & ~(1u << shift)) | (value & 1) << shift);
}

/* The first thing in a body with an effect that going back to earlier registers and memory does
 * not undo. */
static inline void need_right_path(struct cpu *s, const struct insn *i)
{
    if (__builtin_expect(s->on_wrong_path, 0))
        cpu_raise(s, i, EXC_WRONG_PATH, i->pc, 0);
}

/* The result of a branch body that branches. */
static inline bool branch_to(struct cpu *s, uint64_t target)
{
    s->nia = target & s->ea_mask & ~UINT64_C(3);
    return true;
}

#endif

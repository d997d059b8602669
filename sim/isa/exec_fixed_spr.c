/* Move to and from special purpose registers and the condition register (Book I, 3.3.17), time base
 * (Book II, 6). */
#include "sim/isa/exec.h"

enum { SPR_LR = 8, SPR_CTR = 9 };

#define DSCR_BITS UINT64_C(0x1ffffff) /* bits 39:63; the others read zero */
#define PPR_PRI_SHIFT 50              /* bits 11:13 */

static uint64_t read_timebase(struct cpu *s) { return s->timebase ? s->timebase(s->board) : 0; }

/* A program may ask for the priorities very low (1) to medium (4); others change nothing. */
static void write_ppr(struct cpu *s, uint64_t v)
{
    uint64_t priority = v >> PPR_PRI_SHIFT & 7;
    if (priority >= 1 && priority <= 4)
        s->ppr = priority << PPR_PRI_SHIFT;
}

/* Of registers that user mode does not have, those with the fifth bit of the number set are called
 * privileged. */
_Noreturn static void refuse(struct cpu *s, const struct insn *i)
{
    cpu_raise(s, i, i->imm & 0x10 ? EXC_PRIVILEGED : EXC_ILLEGAL, i->pc, 0);
}

static void need_version(struct cpu *s, const struct insn *i, uint16_t isa)
{
    if (s->isa && isa > s->isa)
        refuse(s, i);
}

static void need_state(struct cpu *s, const struct insn *i, uint64_t without, uint64_t with)
{
    if (s->sup.msr & without || ~s->sup.msr & with)
        refuse(s, i);
}

/* SPR rows of all three kinds, as cases; `get` and `set` know the supervisor's registers as `u`. */
#define SPR_SUPERVISOR(name, number, isa, get, set)                                                \
    SPR_CASE(number, isa, need_state(s, i, MSR_PR, 0), get, set)
#define SPR_HYPERVISOR(name, number, isa, get, set)                                                \
    SPR_CASE(number, isa, need_state(s, i, MSR_PR, MSR_HV), get, set)
#define SPR(name, number, isa, get, set) SPR_CASE(number, isa, , get, set)

static uint64_t get_spr(struct cpu *s, const struct insn *i)
{
    struct supervisor *u = &s->sup;
    switch (i->imm) {
#define SPR_CASE(number, isa, check, get, set)                                                     \
    case number:                                                                                   \
        need_version(s, i, isa);                                                                   \
        check;                                                                                     \
        return get;
#define SPR_READ_ONLY(name, number, isa, get) SPR(name, number, isa, get, )
#include "sim/isa/spr.def"
#undef SPR_READ_ONLY
#undef SPR_CASE
    default:
        refuse(s, i);
    }
}

static void set_spr(struct cpu *s, const struct insn *i, uint64_t v)
{
    struct supervisor *u = &s->sup;
    if (i->imm & 0x10) /* what follows from it for translations and interrupts is not undone */
        need_right_path(s, i);
    switch (i->imm) {
#define SPR_CASE(number, isa, check, get, set)                                                     \
    case number:                                                                                   \
        need_version(s, i, isa);                                                                   \
        check;                                                                                     \
        set;                                                                                       \
        break;
#define SPR_READ_ONLY(name, number, isa, get)
#include "sim/isa/spr.def"
#undef SPR_READ_ONLY
#undef SPR_CASE
    default:
        refuse(s, i);
    }
}

/* Every function call saves LR and every call through a pointer sets CTR: those do not search. */

EXEC_IF(mtspr, i->imm == SPR_LR || i->imm == SPR_CTR)
{
    if (i->imm == SPR_CTR)
        s->ctr = RS;
    else if (i->imm == SPR_LR)
        s->lr = RS;
    else
        set_spr(s, i, RS);
}

EXEC_IF(mfspr, i->imm == SPR_LR)
{
    if (i->imm == SPR_LR)
        RT = s->lr;
    else
        RT = get_spr(s, i);
}

/* The time base registers under the number that mfspr has for them too. */
EXEC_CALL(mftb) { RT = get_spr(s, i); }

/* Condition register. FXM: one bit a field, bit 12 of the word for field 0. */

EXEC_CALL(mtcrf)
{
    uint32_t value = (uint32_t)RS;
    for (uint32_t n = 0; n < 8; n++)
        if (FIELD(12 + n, 12 + n))
            s->cr[n] = value >> (28 - 4 * n) & 15;
}

EXEC_CALL(mfcr) { RT = cpu_get_cr(s); }

/* With exactly one bit of FXM set they move that field; otherwise, undefined, nothing. */

static inline bool one_field(const struct insn *i, uint32_t *field)
{
    uint32_t fxm = FIELD(12, 19);
    *field = (uint32_t)__builtin_clz(fxm | 1) - 24;
    return is_pow2(fxm);
}

EXEC(mtocrf)
{
    uint32_t n;
    if (one_field(i, &n))
        s->cr[n] = (uint32_t)RS >> (28 - 4 * n) & 15;
}

EXEC(mfocrf)
{
    uint32_t n;
    if (one_field(i, &n))
        RT = (uint32_t)s->cr[n] << (28 - 4 * n);
}

EXEC(mcrxr)
{
    s->cr[BF_FIELD] = (uint8_t)(s->so << 3 | s->ov << 2 | s->ca << 1);
    s->so = s->ov = s->ca = 0;
}

EXEC(mcrxrx)
{
    s->cr[BF_FIELD] = (uint8_t)(s->ov << 3 | s->ov32 << 2 | s->ca << 1 | s->ca32);
}

EXEC(setb)
{
    uint32_t field = s->cr[BFA_FIELD];
    RT = field & CR_LT ? UINT64_MAX : field >> 2 & 1;
}

#include "sim/isa/spr.h"

#include "sim/isa/exec.h"

#define DSCR_BITS UINT64_C(0x1ffffff) /* bits 39:63; the others read zero */
#define PPR_PRI_SHIFT 50              /* bits 11:13 */

/* Accounts for the instructions up to this one first: they are the clock. */
static uint64_t read_timebase(struct cpu *s, const struct insn *i)
{
    s->icount += (i->pc - s->run_pc) >> 2;
    s->run_pc = i->pc;
    return cpu_timebase(s);
}

/* A program may ask for the priorities very low (1) to medium (4); others change nothing. */
static void write_ppr(struct cpu *s, uint64_t v)
{
    uint64_t priority = v >> PPR_PRI_SHIFT & 7;
    if (priority >= 1 && priority <= 4)
        s->ppr = priority << PPR_PRI_SHIFT;
}

static void interrupts_changed(struct cpu *s)
{
    if (s->interrupts_changed)
        s->interrupts_changed(s->board);
}

/* The bits of `mask`, in the time base of this processor; decrementers go on as they were. */
static void write_timebase(struct cpu *s, const struct insn *i, uint64_t v, uint64_t mask)
{
    struct supervisor *u = &s->sup;
    uint64_t now = read_timebase(s, i), set = (now & ~mask) | (v & mask);
    u->timebase_offset += set - now;
    u->dec_zero += set - now;
    u->hdec_zero += set - now;
}

/* A register of 32 bits reads as such: zeros above. */
static uint64_t get_decrementer(const struct cpu *s)
{
    uint64_t value = cpu_decrementer(s);
    return s->sup.lpcr & LPCR_LD ? value : (uint32_t)value;
}

static void set_decrementer(struct cpu *s, const struct insn *i, uint64_t v)
{
    uint64_t value = s->sup.lpcr & LPCR_LD ? v : (uint64_t)(int32_t)v;
    s->sup.dec_zero = read_timebase(s, i) + value;
    interrupts_changed(s);
}

static void set_hypervisor_decrementer(struct cpu *s, const struct insn *i, uint64_t v)
{
    s->sup.hdec_zero = read_timebase(s, i) + v;
    interrupts_changed(s);
}

static void set_lpcr(struct cpu *s, uint64_t v)
{
    s->sup.lpcr = v;
    interrupts_changed(s);
}

static void set_translation(struct cpu *s, uint64_t *reg, uint64_t v)
{
    *reg = v;
    cpu_forget_translations(s);
}

/* A program may change the keys that UAMOR leaves to it. */
static void set_amr(struct cpu *s, uint64_t v)
{
    uint64_t movable = s->sup.msr & MSR_PR ? s->sup.kept.UAMOR : UINT64_MAX;
    set_translation(s, &s->sup.radix.amr, (s->sup.radix.amr & ~movable) | (v & movable));
}

/* Of registers that user mode does not have, those with the fifth bit of the number set are called
 * privileged. */
_Noreturn static void refuse(struct cpu *s, const struct insn *i)
{
    cpu_raise(s, i, i->imm & 0x10 ? EXC_PRIVILEGED : EXC_ILLEGAL, i->pc, 0);
}

/* Book III, 4.4.4: without privilege refused; with it ignored, but for the numbers 0 and 4 to 6. */
static bool is_ignored(const struct cpu *s, const struct insn *i)
{
    return !(s->sup.msr & MSR_PR) && i->imm != 0 && (i->imm < 4 || i->imm > 6);
}

enum { USER, PRIVILEGED, HYPERVISOR };

/* True when a processor of this version has the register; raises when its state forbids the use. */
static bool may_use(struct cpu *s, const struct insn *i, uint16_t isa, uint32_t who)
{
    if (s->isa && isa > s->isa)
        return false;
    if ((who != USER && s->sup.msr & MSR_PR) || (who == HYPERVISOR && !(s->sup.msr & MSR_HV)))
        refuse(s, i);
    return true;
}

#define SPR_KEPT(name, number, isa, who, mask)                                                     \
    SPR_ROW(name, number, isa, who, u->kept.name, u->kept.name = v & (mask))
#define SPR_ALIAS(name, number, isa, who)                                                          \
    SPR_ROW(name, number, isa, who, u->kept.name, u->kept.name = v)

uint64_t spr_get(struct cpu *s, const struct insn *i, uint64_t old)
{
    struct supervisor *u = &s->sup;
    switch (i->imm) {
#define SPR_ROW(name, number, isa, who, get, set)                                                  \
    case number:                                                                                   \
        if (!may_use(s, i, isa, who))                                                              \
            break;                                                                                 \
        return get;
#define SPR_READ_ONLY(name, number, isa, who, get) SPR_ROW(name, number, isa, who, get, )
#define SPR_WRITE_ONLY(name, number, isa, who, set)
#include "sim/isa/spr.def"
#undef SPR_WRITE_ONLY
#undef SPR_READ_ONLY
#undef SPR_ROW
    default:
        break;
    }
    if (!is_ignored(s, i))
        refuse(s, i);
    return old;
}

void spr_set(struct cpu *s, const struct insn *i, uint64_t v)
{
    struct supervisor *u = &s->sup;
    if (i->imm & 0x10) /* what follows from it for translations and interrupts is not undone */
        need_right_path(s, i);
    switch (i->imm) {
#define SPR_ROW(name, number, isa, who, get, set)                                                  \
    case number:                                                                                   \
        if (!may_use(s, i, isa, who))                                                              \
            break;                                                                                 \
        set;                                                                                       \
        return;
#define SPR_READ_ONLY(name, number, isa, who, get)
#define SPR_WRITE_ONLY(name, number, isa, who, set) SPR_ROW(name, number, isa, who, , set)
#include "sim/isa/spr.def"
#undef SPR_WRITE_ONLY
#undef SPR_READ_ONLY
#undef SPR_ROW
    default:
        break;
    }
    if (!is_ignored(s, i))
        refuse(s, i);
}

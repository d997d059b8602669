/* Branch Facility (Book I, chapter 2), condition register logical included. */
#include "sim/isa/exec.h"

/* BO: bit 0 ignores the condition, bit 1 is the wanted value, bit 2 leaves CTR alone, bit 3 wants CTR = 0. */
static inline bool branch_condition(struct cpu *s, const struct insn *i, bool may_use_ctr)
{
    uint32_t bo = i->rt, bi = i->ra;
    if (may_use_ctr && !(bo & 4)) {
        s->ctr--;
        if (((s->ctr & s->ea_mask) != 0) == (bo >> 1 & 1))
            return false;
    }
    return bo & 16 || (s->cr[bi >> 2] >> (3 - (bi & 3)) & 1) == (bo >> 3 & 1);
}

static inline void set_link(struct cpu *s, const struct insn *i)
{
    if (i->word & 1)
        s->lr = (i->pc + 4) & s->ea_mask;
}

EXEC_BRANCH(b)
{
    set_link(s, i);
    branch_to(s, (uint64_t)i->imm);
}

EXEC_BRANCH(bc)
{
    bool taken = branch_condition(s, i, true);
    set_link(s, i);
    if (taken)
        branch_to(s, (uint64_t)i->imm);
}

EXEC_BRANCH(bclr)
{
    bool taken = branch_condition(s, i, true);
    uint64_t target = s->lr;
    set_link(s, i);
    if (taken)
        branch_to(s, target);
}

EXEC_BRANCH(bcctr)
{
    bool taken = branch_condition(s, i, false);
    set_link(s, i);
    if (taken)
        branch_to(s, s->ctr);
}

EXEC(sc) { cpu_raise(s, i, EXC_SYSCALL, 0, (uint32_t)i->imm); }

/* A word that is no instruction of this processor. Not a row: it has no pattern. */
void step_illegal(struct cpu *s, const struct insn *i) { cpu_raise(s, i, EXC_ILLEGAL, i->pc, 0); }

const struct insn *chain_illegal(struct cpu *s, const struct insn *i)
{
    cpu_raise(s, i, EXC_ILLEGAL, i->pc, 0);
}

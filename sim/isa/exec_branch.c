/* Branch Facility (Book I, chapter 2): branches, condition register instructions, system calls. */
#include "sim/isa/exec.h"

static inline bool condition_holds(const struct cpu *s, const struct insn *i)
{
    return (s->cr[i->ra] & i->rb) == i->rc;
}

/* Counting happens whether or not the condition holds. */
static inline bool count_and_condition(struct cpu *s, const struct insn *i)
{
    if (!(i->rt & BO_NO_COUNT)) {
        s->ctr--;
        if (((s->ctr & s->ea_mask) == 0) != ((i->rt & BO_ZERO) != 0))
            return false;
    }
    return condition_holds(s, i);
}

/* LR changes even when the branch is not taken. */
static inline void set_link(struct cpu *s, const struct insn *i)
{
    if (i->word & 1)
        s->lr = (i->pc + 4) & s->ea_mask;
}

/* 2.4 Branch Instructions */

EXEC_BRANCH(b)
{
    set_link(s, i);
    return branch_to(s, (uint64_t)i->imm);
}

EXEC_BRANCH(bc)
{
    set_link(s, i);
    return count_and_condition(s, i) && branch_to(s, (uint64_t)i->imm);
}

EXEC_BRANCH(bclr)
{
    uint64_t target = s->lr;
    set_link(s, i);
    return count_and_condition(s, i) && branch_to(s, target);
}

/* Counting is an invalid form here; processors that do it (POWER9) test and then decrement. */
EXEC_BRANCH(bcctr)
{
    uint64_t target = s->ctr;
    set_link(s, i);
    if (__builtin_expect(!(i->rt & BO_NO_COUNT), 0)) {
        if (((target & s->ea_mask) == 0) != ((i->rt & BO_ZERO) != 0))
            return false;
        s->ctr--;
    }
    return condition_holds(s, i) && branch_to(s, target);
}

EXEC_BRANCH(bctar)
{
    uint64_t target = s->tar;
    set_link(s, i);
    return count_and_condition(s, i) && branch_to(s, target);
}

/* 2.5 Condition Register Instructions */

#define CRA cr_bit(s, i->ra)
#define CRB cr_bit(s, i->rb)

EXEC(crand)  { set_bt(s, i, CRA & CRB); }
EXEC(crnand) { set_bt(s, i, ~(CRA & CRB)); }
EXEC(cror)   { set_bt(s, i, CRA | CRB); }
EXEC(crxor)  { set_bt(s, i, CRA ^ CRB); }
EXEC(crnor)  { set_bt(s, i, ~(CRA | CRB)); }
EXEC(creqv)  { set_bt(s, i, ~(CRA ^ CRB)); }
EXEC(crandc) { set_bt(s, i, CRA & ~CRB); }
EXEC(crorc)  { set_bt(s, i, CRA | ~CRB); }

EXEC(mcrf) { s->cr[BF_FIELD] = s->cr[BFA_FIELD]; }

/* 2.7 System Call Instruction */

EXEC(sc)  { cpu_raise(s, i, EXC_SYSCALL, 0, (uint32_t)i->imm); }
EXEC(scv) { cpu_raise(s, i, EXC_SYSCALL_V, 0, (uint32_t)i->imm); }

/* A word that is no instruction of this processor. Not a row: it has no pattern. */
void step_illegal(struct cpu *s, const struct insn *i)
{
    bool is_split = s->isa >= V310 && insn_is_prefix(i->word) && insn_crosses_block(i->pc);
    cpu_raise(s, i, is_split ? EXC_ALIGNMENT : EXC_ILLEGAL, i->pc, 0);
}

const struct insn *chain_illegal(struct cpu *s, const struct insn *i)
{
    step_illegal(s, i);
    return NULL; /* never */
}

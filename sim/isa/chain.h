/* How one handler goes on to the next. Built with optimisation each handler ends in a tail call of
 * the next one, so that dispatch is one indirect jump; where the compiler would not make it a jump
 * (no optimisation, address sanitizer) handlers return the next record to the loop in chain_run
 * instead. */
#ifndef SIM_ISA_CHAIN_H
#define SIM_ISA_CHAIN_H

#include "sim/isa/code.h"

#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
#define CHAIN_TO(s, next) return (next)->handler((s), (next))
#else
#define CHAIN_TO(s, next) return (next)
#endif

/* After a branch body that changed nia: accounts for the instructions since the last one and
 * jumps. */
static inline const struct insn *chain_jump(struct cpu *s, const struct insn *i)
{
    const struct insn *target;
    s->icount += ((i->pc - s->run_pc) >> 2) + 1;
    s->run_pc = s->nia;
    if (__builtin_expect(s->icount >= s->stop_at, 0))
        return NULL;
    if (i->hop)
        target = (const struct insn *)((const char *)i + i->hop);
    else
        target = code_lookup(s, s->nia);
    CHAIN_TO(s, target);
}

#endif

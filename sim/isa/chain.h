/* How one handler goes on to the next. Built with optimisation each handler ends in a tail call of
 * the next one, so that dispatch is one indirect jump; where the compiler would not make it a jump
 * (no optimisation, address sanitizer) handlers return the next record to the loop in chain_run
 * instead. */
#ifndef SIM_ISA_CHAIN_H
#define SIM_ISA_CHAIN_H

#include "sim/isa/code.h"

#if defined(__OPTIMIZE__) && !defined(__SANITIZE_ADDRESS__)
/* The address is made before the handler is read through it, so that the host's register holds it
 * already and the jump reads its target itself: two host instructions less of nine (addi). */
#define CHAIN_TO(s, next)                                                                          \
    do {                                                                                           \
        const struct insn *chain_next = (next);                                                    \
        __asm__("" : "+r"(chain_next));                                                            \
        return chain_next->handler((s), chain_next);                                               \
    } while (0)
#else
#define CHAIN_TO(s, next) return (next)
#endif

/* After a branch that is taken to the record at a distance that is known. Nobody asks for nia as
 * long as the chain goes on. */
static inline const struct insn *chain_hop(struct cpu *s, const struct insn *i)
{
    uint64_t target = (uint64_t)i->imm;
    s->icount += ((i->pc - s->run_pc) >> 2) + 1;
    s->run_pc = target;
    if (__builtin_expect(s->icount >= s->stop_at, 0)) {
        s->nia = target;
        return NULL;
    }
    CHAIN_TO(s, (const struct insn *)((const char *)i + i->hop));
}

/* Looks the address up and remembers the record. */
const struct insn *chain_jump_anew(struct cpu *s, uint64_t target);

/* After a branch that is taken to an address that a register held. The record may have become
 * another page's, or none: then it is not decoded and finds out itself. */
static inline const struct insn *chain_jump_to(struct cpu *s, const struct insn *i, uint64_t target)
{
    s->icount += ((i->pc - s->run_pc) >> 2) + 1;
    s->run_pc = target;
    if (__builtin_expect(s->icount >= s->stop_at, 0)) {
        s->nia = target;
        return NULL;
    }
    const struct jump *j = &s->jumps[target >> 2 & (JUMP_ENTRIES - 1)];
    if (__builtin_expect(j->ea != target, 0))
        return chain_jump_anew(s, target);
    CHAIN_TO(s, j->insn);
}

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

/* Special purpose registers as instructions see them: spr.def is the list. */
#ifndef SIM_ISA_SPR_H
#define SIM_ISA_SPR_H

#include "sim/isa/insn.h"
#include "sim/isa/state.h"

/* Of the register that the instruction names. Raises what the processor does for one that it has
 * not, or not in this state; outside problem state an unknown one is as a rule ignored: `old` is
 * what the target keeps then. */
uint64_t spr_get(struct cpu *s, const struct insn *i, uint64_t old);
void spr_set(struct cpu *s, const struct insn *i, uint64_t v);

#endif

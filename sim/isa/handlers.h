/* The handler and the body of every row. A row without an EXEC body fails to link. */
#ifndef SIM_ISA_HANDLERS_H
#define SIM_ISA_HANDLERS_H

#include "sim/isa/insn.h"

extern insn_handler *const chain_handlers[INSN_COUNT];
extern insn_body *const step_bodies[INSN_COUNT];
/* As step_bodies, for the frequent cases that do not raise: false when it is not one of them, and
 * nothing was done. NULL for most rows: see EXEC_ACCESS and EXEC_IF. */
extern insn_quick_body *const quick_bodies[INSN_COUNT];

insn_handler chain_illegal, chain_undecoded, chain_page_end;
/* Steps the instruction, for handlers that leave rare cases to the step. */
insn_handler chain_missed;
/* The same after a miss of the soft TLB; the handler is tried again when there is an entry now. */
const struct insn *chain_load_missed(struct cpu *s, const struct insn *i, uint64_t ea);
const struct insn *chain_store_missed(struct cpu *s, const struct insn *i, uint64_t ea);
/* Ends the chain after the instruction; execution goes on at nia. */
const struct insn *chain_leave(struct cpu *s, const struct insn *i, uint64_t nia);
/* The instruction has been stepped, nia is where execution goes on: for s->blocks, which there
 * must be. */
void blocks_stepped(struct cpu *s, const struct insn *i);
/* A handler for two loads or two stores of doublewords side by side, both predecoded; NULL: they
 * are not. */
insn_handler *chain_side_by_side(const struct insn *i);
insn_body step_illegal;
#define INSN(name, ...)                                                                            \
    insn_handler chain_##name;                                                                     \
    insn_body step_##name;                                                                         \
    insn_quick_body quick_##name;
#include "sim/isa/insn.def"
#undef INSN

#endif

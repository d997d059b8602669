#include "sim/isa/handlers.h"

#include "sim/isa/chain.h"

insn_handler *const chain_handlers[INSN_COUNT] = {
    chain_illegal,
#define INSN(name, ...) chain_##name,
#include "sim/isa/insn.def"
#undef INSN
};

insn_body *const step_bodies[INSN_COUNT] = {
    step_illegal,
#define INSN(name, ...) step_##name,
#include "sim/isa/insn.def"
#undef INSN
};

const struct insn *chain_missed(struct cpu *s, const struct insn *i)
{
    step_bodies[i->number](s, i);
    CHAIN_TO(s, i + 1);
}

#include "sim/isa/handlers.h"

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

/* What BO of a conditional branch says of its direction: ISA Book I, 2.4. */
#ifndef MODELS_PIPELINE_BPRED_HINT_H
#define MODELS_PIPELINE_BPRED_HINT_H

#include "models/pipeline/bpred/bpred.h"
#include "sim/isa/insn.h"

/* The `at` bits: BO = 0b001at or 0b011at (CR alone), 0b1a00t or 0b1a01t (CTR alone); a = 1 says
 * that t is a hint. */
static inline void hint_read(const struct insn *i, struct bpred_branch *b)
{
    uint32_t bo = i->word >> 21 & 31;
    bool by_cr = (bo & 0x14) == 0x04;
    b->hint_valid = bo & (by_cr ? 2 : 8) && (by_cr || (bo & 0x14) == 0x10);
    b->hint_taken = b->hint_valid && bo & 1;
}

/* The `y` bit of older processors, last in BO, reverses the rule of static.c. */
static inline void hint_read_y(const struct insn *i, struct bpred_branch *b)
{
    b->hint_valid = i->word >> 21 & 1;
    b->hint_taken = !(b->target && b->target <= b->pc);
}

#endif

/* Runs a program with excursions: behind some branches it goes down wrong paths, which nest, and
 * comes back. Whatever it does there, the program must not notice. */
#ifndef TESTS_UNIT_SIM_EXEC_EXCURSIONS_H
#define TESTS_UNIT_SIM_EXEC_EXCURSIONS_H

#include <assert.h>

#include "sim/base/rng.h"
#include "sim/exec/op.h"

#define EXCURSION_OPS 64u /* records of one path that are looked at again when it is restored */

struct excursions {
    struct op_source source;
    struct rng rng;
    uint32_t every;  /* one branch in so many is left */
    uint32_t length; /* instructions on one path, nested ones apart, at most */
    uint32_t depth;  /* how deep they nest */
    uint64_t instructions, restores, ends; /* executed; paths; those that could not go on */
};

/* The side of a branch that it did not take; where an indirect one might have gone is anybody's
 * guess. */
static inline uint64_t excursion_target(struct excursions *x, const struct op *op)
{
    bool is_direct = op->row->form == FORM_I || op->row->form == FORM_B;
    switch (rng_below(&x->rng, 8)) {
    case 0: return op->next_pc;
    case 1: return op->pc + 4 * rng_below(&x->rng, 64) - 128;
    default:
        if (op->flags & OP_TAKEN)
            return op->pc + 4;
        return is_direct ? (uint64_t)op->insn->imm : op->pc - 4 * rng_below(&x->rng, 256);
    }
}

/* One path and those within it. Leaves it for an outer one to restore now and then. */
static inline void excursion(struct excursions *x, const struct op *from, uint32_t depth)
{
    struct op ops[EXCURSION_OPS];
    uint32_t words[EXCURSION_OPS], kept = 0;
    uint32_t mark = x->source.diverge(x->source.source, excursion_target(x, from));
    assert(mark);
    for (uint64_t left = 1 + rng_below(&x->rng, x->length); left; left--) {
        struct op op;
        if (x->source.next(x->source.source, &op, false) != EXEC_OK) {
            x->ends++;
            break;
        }
        x->instructions++;
        assert(!(op.flags & (OP_FAULT | OP_SYSTEM | OP_SERIAL)));
        if (kept < EXCURSION_OPS) {
            words[kept] = op.insn->word;
            ops[kept++] = op;
        }
        if (op.flags & OP_BRANCH && depth < x->depth && rng_below(&x->rng, 3) == 0)
            excursion(x, &op, depth + 1);
    }
    for (uint32_t n = 0; n < kept; n++)
        assert(ops[n].insn->word == words[n] && ops[n].insn->pc == ops[n].pc);
    if (depth > 1 && rng_below(&x->rng, 8) == 0)
        return;
    x->source.restore(x->source.source, mark);
    x->restores++;
}

/* The next instruction of the program itself. */
static inline enum exec_status excursions_next(struct excursions *x, struct op *op, bool is_oldest)
{
    enum exec_status status = x->source.next(x->source.source, op, is_oldest);
    if (status == EXEC_OK && op->flags & OP_BRANCH && rng_below(&x->rng, x->every) == 0)
        excursion(x, op, 1);
    return status;
}

#endif

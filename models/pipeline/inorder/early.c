/* Branches in the first places of the queue (core.early_branches), looked at last in a cycle: what
 * comes of it begins in the next. A branch that waits for nothing is decided in the first cycle in
 * which it is seen. Another is predicted then, never taken while its target is unknown, and
 * corrected in the first cycle in which all is known, at the latest when it executes. How many
 * predictions can be open follows from the number of places.
 *
 * Approximation: branches on a wrong path are fetched, but not followed. With two places (the 405)
 * that could be one only, which stands right behind the wrong branch: what the instruction cache
 * misses is one fetch at its target, and only if that is taken. */
#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"
#include "sim/isa/operands.h"

static bool writes(const struct insn_deps *d, uint32_t reg)
{
    for (uint32_t n = 0; n < d->out_count; n++)
        if (d->out[n] == reg)
            return true;
    return false;
}

/* Whether the register has in this cycle what the instruction at `position` will read. */
static bool is_known(struct inorder *p, uint32_t reg, uint64_t position)
{
    for (uint64_t n = p->issue; n < position; n++)
        if (writes(slot_at(p, n)->op.deps, reg))
            return false;
    uint64_t ready = p->reg[reg].ready;
    if (ready > p->cycle)
        inorder_want(p, ready);
    return ready <= p->cycle;
}

/* The register that holds the target. */
static uint32_t target_register(const struct insn_row *row)
{
    return row->in & LR ? REG_LR : row->in & CTR ? REG_CTR : row->in & TAR ? REG_TAR : REG_NONE;
}

struct knowledge {
    bool direction, target;
};

static struct knowledge what_is_known(struct inorder *p, const struct slot *s, uint64_t position)
{
    const struct insn_deps *d = s->op.deps;
    struct knowledge k = {true, true};
    uint32_t through = target_register(s->op.row);
    for (uint32_t n = 0; n < d->in_count; n++)
        if (!is_known(p, d->in[n], position))
            *(d->in[n] == through ? &k.target : &k.direction) = false;
    return k;
}

static bool leaves(const struct slot *s) { return s->op.next_pc != s->op.pc + 4; }

/* The branch is known when it is first seen: no prediction counts. */
static void decide(struct inorder *p, struct slot *s, uint64_t position)
{
    struct prediction *b = prediction_at(p, position);
    bool taken = s->op.flags & OP_TAKEN;
    if (b->decode_next != s->op.next_pc)
        branch_unit_repair(p->branches, s->op.insn, b, taken, s->op.next_pc);
    b->taken = taken;
    b->decode_next = b->fetch_next = s->op.next_pc;
    s->early = EARLY_SETTLED;
    if (leaves(s)) /* the wrong path behind it ends */
        p->fetch.redirect_cycle = p->cycle + 1 + p->keys.decode_redirect_cycles;
}

/* Predicted taken, wrongly: what is behind the branch leaves the queue. */
static void leave_wrongly(struct inorder *p, uint64_t position, uint64_t target)
{
    struct fetch_stage *f = &p->fetch;
    inorder_settle(p, &f->pending, PART_MISPREDICT);
    f->again += p->tail - (position + 1);
    p->tail = position + 1;
    inorder_fetch_resume(p, 0); /* what waited for a slot's retirement will do so again */
    inorder_fetch_forget(p);
    inorder_wrong_path(p, position, target, p->cycle + 1 + p->keys.decode_redirect_cycles, NEVER);
}

/* Where fetch goes while the branch is not known. A register that is known says where a taken
 * branch goes; where one would go that is not taken is not in its record: nothing is fetched
 * there. */
static void predict_next(struct inorder *p, const struct slot *s, struct prediction *b,
                         bool target_known)
{
    uint64_t behind = s->op.pc + 4;
    if (!target_known) {
        if (b->taken && b->shape & BRANCH_CONDITIONAL) {
            branch_unit_repair(p->branches, s->op.insn, b, false, behind);
            b->taken = false;
        }
        b->decode_next = behind;
    } else if (b->taken && !(b->shape & BRANCH_DIRECT)) {
        b->decode_next = s->op.flags & OP_TAKEN ? s->op.next_pc : NEVER;
    }
    b->fetch_next = b->decode_next;
}

static void guess(struct inorder *p, struct slot *s, uint64_t position, bool target_known)
{
    struct prediction *b = prediction_at(p, position);
    predict_next(p, s, b, target_known);
    if (b->decode_next == s->op.next_pc) {
        s->early = EARLY_SETTLED;
        if (leaves(s))
            p->fetch.redirect_cycle = p->cycle + 1 + p->keys.decode_redirect_cycles;
        return;
    }
    s->early = EARLY_WRONG;
    s->mispredicted = true;
    p->fetch.part = PART_MISPREDICT;
    if (b->decode_next != s->op.pc + 4)
        leave_wrongly(p, position, b->decode_next);
}

void inorder_early_end(struct inorder *p, struct slot *s)
{
    s->early = EARLY_SETTLED;
    p->fetch.redirect_cycle = p->cycle + 1 + p->keys.redirect_cycles;
}

static void look_at(struct inorder *p, struct slot *s, uint64_t position)
{
    struct knowledge k = what_is_known(p, s, position);
    bool all = k.direction && (k.target || !(s->op.flags & OP_TAKEN));
    if (s->early == EARLY_NEW) {
        branch_unit_predict(p->branches, s->op.insn, prediction_at(p, position));
        if (all)
            decide(p, s, position);
        else
            guess(p, s, position, k.target);
        inorder_progress(p);
    } else if (all) {
        inorder_early_end(p, s);
        inorder_progress(p);
    }
}

void inorder_look_early(struct inorder *p)
{
    for (uint64_t n = 0; n < p->keys.early_branches; n++) {
        uint64_t position = p->issue + n;
        if (position >= p->tail)
            return;
        struct slot *s = slot_at(p, position);
        uint64_t arrival = s->ready_cycle - p->keys.decode_cycles;
        if (arrival > p->cycle) {
            inorder_want(p, arrival);
            return;
        }
        if (s->early == EARLY_NEW || s->early == EARLY_WRONG)
            look_at(p, s, position);
    }
}

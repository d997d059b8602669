/* What takes instructions away: a mispredicted branch that is resolved, and a load that went before
 * an older store of the same bytes. */
#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/memory.h"
#include "sim/base/bits.h"

/* How far an instruction has come that is going to be squashed. */
static struct retirement so_far(struct ooo *p, uint64_t position)
{
    const struct inst *s = inst_at(p, position);
    struct retirement r = {.op = &s->op, .fetch_cycle = s->fetch_cycle,
                           .ready_cycle = s->ready_cycle, .issue_cycle = NEVER,
                           .done_cycle = NEVER, .retire_cycle = p->cycle};
    if (position >= p->dispatch) /* perhaps in part: then it counts as waiting */
        return r;
    const struct uop *u = uop_at(p, ooo_uop_end(s) - 1); /* its last, or that of the two fused */
    if (s->folded) {
        r.issue_cycle = decision_at(p, position)->decided_cycle;
        r.done_cycle = decision_at(p, position)->known_cycle;
    } else if (u->flags & UOP_ISSUED) {
        r.issue_cycle = u->issue_cycle;
        r.done_cycle = u->done_cycle;
    }
    return r;
}

static void announce(struct ooo *p, uint64_t position)
{
    const struct core_hooks *h = &p->env.hooks;
    for (; position < p->fetch.position; position++) {
        struct retirement r = so_far(p, position);
        h->squashed(h->owner, &r);
    }
}

static void squash_from(struct ooo *p, uint64_t position, uint64_t rob_tail)
{
    p->stats.squashed_instructions += p->fetch.position - position;
    if (p->env.hooks.squashed)
        announce(p, position);
    if (rob_tail != p->rob_tail || position <= p->dispatch)
        ooo_squash_uops(p, rob_tail);
    p->dispatch = min_u64(p->dispatch, position);
    if (p->completes_alone > position)
        p->completes_alone = 0;
}

/* Fetch leaves the wrong path, and the executor with it. */
void ooo_branch_was_wrong(struct ooo *p, uint64_t position, uint64_t uop_end)
{
    struct inst *s = inst_at(p, position);
    const struct prediction *b = prediction_at(p, position);
    bool taken = s->op.flags & OP_TAKEN;
    branch_unit_repair(p->branches, s->op.insn, b, taken, s->op.next_pc);
    squash_from(p, position + 1, uop_end);
    if (s->mark) {
        p->env.source.restore(p->env.source.source, s->mark);
        p->executed = position + 1;
        p->fetch.depth = s->depth;
    }
    s->mark = 0;
    s->mispredicted = false;
    p->stats.branch_squashes++;
    ooo_fetch_from(p, position + 1, p->cycle + p->keys.redirect_cycles,
                   b->taken == taken ? PART_TARGET : PART_MISPREDICT);
}

void ooo_resolve(struct ooo *p, struct uop *u)
{
    uint64_t position = u->inst + (u->flags & UOP_FUSED ? 1 : 0);
    u->flags &= (uint16_t)~UOP_RESOLVES;
    ooo_branch_was_wrong(p, position, ooo_uop_end(inst_at(p, position)));
}

/* The load and all that follows are fetched again, from what the executor has left: neither it nor
 * the predictors take notice. */
void ooo_violation(struct ooo *p, struct uop *load, const struct store *w)
{
    const struct inst *s = inst_at(p, load->inst);
    uint64_t position = load->inst;
    p->stats.violations++;
    if (p->keys.memory_dependence == MEMORY_SETS)
        ooo_sets_violation(p, s->op.pc, w->pc);
    squash_from(p, position, s->uop_first);
    ooo_fetch_from(p, position, p->cycle + p->keys.flush_cycles, PART_ORDER);
}

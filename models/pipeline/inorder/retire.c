/* Retirement: in order, when the result is written back. Branch tables are trained here, never by
 * wrong paths. */
#include "models/pipeline/inorder/inorder.h"

static void count(struct inorder *p, uint32_t flags)
{
    struct core_stats *n = &p->core.stats;
    if (flags & OP_FAULT) {
        n->exceptions++;
        return;
    }
    n->instructions++;
    if (flags & OP_LOAD)
        n->loads++;
    if (flags & OP_STORE)
        n->stores++;
    if (flags & OP_SERIAL)
        n->serialising++;
}

static void announce(const struct inorder *p, const struct slot *s)
{
    const struct core_hooks *h = &p->env.hooks;
    struct retirement r = {.op = &s->op, .fetch_cycle = s->fetch_cycle,
                           .ready_cycle = s->ready_cycle, .issue_cycle = s->issue_cycle,
                           .done_cycle = s->done_cycle, .retire_cycle = p->cycle};
    h->retired(h->owner, &r);
}

static void retire_one(struct inorder *p, const struct slot *s)
{
    uint64_t position = p->head++;
    const struct op *op = &s->op;
    uint32_t flags = op->flags;
    count(p, flags);
    if (p->env.hooks.retired)
        announce(p, s);
    if (op->row->flags & F_BRANCH && !(flags & OP_SYSTEM))
        branch_unit_retire(p->branches, op->insn, prediction_at(p, position), flags & OP_TAKEN,
                           op->next_pc);
    p->loads_in_flight -= op->flags & OP_LOAD ? 1 : 0;
    if (p->barrier == position)
        p->barrier = NEVER;
    if (p->fetch.resume_position == position)
        inorder_fetch_resume(p, p->cycle + (flags & OP_SYSTEM ? p->keys.exception_cycles : 1));
}

void inorder_retire(struct inorder *p)
{
    for (uint32_t n = 0; n < p->keys.retire_width && p->head != p->issue; n++) {
        const struct slot *s = slot_at(p, p->head);
        if (s->done_cycle > p->cycle) {
            inorder_want(p, s->done_cycle);
            return;
        }
        retire_one(p, s);
        inorder_progress(p);
    }
}

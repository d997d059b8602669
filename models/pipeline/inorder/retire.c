/* Retirement: in order, when the result is written back. Branch tables are trained here, never by
 * wrong paths. */
#include "models/pipeline/inorder/inorder.h"

static void count(struct inorder *p, const struct op *op)
{
    struct core_stats *n = &p->core.stats;
    if (op->flags & OP_FAULT) {
        n->exceptions++;
        return;
    }
    n->instructions++;
    n->loads += op->flags & OP_LOAD ? 1 : 0;
    n->stores += op->flags & OP_STORE ? 1 : 0;
    n->serialising += op->flags & OP_SERIAL ? 1 : 0;
}

static void announce(const struct inorder *p, const struct slot *s)
{
    const struct core_hooks *h = &p->env.hooks;
    if (!h->retired)
        return;
    struct retirement r = {.op = &s->op, .fetch_cycle = s->fetch_cycle,
                           .ready_cycle = s->ready_cycle, .issue_cycle = s->issue_cycle,
                           .done_cycle = s->done_cycle, .retire_cycle = p->cycle};
    h->retired(h->owner, &r);
}

static void retire_one(struct inorder *p)
{
    uint64_t position = p->head++;
    struct slot *s = slot_at(p, position);
    const struct op *op = &s->op;
    count(p, op);
    announce(p, s);
    if (op->row->flags & F_BRANCH && !(op->flags & OP_SYSTEM))
        branch_unit_retire(p->branches, op->insn, &s->prediction, op->flags & OP_TAKEN,
                           op->next_pc);
    p->loads_in_flight -= op->flags & OP_LOAD ? 1 : 0;
    if (p->barrier == position)
        p->barrier = NEVER;
    if (p->fetch.resume_position == position)
        inorder_fetch_resume(p, p->cycle + (op->flags & OP_SYSTEM ? p->keys.exception_cycles : 1));
    inorder_progress(p);
}

void inorder_retire(struct inorder *p)
{
    for (uint32_t n = 0; n < p->keys.retire_width && p->head != p->issue; n++) {
        uint64_t done = slot_at(p, p->head)->done_cycle;
        if (done > p->cycle) {
            inorder_want(p, done);
            return;
        }
        retire_one(p);
    }
}

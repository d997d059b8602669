/* Retirement: in order, when the result is written back. Branch tables are trained here, never by
 * wrong paths. */
#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"

static void announce(const struct inorder *p, const struct slot *s)
{
    const struct core_hooks *h = &p->env.hooks;
    struct retirement r = {.op = &s->op, .fetch_cycle = s->fetch_cycle,
                           .ready_cycle = s->ready_cycle, .issue_cycle = s->issue_cycle,
                           .done_cycle = s->done_cycle, .retire_cycle = p->cycle,
                           .mispredicted = s->mispredicted};
    if (s->op.flags & OP_LOAD) {
        r.level = s->level ? s->level : 1;
        r.load_cycles = s->data_cycle - s->issue_cycle;
    }
    h->retired(h->owner, &r);
}

/* What its histograms want to know of an instruction that has retired, the so-manyth. */
static void observe(struct inorder *p, uint64_t position, uint64_t instructions)
{
    const struct slot *s = slot_at(p, position);
    uint32_t flags = s->op.flags;
    if (flags & OP_FAULT)
        return;
    hist_add(&p->hists.fetch_to_retire, p->cycle - s->fetch_cycle);
    if (flags & OP_LOAD)
        core_hists_load(&p->hists, s->level, p->env.data_memory_level,
                        s->data_cycle - s->issue_cycle);
    if (flags & OP_BRANCH)
        core_hists_branch(&p->hists, s->done_cycle - p->keys.writeback_cycles - s->fetch_cycle,
                          prediction_at(p, position)->decode_next != s->op.next_pc, instructions);
}

/* What loads, stores, branches and what entered the system need beyond the others; true when the
 * cycle ends with it. */
static bool retire_special(struct inorder *p, const struct op *op, uint64_t position)
{
    uint32_t flags = op->flags;
    core_stats_count(&p->core.stats, flags);
    if (flags & OP_BRANCH)
        branch_unit_retire(p->branches, op->insn, prediction_at(p, position), flags & OP_TAKEN,
                           op->next_pc);
    if (flags & OP_LOAD)
        p->loads_in_flight--;
    if (p->fetch.resume_position == position)
        inorder_fetch_resume(p, p->cycle + (flags & OP_SYSTEM ? p->keys.exception_cycles : 1));
    if (flags & OP_MARKER) {
        p->marker = op->insn;
        p->has_news = true;
    }
    return flags & OP_MARKER;
}

/* To those who watch; the instruction is the so-manyth. */
static __attribute__((noinline)) void tell(struct inorder *p, uint64_t position,
                                           uint64_t instructions)
{
    if (p->hists.on)
        observe(p, position, instructions);
    if (p->env.hooks.retired)
        announce(p, slot_at(p, position));
}

/* A marker ends the cycle, so that its phase ends exactly there. */
void inorder_retire(struct inorder *p)
{
    uint64_t first = p->head, position = first, cycle = p->cycle;
    uint64_t last = min_u64(p->issue, first + p->keys.retire_width);
    struct slot *s = slot_at(p, first);
    do {
        if (s->done_cycle > cycle) {
            inorder_want(p, s->done_cycle);
            break;
        }
        p->head = ++position;
        if (s->op.flags && retire_special(p, &s->op, position - 1))
            last = position;
        if (__builtin_expect(p->is_watched, 0))
            tell(p, position - 1, p->core.stats.instructions + (position - first));
        s = slot_behind(p, s);
    } while (position != last);
    if (position != first) {
        p->core.stats.instructions += position - first;
        if (p->core.stats.instructions >= p->reports.at)
            p->has_news = true;
        inorder_progress(p);
        if (p->barrier < position) /* a sync goes alone: it was the last that had been issued */
            p->barrier = NEVER;
    }
}

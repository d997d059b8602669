/* Fetch: along the predicted path, a few blocks ahead of what the instruction cache has delivered.
 * The executor runs each instruction when it is fetched; after a mispredicted branch it is sent
 * along the wrong path until the branch is resolved (where it cannot be, fetch waits). What was
 * fetched before a memory-order violation is taken from the ring again, with the predictions made
 * then: the predictors are asked once for a branch. */
#include "models/pipeline/ooo/ooo.h"

#include <assert.h>

#include "sim/base/bits.h"
#include "sim/exec/quick.h"

/* It is in the block at hand, or on its way. */
static bool in_block(const struct ooo *p, uint64_t pa)
{
    return (pa & ~(p->fetch.block_bytes - 1)) == p->fetch.block_pa;
}

/* Blocks arrive in order, as many as can be fetched in a cycle. */
void ooo_deliver(struct ooo *p)
{
    struct fetch_stage *f = &p->fetch;
    struct inst *insts = p->insts;
    uint64_t mask = p->inst_mask;
    for (uint32_t n = 0; n < p->keys.fetch_blocks && f->group_first != f->group_last; n++) {
        const struct fetch_group *g = &f->groups[f->group_first & (OOO_GROUPS - 1)];
        if (g->arrival > p->cycle) {
            ooo_want(p, g->arrival);
            return;
        }
        uint64_t ready_cycle = p->cycle + p->keys.decode_cycles;
        for (uint64_t at = g->first, last = g->last; at != last; at++)
            insts[at & mask].ready_cycle = ready_cycle;
        f->group_first++;
        ooo_progress(p);
    }
}

void ooo_fetch_from(struct ooo *p, uint64_t position, uint64_t cycle, enum cpi_part part)
{
    struct fetch_stage *f = &p->fetch;
    f->position = position;
    f->group_first = f->group_last;
    f->missing = 0;
    f->oldest_block = f->block + 1;
    f->block_pa = NEVER;
    f->stuck = f->resume_on_arrival = false;
    f->resume_cycle = cycle;
    f->resume_position = NEVER;
    f->part = (uint8_t)part;
    ooo_forget_page(f);
    ooo_fold_squash(p, position);
    ooo_progress(p);
}

void ooo_fetch_resume(struct ooo *p, uint64_t cycle)
{
    p->fetch.resume_cycle = cycle;
    p->fetch.resume_position = NEVER;
}

static bool stop_fetch(struct ooo *p, enum core_end why)
{
    p->fetch.stopped = true;
    p->fetch.why = why;
    ooo_settle(p, &p->fetch.lost, PART_DRAIN);
    ooo_progress(p);
    return false;
}

/* There is no next instruction now. On a wrong path there will be none: its branch ends it. */
static bool no_op(struct ooo *p, enum exec_status status)
{
    struct fetch_stage *f = &p->fetch;
    if (f->depth)
        f->stuck = true;
    else if (status == EXEC_HALTED)
        return stop_fetch(p, CORE_HALTED);
    enum cpi_part part = status == EXEC_IDLE ? PART_IDLE : PART_SERIAL;
    if (!f->depth && f->part != part)
        ooo_progress(p);
    if (!f->depth)
        f->part = (uint8_t)part;
    return false;
}

/* Executes the next instruction, the quick way where there is one. */
OOO_HOT enum exec_status execute(struct ooo *p, struct op *op)
{
    struct fetch_stage *f = &p->fetch;
    const struct op_source *source = &p->env.source;
    struct exec *quick = f->depth ? source->quick_diverged : source->quick;
    if (quick && exec_next_quickly(quick, op))
        return f->depth && quick->halted ? EXEC_WAIT : EXEC_OK;
    return source->next(source->source, op, !f->depth && p->head == p->executed);
}

/* Gets the next instruction executed, unless it is already; false when there is none to be had. */
OOO_HOT bool next_op(struct ooo *p, struct inst *s)
{
    struct fetch_stage *f = &p->fetch;
    if (f->position != p->executed)
        return true;
    if (!f->depth && f->fetched >= p->env.max_instructions)
        return stop_fetch(p, CORE_LIMIT);
    enum exec_status status = execute(p, &s->op);
    if (status != EXEC_OK)
        return no_op(p, status);
    cache_op_adapt(&s->op);
    p->executed++;
    s->mark = 0;
    s->depth = (uint8_t)f->depth;
    s->early = 0;
    s->predicted = s->mispredicted = false;
    if (p->early.count)
        s->early = ooo_early_row(p, &s->op);
    if (f->depth)
        p->core.stats.wrong_path_fetched++;
    else
        f->fetched += !(s->op.flags & OP_FAULT);
    return true;
}

void ooo_diverge(struct ooo *p, struct inst *s, uint64_t next)
{
    const struct op_source *source = &p->env.source;
    struct fetch_stage *f = &p->fetch;
    if (s->mark)
        return; /* fetched again: it has been there */
    uint32_t mark = 0;
    if (p->keys.wrong_path && source->diverge)
        mark = source->diverge(source->source, next);
    assert(mark <= UINT8_MAX);
    s->mark = (uint8_t)mark;
    if (mark) {
        f->depth++;
        p->stats.wrong_paths++;
    } else {
        f->stuck = true;
        p->stats.wrong_paths_refused++;
    }
}

/* The decoder, which sees the branch when it arrives, sends fetch elsewhere. */
static void wait_for_decoder(struct ooo *p)
{
    struct fetch_stage *f = &p->fetch;
    f->resume_on_arrival = f->block_arrival == NEVER;
    f->resume_cycle = f->resume_on_arrival ? NEVER
                                           : f->block_arrival + p->keys.decode_redirect_cycles;
    f->part = PART_BRANCH;
}

/* After a branch was fetched; true when it ends this cycle's fetch. */
static bool follow_branch(struct ooo *p, struct inst *s, uint64_t position, uint32_t *taken)
{
    struct prediction *b = prediction_at(p, position);
    struct fetch_stage *f = &p->fetch;
    if (!s->predicted) {
        branch_unit_predict(p->branches, s->op.insn, b);
        s->predicted = true;
        s->mispredicted = b->decode_next != s->op.next_pc;
    }
    uint64_t next = s->mispredicted ? b->decode_next : s->op.next_pc;
    if (s->mispredicted)
        ooo_diverge(p, s, next);
    if (b->fetch_next != next && b->decode_next == next) {
        wait_for_decoder(p);
        f->block_pa = NEVER;
        return true;
    }
    if (next == s->op.pc + 4)
        return f->stuck;
    f->block_pa = NEVER;
    if (++*taken < p->keys.fetch_taken && !p->keys.taken_bubble_cycles)
        return f->stuck;
    f->resume_cycle = p->cycle + 1 + p->keys.taken_bubble_cycles;
    f->part = PART_BRANCH;
    return true;
}

/* After one that is more than a step straight on; true when it ends this cycle's fetch. */
static __attribute__((noinline)) bool push_special(struct ooo *p, struct inst *s,
                                                   uint64_t position, uint32_t *taken)
{
    struct fetch_stage *f = &p->fetch;
    if (s->op.flags & (OP_SYSTEM | OP_SERIAL)) {
        f->resume_cycle = NEVER;
        f->resume_position = position;
        f->part = s->op.flags & OP_SYSTEM ? PART_SYSTEM : PART_SERIAL;
        f->block_pa = NEVER;
        return true;
    }
    if (!p->keys.fold_branches)
        return follow_branch(p, s, position, taken);
    p->fold.deciding = position;
    return true;
}

/* The next instruction is fetched, into the youngest group; true when it ends this cycle's
 * fetch. */
OOO_HOT bool push(struct ooo *p, struct inst *s, uint32_t *taken)
{
    struct fetch_stage *f = &p->fetch;
    uint64_t position = f->position++;
    s->fetch_cycle = p->cycle;
    s->ready_cycle = NEVER;
    s->folded = false;
    s->front_part = f->part;
    f->part = PART_FETCH;
    return s->op.flags & (OP_SYSTEM | OP_SERIAL | OP_BRANCH) &&
           push_special(p, s, position, taken);
}

static bool open_group(struct ooo *p, const struct op *op)
{
    struct fetch_stage *f = &p->fetch;
    if (f->group_last - f->group_first == OOO_GROUPS)
        return false;
    if (p->fold.at_target) /* which the instruction cache knows nothing of */
        f->block_pa = NEVER;
    p->fold.at_target = p->fold.supply != 0;
    if (p->fold.supply) {
        f->block_bytes = p->keys.fetch_bytes;
        f->block_pa = align_down(op->fetch_pa, f->block_bytes);
        f->block_arrival = p->cycle + 1;
        p->fold.supply = 0;
        p->stats.target_hits++;
    }
    if (!in_block(p, op->fetch_pa) && !ooo_open_block(p, op))
        return false;
    f->groups[f->group_last++ & (OOO_GROUPS - 1)] =
        (struct fetch_group){.first = f->position, .block = f->block,
                             .arrival = f->block_arrival};
    return true;
}

/* The youngest group has all that it gets in this cycle. */
static inline void end_group(struct ooo *p)
{
    struct fetch_stage *f = &p->fetch;
    f->groups[(f->group_last - 1) & (OOO_GROUPS - 1)].last = f->position;
}

/* The instruction is in the block at hand, or its block could be opened in this cycle. */
OOO_HOT bool group_takes(struct ooo *p, const struct op *op, uint32_t *blocks)
{
    if (*blocks && in_block(p, op->fetch_pa))
        return true;
    if (*blocks == p->keys.fetch_blocks)
        return false;
    if (*blocks)
        end_group(p);
    if (!open_group(p, op))
        return false;
    ++*blocks;
    return true;
}

static __attribute__((noinline)) void fetch_some(struct ooo *p, uint32_t room)
{
    uint64_t executed = p->executed;
    uint32_t blocks = 0, taken = 0;
    bool ends = false;
    while (room && !ends) {
        struct inst *s = inst_at(p, p->fetch.position);
        if (!next_op(p, s) || !group_takes(p, &s->op, &blocks))
            break;
        room--;
        ends = push(p, s, &taken);
    }
    p->fold.rest = room;
    if (blocks)
        end_group(p);
    if (blocks || p->executed != executed)
        ooo_progress(p);
}

void ooo_fetch_rest(struct ooo *p, uint32_t most)
{
    struct fetch_stage *f = &p->fetch;
    uint32_t taken = 0;
    ooo_progress(p);
    for (uint32_t n = 0; n < most; n++) {
        struct inst *s = inst_at(p, f->position);
        if (!next_op(p, s) || !in_block(p, s->op.fetch_pa))
            return;
        bool ends = push(p, s, &taken);
        s->fetch_cycle = inst_at(p, f->position - 2)->fetch_cycle;
        s->ready_cycle = p->cycle + p->keys.decode_cycles;
        p->fold.rest = most - n - 1;
        if (ends)
            return;
    }
}

/* Instructions that this cycle may fetch, but for the width. */
static uint64_t fetch_room(const struct ooo *p)
{
    uint64_t waiting = p->fetch.position - p->dispatch - p->fold.removed, room = p->queue_room;
    if (p->keys.fetch_vacancies) {
        waiting = p->queued;
        room = p->keys.fetch_queue;
    }
    room -= min_u64(room, waiting);
    return p->fold.supply ? min_u64(room, p->fold.supply) : room;
}

void ooo_fetch(struct ooo *p)
{
    struct fetch_stage *f = &p->fetch;
    if ((f->stopped && f->position == p->executed) || f->stuck || f->refused ||
        p->fold.deciding != NEVER)
        return;
    if (p->cycle < f->resume_cycle) {
        ooo_want(p, f->resume_cycle);
        return;
    }
    uint64_t room = fetch_room(p);
    if (room)
        fetch_some(p, (uint32_t)min_u64(p->keys.fetch_width, room));
}

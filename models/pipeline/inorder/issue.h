/* Issue: the oldest waiting instructions go to their units, in order, as long as nothing holds
 * them. What holds the first one that cannot go is what this cycle's unused issue slots are charged
 * to. Inline in the loop over cycles: for inorder.c alone. */
#ifndef MODELS_PIPELINE_INORDER_ISSUE_H
#define MODELS_PIPELINE_INORDER_ISSUE_H

#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"

/* issue.c. Those that answer false have set p->blame. */
bool inorder_blame_fetch(struct inorder *p); /* nothing is in the queue; answers false */
bool inorder_blame_oldest(struct inorder *p);
bool inorder_blame_register(struct inorder *p, const struct register_state *r);
bool inorder_serial_order(struct inorder *p, uint32_t class);
bool inorder_all_ready(struct inorder *p, const struct insn_deps *d);
bool inorder_room_for_memory(struct inorder *p, uint32_t flags);
void inorder_claim_many(struct inorder *p, const struct slot *s, uint64_t position,
                        uint64_t cycle);
/* What loads, stores and branches do, and such instructions that raised an exception; `result`:
 * cycle in which it is there. */
void inorder_execute_special(struct inorder *p, struct slot *s, uint64_t position,
                             uint64_t result, uint32_t pipe);

static inline bool blame(struct inorder *p, uint64_t *where)
{
    p->blame = where;
    return false;
}

/* The wait ends in the cycle `until`, whatever happens: no need to look again before. */
static inline bool blame_until(struct inorder *p, enum cpi_part part, uint64_t until)
{
    p->issue_from = until;
    inorder_want(p, until);
    return blame(p, &p->cpi.slots[part]);
}

static inline bool register_ready(struct inorder *p, uint32_t reg)
{
    const struct register_state *r = &p->reg[reg];
    return __builtin_expect(r->ready <= p->cycle, 1) || inorder_blame_register(p, r);
}

_Static_assert(INSN_FEW_IN == 2 && INSN_FEW_OUT == 1, "written out below");

static inline bool operands_ready(struct inorder *p, const struct insn_deps *d)
{
    if (__builtin_expect(d->many_in, 0))
        return inorder_all_ready(p, d);
    return register_ready(p, d->in[0]) && register_ready(p, d->in[1]);
}

static inline void claim(struct inorder *p, uint32_t reg, uint64_t position, uint64_t cycle)
{
    p->reg[reg] = (struct register_state){.ready = cycle, .writer = position};
}

/* From now on dependents wait for this instruction: until `cycle`, NEVER while that is unknown. */
static inline void claim_outputs(struct inorder *p, const struct slot *s, uint64_t position,
                                 uint64_t cycle)
{
    if (__builtin_expect(s->op.deps->many_out, 0))
        inorder_claim_many(p, s, position, cycle);
    else
        claim(p, s->op.deps->out[0], position, cycle);
}

/* `t`: its class's times or those of a small multiply. */
static inline void execute(struct inorder *p, struct slot *s, const struct issue_class *t,
                           uint32_t pipe)
{
    uint64_t position = p->issue++, cycle = p->cycle;
    bool is_load = s->op.flags & OP_LOAD;
    if (__builtin_expect(p->is_watched, 0))
        s->issue_cycle = cycle;
    s->wait_part = t->wait_part;
    s->done_cycle = is_load ? NEVER : cycle + t->written;
    p->units.free_from[pipe] = cycle + t->interval;
    claim_outputs(p, s, position, is_load ? NEVER : cycle + t->usable);
    if (s->op.flags)
        inorder_execute_special(p, s, position, cycle + t->result, pipe);
}

/* A free pipe of the class; -1 when there is none now, with p->blame set. */
static inline int32_t find_pipe(struct inorder *p, const struct issue_class *k)
{
    uint64_t cycle = p->cycle, when = NEVER;
    const uint64_t *free_from = p->units.free_from;
    for (uint32_t n = k->first_pipe, end = n + k->pipes; n < end; n++) {
        if (free_from[n] <= cycle)
            return (int32_t)n;
        when = min_u64(when, free_from[n]);
    }
    blame_until(p, PART_UNIT, when);
    return -1;
}

/* Issues one instruction; false when none can go, with p->blame set. */
static inline bool issue_one(struct inorder *p)
{
    uint64_t position = p->issue;
    struct slot *s = slot_at(p, position);
    const struct insn_deps *d = s->op.deps;
    if (position == p->tail)
        return inorder_blame_fetch(p);
    if (s->ready_cycle > p->cycle)
        return blame_until(p, s->front_part, s->ready_cycle);
    if (__builtin_expect(p->barrier != NEVER || d->class == CLASS_SYNC, 0) &&
        !inorder_serial_order(p, d->class))
        return false;
    if (!operands_ready(p, d))
        return false;
    if (position - p->head >= p->keys.window)
        return inorder_blame_oldest(p);
    if (s->op.flags & (OP_LOAD | OP_STORE) && !inorder_room_for_memory(p, s->op.flags))
        return false;
    const struct issue_class *k = &p->class[d->class];
    int32_t pipe = find_pipe(p, k);
    if (pipe < 0)
        return false;
    if (__builtin_expect(d->class == CLASS_SYNC, 0))
        p->barrier = position;
    if (__builtin_expect(s->small, 0) && p->multiply[s->small].result)
        k = &p->multiply[s->small];
    execute(p, s, k, (uint32_t)pipe);
    if (__builtin_expect(p->env.profile != NULL, 0))
        profile_take(p->env.profile, s->op.insn, 1, 1);
    return true;
}

static inline void inorder_issue(struct inorder *p)
{
    uint32_t issued = 0, width = p->keys.issue_width;
    if (p->cycle < p->issue_from) {
        inorder_want(p, p->issue_from);
        inorder_lose(p, width);
        return;
    }
    while (issued < width && issue_one(p))
        issued++;
    if (issued) {
        p->cpi.slots[PART_BASE] += issued;
        inorder_progress(p);
    }
    if (issued < width)
        inorder_lose(p, width - issued);
}

#endif

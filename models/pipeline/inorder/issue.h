/* Issue: the oldest waiting instructions go to their units, in order, as long as nothing holds
 * them. What holds the first one that cannot go is what this cycle's unused issue slots are charged
 * to. Inline in the loop over cycles: for inorder.c alone. */
#ifndef MODELS_PIPELINE_INORDER_ISSUE_H
#define MODELS_PIPELINE_INORDER_ISSUE_H

#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"

/* issue.c. Those that answer false have set p->blame. */
bool inorder_blame_register(struct inorder *p, const struct register_state *r);
bool inorder_all_ready(struct inorder *p, const struct insn_deps *d);
bool inorder_room_for_memory(struct inorder *p, uint32_t flags);
void inorder_claim_many(struct inorder *p, const struct slot *s, uint64_t position,
                        uint64_t cycle);
/* What loads, stores and branches do, and such instructions that raised an exception; `result`:
 * cycle in which it is there. */
void inorder_execute_special(struct inorder *p, struct slot *s, uint64_t position,
                             uint64_t result, uint32_t pipe);
/* Tells those who watch that the slot issues (inorder.has_extras); answers its times, those of
 * its class or of a small multiply. */
const struct issue_class *inorder_issue_extras(struct inorder *p, struct slot *s);
/* A synchronising instruction goes alone: after all older ones have retired and stores have
 * drained, before any younger. Answers false: nothing issues behind it. */
bool inorder_issue_sync(struct inorder *p, struct slot *s);
/* Why the next one does not issue although there was room: none is in the queue, a sync is under
 * way or the window is full. */
void inorder_blame_next(struct inorder *p);

static inline bool blame_part(struct inorder *p, enum cpi_part part)
{
    p->blame = &p->cpi.slots[part];
    p->blame_bit = UINT64_C(1) << part;
    return false;
}

/* A request whose level is not known yet. */
static inline bool blame_request(struct inorder *p, uint64_t *pending)
{
    p->blame = pending;
    p->blame_bit = 0;
    return false;
}

/* The wait ends in the cycle `until`, whatever happens: no need to look again before. */
static inline bool blame_until(struct inorder *p, enum cpi_part part, uint64_t until)
{
    p->issue_from = until;
    inorder_want(p, until);
    return blame_part(p, part);
}

static inline bool register_ready(struct inorder *p, uint32_t reg, uint64_t cycle)
{
    const struct register_state *r = &p->reg[reg];
    return __builtin_expect(r->ready <= cycle, 1) || inorder_blame_register(p, r);
}

_Static_assert(INSN_FEW_IN == 2 && INSN_FEW_OUT == 1, "written out below");

static inline bool operands_ready(struct inorder *p, const struct insn_deps *d, uint64_t cycle)
{
    if (__builtin_expect(d->many_in, 0))
        return inorder_all_ready(p, d);
    return register_ready(p, d->in[0], cycle) && register_ready(p, d->in[1], cycle);
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

/* `k`: its class. Times of a load are those of a hit until it has asked. */
static inline void execute(struct inorder *p, struct slot *s, const struct issue_class *k,
                           uint32_t pipe, uint64_t cycle)
{
    uint64_t position = p->issue;
    uint32_t flags = s->op.flags;
    if (__builtin_expect(p->has_extras, 0))
        k = inorder_issue_extras(p, s);
    p->issue = position + 1;
    s->wait_part = k->wait_part;
    s->done_cycle = cycle + k->written;
    p->units.free_from[pipe] = cycle + k->interval;
    claim_outputs(p, s, position, flags & OP_LOAD ? NEVER : cycle + k->usable);
    if (flags)
        inorder_execute_special(p, s, position, cycle + k->result, pipe);
}

/* A free pipe of the class; -1 when there is none now, with p->blame set. */
static inline int32_t find_pipe(struct inorder *p, const struct issue_class *k, uint64_t cycle)
{
    uint64_t when = NEVER;
    const uint64_t *free_from = p->units.free_from;
    uint32_t n = k->first_pipe;
    do {
        if (free_from[n] <= cycle)
            return (int32_t)n;
        when = min_u64(when, free_from[n]);
    } while (++n < k->end_pipe);
    blame_until(p, PART_UNIT, when);
    return -1;
}

/* Issues the next instruction, which stands in s; false when it cannot go or nothing can behind
 * it, with p->blame set. */
static inline bool issue_one(struct inorder *p, struct slot *s, uint64_t cycle)
{
    const struct insn_deps *d = s->op.deps;
    if (s->ready_cycle > cycle)
        return blame_until(p, s->front_part, s->ready_cycle);
    if (__builtin_expect(d->class == CLASS_SYNC, 0))
        return inorder_issue_sync(p, s);
    if (!operands_ready(p, d, cycle) ||
        (s->op.flags & (OP_LOAD | OP_STORE) && !inorder_room_for_memory(p, s->op.flags)))
        return false;
    const struct issue_class *k = &p->class[d->class];
    int32_t pipe = find_pipe(p, k, cycle);
    if (pipe >= 0)
        execute(p, s, k, (uint32_t)pipe, cycle);
    return pipe >= 0;
}

/* One behind the last position that may issue in this cycle, as far as it is not up to itself. */
static inline uint64_t issue_end(const struct inorder *p)
{
    if (__builtin_expect(p->barrier != NEVER, 0))
        return p->issue;
    return min_u64(p->tail, min_u64(p->head + p->keys.window, p->issue + p->keys.issue_width));
}

static inline void inorder_issue(struct inorder *p)
{
    uint64_t first = p->issue, position = first, width = p->keys.issue_width, cycle = p->cycle;
    if (cycle < p->issue_from) {
        inorder_want(p, p->issue_from);
        inorder_lose(p, width);
        return;
    }
    uint64_t end = issue_end(p);
    struct slot *s = slot_at(p, first);
    while (position != end && issue_one(p, s, cycle)) {
        position++;
        s = slot_behind(p, s);
    }
    if (position == end && end - first < width)
        inorder_blame_next(p);
    uint64_t issued = p->issue - first;
    if (issued) {
        p->cpi.slots[PART_BASE] += issued;
        inorder_progress(p);
    }
    if (issued < width)
        inorder_lose(p, width - issued);
}

#endif

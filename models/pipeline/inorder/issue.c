/* Issue: the oldest waiting instructions go to their units, in order, as long as nothing holds
 * them. What holds the first one that cannot go is what this cycle's unused issue slots are charged
 * to: functions that answer false have set p->blame. Those that are kept out of line are what few
 * instructions need; the others become part of the loop over cycles. */
#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"

#define RARELY __attribute__((noinline))

static bool blame_part(struct inorder *p, enum cpi_part part)
{
    p->blame = &p->cpi.slots[part];
    p->blame_bit = UINT64_C(1) << part;
    return false;
}

/* A request whose level is not known yet. */
static bool blame_request(struct inorder *p, uint64_t *pending)
{
    p->blame = pending;
    p->blame_bit = 0;
    return false;
}

/* The wait ends in the cycle `until`, whatever happens: no need to look again before. */
static bool blame_until(struct inorder *p, enum cpi_part part, uint64_t until)
{
    p->issue_from = until;
    inorder_want(p, until);
    return blame_part(p, part);
}

/* A wait for an issued instruction: known to end in `until`, or a load that has no answer yet. */
static bool blame_slot(struct inorder *p, struct slot *s, uint64_t until)
{
    return until == NEVER ? blame_request(p, &s->pending) : blame_until(p, s->wait_part, until);
}

/* A register that is not ready: charged to what its writer waits for. */
static RARELY bool blame_register(struct inorder *p, const struct register_state *r)
{
    if (r->writer == NEVER)
        return blame_until(p, PART_DEP_FIXED, r->ready);
    return blame_slot(p, slot_at(p, r->writer), r->ready);
}

static inline bool register_ready(struct inorder *p, uint32_t reg, uint64_t cycle)
{
    const struct register_state *r = &p->reg[reg];
    return __builtin_expect(r->ready <= cycle, 1) || blame_register(p, r);
}

/* The n-th register of a multiple. */
static uint32_t multiple(const struct insn_deps *d, uint32_t n)
{
    return REG_GPR + (d->multi_first + n) % 32;
}

/* What is behind the first places. */
static RARELY bool others_ready(struct inorder *p, const struct insn_deps *d)
{
    for (uint32_t n = INSN_FEW_IN; n < d->in_count; n++)
        if (!register_ready(p, d->in[n], p->cycle))
            return false;
    /* A multiple's registers: read by stores; harmless for loads, which overwrite them. */
    for (uint32_t n = 0; n < d->multi_count; n++)
        if (!register_ready(p, multiple(d, n), p->cycle))
            return false;
    return true;
}

_Static_assert(INSN_FEW_IN == 2 && INSN_FEW_OUT == 1, "written out below");

static inline bool operands_ready(struct inorder *p, const struct slot *s, uint64_t cycle)
{
    const struct insn_needs *n = &s->needs;
    return register_ready(p, n->in[0], cycle) && register_ready(p, n->in[1], cycle) &&
           (__builtin_expect(!n->many_in, 1) || others_ready(p, s->op.deps));
}

static RARELY bool room_for_memory(struct inorder *p, uint32_t flags)
{
    if (flags & OP_LOAD && p->loads_in_flight == p->keys.load_queue)
        return blame_part(p, PART_QUEUE);
    if (flags & OP_STORE && p->store_last - p->store_first == p->keys.store_buffer)
        return blame_part(p, inorder_translating(p, &p->store_translation) ? PART_DTLB
                                                                           : PART_STORE);
    return true;
}

/* A free pipe of the class; -1 when there is none now, with p->blame set. */
static inline int32_t find_pipe(struct inorder *p, const struct issue_class *k, uint64_t cycle)
{
    const uint64_t *free_from = p->units.free_from;
    uint32_t n = k->first_pipe;
    uint64_t when = free_from[n];
    if (when <= cycle)
        return (int32_t)n;
    while (++n < k->end_pipe) {
        if (free_from[n] <= cycle)
            return (int32_t)n;
        when = min_u64(when, free_from[n]);
    }
    blame_until(p, PART_UNIT, when);
    return -1;
}

/* Whether the barrier and `class` let the instruction at p->issue go. */
static bool serial_order(struct inorder *p, uint32_t class)
{
    if (p->barrier != NEVER)
        return blame_part(p, PART_SERIAL);
    if (class_is_sync(class) && (p->head != p->issue || p->store_first != p->store_last))
        return blame_part(p, PART_SERIAL);
    return true;
}

static void blame_fetch(struct inorder *p)
{
    struct fetch_stage *f = &p->fetch;
    if (f->stopped && !f->again)
        blame_part(p, PART_DRAIN);
    else if (f->waiting && !f->wrong_path)
        blame_request(p, &f->pending);
    else
        blame_part(p, f->part);
}

/* Why the next one does not issue although there was room: none is in the queue, a sync is under
 * way or the window is full. */
static RARELY void blame_next(struct inorder *p)
{
    struct slot *s = slot_at(p, p->issue), *oldest = slot_at(p, p->head);
    if (p->issue == p->tail)
        blame_fetch(p);
    else if (s->ready_cycle > p->cycle)
        blame_until(p, s->front_part, s->ready_cycle);
    else if (serial_order(p, s->needs.class) && operands_ready(p, s, p->cycle))
        blame_slot(p, oldest, oldest->done_cycle);
}

static inline void claim(struct inorder *p, uint32_t reg, uint64_t position, uint64_t cycle)
{
    p->reg[reg] = (struct register_state){.ready = cycle, .writer = position};
}

static RARELY void claim_many(struct inorder *p, const struct slot *s, uint64_t position,
                              uint64_t cycle)
{
    const struct insn_deps *d = s->op.deps;
    for (uint32_t n = 0; n < d->out_count; n++)
        claim(p, d->out[n], position, cycle);
    for (uint32_t n = 0; s->op.flags & OP_LOAD && n < d->multi_count; n++)
        claim(p, multiple(d, n), position, cycle);
}

/* From now on dependents wait for this instruction: until `cycle`, NEVER while that is unknown. */
static inline void claim_outputs(struct inorder *p, const struct slot *s, uint64_t position,
                          uint64_t cycle)
{
    if (__builtin_expect(s->needs.many_out, 0))
        claim_many(p, s, position, cycle);
    else
        claim(p, s->needs.out[0], position, cycle);
}

static void publish_register(struct inorder *p, uint32_t reg, uint64_t position, uint64_t cycle)
{
    if (p->reg[reg].writer == position) /* no younger writer has overtaken it */
        p->reg[reg].ready = cycle;
}

void inorder_publish(struct inorder *p, uint64_t position, uint64_t cycle)
{
    const struct slot *s = slot_at(p, position);
    const struct insn_deps *d = s->op.deps;
    if (!s->needs.many_out) {
        publish_register(p, s->needs.out[0], position, cycle);
        return;
    }
    for (uint32_t n = 0; n < d->out_count; n++)
        publish_register(p, d->out[n], position, cycle);
    for (uint32_t n = 0; s->op.flags & OP_LOAD && n < d->multi_count; n++)
        publish_register(p, multiple(d, n), position, cycle);
}

/* The new base address of an update form is a plain sum, ready long before the data: the load's own
 * answer must not touch it. */
static void publish_update(struct inorder *p, const struct slot *s, uint64_t position)
{
    struct register_state *base = &p->reg[REG_GPR + s->op.insn->ra];
    if (s->op.row->flags & F_UPDATE && base->writer == position)
        *base = (struct register_state){.ready = p->cycle + p->class[CLASS_INT].result,
                                        .writer = NEVER};
}

static void execute_memory(struct inorder *p, struct slot *s, uint64_t position)
{
    if (s->op.flags & OP_STORE)
        inorder_store_start(p, position);
    if (s->op.flags & OP_LOAD) {
        s->done_cycle = NEVER;
        inorder_load_start(p, position);
    }
    publish_update(p, s, position);
}

static void branch_ended(struct inorder *p, struct slot *s, uint64_t cycle)
{
    if (s->early == EARLY_OFF)
        inorder_redirect(p, cycle);
    else if (s->early == EARLY_WRONG)
        inorder_early_end(p, s);
}

/* What loads, stores and branches do, and such instructions that raised an exception; `result`:
 * cycle in which it is there. */
static RARELY void execute_special(struct inorder *p, struct slot *s, uint64_t position,
                                   uint64_t result, uint32_t pipe)
{
    if (s->op.flags & (OP_LOAD | OP_STORE | OP_FAULT)) {
        execute_memory(p, s, position);
        if (p->keys.access_bytes)
            p->units.free_from[pipe] += inorder_accesses(p, &s->op) - 1;
    }
    if (s->mispredicted)
        branch_ended(p, s, result);
}

/* Tells those who watch that the slot issues (inorder.has_extras); answers its times, those of
 * its class or of a small multiply. */
static RARELY const struct issue_class *issue_extras(struct inorder *p, struct slot *s)
{
    s->issue_cycle = p->cycle;
    if (p->env.profile)
        profile_take(p->env.profile, s->op.insn, 1, 1);
    return p->multiply[s->small].result ? &p->multiply[s->small] : &p->class[s->needs.class];
}

/* `k`: its class. Times of a load are those of a hit until it has asked. */
static inline void execute(struct inorder *p, struct slot *s, const struct issue_class *k,
                    uint32_t pipe, uint64_t cycle)
{
    uint64_t position = p->issue;
    uint32_t flags = s->op.flags;
    if (__builtin_expect(p->has_extras, 0))
        k = issue_extras(p, s);
    p->issue = position + 1;
    s->wait_part = k->wait_part;
    s->done_cycle = cycle + k->written;
    p->units.free_from[pipe] = cycle + k->interval;
    claim_outputs(p, s, position, flags & OP_LOAD ? NEVER : cycle + k->usable);
    if (flags)
        execute_special(p, s, position, cycle + k->result, pipe);
}

/* A synchronising instruction goes alone: after all older ones have retired and stores have
 * drained, before any younger. Answers false: nothing issues behind it. */
static RARELY bool issue_sync(struct inorder *p, struct slot *s)
{
    const struct issue_class *k = &p->class[s->needs.class];
    if (!serial_order(p, s->needs.class) || !operands_ready(p, s, p->cycle) ||
        (s->op.flags & (OP_LOAD | OP_STORE) && !room_for_memory(p, s->op.flags)))
        return false;
    int32_t pipe = find_pipe(p, k, p->cycle);
    if (pipe < 0)
        return false;
    p->barrier = p->issue;
    execute(p, s, k, (uint32_t)pipe, p->cycle);
    blame_next(p);
    return false;
}

/* Issues the next instruction, which stands in s; false when it cannot go or nothing can behind
 * it, with p->blame set. */
static inline bool issue_one(struct inorder *p, struct slot *s, uint64_t cycle)
{
    uint32_t class = s->needs.class;
    if (s->ready_cycle > cycle)
        return blame_until(p, s->front_part, s->ready_cycle);
    if (__builtin_expect(class_is_sync(class), 0))
        return issue_sync(p, s);
    if (!operands_ready(p, s, cycle) ||
        (s->op.flags & (OP_LOAD | OP_STORE) && !room_for_memory(p, s->op.flags)))
        return false;
    const struct issue_class *k = &p->class[class];
    int32_t pipe = find_pipe(p, k, cycle);
    if (pipe >= 0)
        execute(p, s, k, (uint32_t)pipe, cycle);
    return pipe >= 0;
}

/* One behind the last position that may issue in this cycle, as far as it is not up to itself. */
static uint64_t issue_end(const struct inorder *p)
{
    if (__builtin_expect(p->barrier != NEVER, 0))
        return p->issue;
    return min_u64(p->tail, min_u64(p->head + p->keys.window, p->issue + p->keys.issue_width));
}

void inorder_issue(struct inorder *p)
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
        blame_next(p);
    uint64_t issued = p->issue - first;
    if (issued) {
        p->cpi.slots[PART_BASE] += issued;
        inorder_progress(p);
    }
    if (issued < width)
        inorder_lose(p, width - issued);
}

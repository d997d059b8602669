/* Issue: the oldest waiting instructions go to their units, in order, as long as nothing holds
 * them. What holds the first one that cannot go is what this cycle's unused issue slots are charged
 * to. */
#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"

static bool blame(struct inorder *p, uint64_t *where)
{
    p->blame = where;
    return false;
}

static bool blame_part(struct inorder *p, enum cpi_part part)
{
    return blame(p, &p->cpi.slots[part]);
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
    return until == NEVER ? blame(p, &s->pending) : blame_until(p, s->wait_part, until);
}

/* A register that is not ready: charged to what its writer waits for. */
static __attribute__((noinline)) bool blame_register(struct inorder *p,
                                                     const struct register_state *r)
{
    if (r->writer == NEVER)
        return blame_until(p, PART_DEP_FIXED, r->ready);
    return blame_slot(p, slot_at(p, r->writer), r->ready);
}

static inline bool register_ready(struct inorder *p, uint32_t reg)
{
    const struct register_state *r = &p->reg[reg];
    return __builtin_expect(r->ready <= p->cycle, 1) || blame_register(p, r);
}

/* The n-th register of a multiple. */
static inline uint32_t multiple(const struct insn_deps *d, uint32_t n)
{
    return REG_GPR + (d->multi_first + n) % 32;
}

static __attribute__((noinline)) bool all_ready(struct inorder *p, const struct insn_deps *d)
{
    for (uint32_t n = 0; n < d->in_count; n++)
        if (!register_ready(p, d->in[n]))
            return false;
    /* A multiple's registers: read by stores; harmless for loads, which overwrite them. */
    for (uint32_t n = 0; n < d->multi_count; n++)
        if (!register_ready(p, multiple(d, n)))
            return false;
    return true;
}

_Static_assert(INSN_FEW_IN == 2 && INSN_FEW_OUT == 1, "written out below");

static inline bool operands_ready(struct inorder *p, const struct insn_deps *d)
{
    if (__builtin_expect(d->many_in, 0))
        return all_ready(p, d);
    return register_ready(p, d->in[0]) && register_ready(p, d->in[1]);
}

static bool room_for_memory(struct inorder *p, uint32_t flags)
{
    if (flags & OP_LOAD && p->loads_in_flight == p->keys.load_queue)
        return blame_part(p, PART_QUEUE);
    if (flags & OP_STORE && p->store_last - p->store_first == p->keys.store_buffer)
        return blame_part(p, inorder_translating(p, &p->store_translation) ? PART_DTLB
                                                                           : PART_STORE);
    return true;
}

/* Synchronising instructions go alone: after all older ones have retired and stores have drained,
 * before any younger. */
static __attribute__((noinline)) bool serial_order(struct inorder *p, uint32_t class)
{
    if (p->barrier != NEVER)
        return blame_part(p, PART_SERIAL);
    if (class == CLASS_SYNC && (p->head != p->issue || p->store_first != p->store_last))
        return blame_part(p, PART_SERIAL);
    return true;
}

static __attribute__((noinline)) bool blame_oldest(struct inorder *p)
{
    struct slot *oldest = slot_at(p, p->head);
    return blame_slot(p, oldest, oldest->done_cycle);
}

static __attribute__((noinline)) bool blame_fetch(struct inorder *p)
{
    struct fetch_stage *f = &p->fetch;
    if (f->stopped && !f->again)
        return blame_part(p, PART_DRAIN);
    if (f->waiting && !f->wrong_path)
        return blame(p, &f->pending);
    return blame_part(p, f->part);
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
    for (uint32_t n = 0; n < d->out_count; n++)
        publish_register(p, d->out[n], position, cycle);
    for (uint32_t n = 0; s->op.flags & OP_LOAD && n < d->multi_count; n++)
        publish_register(p, multiple(d, n), position, cycle);
}

static inline void claim(struct inorder *p, uint32_t reg, uint64_t position, uint64_t cycle)
{
    p->reg[reg] = (struct register_state){.ready = cycle, .writer = position};
}

static __attribute__((noinline)) void claim_many(struct inorder *p, const struct slot *s,
                                                 uint64_t position, uint64_t cycle)
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
    if (__builtin_expect(s->op.deps->many_out, 0))
        claim_many(p, s, position, cycle);
    else
        claim(p, s->op.deps->out[0], position, cycle);
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

static void execute_memory(struct inorder *p, const struct slot *s, uint64_t position)
{
    if (s->op.flags & OP_STORE)
        inorder_store_start(p, position);
    if (s->op.flags & OP_LOAD)
        inorder_load_start(p, position);
    publish_update(p, s, position);
}

static __attribute__((noinline)) void branch_ended(struct inorder *p, struct slot *s,
                                                   uint64_t cycle)
{
    if (s->early == EARLY_OFF)
        inorder_redirect(p, cycle);
    else if (s->early == EARLY_WRONG)
        inorder_early_end(p, s);
}

/* What loads, stores and branches do, and such instructions that raised an exception. */
static void execute_special(struct inorder *p, struct slot *s, uint64_t position, uint64_t result,
                            uint32_t pipe)
{
    if (s->op.flags & (OP_LOAD | OP_STORE | OP_FAULT)) {
        execute_memory(p, s, position);
        if (p->keys.access_bytes)
            p->units.free_from[pipe] += inorder_accesses(p, &s->op) - 1;
    }
    if (s->mispredicted)
        branch_ended(p, s, result);
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
        execute_special(p, s, position, cycle + t->result, pipe);
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
        return blame_fetch(p);
    if (s->ready_cycle > p->cycle)
        return blame_until(p, s->front_part, s->ready_cycle);
    if (__builtin_expect(p->barrier != NEVER || d->class == CLASS_SYNC, 0) &&
        !serial_order(p, d->class))
        return false;
    if (!operands_ready(p, d))
        return false;
    if (position - p->head >= p->keys.window)
        return blame_oldest(p);
    if (s->op.flags & (OP_LOAD | OP_STORE) && !room_for_memory(p, s->op.flags))
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

void inorder_issue(struct inorder *p)
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

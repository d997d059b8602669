/* Issue: the oldest waiting instructions go to their units, in order, as long as nothing holds
 * them. What holds the first one that cannot go is what this cycle's unused issue slots are charged
 * to. */
#include "models/pipeline/inorder/inorder.h"

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

static bool register_ready(struct inorder *p, uint32_t reg)
{
    uint64_t ready = p->reg_ready[reg];
    if (__builtin_expect(ready <= p->cycle, 1))
        return true;
    if (ready == NEVER)
        return blame(p, &slot_at(p, p->reg_writer[reg])->pending);
    return blame_until(p, p->reg_part[reg], ready);
}

/* The n-th register of a multiple. */
static inline uint32_t multiple(const struct insn_deps *d, uint32_t n)
{
    return REG_GPR + (d->multi_first + n) % 32;
}

static bool operands_ready(struct inorder *p, const struct slot *s)
{
    const struct insn_deps *d = s->op.deps;
    const uint8_t *in = d->in, *end = in + d->in_count;
    while (in < end)
        if (!register_ready(p, *in++))
            return false;
    /* A multiple's registers: read by stores; harmless for loads, which overwrite them. */
    for (uint32_t n = 0; n < d->multi_count; n++)
        if (!register_ready(p, multiple(d, n)))
            return false;
    return true;
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
static bool serial_order(struct inorder *p, const struct slot *s)
{
    if (p->barrier != NEVER)
        return blame_part(p, PART_SERIAL);
    if (s->op.row->class == CLASS_SYNC &&
        (p->head != p->issue || p->store_first != p->store_last))
        return blame_part(p, PART_SERIAL);
    return true;
}

static bool window_open(struct inorder *p)
{
    struct slot *oldest = slot_at(p, p->head);
    if (p->issue - p->head < p->keys.window)
        return true;
    return blame_slot(p, oldest, oldest->done_cycle);
}

static bool front_end_delivers(struct inorder *p, const struct slot *s)
{
    struct fetch_stage *f = &p->fetch;
    if (p->issue == p->tail) {
        if (f->stopped && !f->again)
            return blame_part(p, PART_DRAIN);
        if (f->waiting && !f->wrong_path)
            return blame(p, &f->pending);
        return blame_part(p, f->part);
    }
    return s->ready_cycle <= p->cycle || blame_until(p, s->front_part, s->ready_cycle);
}

static void publish_register(struct inorder *p, const struct slot *s, uint32_t reg,
                             uint64_t position, uint64_t cycle)
{
    if (p->reg_writer[reg] != position) /* a younger writer has overtaken it */
        return;
    p->reg_ready[reg] = cycle;
    p->reg_part[reg] = s->wait_part;
}

void inorder_publish(struct inorder *p, uint64_t position, uint64_t cycle)
{
    const struct slot *s = slot_at(p, position);
    const struct insn_deps *d = s->op.deps;
    for (uint32_t n = 0; n < d->out_count; n++)
        publish_register(p, s, d->out[n], position, cycle);
    for (uint32_t n = 0; s->op.flags & OP_LOAD && n < d->multi_count; n++)
        publish_register(p, s, multiple(d, n), position, cycle);
}

static inline void claim(struct inorder *p, const struct slot *s, uint32_t reg, uint64_t position,
                         uint64_t cycle)
{
    p->reg_writer[reg] = position;
    p->reg_ready[reg] = cycle;
    p->reg_part[reg] = s->wait_part;
}

/* From now on dependents wait for this instruction: until `cycle`, NEVER while that is unknown. */
static inline void claim_outputs(struct inorder *p, const struct slot *s, uint64_t position,
                                 uint64_t cycle)
{
    const struct insn_deps *d = s->op.deps;
    for (const uint8_t *out = d->out, *end = out + d->out_count; out < end; out++)
        claim(p, s, *out, position, cycle);
    for (uint32_t n = 0; s->op.flags & OP_LOAD && n < d->multi_count; n++)
        claim(p, s, multiple(d, n), position, cycle);
}

/* The new base address of an update form is a plain sum, ready long before the data. */
static void publish_update(struct inorder *p, const struct slot *s, uint64_t position)
{
    uint32_t ra = REG_GPR + s->op.insn->ra;
    if (!(s->op.row->flags & F_UPDATE) || p->reg_writer[ra] != position)
        return;
    p->reg_ready[ra] = p->cycle + p->units.class[CLASS_INT].latency;
    p->reg_part[ra] = PART_DEP_FIXED;
    p->reg_writer[ra] = NEVER; /* the load's own answer must not touch it */
}

/* What loads and stores do beyond the others; also such that raised an exception. */
static void execute_memory(struct inorder *p, const struct slot *s, uint64_t position)
{
    if (s->op.flags & OP_STORE)
        inorder_store_start(p, position);
    if (s->op.flags & OP_LOAD)
        inorder_load_start(p, position);
    publish_update(p, s, position);
}

static __attribute__((noinline)) const struct unit_class *
small_multiply(const struct inorder *p, const struct slot *s)
{
    const struct unit_class *small = &p->multiply[s->small];
    return small->latency ? small : &p->units.class[s->op.row->class];
}

static inline const struct unit_class *unit_of(const struct inorder *p, const struct slot *s)
{
    return __builtin_expect(s->small, 0) ? small_multiply(p, s)
                                         : &p->units.class[s->op.row->class];
}

static __attribute__((noinline)) void branch_ended(struct inorder *p, struct slot *s,
                                                   uint64_t cycle)
{
    if (s->early == EARLY_OFF)
        inorder_redirect(p, cycle);
    else if (s->early == EARLY_WRONG)
        inorder_early_end(p, s);
}

static void execute(struct inorder *p, struct slot *s, uint32_t pipe)
{
    const uint32_t class = s->op.row->class, flags = s->op.flags;
    const struct unit_class *unit = unit_of(p, s);
    uint64_t position = p->issue++, cycle = p->cycle, result = cycle + unit->latency;
    uint64_t written = result + p->keys.writeback_cycles;
    uint64_t usable = p->keys.bypass ? result : written;
    s->issue_cycle = cycle;
    s->wait_part = cpi_dependency[class];
    p->units.free_from[pipe] = cycle + unit->interval;
    if (class == CLASS_SYNC)
        p->barrier = position;
    if (!(flags & OP_LOAD))
        s->done_cycle = written;
    claim_outputs(p, s, position, flags & OP_LOAD ? NEVER : usable);
    if (flags & (OP_LOAD | OP_STORE | OP_FAULT)) {
        execute_memory(p, s, position);
        if (p->keys.access_bytes)
            p->units.free_from[pipe] += inorder_accesses(p, &s->op) - 1;
    }
    if (s->mispredicted)
        branch_ended(p, s, result);
}

/* Issues one instruction; false when none can go, with p->blame set. */
static inline bool issue_one(struct inorder *p)
{
    struct slot *s = slot_at(p, p->issue);
    uint64_t when;
    if (!front_end_delivers(p, s) || !serial_order(p, s) || !operands_ready(p, s) ||
        !window_open(p))
        return false;
    if (s->op.flags & (OP_LOAD | OP_STORE) && !room_for_memory(p, s->op.flags))
        return false;
    int32_t pipe = units_find(&p->units, s->op.row->class, p->cycle, &when);
    if (pipe < 0)
        return blame_until(p, PART_UNIT, when);
    execute(p, s, (uint32_t)pipe);
    if (p->env.profile)
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

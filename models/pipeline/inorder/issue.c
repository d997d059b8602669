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

/* A wait for an issued instruction: known to end in `until`, or a load that has no answer yet. */
static bool blame_slot(struct inorder *p, struct slot *s, uint64_t until)
{
    if (until == NEVER)
        return blame(p, &s->pending);
    inorder_want(p, until);
    return blame_part(p, s->wait_part);
}

static bool operands_ready(struct inorder *p, const struct slot *s)
{
    const struct insn_deps *d = s->op.deps;
    for (uint32_t n = 0; n < (uint32_t)d->in_count + d->multi_count; n++) {
        /* A multiple's registers: read by stores; harmless for loads, which overwrite them. */
        uint32_t reg = n < d->in_count
                           ? d->in[n]
                           : REG_GPR + ((uint32_t)d->multi_first + n - d->in_count) % 32;
        if (p->reg_ready[reg] <= p->cycle)
            continue;
        if (p->reg_ready[reg] == NEVER)
            return blame(p, &slot_at(p, p->reg_writer[reg])->pending);
        inorder_want(p, p->reg_ready[reg]);
        return blame_part(p, p->reg_part[reg]);
    }
    return true;
}

static bool room_for_memory(struct inorder *p, const struct slot *s)
{
    if (s->op.flags & OP_LOAD && p->loads_in_flight == p->keys.load_queue)
        return blame_part(p, PART_QUEUE);
    if (s->op.flags & OP_STORE && p->store_last - p->store_first == p->keys.store_buffer)
        return blame_part(p, PART_STORE);
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

static bool front_end_delivers(struct inorder *p)
{
    struct fetch_stage *f = &p->fetch;
    struct slot *s = slot_at(p, p->issue);
    if (p->issue == p->tail) {
        if (f->stopped)
            return blame_part(p, PART_DRAIN);
        if (f->waiting && !f->wrong_path)
            return blame(p, &f->pending);
        return blame_part(p, f->part);
    }
    if (s->ready_cycle > p->cycle) {
        inorder_want(p, s->ready_cycle);
        return blame_part(p, s->front_part);
    }
    return true;
}

/* Registers written: those of out[], then those of a multiple. */
static uint32_t output(const struct insn_deps *d, uint32_t n)
{
    return n < d->out_count ? d->out[n]
                            : REG_GPR + ((uint32_t)d->multi_first + n - d->out_count) % 32;
}

void inorder_publish(struct inorder *p, uint64_t position, uint64_t cycle)
{
    const struct slot *s = slot_at(p, position);
    const struct insn_deps *d = s->op.deps;
    uint32_t multi = s->op.flags & OP_LOAD ? d->multi_count : 0;
    for (uint32_t n = 0; n < (uint32_t)d->out_count + multi; n++) {
        uint32_t reg = output(d, n);
        if (p->reg_writer[reg] != position) /* a younger writer has overtaken it */
            continue;
        p->reg_ready[reg] = cycle;
        p->reg_part[reg] = s->wait_part;
    }
}

/* From now on dependents wait for this instruction: until `cycle`, NEVER while that is unknown. */
static void claim_outputs(struct inorder *p, const struct slot *s, uint64_t position,
                          uint64_t cycle)
{
    const struct insn_deps *d = s->op.deps;
    uint32_t multi = s->op.flags & OP_LOAD ? d->multi_count : 0;
    for (uint32_t n = 0; n < (uint32_t)d->out_count + multi; n++) {
        uint32_t reg = output(d, n);
        p->reg_writer[reg] = position;
        p->reg_ready[reg] = cycle;
        p->reg_part[reg] = s->wait_part;
    }
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

static void execute(struct inorder *p, struct slot *s, uint32_t pipe)
{
    const struct unit_class *unit = &p->units.class[s->op.row->class];
    uint64_t position = p->issue++, result = p->cycle + unit->latency;
    uint64_t written = result + p->keys.writeback_cycles;
    s->issue_cycle = p->cycle;
    p->units.free_from[pipe] = p->cycle + unit->interval;
    s->wait_part = cpi_dependency[s->op.row->class];
    if (s->op.row->class == CLASS_SYNC)
        p->barrier = position;
    if (s->op.flags & OP_STORE)
        inorder_store_start(p, position);
    if (s->op.flags & OP_LOAD) {
        claim_outputs(p, s, position, NEVER);
        inorder_load_start(p, position);
    } else {
        claim_outputs(p, s, position, p->keys.bypass ? result : written);
        s->done_cycle = written;
    }
    publish_update(p, s, position);
    if (s->mispredicted)
        inorder_redirect(p, result);
    inorder_progress(p);
}

/* Issues one instruction; false when none can go, with p->blame set. */
static bool issue_one(struct inorder *p)
{
    struct slot *s = slot_at(p, p->issue);
    uint64_t when;
    if (!front_end_delivers(p) || !serial_order(p, s) || !operands_ready(p, s) ||
        !window_open(p) || !room_for_memory(p, s))
        return false;
    int32_t pipe = units_find(&p->units, s->op.row->class, p->cycle, &when);
    if (pipe < 0) {
        inorder_want(p, when);
        return blame_part(p, PART_UNIT);
    }
    execute(p, s, (uint32_t)pipe);
    return true;
}

void inorder_issue(struct inorder *p)
{
    uint32_t issued = 0;
    while (issued < p->keys.issue_width && issue_one(p))
        issued++;
    p->cpi.slots[PART_BASE] += issued;
    if (issued < p->keys.issue_width) {
        *p->blame += p->keys.issue_width - issued;
        if (p->blame < p->cpi.slots || p->blame >= p->cpi.slots + PART_COUNT)
            p->unsettled += p->keys.issue_width - issued;
    }
}

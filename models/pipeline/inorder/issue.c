/* The rarer half of issue; see issue.h. */
#include "models/pipeline/inorder/issue.h"

/* A wait for an issued instruction: known to end in `until`, or a load that has no answer yet. */
static bool blame_slot(struct inorder *p, struct slot *s, uint64_t until)
{
    return until == NEVER ? blame_request(p, &s->pending) : blame_until(p, s->wait_part, until);
}

/* A register that is not ready: charged to what its writer waits for. */
bool inorder_blame_register(struct inorder *p, const struct register_state *r)
{
    if (r->writer == NEVER)
        return blame_until(p, PART_DEP_FIXED, r->ready);
    return blame_slot(p, slot_at(p, r->writer), r->ready);
}

/* The n-th register of a multiple. */
static inline uint32_t multiple(const struct insn_deps *d, uint32_t n)
{
    return REG_GPR + (d->multi_first + n) % 32;
}

bool inorder_all_ready(struct inorder *p, const struct insn_deps *d)
{
    for (uint32_t n = 0; n < d->in_count; n++)
        if (!register_ready(p, d->in[n], p->cycle))
            return false;
    /* A multiple's registers: read by stores; harmless for loads, which overwrite them. */
    for (uint32_t n = 0; n < d->multi_count; n++)
        if (!register_ready(p, multiple(d, n), p->cycle))
            return false;
    return true;
}

bool inorder_room_for_memory(struct inorder *p, uint32_t flags)
{
    if (flags & OP_LOAD && p->loads_in_flight == p->keys.load_queue)
        return blame_part(p, PART_QUEUE);
    if (flags & OP_STORE && p->store_last - p->store_first == p->keys.store_buffer)
        return blame_part(p, inorder_translating(p, &p->store_translation) ? PART_DTLB
                                                                           : PART_STORE);
    return true;
}

/* Whether the barrier and `class` let the instruction at p->issue go. */
static bool serial_order(struct inorder *p, uint32_t class)
{
    if (p->barrier != NEVER)
        return blame_part(p, PART_SERIAL);
    if (class == CLASS_SYNC && (p->head != p->issue || p->store_first != p->store_last))
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

void inorder_blame_next(struct inorder *p)
{
    struct slot *s = slot_at(p, p->issue), *oldest = slot_at(p, p->head);
    if (p->issue == p->tail)
        blame_fetch(p);
    else if (s->ready_cycle > p->cycle)
        blame_until(p, s->front_part, s->ready_cycle);
    else if (serial_order(p, s->op.deps->class) && operands_ready(p, s->op.deps, p->cycle))
        blame_slot(p, oldest, oldest->done_cycle);
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
    if (!d->many_out) {
        publish_register(p, d->out[0], position, cycle);
        return;
    }
    for (uint32_t n = 0; n < d->out_count; n++)
        publish_register(p, d->out[n], position, cycle);
    for (uint32_t n = 0; s->op.flags & OP_LOAD && n < d->multi_count; n++)
        publish_register(p, multiple(d, n), position, cycle);
}

void inorder_claim_many(struct inorder *p, const struct slot *s, uint64_t position,
                        uint64_t cycle)
{
    const struct insn_deps *d = s->op.deps;
    for (uint32_t n = 0; n < d->out_count; n++)
        claim(p, d->out[n], position, cycle);
    for (uint32_t n = 0; s->op.flags & OP_LOAD && n < d->multi_count; n++)
        claim(p, multiple(d, n), position, cycle);
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

/* What loads, stores and branches do, and such instructions that raised an exception. */
void inorder_execute_special(struct inorder *p, struct slot *s, uint64_t position, uint64_t result,
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

__attribute__((noinline)) const struct issue_class *inorder_issue_extras(struct inorder *p,
                                                                        struct slot *s)
{
    s->issue_cycle = p->cycle;
    if (p->env.profile)
        profile_take(p->env.profile, s->op.insn, 1, 1);
    return p->multiply[s->small].result ? &p->multiply[s->small] : &p->class[s->op.deps->class];
}

bool inorder_issue_sync(struct inorder *p, struct slot *s)
{
    const struct issue_class *k = &p->class[CLASS_SYNC];
    if (!serial_order(p, CLASS_SYNC) || !operands_ready(p, s->op.deps, p->cycle) ||
        (s->op.flags & (OP_LOAD | OP_STORE) && !inorder_room_for_memory(p, s->op.flags)))
        return false;
    int32_t pipe = find_pipe(p, k, p->cycle);
    if (pipe < 0)
        return false;
    p->barrier = p->issue;
    execute(p, s, k, (uint32_t)pipe, p->cycle);
    inorder_blame_next(p);
    return false;
}

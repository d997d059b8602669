/* Decode: the micro-operations of an instruction, from its row, its flags and the configuration.
 * Most instructions are one, whose registers are those of the instruction; a cracked one gets lists
 * of its own. */
#include <string.h>

#include "models/pipeline/ooo/ooo.h"
#include "sim/base/bits.h"

static const uint8_t temporary[] = {MAP_TEMP};

/* What the manual wants of storage order (Book II, 1.7.1): sync waits for older stores to be
 * performed; loads pass neither it nor lwsync; eieio orders stores, which go in order anyway.
 * Stores that depend on a reservation, and atomic updates, must not be undone. */
static uint16_t order_flags(const struct op *op)
{
    uint32_t class = op->row->class;
    if (class == CLASS_STCX || (class == CLASS_LARX && op->flags & OP_STORE))
        return UOP_HEAD;
    if (class != CLASS_SYNC || op->flags & OP_SERIAL)
        return 0;
    return op->insn->number == INSN_lwsync ? UOP_HEAD | UOP_ORDERS
                                           : UOP_HEAD | UOP_DRAIN | UOP_ORDERS;
}

static uint16_t access_flags(const struct op *op)
{
    return (uint16_t)((op->flags & OP_LOAD ? UOP_LOAD : 0) |
                      (op->flags & OP_STORE ? UOP_STORE : 0));
}

static bool reads_carry(const struct insn_deps *d)
{
    uint32_t n = 0;
    while (n < d->in_count && d->in[n] != REG_CA)
        n++;
    return n < d->in_count;
}

/* The one port that a step for these kinds may go to, + 1. */
static uint8_t only_port(struct ooo *p, uint32_t kinds)
{
    uint32_t first = (uint32_t)__builtin_ctz(kinds);
    bool is_only = !(kinds & (kinds - 1)) && p->queues.ports[first] == 1;
    return is_only && !inlet_of(&p->inlets, first) ? (uint8_t)(p->queues.first_port[first] + 1)
                                                   : 0;
}

/* A step without registers, and with the part that the lack of its result is charged to. */
static void begin(struct ooo *p, struct step *t, uint32_t class, const struct unit_step *unit)
{
    struct uop_shape *u = &t->shape;
    *t = (struct step){.port = only_port(p, unit->kinds), .slots = unit->slots};
    u->class = (uint8_t)class;
    u->latency = unit->latency;
    u->interval = unit->interval;
    u->kinds = unit->kinds;
    u->kind = (uint8_t)__builtin_ctz(unit->kinds);
    u->group = t->port ? (uint8_t)(t->port - 1) : 0;
    u->finish = p->rules.finish[u->kind];
    u->part = cpi_dependency[class];
    u->data_first = INSN_MAX_IN;
}

void ooo_step_begin(struct ooo *p, struct step *t, uint32_t class, uint32_t number)
{
    begin(p, t, class, &p->units.class[class].step[number]);
}

static void set_in(struct step *t, const uint8_t *in, uint32_t count)
{
    memcpy(t->in, in, count);
    t->in_count = (uint8_t)count;
}

void ooo_step_out(struct step *t, const uint8_t *out, uint32_t count)
{
    memcpy(t->shape.outs, out, count);
    t->shape.out_count = (uint8_t)count;
}

/* Takes a register out of a list; true when it was there. */
static bool take_out(uint8_t *list, uint8_t *count, uint32_t reg)
{
    uint8_t kept = 0;
    for (uint32_t n = 0; n < *count; n++)
        if (list[n] != reg)
            list[kept++] = list[n];
    bool found = kept != *count;
    *count = kept;
    return found;
}

/* It has to become the oldest before it issues. */
static void wait_for_head(struct uop_shape *u, uint16_t flags)
{
    u->flags |= flags | UOP_HEAD;
    u->pending = 1;
    u->part = PART_SERIAL;
}

/* The whole instruction in one step, but for what is cracked off it. What this depends on beside
 * the configuration, struct kept_step has, too. */
static void whole(struct ooo *p, const struct inst *s, struct step *t)
{
    const struct op *op = &s->op;
    const struct insn_deps *d = op->deps;
    uint32_t class = d->needs.class;
    bool is_plain_store = (op->flags & (OP_LOAD | OP_STORE)) == OP_STORE && op->bytes;
    if (s->early)
        begin(p, t, class, &p->early.row[s->early - 1].step);
    else
        ooo_step_begin(p, t, class, 0);
    set_in(t, d->in, d->in_count);
    ooo_step_out(t, d->out, d->out_count);
    t->bytes = op->bytes;
    t->shape.flags = access_flags(op);
    if (op->flags & OP_BRANCH)
        t->shape.flags |= UOP_BRANCH;
    if (is_plain_store)
        t->shape.data_first = d->address_in;
    uint16_t order = order_flags(op);
    if (order || (p->rules.serial && (p->rules.oldest[class] ||
                                      (p->keys.oldest_carry && reads_carry(d)))))
        wait_for_head(&t->shape, order);
    if (t->shape.flags & (UOP_LOAD | UOP_STORE) && op->row->flags & F_UPDATE)
        t->shape.flags |= UOP_BASE;
}

/* Further steps of the class: each takes the result of the one before; the last one's is the
 * instruction's. */
static void crack_class(struct ooo *p, struct plan *plan)
{
    struct step *first = &plan->step[0], whole = *first;
    uint32_t steps = p->units.class[whole.shape.class].steps;
    uint16_t branch = whole.shape.flags & UOP_BRANCH;
    first->shape.flags ^= branch;
    for (uint32_t n = 0; n < steps; n++) {
        struct step *t = &plan->step[n];
        if (n) {
            ooo_step_begin(p, t, whole.shape.class, n);
            set_in(t, temporary, 1);
        }
        ooo_step_out(t, temporary, 1);
    }
    plan->count = (uint16_t)steps;
    ooo_step_out(&plan->step[steps - 1], whole.shape.outs, whole.shape.out_count);
    plan->step[steps - 1].shape.flags |= branch;
}

/* The new base address is the same sum that the access computes for itself, from the old one. */
static void crack_base(struct ooo *p, const struct inst *s, struct plan *plan)
{
    const struct insn_deps *d = s->op.deps;
    uint8_t base = (uint8_t)(REG_GPR + s->op.insn->ra);
    struct step *last = &plan->step[plan->count - 1], *sum = &plan->step[plan->count++];
    plan->step[0].shape.flags &= (uint16_t)~UOP_BASE;
    take_out(last->shape.outs, &last->shape.out_count, base);
    ooo_step_begin(p, sum, CLASS_INT, 0);
    set_in(sum, d->in, d->address_in);
    ooo_step_out(sum, &base, 1);
}

/* CR0 comes from a compare of the result with zero. */
static void crack_record(struct ooo *p, struct plan *plan)
{
    static const uint8_t cr0[] = {REG_CR};
    struct step *last = &plan->step[plan->count - 1], *compare = last + 1;
    struct uop_shape rest = last->shape;
    if (!take_out(rest.outs, &rest.out_count, REG_CR) || !rest.out_count)
        return;
    last->shape = rest;
    ooo_step_begin(p, compare, CLASS_CMP, 0);
    set_in(compare, rest.outs, 1);
    ooo_step_out(compare, cr0, 1);
    plan->count++;
}

/* Load and store multiple and string: equal accesses to words that follow each other. */
static void crack_multiple(const struct ooo *p, const struct inst *s, struct plan *plan)
{
    const struct insn_deps *d = s->op.deps;
    const struct step all = plan->step[0];
    bool is_load = s->op.flags & OP_LOAD;
    uint32_t each = p->keys.multiple_registers;
    plan->count = 0;
    for (uint32_t first = 0; first < d->multi_count; first += each) {
        uint32_t count = (uint32_t)min_u64(each, d->multi_count - first), offset = 4 * first;
        struct step *t = &plan->step[plan->count++];
        uint8_t regs[4];
        *t = all;
        for (uint32_t n = 0; n < count; n++)
            regs[n] = (uint8_t)(REG_GPR + (d->multi_first + first + n) % 32);
        t->offset = (uint8_t)offset;
        t->bytes = s->op.bytes > offset ? (uint32_t)min_u64(4 * count, s->op.bytes - offset) : 0;
        if (is_load) {
            ooo_step_out(t, regs, count);
            continue;
        }
        t->shape.data_first = t->bytes ? all.in_count : INSN_MAX_IN;
        memcpy(t->in + all.in_count, regs, count);
        t->in_count = (uint8_t)(all.in_count + count);
    }
}

/* A conditional branch that reads nothing but the field that a compare just before it writes. */
static bool can_fuse(const struct inst *s, const struct inst *next)
{
    const struct insn_deps *d = s->op.deps, *n = next->op.deps;
    return d->out_count == 1 && next->op.flags & OP_BRANCH && n->in_count == 1 && !n->out_count &&
           n->in[0] == d->out[0];
}

void ooo_fuse(struct ooo *p, const struct inst *s)
{
    struct plan *plan = &p->plan;
    const struct inst *next = inst_at(p, p->dispatch + 1);
    if (plan->count != 1 || p->dispatch + 1 >= p->fetch.position ||
        next->ready_cycle > p->cycle || !can_fuse(s, next))
        return;
    plan->insts = 2;
    plan->flags = UOP_FUSED | UOP_BRANCH | (next->mispredicted ? UOP_RESOLVES : 0);
}

static void decode(struct ooo *p, const struct inst *s)
{
    struct plan *plan = &p->plan;
    struct step *t = &plan->step[0];
    whole(p, s, t);
    if (s->op.deps->multi_count && t->shape.flags & (UOP_LOAD | UOP_STORE) &&
        p->keys.multiple_registers) {
        crack_multiple(p, s, plan);
    } else {
        if (p->units.class[t->shape.class].steps > 1)
            crack_class(p, plan);
        if (t->shape.flags & UOP_BASE && p->keys.crack_update)
            crack_base(p, s, plan);
        if (p->rules.record[s->op.row->class] && s->op.row->flags & F_RC && s->op.insn->word & 1)
            crack_record(p, plan);
    }
    for (uint32_t n = 0; n < plan->count; n++)
        plan->step[n].cost = ooo_rename_cost(p, &plan->step[n]);
}

/* What depends on more than its key is not kept: registers that an
 * instruction moves several of, the second word of a prefixed one. */
static void keep(const struct ooo *p, const struct inst *s)
{
    const struct op *op = &s->op;
    if (p->plan.count != 1 || op->deps->multi_count || op->row->flags & F_PREFIX)
        return;
    struct step *t = &p->kept[op->pc >> 2 & (OOO_KEPT - 1)];
    *t = p->plan.step[0];
    t->word = op->insn->word;
    t->op_flags = (uint8_t)(op->flags & ~OP_TAKEN);
    t->early = s->early;
}

void ooo_decode_anew(struct ooo *p, const struct inst *s)
{
    p->plan.steps = p->plan.step;
    decode(p, s);
    keep(p, s);
}

/* Decode: the micro-operations of an instruction, from its row, its flags and the configuration.
 * Most instructions are one, whose registers are those of the instruction; a cracked one gets lists
 * of its own. */
#include "models/pipeline/ooo/ooo.h"
#include "sim/base/bits.h"

static const uint8_t temporary[] = {MAP_TEMP};

static const struct unit_step *unit_of(const struct ooo *p, uint32_t class, uint32_t step)
{
    return &p->units.class[class].step[step];
}

/* What the manual wants of storage order (Book II, 1.7.1): sync waits for older stores to be
 * performed; loads pass neither it nor lwsync; eieio orders stores, which go in order anyway.
 * Stores that depend on a reservation, and atomic updates, must not be undone. */
static uint16_t order_flags(const struct op *op)
{
    uint32_t class = op->row->class;
    if (class == CLASS_STCX || (class == CLASS_LARX && op->flags & OP_STORE))
        return UOP_HEAD;
    if (class != CLASS_SYNC || op->insn->number == INSN_eieio || op->flags & OP_SERIAL)
        return 0;
    return op->insn->number == INSN_lwsync ? UOP_HEAD | UOP_ORDERS
                                           : UOP_HEAD | UOP_DRAIN | UOP_ORDERS;
}

static const bool has_order[CLASS_COUNT] = {
    [CLASS_LARX] = true, [CLASS_STCX] = true, [CLASS_SYNC] = true};

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

/* The whole instruction in one step, but for what is cracked off it. What this depends on beside
 * the configuration, struct kept_step has, too. */
static void whole(const struct ooo *p, const struct inst *s, struct step *t)
{
    const struct op *op = &s->op;
    const struct insn_deps *d = op->deps;
    bool is_plain_store = (op->flags & (OP_LOAD | OP_STORE)) == OP_STORE && op->bytes;
    *t = (struct step){.in = d->in, .out = d->out, .in_count = d->in_count,
                       .out_count = d->out_count, .class = op->row->class,
                       .data_first = is_plain_store ? d->address_in : INSN_MAX_IN,
                       .unit = s->early ? &p->early.row[s->early - 1].step
                                        : unit_of(p, op->row->class, 0),
                       .bytes = op->bytes};
    if (op->flags)
        t->flags = (uint16_t)(access_flags(op) | (op->flags & OP_BRANCH ? UOP_BRANCH : 0) |
                              (s->mispredicted ? UOP_RESOLVES : 0));
    if (has_order[op->row->class])
        t->flags |= order_flags(op);
    if (p->rules.serial && (p->rules.oldest[op->row->class] ||
                            (p->keys.oldest_carry && reads_carry(d))))
        t->flags |= UOP_HEAD;
    if (t->flags & (UOP_LOAD | UOP_STORE) && op->row->flags & F_UPDATE)
        t->flags |= UOP_BASE;
}

/* Copies a list without one register. */
static uint8_t copy_without(uint8_t *to, const uint8_t *from, uint32_t count, uint32_t without)
{
    uint8_t copied = 0;
    for (uint32_t n = 0; n < count; n++)
        if (from[n] != without)
            to[copied++] = from[n];
    return copied;
}

/* Further steps of the class: each takes the result of the one before; the last one's is the
 * instruction's. */
static void crack_class(const struct ooo *p, struct plan *plan)
{
    struct step *first = &plan->step[0];
    uint32_t class = first->class, steps = p->units.class[class].steps;
    const uint8_t *out = first->out;
    uint8_t out_count = first->out_count;
    uint16_t resolves = first->flags & (UOP_RESOLVES | UOP_BRANCH);
    first->out = temporary;
    first->out_count = 1;
    first->flags &= (uint16_t) ~(UOP_RESOLVES | UOP_BRANCH);
    for (uint32_t n = 1; n < steps; n++)
        plan->step[plan->count++] = (struct step){
            .in = temporary, .in_count = 1, .out = temporary, .out_count = 1,
            .data_first = INSN_MAX_IN, .class = (uint8_t)class, .unit = unit_of(p, class, n)};
    plan->step[plan->count - 1].out = out;
    plan->step[plan->count - 1].out_count = out_count;
    plan->step[plan->count - 1].flags |= resolves;
}

/* The new base address is the same sum that the access computes for itself, from the old one. */
static void crack_base(const struct ooo *p, const struct inst *s, struct plan *plan)
{
    const struct insn_deps *d = s->op.deps;
    uint32_t base = REG_GPR + s->op.insn->ra;
    struct step *last = &plan->step[plan->count - 1], *sum = &plan->step[plan->count++];
    plan->step[0].flags &= (uint16_t)~UOP_BASE;
    last->out_count = copy_without(plan->regs[0], last->out, last->out_count, base);
    last->out = plan->regs[0];
    plan->regs[1][0] = (uint8_t)base;
    *sum = (struct step){.in = d->in, .in_count = d->address_in, .out = plan->regs[1],
                         .out_count = 1, .data_first = INSN_MAX_IN, .class = CLASS_INT,
                         .unit = unit_of(p, CLASS_INT, 0)};
}

/* CR0 comes from a compare of the result with zero. */
static void crack_record(const struct ooo *p, struct plan *plan)
{
    struct step *last = &plan->step[plan->count - 1];
    uint8_t *out = plan->regs[2], *cr = plan->regs[3];
    uint8_t count = copy_without(out, last->out, last->out_count, REG_CR);
    if (!count || count == last->out_count)
        return;
    cr[0] = REG_CR;
    plan->step[plan->count++] = (struct step){
        .in = out, .in_count = 1, .out = cr, .out_count = 1, .data_first = INSN_MAX_IN,
        .class = CLASS_CMP, .unit = unit_of(p, CLASS_CMP, 0)};
    last->out = out;
    last->out_count = count;
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
        struct step *t = &plan->step[plan->count];
        uint8_t *regs = plan->regs[plan->count++], kept = 0;
        *t = all;
        if (!is_load)
            kept = copy_without(regs, d->in, d->in_count, REG_NONE);
        for (uint32_t n = 0; n < count; n++)
            regs[kept + n] = (uint8_t)(REG_GPR + (d->multi_first + first + n) % 32);
        if (is_load) {
            t->out = regs;
            t->out_count = (uint8_t)count;
        } else {
            t->in = regs;
            t->in_count = (uint8_t)(kept + count);
            t->data_first = s->op.bytes > offset ? kept : INSN_MAX_IN;
        }
        t->offset = offset;
        t->bytes = s->op.bytes > offset ? (uint32_t)min_u64(4 * count, s->op.bytes - offset) : 0;
    }
}

/* A conditional branch that reads nothing but the field that a compare just before it writes. */
bool ooo_can_fuse(const struct inst *s, const struct inst *next)
{
    const struct insn_deps *d = s->op.deps, *n = next->op.deps;
    return s->op.row->class == CLASS_CMP && d->out_count == 1 && next->op.flags & OP_BRANCH &&
           n->in_count == 1 && !n->out_count && n->in[0] == d->out[0];
}

static void decode(struct ooo *p, const struct inst *s, const struct inst *next)
{
    struct plan *plan = &p->plan;
    struct step *t = &plan->step[0];
    plan->count = 1;
    plan->insts = 1;
    plan->steps = plan->step;
    whole(p, s, t);
    if (s->op.deps->multi_count && t->flags & (UOP_LOAD | UOP_STORE) &&
        p->keys.multiple_registers) {
        crack_multiple(p, s, plan);
    } else {
        if (p->units.class[t->class].steps > 1)
            crack_class(p, plan);
        if (t->flags & UOP_BASE && p->keys.crack_update)
            crack_base(p, s, plan);
        if (p->keys.crack_record && s->op.row->flags & F_RC && s->op.insn->word & 1)
            crack_record(p, plan);
        if (next && ooo_can_fuse(s, next) && plan->count == 1) {
            plan->insts = 2;
            t->flags |= UOP_FUSED | UOP_BRANCH | (next->mispredicted ? UOP_RESOLVES : 0);
        }
    }
    for (uint32_t n = 0; n < plan->count; n++)
        plan->step[n].cost = ooo_rename_cost(p, &plan->step[n]);
}

/* What depends on more than the instruction and the configuration is not kept. */
static void keep(const struct ooo *p, struct kept_step *k, const struct inst *s)
{
    const struct op *op = &s->op;
    if (p->plan.count != 1 || p->plan.insts != 1 || s->mispredicted || op->deps->multi_count)
        return;
    *k = (struct kept_step){.deps = op->deps, .word = op->insn->word, .suffix = op->insn->suffix,
                            .bytes = op->bytes, .flags = (uint8_t)(op->flags & ~OP_TAKEN),
                            .early = s->early, .may_fuse = op->row->class == CLASS_CMP,
                            .step = p->plan.step[0]};
}

void ooo_decode_anew(struct ooo *p, const struct inst *s, const struct inst *next)
{
    decode(p, s, next);
    keep(p, &p->kept[s->op.pc >> 2 & (OOO_KEPT - 1)], s);
}

/* Dispatch: in order, as long as there are a place in the reorder buffer, an entry of an issue
 * queue, rename registers, and places in the load and store queues; and, where the configuration
 * has rules for the micro-operations that may go in one cycle, as far as they allow. */
#include "models/pipeline/ooo/rename_step.h"

bool ooo_stall(struct ooo *p, uint64_t *counter, enum cpi_part part)
{
    p->stall = counter;
    p->stall_part = part;
    return false;
}

struct port *ooo_choose_port(struct ooo *p, uint32_t kinds)
{
    struct port *best = NULL;
    uint32_t most = 0;
    for (; kinds; kinds &= kinds - 1) {
        uint32_t kind = (uint32_t)__builtin_ctz(kinds);
        struct port *port = &p->queues.port[p->queues.first_port[kind]];
        for (struct port *end = port + p->queues.ports[kind]; port < end; port++) {
            const struct queue *q = &p->queues.queue[port->queue];
            if (q->entries - q->used > most) {
                most = q->entries - q->used;
                best = port;
            }
        }
    }
    return best;
}

/* Those of the kinds for which this cycle's limits leave room. */
static uint32_t open_kinds(const struct ooo *p, uint32_t kinds)
{
    uint32_t open = 0;
    if (!p->rules.exist)
        return kinds;
    for (; kinds; kinds &= kinds - 1)
        if (!ooo_group_is_full(p, (uint32_t)__builtin_ctz(kinds)))
            open |= kinds & -kinds;
    return open;
}

/* Where a step goes: both NULL for an inlet. */
struct place {
    struct port *port;
    struct queue *queue;
};

/* False when there is no room for it. */
OOO_HOT bool find_place(struct ooo *p, const struct step *t, struct place *at)
{
    *at = (struct place){.port = NULL};
    if (t->port) {
        at->port = &p->queues.port[t->port - 1];
        at->queue = &p->queues.queue[at->port->queue];
        return at->queue->used < at->queue->entries;
    }
    const struct inlet *inlet = inlet_of(&p->inlets, t->shape.kind);
    if (inlet)
        return inlet->used < inlet->entries;
    return (at->port = ooo_choose_port(p, open_kinds(p, t->shape.kinds)));
}

OOO_HOT bool has_room(struct ooo *p, const struct step *t, uint32_t flags, uint64_t *cost,
                      struct place *at)
{
    if (p->rob_tail == p->rob_end)
        return ooo_stall(p, &p->stats.stall_rob, PART_COUNT);
    if (!find_place(p, t, at))
        return ooo_stall(p, &p->stats.stall_queue, PART_ISSUE_QUEUE);
    if (!rename_has_room(p, cost))
        return ooo_stall(p, &p->stats.stall_rename, PART_RENAME);
    if (flags & UOP_BRANCH && p->keys.branches && p->branches_waiting == p->keys.branches)
        return ooo_stall(p, &p->stats.stall_branches, PART_COUNT);
    if (flags & UOP_LOAD && p->loads_in_flight == p->keys.load_queue)
        return ooo_stall(p, &p->stats.stall_load_queue, PART_QUEUE);
    if (flags & UOP_STORE && (p->store_last - p->store_commit == p->keys.store_queue))
        return ooo_stall(p, &p->stats.stall_store_queue, PART_STORE_QUEUE);
    return true;
}

/* What needs more than a cycle's renames goes first in a cycle. */
static bool renames_allowed(struct ooo *p, uint64_t cost)
{
    bool first = p->renames_left == p->dispatch_renames;
    return ooo_renames_take(&p->renames_left, cost) || first;
}

/* Against whose limit it counts: of several kinds in an inlet, the first with room. */
static uint32_t taken_kind(const struct ooo *p, const struct step *t, const struct port *port)
{
    return port ? port->kind : (uint32_t)__builtin_ctz(open_kinds(p, t->shape.kinds));
}

/* Dispatches one micro-operation of the instruction; false when it cannot go in this cycle. */
OOO_HOT bool dispatch_step(struct ooo *p, const struct step *t, struct inst *s, bool is_last,
                       bool has_rules)
{
    uint32_t flags = is_last ? UOP_LAST | p->plan.flags : 0;
    uint64_t cost = t->cost;
    struct place at;
    if (has_rules && p->rules.exist && !ooo_group_has_room(p, t))
        return ooo_stall(p, &p->stats.stall_group, PART_COUNT);
    if (!has_room(p, t, t->shape.flags | flags, &cost, &at))
        return false;
    if (has_rules && p->dispatch_renames && !renames_allowed(p, cost))
        return ooo_stall(p, &p->stats.stall_rename, PART_RENAME);
    rename_step(p, t, s, at.port, at.queue, cost, flags);
    if (has_rules && p->rules.exist)
        ooo_group_take(p, t, s, taken_kind(p, t, at.port), is_last);
    return true;
}

/* The instruction's last uop is in the reorder buffer. */
OOO_HOT void finish_instruction(struct ooo *p, struct inst *s, bool has_rules)
{
    if (has_rules && p->rules.serial && p->rules.completes[s->op.deps->needs.class])
        p->completes_alone = p->dispatch + 1;
    s->uops = (uint8_t)(p->rob_tail - s->uop_first);
    s->dispatch_cycle = p->cycle;
    p->dispatch++;
    if (p->plan.insts == 2) {
        struct inst *fused = inst_at(p, p->dispatch++);
        fused->dispatch_cycle = p->cycle;
        fused->uop_first = p->rob_tail;
        fused->uops = 0;
    }
    p->plan_step = 0;
}

/* Whether the next instruction is there and nothing holds it back as a whole. */
OOO_HOT bool may_begin(struct ooo *p, const struct inst *s, bool has_rules)
{
    if (p->dispatch == p->fetch.position || s->ready_cycle > p->cycle) {
        if (p->dispatch != p->fetch.position)
            ooo_want(p, s->ready_cycle);
        return ooo_stall(p, &p->stats.stall_front, PART_COUNT);
    }
    if (!has_rules)
        return true;
    if (p->completes_alone > p->head)
        return ooo_stall(p, &p->stats.stall_serial, PART_SERIAL);
    if (p->fold.count && ooo_fold_blocks(p))
        return ooo_stall(p, &p->stats.stall_branches, PART_COUNT);
    return true;
}

/* Decodes the next instruction unless it is partly dispatched; false when there is none. */
OOO_HOT bool next_plan(struct ooo *p, struct inst *s, bool has_rules)
{
    if (p->plan_step)
        return true;
    if (!may_begin(p, s, has_rules))
        return false;
    ooo_decode(p, s);
    s->uop_first = p->rob_tail;
    if (has_rules && p->rules.exist && !ooo_group_admits(p, s))
        return ooo_stall(p, &p->stats.stall_group, PART_COUNT);
    return true;
}

/* Dispatches what goes in this cycle; returns how many slots were left. */
OOO_HOT uint32_t dispatch_some(struct ooo *p, bool has_rules)
{
    uint32_t room = p->keys.dispatch_width;
    while (room) {
        if (has_rules && p->keys.fold_branches && !p->plan_step)
            ooo_fold_skip(p);
        struct inst *s = inst_at(p, p->dispatch);
        if (!next_plan(p, s, has_rules))
            break;
        if (has_rules && p->keys.fold_branches && s->op.flags & OP_BRANCH) {
            if (!ooo_fold_dispatch(p, s))
                break;
            room--;
            continue;
        }
        const struct step *t = &p->plan.steps[p->plan_step];
        bool is_last = p->plan_step + 1 == p->plan.count;
        uint32_t slots = has_rules ? t->slots : 1;
        if (slots > room || !dispatch_step(p, t, s, is_last, has_rules))
            break;
        room -= slots;
        p->plan_step++;
        if (is_last)
            finish_instruction(p, s, has_rules);
    }
    return room;
}

/* Most machines have none of the rules, which would be looked at again and again. */
static __attribute__((noinline)) uint32_t dispatch_by_rules(struct ooo *p)
{
    if (p->rules.exist)
        ooo_group_open(p);
    p->renames_left = p->dispatch_renames;
    return dispatch_some(p, true);
}

void ooo_dispatch(struct ooo *p)
{
    uint32_t late = p->keys.rob_reuse_cycles ? p->committed : 0;
    p->rob_end = max_u64(p->rob_head + p->keys.rob - late, p->rob_tail);
    p->stall = NULL;
    p->stall_part = PART_COUNT;
    uint32_t room = p->rules.of_dispatch ? dispatch_by_rules(p) : dispatch_some(p, false);
    if (room == p->keys.dispatch_width)
        return;
    ooo_progress(p);
    if (p->keys.group_slots)
        ooo_group_close(p);
}

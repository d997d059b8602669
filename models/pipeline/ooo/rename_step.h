/* Renaming, as dispatch does it for each micro-operation: here because a call would cost as much as
 * the rest. What is not done for each is in rename.c.
 *
 * A map entry is 0 (the value is in the register file) or 2 x (position + 1), plus 1 when the
 * register is the new base address of that load or store. */
#ifndef MODELS_PIPELINE_OOO_RENAME_STEP_H
#define MODELS_PIPELINE_OOO_RENAME_STEP_H

#include "models/pipeline/ooo/rename.h"
#include "models/pipeline/ooo/memory.h"
#include "models/pipeline/ooo/wake.h"

/* Puts the uop into the list of the writer of the register, unless that is known to be done; as a
 * bit of uop.links. */
OOO_HOT uint32_t rename_source(struct ooo *p, const struct uop *u, uint32_t number,
                                     uint32_t reg, uint64_t *ready)
{
    uint64_t entry = p->map[reg];
    if (entry < 2 * (p->rob_head + 1))
        return 0; /* committed, or never written */
    const struct uop *w = uop_at(p, entry / 2 - 1);
    bool is_base = entry & 1;
    uint64_t known = __builtin_expect(is_base, 0) ? memory_of(p, w)->base_cycle : w->done_cycle;
    if (known != NEVER) {
        *ready = max_u64(*ready, known);
        return 0;
    }
    ooo_link(p, u, number, is_base ? base_list(p, w) : result_list(p, w));
    return 1u << number;
}

/* The data of a store, which its address does not wait for. */
OOO_HOT uint32_t rename_data(struct ooo *p, struct uop *u, const struct step *t)
{
    uint64_t ready = p->cycle;
    uint32_t links = 0, pending = 0;
    for (uint32_t n = t->shape.data_first; n < t->in_count; n++) {
        uint32_t link = rename_source(p, u, n, t->in[n], &ready);
        pending += link != 0;
        links |= link;
    }
    u->data_pending = (uint8_t)pending;
    if (memory_of(p, u)->store != NEVER)
        store_at(p, memory_of(p, u)->store)->data_so_far = ready;
    return links;
}

OOO_HOT void rename_sources(struct ooo *p, struct uop *u, const struct step *t)
{
    uint32_t end = t->in_count, links = u->links, pending = u->pending;
    uint64_t ready = u->ready_cycle;
    if (u->flags & UOP_STORE) {
        links |= rename_data(p, u, t);
        end = (uint32_t)min_u64(end, t->shape.data_first);
    }
    for (uint32_t n = 0; n < end; n++) {
        uint32_t link = rename_source(p, u, n, t->in[n], &ready);
        pending += link != 0;
        links |= link;
    }
    u->links = (uint16_t)links;
    u->pending = (uint8_t)pending;
    u->ready_cycle = ready;
}

/* Most have no result or one, which is neither a base register nor the FPSCR. */
OOO_HOT void rename_results(struct ooo *p, struct uop *u, const struct step *t,
                            const struct op *op)
{
    uint32_t reg = t->shape.outs[0], class = t->shape.class;
    if (!t->shape.out_count)
        return;
    if (t->shape.out_count > 1 || u->flags & UOP_BASE || class == CLASS_MTSPR ||
        reg == REG_FPSCR) {
        ooo_rename_results(p, u, op);
        return;
    }
    u->undo = p->map[reg];
    p->map[reg] = 2 * (u->position + 1);
}

OOO_HOT void rename_take_place(struct ooo *p, struct uop *u, struct queue *q)
{
    q->used++;
    if (__builtin_expect(p->queues.have_places, 0))
        ooo_take_place(p, u, q);
}

/* Makes a micro-operation of the step; there is room for it everywhere, in the port's queue or,
 * when there is no port, in an inlet. */
OOO_HOT void rename_step(struct ooo *p, const struct step *t, struct inst *s,
                       const struct port *port, struct queue *queue, uint64_t cost, uint32_t flags)
{
    struct uop *u = rename_make(p, t, cost);
    flags |= u->flags;
    u->flags = (uint16_t)flags;
    if (t->port)
        rename_take_place(p, u, queue);
    else if (port)
        ooo_enter_queue(p, u, port);
    else
        ooo_inlet_enter(p, u);
    if (flags & UOP_BRANCH)
        p->branches_waiting++;
    if (flags & (UOP_LOAD | UOP_STORE))
        ooo_rename_memory(p, u, t, &s->op);
    rename_sources(p, u, t);
    rename_results(p, u, t, &s->op);
    if (__builtin_expect(flags & UOP_ORDERS, 0))
        ooo_rename_barrier(p, u);
    p->rob_tail++;
    if (!u->pending)
        ooo_ready(p, u);
    if (t->shape.data_first < INSN_MAX_IN && !u->data_pending)
        ooo_store_data(p, u, store_at(p, memory_of(p, u)->store)->data_so_far);
}

#endif

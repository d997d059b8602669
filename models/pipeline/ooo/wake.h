/* Who waits for whom, and what happens when: wake.c; part of ooo.h. */
#ifndef MODELS_PIPELINE_OOO_WAKE_H
#define MODELS_PIPELINE_OOO_WAKE_H

#include "models/pipeline/ooo/ooo.h"

void ooo_schedule(struct ooo *p, struct uop *u, enum uop_event event, uint64_t cycle);
void ooo_unschedule(struct ooo *p, struct uop *u);
void ooo_events(struct ooo *p);
uint64_t ooo_next_event(const struct ooo *p);
/* All sources of the uop are known: it issues from ready_cycle on. */
void ooo_ready(struct ooo *p, struct uop *u);
/* Puts one of the uop's links into a list, see wake.c for the lists' numbers; and notes it. */
static inline void ooo_link(struct ooo *p, const struct uop *u, uint32_t number, uint32_t list)
{
    uint32_t id = number << p->window_bits | uop_index(p, u);
    struct link *l = &p->links[id];
    l->next = p->lists[list];
    l->list = (uint16_t)list;
    p->lists[list] = (uint16_t)id;
}
static inline void ooo_wait(struct ooo *p, struct uop *u, uint32_t number, uint32_t list)
{
    ooo_link(p, u, number, list);
    u->links |= (uint16_t)(1u << number);
}
void ooo_forget_links(struct ooo *p, struct uop *u);
/* What the list, which is not empty, stands for is known from `cycle` on. */
void ooo_wake_list(struct ooo *p, uint32_t list, uint64_t cycle);
static inline void ooo_publish(struct ooo *p, uint32_t list, uint64_t cycle)
{
    if (p->lists[list] != NO_LINK)
        ooo_wake_list(p, list, cycle);
}
/* Dependents of a load that is late issue in vain. */
void ooo_disappoint(struct ooo *p, struct uop *u, uint64_t from, uint64_t until);
/* Where a uop stands in the ready set of its port. */
static inline uint32_t ready_place(const struct ooo *p, const struct uop *u)
{
    return p->keys.select == SELECT_AGE ? uop_index(p, u) : u->entry;
}
static inline void ooo_not_ready(struct ooo *p, struct uop *u)
{
    struct port *port = &p->queues.port[u->group];
    window_remove(&port->ready, ready_place(p, u));
    if (!port->ready.count)
        p->queues.ready &= ~(UINT64_C(1) << u->group);
    u->flags &= (uint16_t)~UOP_READY;
}
static inline uint32_t result_list(const struct ooo *p, const struct uop *u)
{
    return uop_index(p, u);
}
static inline uint32_t base_list(const struct ooo *p, const struct uop *u)
{
    return (uint32_t)p->uop_mask + 1 + uop_index(p, u);
}
static inline uint32_t store_list(const struct ooo *p, uint64_t number, enum store_list which)
{
    uint32_t ring = (uint32_t)p->uop_mask + 1;
    return 2 * ring + (uint32_t)(number & p->store_mask) * STORE_LISTS + which;
}

#endif

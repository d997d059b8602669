/* Who waits for what. A uop stands with one link per unknown source in the list of what it waits
 * for; when that becomes known, the list is walked once, and a uop without unknown sources gets its
 * place in the calendar. So no queue is ever searched.
 *
 * Lists, by number: results of uops (by reorder buffer index), new base addresses of loads and
 * stores (the same, one ring further), then STORE_LISTS for each place of the store queue. */
#include "models/pipeline/ooo/ooo.h"
#include "sim/base/bits.h"

/* A slot stands for one cycle at a time: the next CALENDAR_SPAN have one. */
static void calendar_add(struct ooo *p, struct uop *u)
{
    struct calendar *c = &p->calendar;
    uint32_t slot = (uint32_t)u->event_cycle & (CALENDAR_SPAN - 1);
    if (__builtin_expect(u->event_cycle - p->cycle >= CALENDAR_SPAN, 0)) {
        window_add(&c->far, uop_index(p, u));
        u->event_slot = CALENDAR_FAR;
        c->far_from = min_u64(c->far_from, u->event_cycle);
    } else {
        window_add(&c->due[slot], uop_index(p, u));
        c->occupied |= UINT64_C(1) << slot;
        u->event_slot = (uint8_t)slot;
    }
    ooo_want(p, u->event_cycle);
}

/* What was far off and is due by now comes into the calendar. */
static __attribute__((noinline)) void calendar_turn(struct ooo *p)
{
    struct calendar *c = &p->calendar;
    uint32_t at = 0;
    c->far_from = NEVER;
    for (uint32_t left = c->far.count; left; left--) {
        at = window_first(&c->far, p->words, at);
        struct uop *u = &p->uops[at];
        window_remove(&c->far, at);
        calendar_add(p, u); /* perhaps where it was: in front of those still to be looked at */
        at = (at + 1) & (uint32_t)p->uop_mask;
    }
}

static void make_ready(struct ooo *p, struct uop *u)
{
    struct port *port = &p->queues.port[u->group];
    window_add(&port->ready, p->keys.select == SELECT_AGE ? uop_index(p, u) : u->entry);
    p->queues.ready++;
    u->flags |= UOP_READY;
    ooo_want(p, p->cycle + 1);
}

void ooo_not_ready(struct ooo *p, struct uop *u)
{
    struct port *port = &p->queues.port[u->group];
    window_remove(&port->ready, p->keys.select == SELECT_AGE ? uop_index(p, u) : u->entry);
    p->queues.ready--;
    u->flags &= (uint16_t)~UOP_READY;
}

static void happen(struct ooo *p, struct uop *u)
{
    enum uop_event event = u->event;
    u->event = EVENT_NONE;
    if (event == EVENT_READY)
        make_ready(p, u);
    else if (event == EVENT_ACCESS)
        window_add(&p->access, uop_index(p, u));
    else if (event == EVENT_FLOW)
        ooo_flow_leave(p, u);
    else
        ooo_resolve(p, u);
}

void ooo_schedule(struct ooo *p, struct uop *u, enum uop_event event, uint64_t cycle)
{
    u->event = (uint8_t)event;
    u->event_cycle = cycle;
    if (cycle > p->cycle)
        calendar_add(p, u);
    else
        happen(p, u);
}

void ooo_unschedule(struct ooo *p, struct uop *u)
{
    struct calendar *c = &p->calendar;
    u->event = EVENT_NONE;
    if (u->event_slot == CALENDAR_FAR) {
        window_remove(&c->far, uop_index(p, u));
        return;
    }
    struct window_set *due = &c->due[u->event_slot];
    window_remove(due, uop_index(p, u));
    if (!due->count)
        c->occupied &= ~(UINT64_C(1) << u->event_slot);
}

/* What is due in this cycle, from the oldest uop on. A resolved branch takes others away. */
void ooo_events(struct ooo *p)
{
    uint32_t slot = (uint32_t)p->cycle & (CALENDAR_SPAN - 1);
    struct window_set *due = &p->calendar.due[slot];
    uint32_t oldest = (uint32_t)(p->rob_head & p->uop_mask);
    if (p->calendar.far.count && p->calendar.far_from <= p->cycle)
        calendar_turn(p);
    while (due->count) {
        struct uop *u = &p->uops[window_first(due, p->words, oldest)];
        window_remove(due, uop_index(p, u));
        happen(p, u);
    }
    p->calendar.occupied &= ~(UINT64_C(1) << slot);
}

/* When the next event is due; NEVER when there is none. */
uint64_t ooo_next_event(const struct ooo *p)
{
    const struct calendar *c = &p->calendar;
    uint32_t next = (uint32_t)(p->cycle + 1) & (CALENDAR_SPAN - 1);
    uint64_t occupied = next ? c->occupied >> next | c->occupied << (64 - next) : c->occupied;
    uint64_t far = c->far.count ? max_u64(c->far_from, p->cycle + 1) : NEVER;
    return occupied ? min_u64(far, p->cycle + 1 + (uint32_t)__builtin_ctzll(occupied)) : far;
}

/* A uop that is to issue in vain before it is ready still does. */
void ooo_ready(struct ooo *p, struct uop *u)
{
    if (u->flags & UOP_VAIN) {
        if (u->flags & UOP_READY || u->event_cycle < u->ready_cycle)
            return;
        u->flags &= (uint16_t)~UOP_VAIN;
        ooo_unschedule(p, u);
    }
    ooo_schedule(p, u, EVENT_READY, u->ready_cycle);
}

void ooo_wait(struct ooo *p, struct uop *u, uint32_t number, uint32_t list)
{
    uint32_t id = uop_index(p, u) * UOP_LINKS + number;
    struct link *l = &p->links[id];
    l->next = p->lists[list];
    l->list = list;
    p->lists[list] = id;
    u->links |= (uint16_t)(1u << number);
}

/* The youngest waiters stand first: a squash finds its own at once, but for loads that have come
 * to wait out of order. */
static void unlink_one(struct ooo *p, uint32_t id)
{
    uint32_t *at = &p->lists[p->links[id].list];
    while (*at != id)
        at = &p->links[*at].next;
    *at = p->links[id].next;
}

void ooo_forget_links(struct ooo *p, struct uop *u)
{
    uint32_t first = uop_index(p, u) * UOP_LINKS;
    for (uint32_t left = u->links; left; left &= left - 1)
        unlink_one(p, first + (uint32_t)__builtin_ctz(left));
    u->links = 0;
}

static void source_known(struct ooo *p, struct uop *u, uint32_t number, uint64_t cycle)
{
    if (number == LINK_ACCESS) {
        ooo_load_go_on(p, u, cycle);
    } else if (number >= u->data_first && number < LINK_ORDER) {
        struct store *w = store_at(p, memory_of(p, u)->store);
        w->data_so_far = max_u64(w->data_so_far, cycle);
        if (!--u->data_pending)
            ooo_store_data(p, u, w->data_so_far);
    } else {
        u->ready_cycle = max_u64(u->ready_cycle, cycle);
        if (!--u->pending)
            ooo_ready(p, u);
    }
}

/* The list is taken away first: whoever finds out that it has to wait again may enter it anew. */
void ooo_publish(struct ooo *p, uint32_t list, uint64_t cycle)
{
    uint32_t id = p->lists[list];
    p->lists[list] = NO_LINK;
    while (id != NO_LINK) {
        struct uop *u = &p->uops[id / UOP_LINKS];
        uint32_t number = id % UOP_LINKS;
        id = p->links[id].next;
        u->links &= (uint16_t) ~(1u << number);
        source_known(p, u, number, cycle);
    }
}

/* Only those that wait for nothing else are deceived. */
void ooo_disappoint(struct ooo *p, struct uop *producer, uint64_t from, uint64_t until)
{
    for (uint32_t id = p->lists[result_list(p, producer)]; id != NO_LINK; id = p->links[id].next) {
        struct uop *u = &p->uops[id / UOP_LINKS];
        uint64_t cycle = max_u64(max_u64(u->ready_cycle, from), p->cycle + 1);
        uint32_t number = id % UOP_LINKS;
        bool is_source = number < LINK_ORDER && number < u->data_first;
        if (!is_source || u->pending != 1 || u->flags & (UOP_VAIN | UOP_HEAD) || cycle >= until)
            continue;
        u->flags |= UOP_VAIN;
        u->vain_until = until;
        ooo_schedule(p, u, EVENT_READY, cycle);
    }
}

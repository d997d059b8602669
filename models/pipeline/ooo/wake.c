/* Who waits for what. A uop stands with one link per unknown source in the list of what it waits
 * for; when that becomes known, the list is walked once, and a uop without unknown sources gets its
 * place in the calendar. So no queue is ever searched.
 *
 * Lists, by number: results of uops (by reorder buffer index), new base addresses of loads and
 * stores (the same, one ring further), then STORE_LISTS for each place of the store queue. */
#include "models/pipeline/ooo/wake.h"
#include "models/pipeline/ooo/memory.h"
#include "sim/base/bits.h"

static inline struct window_set *due_in(struct calendar *c, uint32_t slot, enum uop_event event)
{
    return event == EVENT_READY ? &c->ready[slot] : &c->other[slot];
}

static __attribute__((noinline)) void calendar_add_far(struct ooo *p, struct uop *u)
{
    struct calendar *c = &p->calendar;
    window_add(&c->far, uop_index(p, u));
    u->event_slot = CALENDAR_FAR;
    c->far_from = min_u64(c->far_from, u->event_cycle);
}

/* A slot stands for one cycle at a time: the next CALENDAR_SPAN have one. The cycle's end asks
 * ooo_next_event when to wake. */
static inline void calendar_add(struct ooo *p, struct uop *u)
{
    struct calendar *c = &p->calendar;
    uint32_t slot = (uint32_t)u->event_cycle & (CALENDAR_SPAN - 1);
    if (__builtin_expect(u->event_cycle - p->cycle >= CALENDAR_SPAN, 0)) {
        calendar_add_far(p, u);
        return;
    }
    window_add(due_in(c, slot, u->event), uop_index(p, u));
    c->occupied |= UINT64_C(1) << slot;
    u->event_slot = (uint8_t)slot;
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

static inline void make_ready(struct ooo *p, struct uop *u)
{
    window_add(&p->queues.port[u->group].ready, ready_place(p, u));
    p->queues.ready |= UINT64_C(1) << u->group;
    u->event = EVENT_NONE;
    u->flags |= UOP_READY;
}

/* All that become ready in this cycle. */
static void make_all_ready(struct ooo *p, struct window_set *due)
{
    due->count = 0;
    for (uint32_t w = 0; w < p->words; w++) {
        uint64_t bits = due->bits[w];
        due->bits[w] = 0;
        for (; bits; bits &= bits - 1)
            make_ready(p, &p->uops[w * 64 + (uint32_t)__builtin_ctzll(bits)]);
    }
    ooo_want(p, p->cycle + 1);
}

static void happen(struct ooo *p, struct uop *u)
{
    enum uop_event event = u->event;
    u->event = EVENT_NONE;
    if (event == EVENT_ACCESS) {
        window_add(&p->access, uop_index(p, u));
    } else if (event == EVENT_READY) {
        make_ready(p, u);
        ooo_want(p, p->cycle + 1);
    } else if (event == EVENT_FLOW) {
        ooo_flow_leave(p, u);
    } else {
        ooo_resolve(p, u);
    }
}

static inline void schedule(struct ooo *p, struct uop *u, enum uop_event event, uint64_t cycle)
{
    u->event = (uint8_t)event;
    u->event_cycle = cycle;
    if (__builtin_expect(cycle > p->cycle, 1))
        calendar_add(p, u);
    else
        happen(p, u);
}

void ooo_schedule(struct ooo *p, struct uop *u, enum uop_event event, uint64_t cycle)
{
    schedule(p, u, event, cycle);
}

void ooo_unschedule(struct ooo *p, struct uop *u)
{
    struct calendar *c = &p->calendar;
    uint32_t slot = u->event_slot;
    if (slot == CALENDAR_FAR) {
        window_remove(&c->far, uop_index(p, u));
    } else {
        window_remove(due_in(c, slot, u->event), uop_index(p, u));
        if (!c->ready[slot].count && !c->other[slot].count)
            c->occupied &= ~(UINT64_C(1) << slot);
    }
    u->event = EVENT_NONE;
}

/* What is due in this cycle; what does more than make ready from the oldest uop on, because a
 * resolved branch takes others away. */
void ooo_events(struct ooo *p)
{
    struct calendar *c = &p->calendar;
    uint32_t slot = (uint32_t)p->cycle & (CALENDAR_SPAN - 1);
    if (c->far.count && c->far_from <= p->cycle)
        calendar_turn(p);
    if (!(c->occupied >> slot & 1))
        return;
    if (c->ready[slot].count)
        make_all_ready(p, &c->ready[slot]);
    struct window_set *due = &c->other[slot];
    uint32_t oldest = (uint32_t)(p->rob_head & p->uop_mask);
    while (due->count) {
        struct uop *u = &p->uops[window_first(due, p->words, oldest)];
        window_remove(due, uop_index(p, u));
        happen(p, u);
    }
    c->occupied &= ~(UINT64_C(1) << slot);
}

/* When the next event is due; NEVER when there is none. */
uint64_t ooo_next_event(const struct ooo *p)
{
    const struct calendar *c = &p->calendar;
    uint32_t next = (uint32_t)(p->cycle + 1) & (CALENDAR_SPAN - 1);
    uint64_t occupied = c->occupied >> next | c->occupied << (CALENDAR_SPAN - next);
    uint64_t far = c->far.count ? max_u64(c->far_from, p->cycle + 1) : NEVER;
    return occupied ? min_u64(far, p->cycle + 1 + (uint32_t)__builtin_ctzll(occupied)) : far;
}

/* Whether one that is to issue in vain before it is ready still does; it is taken out of the
 * calendar when not. */
static __attribute__((noinline)) bool still_in_vain(struct ooo *p, struct uop *u)
{
    if (u->flags & UOP_READY || u->event_cycle < u->ready_cycle)
        return true;
    u->flags &= (uint16_t)~UOP_VAIN;
    ooo_unschedule(p, u);
    return false;
}

static inline void ready(struct ooo *p, struct uop *u)
{
    if (u->flags & UOP_VAIN && still_in_vain(p, u))
        return;
    schedule(p, u, EVENT_READY, u->ready_cycle);
}

void ooo_ready(struct ooo *p, struct uop *u) { ready(p, u); }

static void unlink_one(struct ooo *p, uint32_t id)
{
    uint16_t *at = &p->lists[p->links[id].list];
    while (*at != id)
        at = &p->links[*at].next;
    *at = p->links[id].next;
}

void ooo_forget_links(struct ooo *p, struct uop *u)
{
    for (uint32_t left = u->links; left; left &= left - 1)
        unlink_one(p, (uint32_t)__builtin_ctz(left) << p->window_bits | uop_index(p, u));
    u->links = 0;
}

static inline void source_known(struct ooo *p, struct uop *u, uint32_t number, uint64_t cycle)
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
            ready(p, u);
    }
}

/* The list is taken away first: whoever finds out that it has to wait again may enter it anew. */
void ooo_wake_list(struct ooo *p, uint32_t list, uint64_t cycle)
{
    uint32_t id = p->lists[list];
    p->lists[list] = NO_LINK;
    while (id != NO_LINK) {
        struct uop *u = uop_at(p, id);
        uint32_t number = id >> p->window_bits;
        id = p->links[id].next;
        u->links &= (uint16_t) ~(1u << number);
        source_known(p, u, number, cycle);
    }
}

/* Only those that wait for nothing else are deceived. */
void ooo_disappoint(struct ooo *p, struct uop *producer, uint64_t from, uint64_t until)
{
    for (uint32_t id = p->lists[result_list(p, producer)]; id != NO_LINK; id = p->links[id].next) {
        struct uop *u = uop_at(p, id);
        uint64_t cycle = max_u64(max_u64(u->ready_cycle, from), p->cycle + 1);
        uint32_t number = id >> p->window_bits;
        bool is_source = number < LINK_ORDER && number < u->data_first;
        if (!is_source || u->pending != 1 || u->flags & (UOP_VAIN | UOP_HEAD) || cycle >= until)
            continue;
        u->flags |= UOP_VAIN;
        u->vain_until = until;
        ooo_schedule(p, u, EVENT_READY, cycle);
    }
}

/* Issue: each pipe takes one of the micro-operations that stand ready at its port. Those that a
 * late load had been announced to go in vain: they cost their pipe the cycle and wait again. */
#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/wake.h"
#include "sim/base/bits.h"

/* The only one that an in-order queue may issue, if it is ready and for this port. */
static struct uop *pick_first(struct ooo *p, const struct port *port)
{
    const struct queue *q = &p->queues.queue[port->queue];
    struct uop *u = &p->uops[q->order[q->first & (QUEUES_ENTRIES - 1)]];
    return u->flags & UOP_READY && port == &p->queues.port[u->group] ? u : NULL;
}

/* The ready one whose turn it is; NULL when it is the turn of one that is not. Without places it is
 * always the oldest one's. */
OOO_HOT struct uop *pick(struct ooo *p, const struct port *port, bool have_places)
{
    if (have_places && p->queues.queue[port->queue].in_order)
        return pick_first(p, port);
    if (!have_places || p->keys.select == SELECT_AGE)
        return &p->uops[window_first(&port->ready, p->words,
                                     (uint32_t)(p->rob_head & p->uop_mask))];
    uint32_t entry = window_first(&port->ready, QUEUES_ENTRIES / 64, 0);
    return &p->uops[p->queues.queue[port->queue].uop[entry]];
}

/* Cycles from issue to those in which dependents hope to issue. */
static uint64_t hoped_latency(const struct ooo *p, const struct uop *u)
{
    return u->flags & UOP_LOAD
               ? (uint64_t)p->keys.agen_cycles + p->keys.load_hit_cycles + u->latency - 1
               : u->latency;
}

/* True when it has taken the pipe for a cycle. */
static bool issue_in_vain(struct ooo *p, struct uop *u, uint32_t pipe)
{
    bool tried = p->cycle < u->vain_until;
    u->flags &= (uint16_t)~UOP_VAIN;
    ooo_not_ready(p, u);
    if (tried) {
        p->stats.replays++;
        p->units.free_from[pipe] = p->cycle + 1;
        ooo_disappoint(p, u, p->cycle + hoped_latency(p, u), u->vain_until);
    }
    if (!u->pending)
        ooo_schedule(p, u, EVENT_READY, max_u64(u->ready_cycle, p->cycle + 1));
    return tried;
}

OOO_HOT void leave_queue(struct ooo *p, struct uop *u, struct port *port, bool have_places)
{
    struct queue *q = &p->queues.queue[port->queue];
    window_remove(&port->ready, have_places ? ready_place(p, u) : uop_index(p, u));
    if (!port->ready.count)
        p->queues.ready &= ~(UINT64_C(1) << port->number);
    q->used--;
    if (have_places) {
        q->first += q->in_order;
        if (p->keys.select == SELECT_POSITION)
            queue_give_entry(q, u->entry);
    }
    if (u->flags & UOP_BRANCH)
        p->branches_waiting--;
}

static void forward_early(struct ooo *p, struct uop *u)
{
    u->traits &= (uint8_t)~TRAIT_EARLY;
    window_remove(&p->branch_moves, uop_index(p, u));
    memory_of(p, u)->base_cycle = p->cycle + 1;
    ooo_publish(p, base_list(p, u), p->cycle + 1);
    ooo_progress(p);
}

/* With in-order queues only the first one of a queue; it may wait to become the oldest. */
void ooo_forward_early(struct ooo *p)
{
    uint32_t at = 0;
    for (uint32_t left = p->branch_moves.count; left; left--) {
        at = window_first(&p->branch_moves, p->words, at);
        struct uop *u = &p->uops[at];
        const struct queue *q = &p->queues.queue[p->queues.port[u->group].queue];
        bool is_known = u->pending == (u->flags & UOP_HEAD ? 1 : 0);
        at = (at + 1) & (uint32_t)p->uop_mask;
        if (u->traits & TRAIT_INLET || !is_known ||
            (q->in_order && q->order[q->first & (QUEUES_ENTRIES - 1)] != uop_index(p, u)))
            continue;
        if (u->ready_cycle > p->cycle)
            ooo_want(p, u->ready_cycle);
        else
            forward_early(p, u);
    }
}

/* The address of a load or store is on its way, and its new base register with it. */
static void execute_memory(struct ooo *p, struct uop *u)
{
    if (u->flags & UOP_BASE) {
        memory_of(p, u)->base_cycle = p->cycle + p->units.class[CLASS_INT].latency;
        ooo_publish(p, base_list(p, u), memory_of(p, u)->base_cycle);
    }
    ooo_schedule(p, u, EVENT_ACCESS, p->cycle + p->keys.agen_cycles);
}

OOO_HOT void execute(struct ooo *p, struct uop *u, struct port *port, uint32_t pipe,
                     bool have_places)
{
    uint64_t cycle = p->cycle, result = cycle + u->latency;
    leave_queue(p, u, port, have_places);
    p->units.free_from[pipe] = cycle + u->interval;
    p->stats.uops_issued++;
    u->issue_cycle = cycle;
    u->flags = (uint16_t)((u->flags & ~(UOP_VAIN | UOP_READY)) | UOP_ISSUED);
    if (u->flags & (UOP_LOAD | UOP_STORE)) {
        execute_memory(p, u);
        return;
    }
    if (u->traits & TRAIT_EARLY)
        forward_early(p, u);
    if (p->flows.exist && ooo_flow_start(p, u, pipe))
        return;
    u->done_cycle = result;
    ooo_publish(p, result_list(p, u), result);
    if (u->flags & UOP_RESOLVES)
        ooo_schedule(p, u, EVENT_RESOLVE, result);
}

/* True when the pipe is taken. */
OOO_HOT bool fill_pipe(struct ooo *p, struct port *port, uint32_t pipe, bool have_places)
{
    while (port->ready.count) {
        struct uop *u = pick(p, port, have_places);
        if (have_places && !u)
            return false;
        if (!(u->flags & UOP_VAIN) || (!u->pending && u->ready_cycle <= p->cycle)) {
            execute(p, u, port, pipe, have_places);
            return true;
        }
        if (issue_in_vain(p, u, pipe))
            return true;
    }
    return false;
}

/* The next free pipe of the port, or -1. */
static int32_t free_pipe(const struct ooo *p, const struct port *port)
{
    for (uint32_t n = port->first; n < (uint32_t)port->first + port->count; n++)
        if (p->units.free_from[n] <= p->cycle)
            return (int32_t)n;
    return -1;
}

/* As many as pipes accept; true when some have issued. */
OOO_HOT bool issue_all(struct ooo *p, bool have_places)
{
    bool issued = false;
    for (uint64_t left = p->queues.ready; left; left &= left - 1) {
        struct port *port = &p->queues.port[__builtin_ctzll(left)];
        uint32_t end = (uint32_t)port->first + port->count;
        for (uint32_t pipe = port->first; port->ready.count && pipe < end; pipe++)
            if (p->units.free_from[pipe] <= p->cycle && fill_pipe(p, port, pipe, have_places))
                issued = true;
    }
    if (issued)
        ooo_progress(p);
    return issued;
}

/* The port with a free pipe, and room in its limits, that has the oldest uop; NULL: none has. */
static struct port *oldest_port(struct ooo *p)
{
    struct port *best = NULL;
    uint64_t best_age = NEVER;
    for (uint64_t left = p->queues.ready; left; left &= left - 1) {
        struct port *port = &p->queues.port[__builtin_ctzll(left)];
        if (free_pipe(p, port) < 0 || !ooo_limits_allow(&p->limits, port->kind))
            continue;
        const struct uop *u = pick(p, port, true);
        uint64_t age = u ? (uop_index(p, u) - p->rob_head) & p->uop_mask : NEVER;
        if (age < best_age) {
            best_age = age;
            best = port;
        }
    }
    return best;
}

static void issue_limited(struct ooo *p)
{
    uint32_t most = p->keys.issue_width ? p->keys.issue_width : UINT32_MAX;
    struct port *port;
    ooo_limits_open(&p->limits);
    for (uint32_t n = 0; n < most && (port = oldest_port(p));)
        if (fill_pipe(p, port, (uint32_t)free_pipe(p, port), true)) {
            ooo_limits_take(&p->limits, port->kind);
            ooo_progress(p);
            n++;
        }
}

/* What is ready and was not taken looks again when a pipe is free. */
static void want_pipes(struct ooo *p)
{
    for (uint64_t left = p->queues.ready; left; left &= left - 1) {
        const struct port *port = &p->queues.port[__builtin_ctzll(left)];
        for (uint32_t pipe = port->first; pipe < (uint32_t)port->first + port->count; pipe++)
            ooo_want(p, max_u64(p->units.free_from[pipe], p->cycle + 1));
    }
}

static __attribute__((noinline)) void issue_by_place(struct ooo *p)
{
    if (p->keys.issue_width || p->limits.count)
        issue_limited(p);
    else /* in order, one port's issue makes it another's turn */
        while (issue_all(p, true) && p->queues.any_in_order)
            ;
}

void ooo_issue(struct ooo *p)
{
    if (!p->queues.ready)
        return;
    if (p->queues.have_places || p->keys.issue_width || p->limits.count)
        issue_by_place(p);
    else
        issue_all(p, false);
    if (p->queues.ready && p->wake > p->cycle + 1)
        want_pipes(p);
}

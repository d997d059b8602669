/* Loads between address and result, and what loads and stores share. agen_cycles after it has
 * issued, a load or store has its address and wants the TLB; a load then looks for an older store
 * with its bytes, and asks the data cache. Loads go in the order of age as far as nothing holds
 * them, and do not wait for each other's data. */
#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/memory.h"
#include "models/pipeline/ooo/wake.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

void ooo_data_wake(struct port_waiter *w, uint64_t now)
{
    struct ooo *p = w->owner;
    ooo_woken(p, now);
    p->data_blocked = false;
}

void ooo_refuse_data(struct ooo *p)
{
    p->data_blocked = true;
    p->env.data.wait(p->env.data.node, &p->data_waiter);
}

uint32_t ooo_part_bytes(uint32_t line, uint64_t pa, uint32_t left)
{
    return (uint32_t)min_u64(left, line - (pa & (line - 1)));
}

/* Parts end at lines, so they end at pages. */
uint64_t ooo_part_after(uint64_t pa, uint64_t second_page_pa)
{
    return pa & (FRAME_BYTES - 1) ? pa : second_page_pa;
}

/* The cycle in which the scheduler expects the result to be usable. */
static uint64_t expected(const struct ooo *p, const struct uop *u)
{
    return u->issue_cycle + p->keys.agen_cycles + p->keys.load_hit_cycles + u->latency - 1;
}

/* The scheduler has lost its bet: dependents issue in vain from when the data were expected. */
static void be_late(struct ooo *p, struct uop *u, struct memory_uop *m)
{
    if (m->is_late)
        return;
    m->is_late = true;
    p->stats.late_loads++;
    if (p->keys.replay_cycles)
        ooo_disappoint(p, u, expected(p, u), expected(p, u) + p->keys.replay_cycles);
}

/* All parts are answered: the result exists. The class's latency counts the cache access as one
 * cycle. */
static void load_finish(struct ooo *p, struct uop *u)
{
    struct memory_uop *m = memory_of(p, u);
    uint64_t result = m->data_cycle + u->latency - 1;
    if (p->keys.multiple_cycles)
        result = max_u64(result, expected(p, u) + ooo_multiple_cycles(p, u));
    ooo_progress(p);
    if (m->bytes)
        m->part = (uint8_t)cpi_data_level(m->level, p->env.data_memory_level);
    ooo_settle(p, &m->lost, m->part);
    if (result > expected(p, u))
        be_late(p, u, m);
    u->done_cycle = result;
    if (u->flags & UOP_STORE && m->store != NEVER) {
        struct store *w = store_at(p, m->store);
        w->data_cycle = result;
        ooo_publish(p, store_list(p, m->store, STORE_DATA), result);
    }
    ooo_publish(p, result_list(p, u), result);
}

static void part_answered(struct ooo *p, struct uop *u, const struct mem_request *r)
{
    struct memory_uop *m = memory_of(p, u);
    m->data_cycle = max_u64(m->data_cycle, ooo_cycle_of(p, r->ready));
    m->level = (uint8_t)max_u64(m->level, r->level);
    if (!m->left && !m->outstanding)
        load_finish(p, u);
}

static void load_done(struct mem_request *r)
{
    struct pending_request *q = (struct pending_request *)r;
    struct ooo *p = q->core;
    struct uop *u = uop_at(p, q->tag);
    ooo_woken(p, r->ready);
    if (u->life == q->life) {
        memory_of(p, u)->outstanding--;
        part_answered(p, u, r);
    }
    ooo_release(p, q);
}

static void leave(struct ooo *p, struct uop *u) { window_remove(&p->access, uop_index(p, u)); }

/* The load waits for a store in its way; the store's list wakes it. */
static void wait_for_store(struct ooo *p, struct uop *u, uint64_t number, enum store_list which)
{
    struct memory_uop *m = memory_of(p, u);
    m->waits_for_data = which == STORE_DATA;
    leave(p, u);
    be_late(p, u, m);
    ooo_wait(p, u, LINK_ACCESS, store_list(p, number, which));
}

static void take_from_store(struct ooo *p, struct uop *u, uint64_t data_cycle)
{
    struct memory_uop *m = memory_of(p, u);
    m->left = 0;
    m->data_cycle = max_u64(p->cycle, data_cycle) + p->keys.forward_cycles;
    load_finish(p, u);
    m->level = 0;
}

void ooo_load_go_on(struct ooo *p, struct uop *u, uint64_t cycle)
{
    struct memory_uop *m = memory_of(p, u);
    if (m->waits_for_data)
        take_from_store(p, u, cycle);
    else
        ooo_schedule(p, u, EVENT_ACCESS, max_u64(cycle, p->cycle + 1));
    m->waits_for_data = false;
}

/* One access for the load; false when it cannot be made now. */
static bool load_access(struct ooo *p, struct uop *u)
{
    struct memory_uop *m = memory_of(p, u);
    struct pending_request *q = p->data_blocked ? NULL : ooo_request(p, 0);
    if (!q)
        return false;
    uint32_t bytes = ooo_part_bytes(ooo_access_bytes(p, m->bytes), m->pa, m->left);
    q->tag = u->position;
    q->life = u->life;
    q->request = (struct mem_request){.pa = m->pa, .pc = inst_at(p, u->inst)->op.pc,
                                      .bytes = bytes, .command = MEM_LOAD,
                                      .core = (uint8_t)p->env.number, .done = load_done};
    enum port_reply reply =
        p->env.data.access(p->env.data.node, &q->request, engine_now(p->env.engine));
    if (reply == PORT_BUSY) {
        ooo_release(p, q);
        ooo_refuse_data(p);
        return false;
    }
    m->left -= bytes;
    m->pa = ooo_part_after(m->pa + bytes, m->second_page_pa);
    p->core.stats.split_accesses += m->left && !(m->pa & (p->env.data_line - 1));
    if (reply == PORT_MISS) {
        m->outstanding++;
        be_late(p, u, m);
    } else {
        part_answered(p, u, &q->request);
        ooo_release(p, q);
    }
    return true;
}

/* Stores in the load's way: true when the load is done with, one way or the other, for now. */
static bool meet_stores(struct ooo *p, struct uop *u)
{
    uint64_t number;
    bool passed = false;
    enum forward f = ooo_find_forward(p, u, &number, &passed);
    if (f == FORWARD_PART) {
        p->core.stats.forward_stalls++;
        wait_for_store(p, u, number, STORE_DRAINED);
        return true;
    }
    if (passed)
        ooo_pass_stores(p, u);
    if (f == FORWARD_NONE)
        return false;
    p->core.stats.forwarded_loads++;
    if (p->hists.on)
        hist_add(&p->hists.forward_distance, memory_of(p, u)->store - number);
    if (store_at(p, number)->data_cycle == NEVER) {
        wait_for_store(p, u, number, STORE_DATA);
    } else {
        leave(p, u);
        take_from_store(p, u, store_at(p, number)->data_cycle);
    }
    return true;
}

/* A touch, a string of no bytes: true when a data port was used. */
static bool try_without_bytes(struct ooo *p, struct uop *u)
{
    const struct op *op = &inst_at(p, u->inst)->op;
    bool is_touch = cache_op_is_touch(op);
    if (is_touch && !cache_op_touch(&p->env, &p->core.stats, op, p->keys.touch_busy)) {
        if (!p->data_blocked)
            ooo_refuse_data(p);
        return false;
    }
    leave(p, u);
    memory_of(p, u)->data_cycle = p->cycle;
    load_finish(p, u);
    return is_touch;
}

/* True when a data port was used. */
static bool try_load(struct ooo *p, struct uop *u)
{
    struct memory_uop *m = memory_of(p, u);
    if (!m->bytes)
        return try_without_bytes(p, u);
    if (m->left == m->bytes && meet_stores(p, u))
        return true;
    if (!load_access(p, u)) {
        be_late(p, u, m);
        return false;
    }
    if (!m->left)
        leave(p, u);
    return true;
}

/* With memory_dependence = wait. */
static bool waits_for_addresses(struct ooo *p, struct uop *u)
{
    if (p->keys.memory_dependence != MEMORY_WAIT)
        return false;
    uint64_t unknown = ooo_unknown_store(p, memory_of(p, u)->store);
    if (unknown == NEVER)
        return false;
    wait_for_store(p, u, unknown, STORE_ADDRESS);
    return true;
}

/* One load or store that has its address; true when a data port was used. */
static bool try_access(struct ooo *p, struct uop *u)
{
    struct memory_uop *m = memory_of(p, u);
    if (u->flags & UOP_LOAD && m->bytes && m->left == m->bytes && waits_for_addresses(p, u))
        return false;
    if (!ooo_translated(p, u)) {
        if (u->flags & UOP_LOAD && m->bytes)
            be_late(p, u, m);
        return false;
    }
    if (u->flags & UOP_STORE && !(m->is_addressed)) {
        m->is_addressed = true;
        if (!(u->flags & UOP_LOAD))
            leave(p, u);
        ooo_store_address(p, u);
        if (!(u->flags & UOP_LOAD))
            return false;
    }
    return try_load(p, u);
}

/* From the oldest on. A store that finds a violation takes younger uops away, never older ones. */
void ooo_accesses(struct ooo *p, uint32_t *accesses)
{
    uint32_t oldest = (uint32_t)(p->rob_head & p->uop_mask), at = oldest, last_age = 0;
    for (bool first = true; p->access.count; first = false) {
        uint32_t n = window_first(&p->access, p->words, at);
        uint32_t age = (n - oldest) & (uint32_t)p->uop_mask;
        if (!first && age <= last_age)
            break;
        if (*accesses == p->keys.data_accesses) {
            ooo_progress(p);
            break;
        }
        if (try_access(p, &p->uops[n])) {
            ++*accesses;
            ooo_progress(p);
        }
        last_age = age;
        at = (n + 1) & (uint32_t)p->uop_mask;
    }
}

void ooo_memory_squash(struct ooo *p, struct uop *u)
{
    uint32_t n = uop_index(p, u);
    if (u->flags & UOP_LOAD)
        p->loads_in_flight--;
    if (u->flags & UOP_LOAD && memory_of(p, u)->left != memory_of(p, u)->bytes)
        p->stats.wrong_path_loads++;
    if (window_has(&p->access, n))
        window_remove(&p->access, n);
    if (u->flags & UOP_STORE)
        ooo_store_squash(p, u);
}

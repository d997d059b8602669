/* Stores from dispatch until the data cache has taken them, in the order of the program. Places of
 * the ring: [first, commit) are committed and drain, [commit, last) are not. Addresses are known to
 * the simulator from the start: what the core has not computed yet it may not use, but a load that
 * passes by a store of the same bytes is noted with that store, which finds the violation when it
 * has its address, without a search. */
#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/memory.h"
#include "models/pipeline/ooo/wake.h"
#include "sim/base/bits.h"

/* Stores are counted by the 16 bytes they touch, so that most loads need not look at any. */
#define GRAIN_BITS 4

static inline uint16_t *filter_at(const struct ooo *p, uint64_t grain)
{
    return &p->store_filter[grain & (STORE_FILTER - 1)];
}

static void filter_count(struct ooo *p, const struct store *w, uint16_t change)
{
    uint64_t last = (w->first_pa + w->bytes - 1) >> GRAIN_BITS;
    for (uint64_t grain = w->first_pa >> GRAIN_BITS; grain <= last; grain++)
        *filter_at(p, grain) = (uint16_t)(*filter_at(p, grain) + change);
}

static bool filter_hits(const struct ooo *p, uint64_t pa, uint32_t bytes)
{
    uint64_t last = (pa + bytes - 1) >> GRAIN_BITS;
    for (uint64_t grain = pa >> GRAIN_BITS; grain <= last; grain++)
        if (*filter_at(p, grain))
            return true;
    return false;
}

void ooo_store_dispatch(struct ooo *p, struct uop *u, const struct op *op)
{
    struct memory_uop *m = memory_of(p, u);
    m->store = NEVER;
    if (!m->bytes) /* a store conditional that failed writes nothing */
        return;
    m->store = p->store_last++;
    struct store *w = store_at(p, m->store);
    *w = (struct store){.uop = u->position, .pc = op->pc, .pa = m->pa, .first_pa = m->pa,
                        .second_page_pa = m->second_page_pa, .bytes = m->bytes, .left = m->bytes,
                        .data_cycle = NEVER, .violator = NEVER,
                        .command = (uint8_t)cache_op_command(op)};
    filter_count(p, w, 1);
    if (p->keys.memory_dependence == MEMORY_SETS)
        ooo_sets_store(p, m->store, op->pc);
}

void ooo_store_squash(struct ooo *p, struct uop *u)
{
    if (memory_of(p, u)->store == NEVER)
        return;
    filter_count(p, store_at(p, --p->store_last), UINT16_MAX);
    p->store_known = min_u64(p->store_known, p->store_last);
}

/* A plain store is done when it has both address and data. */
static void finish(struct ooo *p, struct uop *u, uint64_t cycle)
{
    u->done_cycle = max_u64(u->issue_cycle + u->latency + ooo_multiple_cycles(p, u), cycle);
    ooo_progress(p);
    ooo_publish(p, result_list(p, u), u->done_cycle);
}

static void find_violation(struct ooo *p, const struct store *w)
{
    if (w->violator == NEVER)
        return;
    struct uop *load = uop_at(p, w->violator);
    if (load->life == w->violator_life)
        ooo_violation(p, load, w);
}

void ooo_store_address(struct ooo *p, struct uop *u)
{
    uint64_t number = memory_of(p, u)->store;
    bool is_load = u->flags & UOP_LOAD;
    ooo_progress(p);
    if (number == NEVER) {
        if (!is_load)
            finish(p, u, p->cycle);
        return;
    }
    struct store *w = store_at(p, number);
    w->address_known = true;
    ooo_publish(p, store_list(p, number, STORE_ADDRESS), p->cycle);
    if (!is_load && w->data_cycle != NEVER)
        finish(p, u, max_u64(p->cycle, w->data_cycle));
    find_violation(p, w);
}

void ooo_store_data(struct ooo *p, struct uop *u, uint64_t cycle)
{
    uint64_t number = memory_of(p, u)->store;
    struct store *w = store_at(p, number);
    w->data_cycle = cycle;
    ooo_publish(p, store_list(p, number, STORE_DATA), cycle);
    if (w->address_known)
        finish(p, u, max_u64(p->cycle, cycle));
}

/* Of those that are none, loads have to do with a flush alone. */
static bool overlaps(const struct store *w, uint64_t first, uint64_t end)
{
    return w->first_pa < end && w->first_pa + w->bytes > first && w->command <= MEM_FLUSH;
}

/* Accesses that cross a page are compared as if their second page followed the first. */
enum forward ooo_find_forward(struct ooo *p, const struct uop *u, uint64_t *number, bool *passed)
{
    const struct memory_uop *m = memory_of(p, u);
    uint64_t first = m->first_pa, end = first + m->bytes;
    if (!filter_hits(p, first, m->bytes))
        return FORWARD_NONE;
    for (uint64_t n = m->store; n-- > p->store_first;) {
        const struct store *w = store_at(p, n);
        if (!overlaps(w, first, end))
            continue;
        if (w->address_known) {
            *number = n;
            return w->first_pa <= first && w->first_pa + w->bytes >= end &&
                           w->command == MEM_STORE
                       ? FORWARD_ALL
                       : FORWARD_PART;
        }
        *passed |= w->command == MEM_STORE;
    }
    return FORWARD_NONE;
}

void ooo_pass_stores(struct ooo *p, struct uop *u)
{
    const struct memory_uop *m = memory_of(p, u);
    for (uint64_t n = m->store; n-- > p->store_commit;) {
        struct store *w = store_at(p, n);
        if (!overlaps(w, m->first_pa, m->first_pa + m->bytes))
            continue;
        if (w->command != MEM_STORE)
            continue;
        if (w->address_known)
            return; /* it has the data from this one */
        bool is_noted = w->violator != NEVER && uop_at(p, w->violator)->life == w->violator_life;
        if (is_noted && w->violator < u->position)
            continue;
        w->violator = u->position;
        w->violator_life = u->life;
    }
}

uint64_t ooo_unknown_store(struct ooo *p, uint64_t number)
{
    /* What has committed is known, and its place may be another store's already. */
    p->store_known = max_u64(p->store_known, p->store_commit);
    while (p->store_known < p->store_last && store_at(p, p->store_known)->address_known)
        p->store_known++;
    return p->store_known < number ? p->store_known : NEVER;
}

/* Gives the oldest committed store to the cache, as a posted request. */
static bool store_access(struct ooo *p, struct store *w)
{
    uint32_t line = w->command == MEM_INVALIDATE ? p->env.fetch_line
                                                 : ooo_access_bytes(p, w->bytes);
    struct mem_request r = {.pa = w->pa, .pc = w->pc,
                            .bytes = ooo_part_bytes(line, w->pa, w->left),
                            .command = w->command, .core = (uint8_t)p->env.number};
    if (cache_op_post(&p->env, &r) == PORT_BUSY) {
        ooo_refuse_data(p);
        return false;
    }
    w->left -= r.bytes;
    w->pa = ooo_part_after(w->pa + r.bytes, w->second_page_pa);
    p->core.stats.split_accesses += w->left && !(w->pa & (p->env.data_line - 1));
    return true;
}

void ooo_stores(struct ooo *p, uint32_t *accesses)
{
    while (p->store_first != p->store_commit && *accesses < p->keys.data_accesses) {
        struct store *w = store_at(p, p->store_first);
        if (p->data_blocked || !store_access(p, w))
            return;
        ++*accesses;
        ooo_progress(p);
        if (w->left)
            continue;
        filter_count(p, w, UINT16_MAX);
        ooo_publish(p, store_list(p, p->store_first++, STORE_DRAINED), p->cycle);
    }
}

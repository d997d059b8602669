#include "models/cache/mmu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/cache/tlb.h"
#include "models/cache/walker.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/stats.h"

#define NAME_ROOM 24

/* The TLBs of a core, in the order of this list. */
enum tlb_place { PLACE_ITLB, PLACE_DTLB, PLACE_TLB, PLACES };
static const struct {
    const char *section;
    const struct key_row *rows;
} places[PLACES] = {
    [PLACE_ITLB] = {"itlb", tlb_first_key_rows},
    [PLACE_DTLB] = {"dtlb", tlb_first_key_rows},
    [PLACE_TLB] = {"tlb", tlb_second_key_rows},
};

struct mmu;

/* What one side of a core asks, in this order. */
struct side {
    struct tlb *tlb[2];
    uint32_t levels;
    struct mmu *mmu;
};

struct mmu {
    struct side side[MMU_SIDES];
    struct tlb *tlb[PLACES]; /* NULL: absent */
    struct walker *walker;
    char tlb_name[PLACES][NAME_ROOM], walker_name[NAME_ROOM];
};

struct mmus {
    uint32_t cores;
    struct walker_keys walker_keys;
    struct mmu *mmu; /* [cores] */
};

/* Neither level has the page. The levels below the first are asked after the first has missed, the
 * walker after the last. */
static enum port_reply walk(struct side *s, struct tlb_request *r, uint64_t now)
{
    uint64_t start = now;
    for (uint32_t n = 0; n < s->levels; n++)
        start += s->tlb[n]->latency_ticks;
    uint32_t asker = 1u << (s - s->mmu->side);
    enum port_reply reply = walker_ask(s->mmu->walker, r, asker, now, start);
    if (reply == PORT_BUSY)
        return reply;
    r->level = (uint8_t)(s->levels + 1);
    for (uint32_t n = 0; n < s->levels; n++)
        tlb_count(s->tlb[n], TLB_MISS, r->command);
    return reply;
}

/* A page that is there, or will be at e->from. */
static uint64_t use_entry(struct tlb *t, const struct tlb_entry *e, const struct tlb_request *r,
                          uint64_t now)
{
    tlb_touch(t, e, r);
    tlb_count(t, e->from > now ? TLB_DELAYED_HIT : TLB_HIT, r->command);
    return max_u64(now, e->from) + t->latency_ticks;
}

static enum port_reply ask_below(struct side *s, struct tlb_request *r, uint64_t now)
{
    struct tlb *first = s->tlb[0], *second = s->tlb[1];
    struct tlb_entry *e = s->levels > 1 ? tlb_find(second, r->ea, r->pa) : NULL;
    if (!e)
        return walk(s, r, now);
    tlb_count(first, TLB_MISS, r->command);
    r->ready = use_entry(second, e, r, now + first->latency_ticks);
    r->level = 2;
    tlb_fill(first, r, ilog2(~e->mask + 1), r->ready);
    return PORT_HIT;
}

static enum port_reply mmu_translate(void *node, struct tlb_request *r, uint64_t now)
{
    struct side *s = node;
    struct tlb_entry *e = tlb_find(s->tlb[0], r->ea, r->pa);
    if (!e)
        return ask_below(s, r, now);
    r->level = 1;
    r->ready = use_entry(s->tlb[0], e, r, now);
    return PORT_HIT;
}

static void mmu_wait(void *node, struct port_waiter *w)
{
    walker_wait(((struct side *)node)->mmu->walker, w);
}

/* A walk has found a page: it goes wherever it was missed. */
static void page_found(void *owner, const struct tlb_request *r, unsigned page_shift,
                       uint32_t askers, uint64_t now)
{
    struct mmu *m = owner;
    for (uint32_t n = 0; n < MMU_SIDES; n++)
        for (uint32_t level = 0; askers >> n & 1 && level < m->side[n].levels; level++)
            tlb_fill(m->side[n].tlb[level], r, page_shift, now);
}

/* As an access without time: what a miss would have brought is there at once. */
static void mmu_warm(void *node, const struct tlb_request *r)
{
    struct side *s = node;
    const struct tlb_entry *e = NULL;
    uint32_t missed = 0;
    while (missed < s->levels && !(e = tlb_find(s->tlb[missed], r->ea, r->pa)))
        missed++;
    if (e)
        tlb_touch(s->tlb[missed], e, r);
    if (!missed)
        return;
    unsigned shift = e ? ilog2(~e->mask + 1) : walker_warm(s->mmu->walker, r);
    for (uint32_t n = 0; n < missed; n++)
        tlb_fill(s->tlb[n], r, shift, 0);
}

static bool bind_places(const struct mmus_setup *setup, struct tlb_keys keys[PLACES],
                        struct err *e)
{
    for (uint32_t n = 0; n < PLACES; n++) {
        const char *section = places[n].section;
        keys[n] = (struct tlb_keys){.present = false};
        if (!config_has_section(setup->config, section))
            continue;
        if (!config_bind(setup->config, section, places[n].rows, &keys[n], e))
            return false;
        if (keys[n].present && !tlb_check(&keys[n], setup->config, section, e))
            return false;
    }
    return true;
}

static void name_unit(char *name, const char *section, uint32_t core, uint32_t cores)
{
    if (cores == 1)
        snprintf(name, NAME_ROOM, "%s", section);
    else
        snprintf(name, NAME_ROOM, "%s.%u", section, core);
}

static void add_side(struct mmu *m, enum mmu_side side, struct tlb *first)
{
    struct side *s = &m->side[side];
    s->mmu = m;
    if (first)
        s->tlb[s->levels++] = first;
    if (m->tlb[PLACE_TLB])
        s->tlb[s->levels++] = m->tlb[PLACE_TLB];
}

static void build_core(struct mmus *all, const struct mmus_setup *setup, uint32_t core,
                       const struct tlb_keys keys[PLACES])
{
    struct mmu *m = &all->mmu[core];
    for (uint32_t n = 0; n < PLACES; n++) {
        uint64_t stream = (uint64_t)core * PLACES + n + 1; /* beside those of the caches */
        if (keys[n].present)
            m->tlb[n] = tlb_create(&keys[n], setup->clock.period_ticks,
                                   setup->seed + (stream << 48));
        name_unit(m->tlb_name[n], places[n].section, core, all->cores);
    }
    add_side(m, MMU_SIDE_FETCH, m->tlb[PLACE_ITLB]);
    add_side(m, MMU_SIDE_DATA, m->tlb[PLACE_DTLB]);
    name_unit(m->walker_name, "walker", core, all->cores);
    m->walker = walker_create(&(struct walker_setup){
        .keys = &all->walker_keys,
        .clock = setup->clock,
        .engine = setup->engine,
        .tables = setup->tables,
        .memory = setup->level(setup->ctx, core, mmus_walk_level(all)),
        .core = (uint8_t)core,
        .found = page_found,
        .owner = m,
    });
}

bool mmus_create(const struct mmus_setup *setup, struct mmus **out, struct err *e)
{
    struct tlb_keys keys[PLACES];
    struct walker_keys walker_keys;
    *out = NULL;
    if (!bind_places(setup, keys, e))
        return false;
    if (!keys[PLACE_ITLB].present && !keys[PLACE_DTLB].present && !keys[PLACE_TLB].present)
        return true;
    if (!config_bind(setup->config, "walker", walker_key_rows, &walker_keys, e))
        return false;
    struct mmus *m = *out = xcalloc(1, sizeof *m);
    m->cores = setup->cores;
    m->walker_keys = walker_keys;
    m->mmu = xcalloc(setup->cores, sizeof *m->mmu);
    for (uint32_t core = 0; core < setup->cores; core++)
        build_core(m, setup, core, keys);
    return true;
}

void mmus_destroy(struct mmus *m)
{
    if (!m)
        return;
    for (uint32_t core = 0; core < m->cores; core++) {
        for (uint32_t n = 0; n < PLACES; n++)
            tlb_destroy(m->mmu[core].tlb[n]);
        walker_destroy(m->mmu[core].walker);
    }
    free(m->mmu);
    free(m);
}

struct tlb_port mmus_port(struct mmus *m, uint32_t core, enum mmu_side side)
{
    if (!m || !m->mmu[core].side[side].levels)
        return (struct tlb_port){NULL, NULL, NULL, NULL};
    return (struct tlb_port){mmu_translate, mmu_wait, mmu_warm, &m->mmu[core].side[side]};
}

const char *mmus_walk_level(const struct mmus *m)
{
    static const char *const levels[] = {"l1d", "l2", "l3", "dram"}; /* as in WALKER_KEYS */
    return m ? levels[m->walker_keys.walk_level] : NULL;
}

const char *mmus_walker_name(const struct mmus *m, uint32_t core)
{
    return m->mmu[core].walker_name;
}

/* " + name.stat" behind an equation, in place. */
static void add_term(char *equation, size_t room, const char *name, const char *stat)
{
    size_t used = strlen(equation);
    snprintf(equation + used, room - used, "%s%s.%s", used ? " + " : "", name, stat);
}

/* Whatever misses in one level is an access to the next, or asks the walker. */
static void register_flow(const struct mmu *m, struct stats *s)
{
    char to_second[200] = "", to_walker[200] = "", law[60];
    const char *second = m->tlb[PLACE_TLB] ? m->tlb_name[PLACE_TLB] : NULL;
    for (uint32_t n = 0; n < MMU_SIDES; n++) {
        const struct tlb *first = m->tlb[PLACE_ITLB + n];
        if (first)
            add_term(second ? to_second : to_walker, sizeof to_second, m->tlb_name[PLACE_ITLB + n],
                     "misses");
    }
    if (second) {
        add_term(to_walker, sizeof to_walker, second, "misses");
        snprintf(law, sizeof law, "%s: accesses are the misses above", second);
        char *accesses = xasprintf("%s.accesses", second);
        if (m->tlb[PLACE_ITLB] && m->tlb[PLACE_DTLB]) /* else a side asks it directly */
            stats_law(s, law, to_second, accesses);
        free(accesses);
    }
    snprintf(law, sizeof law, "%s: requests are the misses above", m->walker_name);
    char *requests = xasprintf("%s.requests", m->walker_name);
    stats_law(s, law, to_walker, requests);
    free(requests);
}

void mmus_register(const struct mmus *m, struct stats *s)
{
    for (uint32_t core = 0; m && core < m->cores; core++) {
        const struct mmu *u = &m->mmu[core];
        for (uint32_t n = 0; n < PLACES; n++)
            if (u->tlb[n])
                tlb_register(u->tlb[n], s, u->tlb_name[n]);
        walker_register(u->walker, s, u->walker_name);
        register_flow(u, s);
    }
}

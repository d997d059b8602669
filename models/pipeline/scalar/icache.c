#include "models/pipeline/scalar/icache.h"

#include "models/pipeline/scalar/icache_step.h"
#include "sim/base/bits.h"

const struct key_row scalar_cache_key_rows[] = {
    SCALAR_CACHE_KEYS(KEY_ROW, scalar_cache_keys) KEY_END};
const struct stat_row scalar_icache_stat_rows[] = {
    SCALAR_ICACHE_STATS(STAT_ROW, scalar_icache_stats) STAT_END};

bool scalar_cache_check(const struct scalar_cache_keys *k)
{
    return is_pow2(k->size) && is_pow2(k->ways) && is_pow2(k->line) && k->size >= k->ways * k->line;
}

/* Node n of the tree has its children at 2n + 1 and 2n + 2; a bit points to the older half. */
uint32_t scalar_plru_victim(uint16_t tree, uint32_t ways)
{
    uint32_t node = 0, way = 0;
    for (uint32_t half = ways / 2; half; half /= 2) {
        uint32_t older = tree >> node & 1;
        way = 2 * way + older;
        node = 2 * node + 1 + older;
    }
    return way;
}

uint16_t scalar_plru_touch(uint16_t tree, uint32_t ways, uint32_t way)
{
    uint32_t node = 0;
    for (uint32_t half = ways / 2; half; half /= 2) {
        uint32_t used = way & half ? 1 : 0;
        tree = (uint16_t)((tree & ~(1u << node)) | (used ? 0u : 1u << node));
        node = 2 * node + 1 + used;
    }
    return tree;
}

static uint32_t row_of(const struct scalar_icache *c, uint64_t pa)
{
    return (uint32_t)(pa / SCALAR_ROW) & (c->rows - 1);
}

bool scalar_icache_search(struct scalar_icache *c, uint64_t pa, uint32_t *way)
{
    uint64_t line = pa >> c->line_bits;
    uint32_t set = scalar_icache_set(c, pa);
    if (c->state == IC_FILL && c->fill_valid && line == c->fill_line &&
        c->rows_valid >> row_of(c, pa) & 1) {
        *way = c->fill_way;
        return true;
    }
    for (uint32_t n = 0; n < c->keys.ways; n++)
        if (c->read[n] == line && c->valid[set * c->keys.ways + n] && !(c->overwritten >> n & 1)) {
            *way = n;
            if (c->state == IC_IDLE) {
                c->known_line = line;
                c->known_way = n;
            }
            return true;
        }
    return false;
}

/* What decode1 sees in the next cycle. */
static void deliver(struct scalar *p, bool hit, uint32_t way)
{
    struct scalar_icache *c = &p->icache;
    const struct wires *w = &p->wires;
    if (w->fetch_flush) {
        c->out_valid = c->stalled_hit = false;
        if (p->fetch.request)
            scalar_icache_withdraw(c);
    } else if (w->decode1_busy) {
        if (c->state == IC_CLEAR_TAG) {
            c->stalled_hit = false;
        } else if (hit && !c->stalled_hit) {
            c->stalled_hit = true;
            c->stalled_way = way;
            p->changed = true;
        }
    } else {
        if (hit || c->out_valid)
            p->changed = true;
        c->out_valid = hit;
        if (hit) {
            c->out_way = way;
            scalar_icache_count(c);
        }
        c->stalled_hit = false;
    }
    if (!w->decode1_busy)
        scalar_icache_show(p);
}

static void start_fill(struct scalar_icache *c, uint64_t pa)
{
    c->fill_line = pa >> c->line_bits;
    c->fill_set = scalar_icache_set(c, pa);
    c->receive_row = c->store_row = row_of(c, pa);
    c->end_row = (c->receive_row - 1) & (c->rows - 1);
    c->fill_valid = true;
    c->rows_valid = 0;
    c->bus = (struct bus_request){.cycle = true, .strobe = true,
                                  .pa = align_down(pa, SCALAR_ROW)};
    c->state = IC_CLEAR_TAG;
}

static uint64_t next_row_pa(const struct scalar_icache *c, uint64_t pa)
{
    uint64_t line = c->keys.line;
    return align_down(pa, line) | ((pa + SCALAR_ROW) & (line - 1));
}

static void fill(struct scalar_icache *c, struct bus_answer bus, uint32_t victim, bool inval)
{
    if (c->state == IC_CLEAR_TAG) {
        c->fill_way = victim;
        c->valid[c->fill_set * c->keys.ways + victim] = false;
        c->state = IC_FILL;
    }
    if (c->receive_valid) {
        c->rows_valid |= (uint64_t)!inval << c->store_row;
        if (c->store_row == c->end_row) {
            c->valid[c->fill_set * c->keys.ways + c->fill_way] = c->fill_valid && !inval;
            c->state = IC_IDLE;
        }
        c->store_row = c->receive_row;
    }
    if (c->bus.strobe && !bus.stall) {
        c->bus.strobe = row_of(c, c->bus.pa) != c->end_row;
        c->bus.pa = next_row_pa(c, c->bus.pa);
    }
    if (inval) {
        c->bus.strobe = false;
        c->state = IC_STOP;
    }
    if (bus.ack) {
        if (c->receive_row == c->end_row)
            c->bus.cycle = false;
        c->receive_row = (c->receive_row + 1) & (c->rows - 1);
    }
    c->receive_valid = bus.ack;
}

/* A fill that icbi cut short: what was asked for still arrives. */
static void stop_fill(struct scalar_icache *c, struct bus_answer bus)
{
    c->receive_valid = false;
    if (c->receive_row == row_of(c, c->bus.pa)) {
        c->bus.cycle = false;
        c->state = IC_IDLE;
    }
    if (bus.ack)
        c->receive_row = (c->receive_row + 1) & (c->rows - 1);
}

static void snoop_ways(struct scalar_icache *c)
{
    for (uint32_t n = 0; n < c->keys.ways; n++)
        if (c->snoop2_ways >> n & 1) {
            bool *valid = &c->valid[c->snoop2_set * c->keys.ways + n];
            c->stats.snooped += *valid;
            *valid = false;
        }
    c->known_line = NO_LINE;
}

void scalar_icache_snoop(struct scalar_icache *c, const struct bus_request *written)
{
    const uint32_t ways = c->keys.ways;
    if (c->snoop2 && c->snoop2_ways)
        snoop_ways(c);
    c->snoop2 = c->snoop1;
    if (c->snoop1) {
        c->snoop2_set = (uint32_t)c->snoop1_line & c->set_mask;
        c->snoop2_ways = 0;
        for (uint32_t n = 0; n < ways; n++)
            c->snoop2_ways |= (uint32_t)(c->snoop1_tags[n] == c->snoop1_line) << n;
    }
    c->snoop1 = written;
    c->snoops = c->snoop1 | c->snoop2;
    if (c->snoop1) {
        c->snoop1_line = written->pa >> c->line_bits;
        uint32_t set = (uint32_t)c->snoop1_line & c->set_mask;
        for (uint32_t n = 0; n < ways; n++)
            c->snoop1_tags[n] = c->tags[set * ways + n];
    }
}


void scalar_icache_read(struct scalar_icache *c, uint32_t set, uint32_t victim)
{
    bool writing = c->state == IC_CLEAR_TAG;
    for (uint32_t n = 0; n < c->keys.ways; n++)
        c->read[n] = c->tags[set * c->keys.ways + n];
    c->overwritten = writing && c->fill_set == set ? 1u << victim : 0;
    if (c->read_set == NO_SET) /* what is known may be of the tags before they were written */
        c->known_line = NO_LINE;
    c->read_set = set;
}

/* The tags for the address that fetch will have in the next cycle. */
static void read_tags(struct scalar_icache *c, uint64_t pa, uint32_t victim)
{
    uint32_t set = scalar_icache_set(c, pa);
    if (c->read_set != set || c->state == IC_CLEAR_TAG)
        scalar_icache_read(c, set, victim);
}

void scalar_icache_touch(struct scalar_icache *c, uint32_t line)
{
    uint16_t *tree = &c->plru[line / c->keys.ways];
    *tree = scalar_plru_touch(*tree, c->keys.ways, line % c->keys.ways);
    c->touched = line;
}

static void invalidate(struct scalar_icache *c)
{
    for (uint32_t n = 0; n < c->sets * c->keys.ways; n++)
        c->valid[n] = false;
    c->fill_valid = false;
}

void scalar_icache_run(struct scalar *p, const struct bus_request *snooped)
{
    struct scalar_icache *c = &p->icache;
    const struct wires *w = &p->wires;
    const uint32_t ways = c->keys.ways;
    bool request = p->fetch.request && !w->fetch_flush, was_request = p->fetch.request;
    uint64_t pa = p->fetch.at->pa;
    bool was_clearing = c->state == IC_CLEAR_TAG, inval = w->inval, hit = w->fetch_hit;
    uint32_t out_set = c->out_set, out_way = c->out_way;
    uint32_t victim = was_clearing ? scalar_plru_victim(c->plru[out_set], ways) : 0;
    bool starts = request && !hit && c->state == IC_IDLE, touch = c->out_valid;
    bool reads = w->fetch_flush || !was_request || (!w->decode1_busy && !(request && !hit));
    c->waited |= request && !hit;
    c->stats.fills += starts;
    deliver(p, hit, w->fetch_way);
    scalar_fetch(p);
    if (reads)
        read_tags(c, p->fetch.at->pa, victim);
    if (touch)
        scalar_icache_use(c, out_set, out_way);
    if (was_clearing) {
        c->tags[c->fill_set * ways + victim] = c->fill_line;
        c->read_set = NO_SET;
    }
    if (inval)
        invalidate(c);
    bool active = c->state != IC_IDLE || starts || inval, snoops = c->snoops || snooped;
    c->known_line = active ? NO_LINE : c->known_line;
    scalar_icache_snoop(c, snooped);
    if (c->state == IC_CLEAR_TAG || c->state == IC_FILL)
        fill(c, w->bus[BUS_FETCH], victim, inval);
    else if (c->state == IC_STOP)
        stop_fill(c, w->bus[BUS_FETCH]);
    else if (starts)
        start_fill(c, pa);
    /* While only an answer is awaited nothing moves. */
    bool waits = c->state == IC_FILL && !c->bus.strobe && !c->receive_valid &&
                 !w->bus[BUS_FETCH].ack && !c->snoops;
    p->changed |= (active || snoops) && !waits;
}

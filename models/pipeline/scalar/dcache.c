#include "models/pipeline/scalar/dcache.h"

#include "models/pipeline/scalar/lsu_step.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

const struct stat_row scalar_dcache_stat_rows[] = {
    SCALAR_DCACHE_STATS(STAT_ROW, scalar_dcache_stats) STAT_END};

#define MAX_ACKS 7u /* writes without an answer */

/* The way to fill: chosen in the cycle after the miss was seen, perhaps before the fill began. */
static uint32_t replace_way(const struct scalar_dcache *c)
{
    if (!c->write_tag)
        return c->fill_way;
    return c->choose ? scalar_plru_victim(c->plru[c->hit_set], c->keys.ways) : c->victim;
}

void scalar_dcache_touch_trees(struct scalar_dcache *c)
{
    uint16_t *tree = &c->plru[c->hit_set];
    if (c->choose)
        c->victim = scalar_plru_victim(*tree, c->keys.ways);
    if (c->touched || c->choose)
        *tree = scalar_plru_touch(*tree, c->keys.ways, c->hit_way);
    if (c->failed)
        c->tlb_victim = c->dtlb_plru[c->tlb_hit_set];
    if (c->tlb_touched)
        c->dtlb_plru[c->tlb_hit_set] = (uint8_t)!c->tlb_hit_way;
}

static void write_tag(struct scalar_dcache *c, uint32_t way)
{
    if (!c->write_tag)
        return;
    uint32_t at = c->fill_set * c->keys.ways + way;
    c->tags[at] = c->fill_line;
    c->valid[at] = true;
    c->fill_way = c->quad_way = way;
    c->quad_hit = true;
    c->write_tag = false;
    c->stats.fills++;
}

static void count_acks(struct scalar_dcache *c, struct bus_answer bus)
{
    bool sent = c->bus.strobe && !c->was_stalled;
    if (!c->bus.cycle)
        c->acks = 0;
    else if (sent && !c->had_ack)
        c->acks++;
    else if (!sent && c->had_ack)
        c->acks--;
    c->was_stalled = bus.stall && c->bus.cycle;
    c->had_ack = bus.ack && c->bus.cycle;
}

static void answer(struct scalar_dcache *c)
{
    c->full = false;
    if (c->work.r.flags & AC_WALK)
        c->walk_done = true;
    else
        c->done = true;
}

static void start_store(struct scalar_dcache *c)
{
    const struct dcache_work *w = &c->work;
    if (w->r.flags & SI_RESERVE) {
        if (c->reserved) {
            c->bus.write = c->bus.cycle = true;
            c->state = DC_CONDITIONAL;
        } else {
            answer(c);
        }
    } else if (w->r.flags & SI_ZERO) {
        c->state = DC_FILL;
        c->filling = true;
        c->write_tag = !w->hit;
        c->bus.write = c->bus.cycle = c->bus.strobe = true;
    } else {
        c->state = DC_STORE;
        c->bus.write = c->bus.cycle = c->bus.strobe = true;
        answer(c);
    }
}

static void start(struct scalar_dcache *c)
{
    const struct dcache_work *w = &c->work;
    c->bus.pa = align_down(w->r.pa, SCALAR_ROW);
    c->quad_open = !scalar_access_last(&w->r);
    c->fill_set = scalar_dcache_set(c, w->r.pa);
    c->fill_row = scalar_dcache_row(c, w->r.pa);
    c->end_row = (c->fill_row - 1) & (c->rows - 1);
    c->fill_line = w->r.pa >> c->line_bits;
    c->work.on_its_way = true;
    c->store_tlb_hit = w->tlb_hit && !(w->r.flags & AC_WALK);
    c->store_tlb_set = w->tlb_set;
    c->store_tlb_way = w->tlb_way;
    if (w->hit)
        c->fill_way = w->way;
    c->rows_valid = 0;
    if (w->miss) {
        c->bus.write = false;
        c->bus.cycle = c->bus.strobe = true;
        c->state = DC_FILL;
        c->filling = c->write_tag = true;
    } else if (w->store) {
        start_store(c);
    } else if (w->flush) {
        c->state = DC_FLUSH;
    } else if (w->sync) {
        answer(c);
    }
}

static void continue_fill(struct scalar_dcache *c, struct bus_answer bus, bool tag_written)
{
    const struct dcache_work *w = &c->work;
    if (c->bus.strobe && !bus.stall) {
        uint64_t line = c->keys.line;
        c->bus.strobe = scalar_dcache_row(c, c->bus.pa) != c->end_row;
        c->bus.pa = align_down(c->bus.pa, line) | ((c->bus.pa + SCALAR_ROW) & (line - 1));
    }
    if (c->full && w->r.flags & SI_TOUCH && w->on_its_way && tag_written)
        answer(c);
    if (!bus.ack)
        return;
    c->rows_valid |= UINT64_C(1) << c->fill_row;
    if (w->on_its_way && c->fill_row == scalar_dcache_row(c, w->r.pa)) {
        answer(c);
        if (w->r.flags & SI_RESERVE && scalar_access_first(&w->r))
            c->reserved = true;
    }
    if (c->fill_row == c->end_row) {
        c->bus.cycle = c->filling = false;
        c->quad_way = c->fill_way;
        c->state = DC_IDLE;
    }
    c->fill_row = (c->fill_row + 1) & (c->rows - 1);
}

/* Another store to the page being written goes out behind the one before it. */
static void continue_store(struct scalar_dcache *c, struct bus_answer bus, bool valid)
{
    const struct dcache_work *w = &c->work;
    bool sent = !c->bus.strobe;
    if (!bus.stall) {
        if (valid)
            c->bus.pa = align_down(c->bus.pa, FRAME_BYTES) |
                        (align_down(w->r.pa, SCALAR_ROW) & (FRAME_BYTES - 1));
        c->bus.strobe = false;
        if (w->store && w->same_page && !(w->r.flags & SI_ZERO) &&
            (!(w->r.flags & SI_RESERVE) || c->quad_open)) {
            if (c->acks < MAX_ACKS) {
                c->bus.strobe = true;
                sent = false;
                c->fill_way = w->way;
                c->quad_open = !scalar_access_last(&w->r);
                answer(c);
            }
        } else {
            sent = true;
            if (valid)
                c->quad_open = false;
        }
    }
    if (sent && !c->quad_open && (!c->acks || (bus.ack && c->acks == 1))) {
        c->state = DC_IDLE;
        c->bus.cycle = c->bus.strobe = false;
    }
}

static void continue_conditional(struct scalar_dcache *c, struct bus_answer bus)
{
    if (!c->reserved || c->work.r.pa >> c->line_bits != c->reserved_line) {
        answer(c);
        c->bus.cycle = c->reserved = false;
        c->state = DC_IDLE;
    } else if (!bus.stall) {
        c->bus.strobe = true;
        c->reserved = false;
        answer(c);
        c->state = DC_STORE;
    }
}

static void state_machine(struct scalar_dcache *c, bool valid, struct bus_answer bus,
                          bool tag_written)
{
    switch (c->state) {
    case DC_IDLE:
        if (c->full)
            start(c);
        break;
    case DC_FILL:
        continue_fill(c, bus, tag_written);
        break;
    case DC_STORE:
        continue_store(c, bus, valid);
        break;
    case DC_CONDITIONAL:
        continue_conditional(c, bus);
        break;
    case DC_FLUSH:
        c->valid[c->fill_set * c->keys.ways + c->fill_way] = false;
        answer(c);
        c->state = DC_IDLE;
        break;
    }
}

/* The tags for the request in r0. */
static void read_tags(struct scalar_dcache *c)
{
    uint32_t set = scalar_dcache_set(c, c->r0.pa);
    for (uint32_t n = 0; n < c->keys.ways; n++)
        c->read[n] = c->tags[set * c->keys.ways + n];
}

static const struct dcache_work nothing;

/* Latches of tag comparison that replacement looks at in the next cycle. */
static void latch_compared(struct scalar_dcache *c, const struct dcache_compared *t, bool looked)
{
    const struct dcache_work *w = t->go ? &c->work : &nothing;
    c->touched = t->load_hit || (w->store && t->hit);
    bool zero = (c->r0_full || c->r0_shown) && c->r0.flags & SI_ZERO;
    c->choose = w->miss || (zero && !t->hit);
    c->hit_set = t->set;
    c->hit_way = w->way;
    c->failed = t->failed;
    c->tlb_touched = looked && w->tlb_hit;
    if (looked) {
        c->tlb_hit_set = w->tlb_set;
        c->tlb_hit_way = w->tlb_way;
    }
    if (t->go) {
        c->quad_hit = t->hit || w->on_its_way;
        c->quad_way = w->way;
    }
}

static void reserve(struct scalar_dcache *c, const struct dcache_compared *t)
{
    uint32_t flags = c->r0.flags;
    if (!t->go || t->failed || !(flags & SI_LOAD) || !(flags & SI_RESERVE) ||
        !scalar_access_first(&c->r0))
        return;
    c->reserved_line = c->r0.pa >> c->line_bits;
    c->reserved = t->hit;
}

/* r0 takes the next request, or what is shown in the place of one. */
static void accept(struct scalar_dcache *c, const struct access *in)
{
    scalar_dcache_accept(c, in);
    c->r0_shown = c->shows && !in;
    if (c->r0_shown)
        c->r0 = (struct access){.ea = c->shown_at, .pa = c->shown_at, .flags = SI_ZERO};
}

/* Something moves in the next cycle whatever the bus answers. */
static bool is_moving(const struct scalar_dcache *c)
{
    return c->done | c->walk_done | c->failed | c->touched | c->choose | c->write_tag |
           c->bus.strobe | c->had_ack | c->tlb_touched;
}

/* Only tag comparison has something to do; scalar_dcache_cycle knows what. */
static bool is_settled(const struct scalar_dcache *c, bool tag_written)
{
    return c->state == DC_IDLE && tag_written &&
           !(c->r0_shown | c->full | c->failed | c->choose | c->write_tag | c->filling |
             c->was_stalled | c->had_ack) && !c->acks;
}

void scalar_dcache_run(struct scalar *p, const struct access *in)
{
    struct scalar_dcache *c = &p->dcache;
    struct bus_answer bus = p->wires.bus[BUS_DATA];
    bool hold = p->fpu.holds, was_full = c->full;
    bool looked = c->r0_full && !was_full && !hold, tag_written = !c->write_tag;
    struct dcache_compared t = {.go = looked && !c->failed,
                                .set = scalar_dcache_set(c, c->r0.pa)};
    uint32_t way = replace_way(c);
    enum dcache_state was = c->state;
    bool was_moving = is_moving(c);

    if (c->settled)
        read_tags(c);
    if (!was_full)
        c->work = (struct dcache_work){.r = c->r0};
    if (t.go)
        scalar_dcache_compare(c, &t);
    scalar_dcache_touch_trees(c);
    bool valid = was_full || t.go, walk = c->r0.flags & AC_WALK;
    c->done = (t.load_hit || t.nothing) && !walk;
    c->walk_done = t.load_hit && walk;
    if (t.go)
        c->full = c->work.miss || c->work.store || c->work.flush || c->work.sync;
    reserve(c, &t);
    latch_compared(c, &t, looked);
    if (!was_full && !hold)
        accept(c, in);
    c->shows = false;
    read_tags(c); /* before one is written in the same cycle */
    write_tag(c, way);
    count_acks(c, bus);
    state_machine(c, valid, bus, tag_written);
    bool moving = is_moving(c);
    if (was != c->state || moving || was_moving || in || bus.ack || t.go)
        p->changed = true;
    c->active = moving || c->r0_full || c->r0_shown || c->full || c->state != DC_IDLE;
    c->settled = is_settled(c, tag_written);
}

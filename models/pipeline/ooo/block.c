/* Blocks of instructions: what fetch asks of the instruction TLB and the instruction cache. Several
 * may be on their way; they are delivered in order. */
#include "models/pipeline/ooo/ooo.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

/* The branch that waits for its decoder is in this block. */
static void set_arrival(struct ooo *p, uint64_t block, uint64_t arrival, enum cpi_part part)
{
    struct fetch_stage *f = &p->fetch;
    for (uint64_t n = f->group_first; n != f->group_last; n++) {
        struct fetch_group *g = &f->groups[n & (OOO_GROUPS - 1)];
        if (g->block != block)
            continue;
        g->arrival = arrival;
        inst_at(p, g->first)->front_part = (uint8_t)part;
    }
    if (block != f->block)
        return;
    f->block_arrival = arrival;
    if (f->resume_on_arrival)
        f->resume_cycle = arrival + p->keys.decode_redirect_cycles;
    f->resume_on_arrival = false;
}

static void fetch_done(struct mem_request *r)
{
    struct pending_request *q = (struct pending_request *)r;
    struct ooo *p = q->core;
    struct fetch_stage *f = &p->fetch;
    ooo_woken(p, r->ready);
    if (q->tag >= f->oldest_block) {
        enum cpi_part part = cpi_fetch_level(r->level, p->env.fetch_memory_level);
        f->missing--;
        ooo_settle(p, &f->lost, part);
        set_arrival(p, q->tag, ooo_cycle_of(p, r->ready), part);
    }
    ooo_release(p, q);
}

void ooo_fetch_wake(struct port_waiter *w, uint64_t now)
{
    struct ooo *p = w->owner;
    ooo_woken(p, now);
    p->fetch.refused = false;
}

static void translation_done(struct tlb_request *r)
{
    struct pending_request *q = r->owner;
    struct ooo *p = q->core;
    ooo_woken(p, r->ready);
    if (q->tag == p->fetch.translation)
        p->fetch.page_cycle = ooo_cycle_of(p, r->ready);
    ooo_release(p, q);
}


/* Asks the TLB for the page; the answer, when there is one, is in page_cycle. */
static void ask_for_page(struct ooo *p, const struct op *op)
{
    struct fetch_stage *f = &p->fetch;
    struct pending_request *q = f->tlb_waiter.waiting ? NULL : ooo_request(p, f->translation);
    if (!q)
        return;
    ooo_progress(p);
    q->translation = (struct tlb_request){.ea = align_down(op->pc, p->keys.fetch_bytes),
                                          .pa = align_down(op->fetch_pa, p->keys.fetch_bytes),
                                          .pc = op->pc,
                                          .command = MEM_FETCH, .core = (uint8_t)p->env.number,
                                          .done = translation_done, .owner = q};
    enum port_reply reply =
        p->env.itlb.translate(p->env.itlb.node, &q->translation, engine_now(p->env.engine));
    if (reply == PORT_BUSY) {
        p->env.itlb.wait(p->env.itlb.node, &f->tlb_waiter);
        ooo_release(p, q);
        return;
    }
    f->page = align_down(op->pc, FRAME_BYTES);
    f->page_cycle = NEVER;
    if (reply == PORT_HIT) {
        f->page_cycle = ooo_cycle_of(p, q->translation.ready);
        ooo_release(p, q);
    }
}

static bool translated(struct ooo *p, const struct op *op)
{
    struct fetch_stage *f = &p->fetch;
    if (!p->env.itlb.translate)
        return true;
    if (f->page != align_down(op->pc, FRAME_BYTES))
        ask_for_page(p, op);
    f->translating = f->page == NEVER || f->page_cycle > p->cycle;
    if (f->translating && f->page != NEVER)
        ooo_want(p, f->page_cycle);
    if (f->translating)
        f->part = PART_ITLB;
    return !f->translating;
}

/* What is known of the block when the cache has it: all of it, unless it was on its way. */
static void hit(struct ooo *p, const struct mem_request *r)
{
    struct fetch_stage *f = &p->fetch;
    f->block_arrival = ooo_cycle_of(p, r->ready);
    if (r->level <= 1 && !f->lost)
        return;
    enum cpi_part part = cpi_fetch_level(r->level, p->env.fetch_memory_level);
    ooo_settle(p, &f->lost, part); /* it may have been refused before */
    if (r->level > 1)
        f->part = (uint8_t)part;
}

bool ooo_open_block(struct ooo *p, const struct op *op)
{
    struct fetch_stage *f = &p->fetch;
    struct pending_request *q;
    if (f->waiter.waiting || f->missing >= p->keys.fetch_ahead || !translated(p, op))
        return false;
    q = ooo_request(p, f->block + 1);
    if (!q)
        return false;
    uint64_t bytes = p->keys.fetch_beat ? p->keys.fetch_beat : p->keys.fetch_bytes;
    q->request = (struct mem_request){.pa = align_down(op->fetch_pa, bytes), .pc = op->pc,
                                      .command = MEM_FETCH, .bytes = (uint32_t)bytes,
                                      .core = (uint8_t)p->env.number, .done = fetch_done};
    ooo_progress(p);
    enum port_reply reply =
        p->env.fetch.access(p->env.fetch.node, &q->request, engine_now(p->env.engine));
    if (reply == PORT_BUSY) {
        ooo_release(p, q);
        f->refused = true;
        p->env.fetch.wait(p->env.fetch.node, &f->waiter);
        return false;
    }
    ooo_forget_page(f);
    p->core.stats.fetch_blocks++;
    f->block++;
    if (reply == PORT_HIT && q->request.level <= 1)
        bytes = p->keys.fetch_bytes; /* it has all of the block */
    f->block_bytes = bytes;
    f->block_pa = align_down(op->fetch_pa, bytes);
    f->block_arrival = NEVER;
    if (reply == PORT_MISS) {
        f->missing++;
    } else {
        hit(p, &q->request);
        ooo_release(p, q);
    }
    return true;
}

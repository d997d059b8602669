/* What loads and stores ask of the data TLB, once for each page that they touch. */
#include "models/pipeline/ooo/ooo.h"
#include "models/pipeline/ooo/memory.h"
#include "models/pipeline/ooo/wake.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

void ooo_dtlb_wake(struct port_waiter *w, uint64_t now)
{
    struct ooo *p = w->owner;
    ooo_woken(p, now);
    p->dtlb_blocked = false;
}

static void known_from(struct ooo *p, struct uop *u, uint64_t cycle)
{
    memory_of(p, u)->tlb_done++;
    ooo_schedule(p, u, EVENT_ACCESS, cycle);
}

/* It comes back for its access when the page is known. */
static void step_aside(struct ooo *p, struct uop *u)
{
    window_remove(&p->access, uop_index(p, u));
    memory_of(p, u)->tlb_waiting = true;
}

static void translation_done(struct tlb_request *r)
{
    struct pending_request *q = r->owner;
    struct ooo *p = q->core;
    struct uop *u = uop_at(p, q->tag);
    ooo_woken(p, r->ready);
    if (u->life == q->life)
        known_from(p, u, ooo_cycle_of(p, r->ready));
    ooo_release(p, q);
}

static void fill_request(struct ooo *p, const struct uop *u, struct pending_request *q)
{
    const struct memory_uop *m = memory_of(p, u);
    bool is_second = m->tlb_done != 0;
    q->tag = u->position;
    q->life = u->life;
    q->translation = (struct tlb_request){
        .ea = is_second ? align_down(m->ea, FRAME_BYTES) + FRAME_BYTES : m->ea,
        .pa = is_second ? m->second_page_pa : m->first_pa,
        .pc = inst_at(p, u->inst)->op.pc,
        .command = u->flags & UOP_STORE ? MEM_STORE : m->bytes ? MEM_LOAD : MEM_PREFETCH,
        .core = (uint8_t)p->env.number, .done = translation_done, .owner = q};
}

/* Asks for the next page; true when it is known at once. */
static bool ask(struct ooo *p, struct uop *u)
{
    struct pending_request *q = p->dtlb_blocked ? NULL : ooo_request(p, 0);
    if (!q)
        return false;
    fill_request(p, u, q);
    ooo_progress(p);
    enum port_reply reply =
        p->env.dtlb.translate(p->env.dtlb.node, &q->translation, engine_now(p->env.engine));
    if (reply == PORT_BUSY) {
        p->dtlb_blocked = true;
        p->env.dtlb.wait(p->env.dtlb.node, &p->dtlb_waiter);
        ooo_release(p, q);
        return false;
    }
    if (reply == PORT_MISS) {
        step_aside(p, u);
        return false;
    }
    uint64_t cycle = ooo_cycle_of(p, q->translation.ready);
    ooo_release(p, q);
    if (cycle > p->cycle) {
        step_aside(p, u);
        known_from(p, u, cycle);
        return false;
    }
    memory_of(p, u)->tlb_done++;
    return true;
}

bool ooo_translated(struct ooo *p, struct uop *u)
{
    struct memory_uop *m = memory_of(p, u);
    if (!p->env.dtlb.translate)
        return true;
    m->tlb_waiting = false;
    while (m->tlb_done < m->tlb_pages)
        if (!ask(p, u))
            return false;
    return true;
}

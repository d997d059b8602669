/* What fetch, loads and stores ask of the TLBs before they ask a cache. A stage waits for one page
 * at a time and remembers it until its access is made, so that a page is asked for once an access,
 * however often the cache refuses. */
#include "models/pipeline/inorder/inorder.h"
#include "sim/base/bits.h"
#include "sim/isa/state.h"

static void translated(struct tlb_request *r)
{
    struct pending_request *q = r->owner;
    struct inorder *p = q->core;
    struct translation *t = q->translation;
    inorder_woken(p, r->ready);
    if (q->tag == t->generation)
        t->cycle = inorder_cycle_of(p, ARRIVAL_OTHER, r->ready);
    inorder_release(p, q);
}

static void woken(struct port_waiter *w, uint64_t now) { inorder_woken(w->owner, now); }

void inorder_translation_init(struct inorder *p, struct translation *t)
{
    *t = (struct translation){.page = NEVER, .waiter = {.wake = woken, .owner = p}};
}

/* Asks the TLB; the answer, when there is one, is in t. */
static void ask(struct inorder *p, struct translation *t, const struct tlb_port *port,
                const struct tlb_request *r)
{
    struct pending_request *q = inorder_request(p, t->generation);
    if (!q)
        return;
    q->translation = t;
    q->translated = *r;
    q->translated.core = (uint8_t)p->env.number;
    q->translated.done = translated;
    q->translated.owner = q;
    switch (port->translate(port->node, &q->translated, engine_now(p->env.engine))) {
    case PORT_HIT:
        t->page = align_down(r->ea, FRAME_BYTES);
        t->cycle = inorder_cycle_of(p, ARRIVAL_OTHER, q->translated.ready);
        t->delayed |= t->cycle > p->cycle;
        inorder_release(p, q);
        break;
    case PORT_MISS:
        t->page = align_down(r->ea, FRAME_BYTES);
        t->cycle = NEVER;
        t->delayed = true;
        break;
    case PORT_BUSY:
        t->delayed = true;
        port->wait(port->node, &t->waiter);
        inorder_release(p, q);
        break;
    }
}

bool inorder_ask_tlb(struct inorder *p, struct translation *t, const struct tlb_port *port,
                     const struct tlb_request *r)
{
    uint64_t page = align_down(r->ea, FRAME_BYTES);
    if (t->page != page && !t->waiter.waiting) {
        if (t->page != NEVER) /* a page no longer wanted; else refused before, or nothing */
            inorder_translation_end(t);
        ask(p, t, port, r);
    }
    if (t->page != page)
        return false;
    if (t->cycle != NEVER && t->cycle > p->cycle)
        inorder_want(p, t->cycle);
    return t->cycle <= p->cycle;
}

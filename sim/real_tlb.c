#include "sim/real_tlb.h"

#include <stddef.h>

static enum port_reply translate(void *node, struct tlb_request *r, uint64_t now)
{
    const struct real_tlb *t = node;
    if (*t->is_relocated)
        return t->inner.translate(t->inner.node, r, now);
    r->level = 1;
    r->ready = now;
    return PORT_HIT;
}

static void wait(void *node, struct port_waiter *w)
{
    const struct real_tlb *t = node;
    t->inner.wait(t->inner.node, w);
}

static void warm(void *node, const struct tlb_request *r)
{
    const struct real_tlb *t = node;
    if (*t->is_relocated)
        t->inner.warm(t->inner.node, r);
}

struct tlb_port real_tlb_port(struct real_tlb *t, struct tlb_port inner, const bool *is_relocated)
{
    *t = (struct real_tlb){inner, is_relocated};
    if (!inner.translate)
        return inner;
    return (struct tlb_port){.translate = translate, .wait = wait,
                             .warm = inner.warm ? warm : NULL, .node = t};
}

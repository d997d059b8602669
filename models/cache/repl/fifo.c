/* First in, first out: the line filled longest ago, however often it was used. */
#include <stdlib.h>

#include "models/cache/repl/order.h"
#include "models/cache/repl/repl.h"
#include "sim/base/err.h"

struct repl {
    struct order order;
};

static struct repl *fifo_create(const struct repl_setup *setup)
{
    struct repl *r = xmalloc(sizeof *r);
    order_init(&r->order, setup->sets, setup->ways);
    return r;
}

static void fifo_destroy(struct repl *r)
{
    order_free(&r->order);
    free(r);
}

static void fifo_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                       const struct mem_request *access)
{
    (void)access;
    if (event == REPL_FILL)
        order_to_front(&r->order, set, way);
}

static uint32_t fifo_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    (void)access;
    return order_last(&r->order, set);
}

const struct repl_ops repl_fifo = {
    .name = "fifo",
    .create = fifo_create,
    .destroy = fifo_destroy,
    .touch = fifo_touch,
    .victim = fifo_victim,
    .repeat_is_noop = true,
};

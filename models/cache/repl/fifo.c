/* First in, first out: the line filled longest ago, however often it was used. */
#include <stdlib.h>

#include "models/cache/repl/order.h"
#include "models/cache/repl/repl.h"
#include "sim/base/err.h"

struct repl {
    struct order order;
};

static struct repl *fifo_create(uint32_t sets, uint32_t ways, struct rng *rng)
{
    struct repl *r = xmalloc(sizeof *r);
    (void)rng;
    order_init(&r->order, sets, ways);
    return r;
}

static void fifo_destroy(struct repl *r)
{
    order_free(&r->order);
    free(r);
}

static void fifo_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event)
{
    if (event == REPL_FILL)
        order_to_front(&r->order, set, way);
}

static uint32_t fifo_victim(struct repl *r, uint32_t set) { return order_last(&r->order, set); }

const struct repl_ops repl_fifo = {
    .name = "fifo",
    .create = fifo_create,
    .destroy = fifo_destroy,
    .touch = fifo_touch,
    .victim = fifo_victim,
    .repeat_is_noop = true,
};

/* Least recently used, exact. */
#include <stdlib.h>

#include "models/cache/repl/order.h"
#include "models/cache/repl/repl.h"
#include "sim/base/err.h"

struct repl {
    struct order order;
};

static struct repl *lru_create(uint32_t sets, uint32_t ways, struct rng *rng)
{
    struct repl *r = xmalloc(sizeof *r);
    (void)rng;
    order_init(&r->order, sets, ways);
    return r;
}

static void lru_destroy(struct repl *r)
{
    order_free(&r->order);
    free(r);
}

static void lru_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event)
{
    (void)event;
    order_to_front(&r->order, set, way);
}

static uint32_t lru_victim(struct repl *r, uint32_t set) { return order_last(&r->order, set); }

const struct repl_ops repl_lru = {
    .name = "lru",
    .create = lru_create,
    .destroy = lru_destroy,
    .touch = lru_touch,
    .victim = lru_victim,
    .repeat_is_noop = true,
};

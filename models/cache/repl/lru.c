/* Least recently used, exact. */
#include <stdlib.h>

#include "models/cache/repl/order.h"
#include "models/cache/repl/repl.h"
#include "sim/base/err.h"

struct repl {
    struct order order;
};

static struct repl *lru_create(const struct repl_setup *setup)
{
    struct repl *r = xmalloc(sizeof *r);
    order_init(&r->order, setup->sets, setup->ways);
    return r;
}

static void lru_destroy(struct repl *r)
{
    order_free(&r->order);
    free(r);
}

static void lru_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                      const struct mem_request *access)
{
    (void)access;
    (void)event;
    order_to_front(&r->order, set, way);
}

static uint32_t lru_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    (void)access;
    return order_last(&r->order, set);
}

const struct repl_ops repl_lru = {
    .name = "lru",
    .create = lru_create,
    .destroy = lru_destroy,
    .touch = lru_touch,
    .victim = lru_victim,
    .repeat_is_noop = true,
};

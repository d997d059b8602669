/* Any way with equal chance, from the cache's seeded generator. */
#include <stdlib.h>

#include "models/cache/repl/repl.h"
#include "sim/base/err.h"
#include "sim/base/rng.h"

struct repl {
    uint32_t ways;
    struct rng *rng;
};

static struct repl *random_create(const struct repl_setup *setup)
{
    struct repl *r = xmalloc(sizeof *r);
    *r = (struct repl){setup->ways, setup->rng};
    return r;
}

static void random_destroy(struct repl *r) { free(r); }

static void random_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                         const struct mem_request *access)
{
    (void)access;
    (void)r;
    (void)set;
    (void)way;
    (void)event;
}

static uint32_t random_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    (void)access;
    (void)set;
    return (uint32_t)rng_below(r->rng, r->ways);
}

const struct repl_ops repl_random = {
    .name = "random",
    .create = random_create,
    .destroy = random_destroy,
    .touch = random_touch,
    .victim = random_victim,
    .repeat_is_noop = true,
};

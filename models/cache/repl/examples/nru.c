/* Not recently used: a bit a way, set by a use. When all bits of a set would be set the others are
 * cleared; the victim is the first way without one. An example of a plug-in: models/PLUGINS.md. */
#include <stdlib.h>

#include "models/cache/repl/repl.h"
#include "sim/base/err.h"
#include "sim/schema/plugin.h"

struct repl {
    uint64_t all;      /* a bit for each way */
    uint64_t used[];   /* [set] */
};

static struct repl *nru_create(const struct repl_setup *setup)
{
    struct repl *r = xcalloc(1, sizeof *r + setup->sets * sizeof r->used[0]);
    r->all = UINT64_MAX >> (64 - setup->ways);
    return r;
}

static void nru_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                      const struct mem_request *access)
{
    uint64_t bit = UINT64_C(1) << way;
    (void)event;
    (void)access;
    r->used[set] = (r->used[set] | bit) == r->all ? bit : r->used[set] | bit;
}

static uint32_t nru_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    uint64_t unused = r->all & ~r->used[set];
    (void)access;
    return unused ? (uint32_t)__builtin_ctzll(unused) : 0; /* none: a single way */
}

static void nru_destroy(struct repl *r) { free(r); }

static const struct repl_ops nru = {.name = "nru", .create = nru_create, .destroy = nru_destroy,
                                    .touch = nru_touch, .victim = nru_victim};
PLUGIN_EXPORT(repl, nru);

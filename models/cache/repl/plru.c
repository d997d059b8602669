/* Tree pseudo-LRU: one bit per inner node of a binary tree over the ways points away from the half
 * used last; the victim is found by following the bits.
 *
 * When the number of ways is not a power of two, the tree is that of the next one, and a bit
 * that points at a half without ways is not obeyed. */
#include <stdlib.h>

#include "models/cache/repl/repl.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"

struct repl {
    uint32_t ways, leaves;
    uint64_t path[REPL_MAX_WAYS]; /* the nodes above a way; node n has children 2n and 2n + 1 */
    uint64_t away[REPL_MAX_WAYS]; /* of these, the ones that shall be set to point away from it */
    uint64_t *tree;               /* [set]: bit n set: the victim is in the right half of node n */
};

static struct repl *plru_create(const struct repl_setup *setup)
{
    struct repl *r = xcalloc(1, sizeof *r);
    uint32_t ways = r->ways = setup->ways;
    r->leaves = ways == 1 ? 1 : 2u << ilog2(ways - 1);
    r->tree = xcalloc(setup->sets, sizeof *r->tree);
    for (uint32_t way = 0; way < ways; way++)
        for (uint32_t node = r->leaves + way; node > 1; node /= 2) {
            r->path[way] |= UINT64_C(1) << node / 2;
            if (node % 2 == 0)
                r->away[way] |= UINT64_C(1) << node / 2;
        }
    return r;
}

static void plru_destroy(struct repl *r)
{
    free(r->tree);
    free(r);
}

static void plru_touch(struct repl *r, uint32_t set, uint32_t way, enum repl_event event,
                       const struct mem_request *access)
{
    (void)access;
    (void)event;
    r->tree[set] = (r->tree[set] & ~r->path[way]) | r->away[way];
}

static uint32_t plru_victim(struct repl *r, uint32_t set, const struct mem_request *access)
{
    (void)access;
    uint32_t first = 0; /* leftmost way below the node */
    for (uint32_t node = 1, half = r->leaves / 2; half > 0; half /= 2) {
        bool right = r->tree[set] >> node & 1 && first + half < r->ways;
        node = 2 * node + right;
        first += right ? half : 0;
    }
    return first;
}

const struct repl_ops repl_plru = {
    .name = "plru",
    .create = plru_create,
    .destroy = plru_destroy,
    .touch = plru_touch,
    .victim = plru_victim,
    .repeat_is_noop = true,
};

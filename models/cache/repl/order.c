#include "models/cache/repl/order.h"

#include <stddef.h>
#include <stdlib.h>

#include "sim/base/err.h"

void order_init(struct order *o, uint32_t sets, uint32_t ways)
{
    *o = (struct order){.ways = ways};
    if (ways > ORDER_PACKED_WAYS) {
        o->stamp = xcalloc((uint64_t)sets * ways, sizeof *o->stamp);
        return;
    }
    o->packed = xmalloc(sets * sizeof *o->packed);
    for (uint32_t set = 0; set < sets; set++)
        o->packed[set] = UINT64_C(0xfedcba9876543210);
}

void order_free(struct order *o)
{
    free(o->packed);
    free(o->stamp);
}

uint32_t order_last(const struct order *o, uint32_t set)
{
    if (o->packed)
        return o->packed[set] >> 4 * (o->ways - 1) & 15;
    const uint64_t *stamp = o->stamp + (uint64_t)set * o->ways;
    uint32_t last = 0;
    for (uint32_t way = 1; way < o->ways; way++)
        if (stamp[way] < stamp[last])
            last = way;
    return last;
}

#include "models/pipeline/cache_op.h"

enum port_reply cache_op_post(const struct core_env *env, struct mem_request *r)
{
    const struct mem_port *port = r->command == MEM_INVALIDATE ? &env->fetch : &env->data;
    if (mem_sends_away(r) && !port->is_cache)
        return PORT_HIT;
    return port->access(port->node, r, engine_now(env->engine));
}

bool cache_op_touch(const struct core_env *env, struct core_stats *stats, const struct op *op,
                    uint32_t touch_busy)
{
    bool is_data = op->cache == OP_CACHE_TOUCH;
    const struct mem_port *port = is_data ? &env->data : &env->fetch;
    struct mem_request r = {.pa = op->pa, .pc = op->pc, .bytes = 1, .command = MEM_PREFETCH,
                            .core = (uint8_t)env->number};
    if (!port->is_cache)
        return true;
    bool is_refused = port->access(port->node, &r, engine_now(env->engine)) == PORT_BUSY;
    if (is_refused && is_data && touch_busy == TOUCH_WAIT)
        return false;
    stats->touches++;
    stats->touches_dropped += is_refused;
    return true;
}

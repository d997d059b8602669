/* Cache management instructions in the in-order and the out-of-order pipeline.
 *
 * dcbf, dcbst and icbi are treated as stores of their whole block without data: they stand in the
 * store queue and go to the caches in order when they have retired, so that a sync waits for them
 * and a younger load of a block that is about to be flushed does, too. Touches are loads without
 * data: they wait for their translation, and are done when the cache has been asked. */
#ifndef MODELS_PIPELINE_CACHE_OP_H
#define MODELS_PIPELINE_CACHE_OP_H

#include "models/pipeline/pipeline.h"
#include "sim/base/bits.h"

/* Makes the pipeline's own record of dcbf, dcbst, icbi that of a store. */
static inline void cache_op_adapt(struct op *op)
{
    if (__builtin_expect(!(op->flags & OP_LOAD) || op->bytes || op->cache < OP_CACHE_FLUSH, 1))
        return;
    op->flags ^= OP_LOAD | OP_STORE;
    op->bytes = op->block_bytes;
    op->ea = align_down(op->ea, op->bytes);
    op->pa = align_down(op->pa, op->bytes);
}

static inline bool cache_op_is_touch(const struct op *op)
{
    return op->cache == OP_CACHE_TOUCH || op->cache == OP_CACHE_TOUCH_CODE;
}

/* What the store asks of the cache. */
static inline enum mem_command cache_op_command(const struct op *op)
{
    static const uint8_t commands[] = {
        [OP_CACHE_NONE] = MEM_STORE, [OP_CACHE_FLUSH] = MEM_FLUSH,
        [OP_CACHE_CLEAN] = MEM_CLEAN, [OP_CACHE_INVALIDATE] = MEM_INVALIDATE};
    return commands[op->cache];
}

/* Gives the cache a posted request, which may be one that only caches know: a memory takes it and
 * does nothing. */
enum port_reply cache_op_post(const struct core_env *env, struct mem_request *r);

/* Key of both pipelines. */
#define CACHE_OP_KEYS(X, o)                                                                        \
    X(o, CHOICE, touch_busy, "drop", "drop|wait", "",                                              \
      "a touch instruction whose line the cache has no free MSHR for: is forgotten, or waits")
enum { TOUCH_DROP, TOUCH_WAIT };

/* Asks for the line of a touch; false when it has to wait for the data cache. */
bool cache_op_touch(const struct core_env *env, struct core_stats *stats, const struct op *op,
                    uint32_t touch_busy);

#endif

/* Static prediction: backward taken, forward not taken, unless the instruction's BO field carries a
 * hint. */
#include "models/pipeline/bpred/bpred.h"

static void *static_create(const void *keys, const struct config *c, const char *section,
                           struct err *e)
{
    (void)keys, (void)c, (void)section, (void)e;
    static const char no_state = 0;
    return (void *)(uintptr_t)&no_state;
}

static void static_destroy(void *p) { (void)p; }

static bool static_predict(void *p, const struct bpred_branch *b, struct bpred_state *state)
{
    (void)p, (void)state;
    return b->hint_valid ? b->hint_taken : b->target && b->target <= b->pc;
}

static void static_update(void *p, const struct bpred_branch *b, const struct bpred_state *state,
                          bool taken)
{
    (void)p, (void)b, (void)state, (void)taken;
}

static uint64_t static_storage_bits(const void *p)
{
    (void)p;
    return 0;
}

const struct bpred_ops bpred_static = {
    .name = "static",
    .create = static_create,
    .destroy = static_destroy,
    .predict = static_predict,
    .update = static_update,
    .storage_bits = static_storage_bits,
};

/* gshare (McFarling 1993): two-bit counters indexed by the branch's address xor the global history.
 * The history is shifted with the prediction when a branch is fetched and repaired when one proves
 * mispredicted. */
#include <stdlib.h>
#include <string.h>

#include "models/pipeline/bpred/bpred.h"
#include "sim/base/bits.h"

#define GSHARE_KEYS(X, o)                                                                          \
    X(o, U32, gshare_entries, "8192", "1", "16777216", "two-bit counters, a power of two")         \
    X(o, U32, gshare_history, "12", "0", "24", "branches of global history")

struct gshare_keys {
    GSHARE_KEYS(KEY_MEMBER, gshare_keys)
};
static const struct key_row gshare_key_rows[] = {GSHARE_KEYS(KEY_ROW, gshare_keys) KEY_END};

struct gshare {
    uint32_t mask, history_mask;
    uint64_t history; /* youngest branch in bit 0; 1 is taken */
    uint8_t counters[];
};

static void *gshare_create(const void *keys, const struct config *c, const char *section,
                           struct err *e)
{
    const struct gshare_keys *k = keys;
    if (!is_pow2(k->gshare_entries)) {
        config_error(c, section, "gshare_entries", e, "not a power of two");
        return NULL;
    }
    struct gshare *g = xmalloc(sizeof *g + k->gshare_entries);
    g->mask = k->gshare_entries - 1;
    g->history_mask = (UINT32_C(1) << k->gshare_history) - 1;
    g->history = 0;
    memset(g->counters, 1, k->gshare_entries); /* weakly not taken */
    return g;
}

static bool gshare_predict(void *p, const struct bpred_branch *b, struct bpred_state *state)
{
    struct gshare *g = p;
    state->history = g->history;
    state->index = (uint32_t)((b->pc >> 2) ^ (g->history & g->history_mask)) & g->mask;
    bool taken = g->counters[state->index] >= 2;
    g->history = g->history << 1 | taken;
    return taken;
}

static void gshare_update(void *p, const struct bpred_branch *b, const struct bpred_state *state,
                          bool taken)
{
    struct gshare *g = p;
    (void)b;
    g->counters[state->index] = counter2_update(g->counters[state->index], taken);
}

static void gshare_checkpoint(const void *p, struct bpred_state *state)
{
    const struct gshare *g = p;
    state->history = g->history;
}

static void gshare_restore(void *p, const struct bpred_state *state, bool is_conditional,
                           bool taken)
{
    struct gshare *g = p;
    g->history = is_conditional ? state->history << 1 | taken : state->history;
}

static uint64_t gshare_storage_bits(const void *p)
{
    const struct gshare *g = p;
    return 2 * (uint64_t)(g->mask + 1) + (uint64_t)__builtin_popcount(g->history_mask);
}

const struct bpred_ops bpred_gshare = {
    .name = "gshare",
    .keys = gshare_key_rows,
    .keys_bytes = sizeof(struct gshare_keys),
    .create = gshare_create,
    .destroy = free,
    .predict = gshare_predict,
    .update = gshare_update,
    .checkpoint = gshare_checkpoint,
    .restore = gshare_restore,
    .storage_bits = gshare_storage_bits,
};

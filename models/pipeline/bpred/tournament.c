/* Tournament of a local and a global predictor with a selector (McFarling 1993).
 *
 * The defaults are the Alpha 21264's (Kessler, "The Alpha 21264 microprocessor", IEEE Micro 19(2),
 * 1999): 1024 local histories of 10 bits lead to 1024 three-bit counters; 4096 two-bit counters and
 * as many of the selector are indexed by 12 branches of global history. POWER4 and the 970 differ
 * (Tendler et al., "POWER4 system microarchitecture", IBM J. R&D 46(1), 2002): 16K entries of one
 * bit in each table, the local one by address, global and selector by address xor 11 bits of
 * history. Keys for that: local_histories = 0, all entries = 16384, all counter bits = 1,
 * global_history = 11, by_address = yes. Its history takes one bit a fetch group, here one a
 * branch.
 *
 * The global history is shifted when a branch is fetched and repaired; local histories are
 * updated when it retires, like the tables, and lag behind by the branches in flight. */
#include <stdlib.h>
#include <string.h>

#include "models/pipeline/bpred/bpred.h"
#include "sim/base/bits.h"

#define TOURNAMENT_KEYS(X, o)                                                                      \
    X(o, U32, tournament_local_entries, "1024", "1", "16777216",                                   \
      "counters of the local predictor, a power of two")                                           \
    X(o, U32, tournament_local_histories, "1024", "0", "16777216",                                 \
      "local histories, a power of two; 0: the address indexes the local counters")                \
    X(o, U32, tournament_local_history, "10", "1", "16", "branches in a local history")            \
    X(o, U32, tournament_local_bits, "3", "1", "7", "bits of a local counter")                     \
    X(o, U32, tournament_global_entries, "4096", "1", "16777216",                                  \
      "counters of the global predictor, and of the selector; a power of two")                     \
    X(o, U32, tournament_global_history, "12", "0", "24", "branches of global history")            \
    X(o, U32, tournament_global_bits, "2", "1", "7", "bits of a global counter")                   \
    X(o, U32, tournament_selector_bits, "2", "1", "7", "bits of a selector counter")               \
    X(o, BOOL, tournament_by_address, "no", "", "",                                                \
      "global counters and selector are indexed by address xor history instead of history alone")

struct tournament_keys {
    TOURNAMENT_KEYS(KEY_MEMBER, tournament_keys)
};
static const struct key_row tournament_key_rows[] = {
    TOURNAMENT_KEYS(KEY_ROW, tournament_keys) KEY_END};

/* Counters of so many bits; the upper half says taken (of the selector: global). */
struct counters {
    uint32_t mask;
    uint8_t max;
    uint8_t *value;
};

struct tournament {
    struct tournament_keys keys;
    struct counters local, global, selector;
    uint16_t *histories;
    uint64_t history; /* youngest branch in bit 0; 1 is taken */
};

static struct counters counters_create(uint32_t entries, uint32_t bits)
{
    struct counters c = {entries - 1, (uint8_t)((1u << bits) - 1), xmalloc(entries)};
    memset(c.value, c.max / 2, entries); /* weakly not taken, weakly local */
    return c;
}

static inline bool counters_upper(const struct counters *c, uint32_t index)
{
    return c->value[index & c->mask] > c->max / 2;
}

static inline void counters_update(struct counters *c, uint32_t index, bool up)
{
    uint8_t *value = &c->value[index & c->mask];
    *value = (uint8_t)(up ? *value + (*value < c->max) : *value - (*value > 0));
}

static void *tournament_create(const void *keys, const struct config *c, const char *section,
                               struct err *e)
{
    const struct tournament_keys *k = keys;
    const char *wrong = !is_pow2(k->tournament_local_entries) ? "tournament_local_entries"
                        : !is_pow2(k->tournament_global_entries) ? "tournament_global_entries"
                        : k->tournament_local_histories && !is_pow2(k->tournament_local_histories)
                            ? "tournament_local_histories"
                            : NULL;
    if (wrong) {
        config_error(c, section, wrong, e, "not a power of two");
        return NULL;
    }
    struct tournament *t = xcalloc(1, sizeof *t);
    t->keys = *k;
    t->local = counters_create(k->tournament_local_entries, k->tournament_local_bits);
    t->global = counters_create(k->tournament_global_entries, k->tournament_global_bits);
    t->selector = counters_create(k->tournament_global_entries, k->tournament_selector_bits);
    t->histories = xcalloc(k->tournament_local_histories + 1, sizeof *t->histories);
    return t;
}

static void tournament_destroy(void *p)
{
    struct tournament *t = p;
    free(t->local.value);
    free(t->global.value);
    free(t->selector.value);
    free(t->histories);
    free(t);
}

static inline uint16_t *local_history(struct tournament *t, uint64_t pc)
{
    return &t->histories[(uint32_t)(pc >> 2) & (t->keys.tournament_local_histories - 1)];
}

static inline uint32_t global_index(const struct tournament *t, uint64_t pc, uint64_t history)
{
    uint32_t recent = (uint32_t)history & ((1u << t->keys.tournament_global_history) - 1);
    return t->keys.tournament_by_address ? recent ^ (uint32_t)(pc >> 2) : recent;
}

static bool tournament_predict(void *p, const struct bpred_branch *b, struct bpred_state *state)
{
    struct tournament *t = p;
    uint32_t global = global_index(t, b->pc, t->history);
    state->history = t->history;
    state->index = t->keys.tournament_local_histories ? *local_history(t, b->pc)
                                                      : (uint32_t)(b->pc >> 2);
    state->note[0] = counters_upper(&t->local, state->index);
    state->note[1] = counters_upper(&t->global, global);
    bool taken = state->note[counters_upper(&t->selector, global)];
    t->history = t->history << 1 | taken;
    return taken;
}

static void tournament_update(void *p, const struct bpred_branch *b,
                              const struct bpred_state *state, bool taken)
{
    struct tournament *t = p;
    uint32_t global = global_index(t, b->pc, state->history);
    if (state->note[0] != state->note[1])
        counters_update(&t->selector, global, state->note[1] == taken);
    counters_update(&t->local, state->index, taken);
    counters_update(&t->global, global, taken);
    if (t->keys.tournament_local_histories) {
        uint16_t *history = local_history(t, b->pc);
        uint32_t mask = (1u << t->keys.tournament_local_history) - 1;
        *history = (uint16_t)(((uint32_t)*history << 1 | taken) & mask);
    }
}

static void tournament_checkpoint(const void *p, struct bpred_state *state)
{
    const struct tournament *t = p;
    state->history = t->history;
}

static void tournament_restore(void *p, const struct bpred_state *state, bool is_conditional,
                               bool taken)
{
    struct tournament *t = p;
    t->history = is_conditional ? state->history << 1 | taken : state->history;
}

static uint64_t tournament_storage_bits(const void *p)
{
    const struct tournament *t = p;
    const struct tournament_keys *k = &t->keys;
    return (uint64_t)k->tournament_local_histories * k->tournament_local_history +
           (uint64_t)k->tournament_local_entries * k->tournament_local_bits +
           (uint64_t)k->tournament_global_entries *
               (k->tournament_global_bits + k->tournament_selector_bits) +
           k->tournament_global_history;
}

const struct bpred_ops bpred_tournament = {
    .name = "tournament",
    .keys = tournament_key_rows,
    .keys_bytes = sizeof(struct tournament_keys),
    .create = tournament_create,
    .destroy = tournament_destroy,
    .predict = tournament_predict,
    .update = tournament_update,
    .checkpoint = tournament_checkpoint,
    .restore = tournament_restore,
    .storage_bits = tournament_storage_bits,
};

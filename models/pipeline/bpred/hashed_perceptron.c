/* Hashed perceptrons (Tarjan and Skadron, "Merging path and gshare indexing in perceptron branch
 * prediction", ACM TACO 2(3), 2005): in the place of one weight for each bit of history there is a
 * table of weights for each of several lengths of history, indexed by a hash of the branch's
 * address and so much of it, so that whole patterns have weights, and what is no weighted sum of
 * single outcomes can be learnt, too. The first table sees the address alone; the lengths of the
 * others are a geometric series, and the threshold for training follows its success (Seznec,
 * "Analysis of the O-GEometric History Length branch predictor", ISCA 2005). The last
 * `hashed_local_tables` see the branch's own history (Jiménez and Lin, ACM TOCS 20(4), 2002), which
 * is updated when it retires. The default is a predictor of 8 KiB. */
#include <stdlib.h>

#include "models/pipeline/bpred/bpred.h"
#include "models/pipeline/bpred/history.h"
#include "sim/base/bits.h"

#define MAX_TABLES 18 /* local ones included */
#define LOCAL_BITS 11 /* of the longest local history; the first table sees half of it */

#define HASHED_KEYS(X, o)                                                                          \
    X(o, U32, hashed_entries, "1024", "2", "65536", "weights of each table, a power of two")       \
    X(o, U32, hashed_tables, "10", "2", "16",                                                      \
      "tables: one of the address, the others of history")                                         \
    X(o, U32, hashed_local_tables, "0", "0", "2", "more tables, of local history")                 \
    X(o, U32, hashed_locals, "256", "1", "65536", "local histories, a power of two")               \
    X(o, U32, hashed_bits, "6", "2", "8", "bits of a weight")                                      \
    X(o, U32, hashed_min_history, "3", "1", "3000", "branches of history of the second table")     \
    X(o, U32, hashed_max_history, "64", "1", "3000",                                              \
      "... and of the last; between them a geometric series")

struct hashed_keys {
    HASHED_KEYS(KEY_MEMBER, hashed_keys)
};
static const struct key_row hashed_key_rows[] = {HASHED_KEYS(KEY_ROW, hashed_keys) KEY_END};

struct hashed {
    struct hashed_keys keys;
    uint32_t tables; /* of all kinds */
    unsigned index_shift;
    int32_t limit;   /* greatest weight */
    struct history_length lengths[MAX_TABLES];
    uint16_t *local_histories;
    int32_t threshold, success; /* see adapt */
    struct history history;
    int8_t weights[]; /* [table * entries + place] */
};

static bool check(const struct hashed_keys *k, const struct config *c, const char *section,
                  struct err *e)
{
    if (!is_pow2(k->hashed_entries))
        return config_error(c, section, "hashed_entries", e, "not a power of two");
    if (!is_pow2(k->hashed_locals))
        return config_error(c, section, "hashed_locals", e, "not a power of two");
    if (k->hashed_min_history + k->hashed_tables - 2 > k->hashed_max_history)
        return config_error(c, section, "hashed_max_history", e,
                            "no room for %u different lengths from %u on", k->hashed_tables - 1,
                            k->hashed_min_history);
    return true;
}

static void *hashed_create(const void *keys, const struct config *c, const char *section,
                           struct err *e)
{
    const struct hashed_keys *k = keys;
    uint32_t lengths[MAX_TABLES];
    if (!check(k, c, section, e))
        return NULL;
    uint32_t tables = k->hashed_tables + k->hashed_local_tables;
    struct hashed *p = xcalloc(1, sizeof *p + (size_t)tables * k->hashed_entries);
    p->keys = *k;
    p->tables = tables;
    p->index_shift = 64 - ilog2(k->hashed_entries);
    p->limit = (1 << (k->hashed_bits - 1)) - 1;
    p->threshold = (int32_t)tables;
    p->local_histories = xcalloc(k->hashed_locals, sizeof *p->local_histories);
    history_lengths(lengths, k->hashed_tables - 1, k->hashed_min_history, k->hashed_max_history);
    for (uint32_t n = 1; n < k->hashed_tables; n++)
        p->lengths[n] = history_length(lengths[n - 1]);
    return p;
}

static void hashed_destroy(void *self)
{
    struct hashed *p = self;
    free(p->local_histories);
    free(p);
}

static uint16_t *local_of(struct hashed *p, uint64_t pc)
{
    return &p->local_histories[(pc >> 2) & (p->keys.hashed_locals - 1)];
}

/* The weight of one table for a branch, given global history up to a moment, and its own. */
static int8_t *weight_of(struct hashed *p, uint32_t table, uint64_t pc, uint64_t moment,
                         uint32_t local)
{
    uint64_t hash = history_address(pc, table);
    if (table >= p->keys.hashed_tables) {
        bool is_last = table + 1 == p->tables;
        hash += (local & ((1u << (is_last ? LOCAL_BITS : LOCAL_BITS / 2)) - 1)) * HISTORY_SYMBOL;
    } else if (table) {
        hash += history_hash(&p->history, moment, &p->lengths[table]);
    }
    return &p->weights[(uint64_t)table * p->keys.hashed_entries + (hash >> p->index_shift)];
}

static void push(struct hashed *p, uint64_t pc, bool taken)
{
    history_push(&p->history, (uint32_t)(taken | (pc >> 1 & 2)));
}

/* A weight w counts as 2w + 1, so that none is undecided. */
static bool hashed_predict(void *self, const struct bpred_branch *b, struct bpred_state *state)
{
    struct hashed *p = self;
    state->history = p->history.moment;
    state->index = (uint32_t)b->pc; /* for the path when it has to be put right */
    state->local = *local_of(p, b->pc);
    state->sum = 0;
    for (uint32_t n = 0; n < p->tables; n++)
        state->sum += 2 * *weight_of(p, n, b->pc, state->history, state->local) + 1;
    push(p, b->pc, state->sum >= 0);
    return state->sum >= 0;
}

/* The threshold rises while wrong predictions outnumber right ones that are trained as well. */
static void adapt(struct hashed *p, bool is_wrong)
{
    p->success += is_wrong ? 1 : -1;
    if (p->success < -64 || p->success > 63) {
        p->threshold += is_wrong || p->threshold == 0 ? 1 : -1;
        p->success = 0;
    }
}

static void hashed_update(void *self, const struct bpred_branch *b,
                          const struct bpred_state *state, bool taken)
{
    struct hashed *p = self;
    uint16_t *local = local_of(p, b->pc);
    bool is_wrong = (state->sum >= 0) != taken;
    if (is_wrong || abs(state->sum) <= p->threshold) {
        adapt(p, is_wrong);
        for (uint32_t n = 0; n < p->tables; n++) {
            int8_t *w = weight_of(p, n, b->pc, state->history, state->local);
            if (taken ? *w < p->limit : *w > -1 - p->limit)
                *w = (int8_t)(*w + (taken ? 1 : -1));
        }
    }
    *local = (uint16_t)((*local << 1 | taken) & ((1 << LOCAL_BITS) - 1));
}

static void hashed_checkpoint(const void *self, struct bpred_state *state)
{
    const struct hashed *p = self;
    state->history = p->history.moment;
}

static void hashed_restore(void *self, const struct bpred_state *state, bool is_conditional,
                           bool taken)
{
    struct hashed *p = self;
    history_restore(&p->history, state->history);
    if (is_conditional)
        push(p, state->index, taken);
}

/* Weights, two bits of history for each branch, local histories, threshold (12 bits) and the
 * counter that it follows (7). */
static uint64_t hashed_storage_bits(const void *self)
{
    const struct hashed *p = self;
    uint64_t locals = p->keys.hashed_local_tables ? p->keys.hashed_locals : 0;
    return (uint64_t)p->tables * p->keys.hashed_entries * p->keys.hashed_bits +
           2 * (uint64_t)p->keys.hashed_max_history + locals * LOCAL_BITS + 12 + 7;
}

const struct bpred_ops bpred_hashed_perceptron = {
    .name = "hashed_perceptron",
    .keys = hashed_key_rows,
    .keys_bytes = sizeof(struct hashed_keys),
    .create = hashed_create,
    .destroy = hashed_destroy,
    .predict = hashed_predict,
    .update = hashed_update,
    .checkpoint = hashed_checkpoint,
    .restore = hashed_restore,
    .storage_bits = hashed_storage_bits,
};

/* Perceptrons (Jiménez and Lin, "Dynamic branch prediction with perceptrons", HPCA 2001): a row of
 * signed weights for each branch, one for its bias and one for each bit of global history; the sign
 * of the sum of the weights, each with the sign of its bit (taken is +1), is the prediction.
 * Trained when wrong or when the sum is no farther from zero than the paper's threshold, 1.93 times
 * the length of the history plus 14; weights have eight bits. The default is a predictor of 8 KiB.
 * With local histories a branch's own history is input, too (Jiménez and Lin, "Neural methods for
 * dynamic branch prediction", ACM TOCS 20(4), 2002); they are updated when it retires.
 *
 * Eight weights are summed or trained at once as the bytes of a word, each with 128 added. */
#include <stdlib.h>

#include "models/pipeline/bpred/bpred.h"
#include "sim/base/bits.h"

#define PERCEPTRON_KEYS(X, o)                                                                      \
    X(o, U32, perceptron_entries, "256", "1", "1048576", "rows of weights, a power of two")        \
    X(o, U32, perceptron_history, "31", "1", "63", "branches of global history")                   \
    X(o, U32, perceptron_local_history, "0", "0", "16",                                            \
      "branches of local history; with the global ones at most 63")                                \
    X(o, U32, perceptron_locals, "1024", "1", "1048576", "local histories, a power of two")

struct perceptron_keys {
    PERCEPTRON_KEYS(KEY_MEMBER, perceptron_keys)
};
static const struct key_row perceptron_key_rows[] = {
    PERCEPTRON_KEYS(KEY_ROW, perceptron_keys) KEY_END};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

struct perceptron {
    uint32_t mask;
    uint32_t length;    /* branches of global history */
    uint32_t local;     /* ... and of local history */
    uint32_t locals;    /* local histories; 0: none */
    uint16_t *local_histories;
    uint32_t words;     /* of eight weights, in a row */
    int32_t threshold;
    uint64_t history;   /* youngest branch in bit 0; 1 is taken */
    uint64_t mask_of[256]; /* for each byte of history eight bytes, all ones where taken */
    uint64_t weights[];
};

static void *perceptron_create(const void *keys, const struct config *c, const char *section,
                               struct err *e)
{
    const struct perceptron_keys *k = keys;
    if (!is_pow2(k->perceptron_entries)) {
        config_error(c, section, "perceptron_entries", e, "not a power of two");
        return NULL;
    }
    uint32_t inputs = k->perceptron_history + k->perceptron_local_history;
    if (inputs > 63) {
        config_error(c, section, "perceptron_local_history", e,
                     "more than 63 with perceptron_history (%u)", k->perceptron_history);
        return NULL;
    }
    if (!is_pow2(k->perceptron_locals)) {
        config_error(c, section, "perceptron_locals", e, "not a power of two");
        return NULL;
    }
    uint32_t words = inputs / 8 + 1;
    size_t count = (size_t)words * k->perceptron_entries;
    struct perceptron *p = xcalloc(1, sizeof *p + count * sizeof p->weights[0]);
    p->mask = k->perceptron_entries - 1;
    p->length = k->perceptron_history;
    p->local = k->perceptron_local_history;
    p->locals = p->local ? k->perceptron_locals : 0;
    p->local_histories = xcalloc(p->locals + 1, sizeof *p->local_histories);
    p->words = words;
    p->threshold = (int32_t)(193 * inputs / 100 + 14);
    for (uint32_t byte = 0; byte < 256; byte++)
        for (uint32_t bit = 0; bit < 8; bit++)
            if (byte >> bit & 1)
                p->mask_of[byte] |= UINT64_C(0xff) << 8 * bit;
    for (size_t n = 0; n < count; n++)
        p->weights[n] = EACH(0x80);
    return p;
}

static void perceptron_destroy(void *self)
{
    struct perceptron *p = self;
    free(p->local_histories);
    free(p);
}

static inline uint64_t low_bits(uint64_t value, uint32_t bits)
{
    return bits < 64 ? value & ((UINT64_C(1) << bits) - 1) : value;
}

/* The inputs as bits: the bias, always on, then the global history, then the local one. */
static inline uint64_t inputs_of(const struct perceptron *p, uint64_t history, uint32_t local)
{
    uint64_t above = p->local ? (uint64_t)local << (p->length + 1) : 0;
    return low_bits(history << 1 | 1, p->length + 1) | above;
}

static inline uint16_t *local_of(struct perceptron *p, uint64_t pc)
{
    return &p->local_histories[p->locals ? (uint32_t)(pc >> 2) & (p->locals - 1) : 0];
}

/* Adds pairs of bytes as four sums of 16 bits: at most eight words are added up. */
static inline uint64_t pair_sums(uint64_t word)
{
    return (word & UINT64_C(0x00ff00ff00ff00ff)) + (word >> 8 & UINT64_C(0x00ff00ff00ff00ff));
}

static inline int32_t total_of(uint64_t sums)
{
    return (int32_t)(sums * UINT64_C(0x0001000100010001) >> 48);
}

/* Where an input is off the weight counts negative: x ^ 0xff is 255 - x, -1 - w with the 128. */
static int32_t sum_of(const struct perceptron *p, uint32_t row, uint64_t inputs)
{
    const uint64_t *weights = &p->weights[(size_t)row * p->words];
    uint64_t sums = 0;
    int32_t places = (int32_t)p->words * 8;
    for (uint32_t n = 0; n < p->words; n++)
        sums += pair_sums(weights[n] ^ ~p->mask_of[inputs >> 8 * n & 0xff]);
    return total_of(sums) - 128 * places + places - __builtin_popcountll(inputs);
}

static bool perceptron_predict(void *self, const struct bpred_branch *b, struct bpred_state *state)
{
    struct perceptron *p = self;
    state->history = p->history;
    state->index = (uint32_t)(b->pc >> 2) & p->mask;
    state->local = *local_of(p, b->pc);
    state->sum = sum_of(p, state->index, inputs_of(p, p->history, state->local));
    bool taken = state->sum >= 0;
    p->history = p->history << 1 | taken;
    return taken;
}

/* 1 in each byte that is not zero. */
static inline uint64_t not_zero(uint64_t word)
{
    uint64_t low = (word & EACH(0x7f)) + EACH(0x7f);
    return (low | word) >> 7 & EACH(1);
}

static void train(struct perceptron *p, uint32_t row, uint64_t inputs, bool taken)
{
    uint64_t *weights = &p->weights[(size_t)row * p->words];
    uint64_t exist = low_bits(UINT64_MAX, 1 + p->length + p->local);
    for (uint32_t n = 0; n < p->words; n++) {
        uint64_t each = p->mask_of[exist >> 8 * n & 0xff] & EACH(1);
        uint64_t up = p->mask_of[(taken ? inputs : ~inputs) >> 8 * n & 0xff];
        uint64_t more = each & up & not_zero(~weights[n]), less = each & ~up & not_zero(weights[n]);
        weights[n] = weights[n] + more - less;
    }
}

static void perceptron_update(void *self, const struct bpred_branch *b,
                              const struct bpred_state *state, bool taken)
{
    struct perceptron *p = self;
    uint16_t *local = local_of(p, b->pc);
    if ((state->sum >= 0) != taken || abs(state->sum) <= p->threshold)
        train(p, state->index, inputs_of(p, state->history, state->local), taken);
    *local = (uint16_t)low_bits((uint64_t)*local << 1 | taken, p->local);
}

static void perceptron_checkpoint(const void *self, struct bpred_state *state)
{
    const struct perceptron *p = self;
    state->history = p->history;
}

static void perceptron_restore(void *self, const struct bpred_state *state, bool is_conditional,
                               bool taken)
{
    struct perceptron *p = self;
    p->history = is_conditional ? state->history << 1 | taken : state->history;
}

static uint64_t perceptron_storage_bits(const void *self)
{
    const struct perceptron *p = self;
    uint64_t weights = (uint64_t)(1 + p->length + p->local) * (p->mask + UINT64_C(1));
    return 8 * weights + p->length + (uint64_t)p->local * p->locals;
}

const struct bpred_ops bpred_perceptron = {
    .name = "perceptron",
    .keys = perceptron_key_rows,
    .keys_bytes = sizeof(struct perceptron_keys),
    .create = perceptron_create,
    .destroy = perceptron_destroy,
    .predict = perceptron_predict,
    .update = perceptron_update,
    .checkpoint = perceptron_checkpoint,
    .restore = perceptron_restore,
    .storage_bits = perceptron_storage_bits,
};

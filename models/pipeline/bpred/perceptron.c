/* Perceptrons (Jiménez and Lin, "Dynamic branch prediction with perceptrons", HPCA 2001): a row of
 * signed weights for each branch, one for its bias and one for each bit of global history; the sign
 * of the sum of the weights, each with the sign of its bit (taken is +1), is the prediction.
 * Trained when wrong or when the sum is no farther from zero than the paper's threshold, 1.93 times
 * the length of the history plus 14; weights have eight bits. The default is a predictor of 8 KiB.
 *
 * Eight weights are summed or trained at once as the bytes of a word, each with 128 added. */
#include <stdlib.h>

#include "models/pipeline/bpred/bpred.h"
#include "sim/base/bits.h"

#define PERCEPTRON_KEYS(X, o)                                                                      \
    X(o, U32, perceptron_entries, "256", "1", "1048576", "rows of weights, a power of two")        \
    X(o, U32, perceptron_history, "31", "1", "63", "branches of global history")

struct perceptron_keys {
    PERCEPTRON_KEYS(KEY_MEMBER, perceptron_keys)
};
static const struct key_row perceptron_key_rows[] = {
    PERCEPTRON_KEYS(KEY_ROW, perceptron_keys) KEY_END};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

struct perceptron {
    uint32_t mask;
    uint32_t length;    /* branches of history */
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
    uint32_t words = k->perceptron_history / 8 + 1;
    size_t count = (size_t)words * k->perceptron_entries;
    struct perceptron *p = xcalloc(1, sizeof *p + count * sizeof p->weights[0]);
    p->mask = k->perceptron_entries - 1;
    p->length = k->perceptron_history;
    p->words = words;
    p->threshold = (int32_t)(193 * k->perceptron_history / 100 + 14);
    for (uint32_t byte = 0; byte < 256; byte++)
        for (uint32_t bit = 0; bit < 8; bit++)
            if (byte >> bit & 1)
                p->mask_of[byte] |= UINT64_C(0xff) << 8 * bit;
    for (size_t n = 0; n < count; n++)
        p->weights[n] = EACH(0x80);
    return p;
}

/* The inputs as bits: the bias, always on, and then the history. */
static inline uint64_t inputs_of(const struct perceptron *p, uint64_t history)
{
    uint64_t inputs = history << 1 | 1;
    return p->length == 63 ? inputs : inputs & ((UINT64_C(1) << (p->length + 1)) - 1);
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
    state->sum = sum_of(p, state->index, inputs_of(p, p->history));
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
    uint64_t exist = inputs_of(p, UINT64_MAX);
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
    (void)b;
    if ((state->sum >= 0) != taken || abs(state->sum) <= p->threshold)
        train(p, state->index, inputs_of(p, state->history), taken);
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
    return 8 * (uint64_t)(p->length + 1) * (p->mask + 1) + p->length;
}

const struct bpred_ops bpred_perceptron = {
    .name = "perceptron",
    .keys = perceptron_key_rows,
    .keys_bytes = sizeof(struct perceptron_keys),
    .create = perceptron_create,
    .destroy = free,
    .predict = perceptron_predict,
    .update = perceptron_update,
    .checkpoint = perceptron_checkpoint,
    .restore = perceptron_restore,
    .storage_bits = perceptron_storage_bits,
};

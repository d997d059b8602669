/* Bimodal prediction (Smith 1981): a table of two-bit counters indexed by the branch's address. */
#include <stdlib.h>
#include <string.h>

#include "models/pipeline/bpred/bpred.h"
#include "sim/base/bits.h"

#define BIMODAL_KEYS(X, o)                                                                         \
    X(o, U32, bimodal_entries, "4096", "1", "16777216", "two-bit counters, a power of two")

struct bimodal_keys {
    BIMODAL_KEYS(KEY_MEMBER, bimodal_keys)
};
static const struct key_row bimodal_key_rows[] = {BIMODAL_KEYS(KEY_ROW, bimodal_keys) KEY_END};

struct bimodal {
    uint32_t mask;
    uint8_t counters[];
};

static void *bimodal_create(const void *keys, const struct config *c, const char *section,
                            struct err *e)
{
    const struct bimodal_keys *k = keys;
    if (!is_pow2(k->bimodal_entries)) {
        config_error(c, section, "bimodal_entries", e, "not a power of two");
        return NULL;
    }
    struct bimodal *b = xmalloc(sizeof *b + k->bimodal_entries);
    b->mask = k->bimodal_entries - 1;
    memset(b->counters, 1, k->bimodal_entries); /* weakly not taken */
    return b;
}

static bool bimodal_predict(void *p, const struct bpred_branch *b, struct bpred_state *state)
{
    struct bimodal *t = p;
    state->index = (uint32_t)(b->pc >> 2) & t->mask;
    return t->counters[state->index] >= 2;
}

static void bimodal_update(void *p, const struct bpred_branch *b, const struct bpred_state *state,
                           bool taken)
{
    struct bimodal *t = p;
    (void)b;
    t->counters[state->index] = counter2_update(t->counters[state->index], taken);
}

static uint64_t bimodal_storage_bits(const void *p)
{
    const struct bimodal *t = p;
    return 2 * (uint64_t)(t->mask + 1);
}

const struct bpred_ops bpred_bimodal = {
    .name = "bimodal",
    .keys = bimodal_key_rows,
    .keys_bytes = sizeof(struct bimodal_keys),
    .create = bimodal_create,
    .destroy = free,
    .predict = bimodal_predict,
    .update = bimodal_update,
    .storage_bits = bimodal_storage_bits,
};

/* TAGE (Seznec and Michaud, "A case for (partially) TAgged GEometric history length branch
 * prediction", JILP 8, 2006): a bimodal base and tagged tables indexed by ever longer histories;
 * the longest match provides the prediction, a newly allocated entry only when that has paid.
 * Used by the predictors tage and tage_sc_l.
 *
 * Of the paper's predictor this differs in two points that cost no storage: the hash (history.h)
 * and path bits, one per branch, as long as the history. The defaults are about its predictor of
 * eight components and 64 Kbit: histories of 5 to 130 branches, three-bit counters, two useful
 * bits aged every 256 K branches. */
#ifndef MODELS_PIPELINE_BPRED_TAGE_CORE_H
#define MODELS_PIPELINE_BPRED_TAGE_CORE_H

#include "models/pipeline/bpred/bpred.h"
#include "models/pipeline/bpred/history.h"

#define TAGE_TABLES 16

#define TAGE_KEYS(X, o)                                                                            \
    X(o, U32, tage_entries, "512", "2", "65536", "entries of each tagged table, a power of two")   \
    X(o, U32, tage_base_entries, "4096", "1", "16777216",                                          \
      "two-bit counters of the base predictor, a power of two")                                    \
    X(o, U32, tage_tables, "7", "1", "16", "tagged tables")                                        \
    X(o, U32, tage_min_history, "5", "1", "3000", "branches of history of the first tagged table") \
    X(o, U32, tage_max_history, "130", "1", "3000",                                                \
      "... and of the last; between them a geometric series")                                      \
    X(o, U32, tage_min_tag, "8", "4", "16", "bits of a tag in the first tagged table")             \
    X(o, U32, tage_max_tag, "12", "4", "16", "... and in the last; between them in equal steps")   \
    X(o, U32, tage_counter_bits, "3", "2", "7", "bits of a prediction counter")                    \
    X(o, U32, tage_useful_bits, "2", "1", "7", "bits of a useful counter")                         \
    X(o, U32, tage_useful_period, "262144", "1024", "2147483648",                                  \
      "conditional branches after which all useful counters are halved")

struct tage_keys {
    TAGE_KEYS(KEY_MEMBER, tage_keys)
};

struct tage_entry {
    uint16_t tag;
    int8_t counter; /* >= 0: taken */
    uint8_t useful;
};

struct tage_table {
    struct history_length length; /* in branches */
    uint32_t tag_mask;
    struct tage_entry *entries;
};

struct tage {
    struct tage_keys keys;
    uint32_t index_shift; /* of a hash */
    int32_t counter_max;  /* its minimum is one lower than the negative */
    struct tage_table tables[TAGE_TABLES];
    uint8_t *base;
    struct history history;
    int32_t use_alternate; /* -8..7: >= 0 distrusts new entries */
    uint32_t updates;      /* since useful counters were halved */
    uint32_t seed;
};

/* What a lookup found; it fits in the note of a struct bpred_state. */
struct tage_lookup {
    uint8_t provider, alternate; /* table number + 1; 0: the base */
    bool provider_taken, alternate_taken;
    bool weak;  /* the provider's counter has no opinion yet: it may be new */
    bool taken; /* the prediction */
    uint8_t confidence; /* of the provider: 0 low, 1 medium, 2 saturated */
};

/* NULL with *e filled when a key is wrong; keys are in `section`. */
struct tage *tage_create(const struct tage_keys *keys, const struct config *c, const char *section,
                         struct err *e);
void tage_destroy(struct tage *t);

/* The prediction for the branch at pc; changes nothing. */
struct tage_lookup tage_find(const struct tage *t, uint64_t pc);

/* Trains with the outcome of a branch that was looked up at this moment of the history. */
void tage_train(struct tage *t, uint64_t pc, uint64_t moment, const struct tage_lookup *l,
                bool taken);

uint64_t tage_storage_bits(const struct tage *t);

/* A conditional branch enters the history. */
static inline void tage_push(struct tage *t, uint64_t pc, bool taken)
{
    history_push(&t->history, taken | (uint32_t)(pc >> 2 & 1) << 1);
}

/* A lookup, packed into and taken out of a struct bpred_state. */
static inline void tage_keep(const struct tage_lookup *l, struct bpred_state *s)
{
    s->note[0] = l->provider;
    s->note[1] = l->alternate;
    s->note[2] = (uint8_t)(l->provider_taken | l->alternate_taken << 1 | l->weak << 2 |
                           l->taken << 3 | l->confidence << 4);
}

static inline struct tage_lookup tage_kept(const struct bpred_state *s)
{
    uint8_t f = s->note[2];
    return (struct tage_lookup){s->note[0], s->note[1], f & 1, f & 2, f & 4, f & 8,
                                (uint8_t)(f >> 4)};
}

#endif

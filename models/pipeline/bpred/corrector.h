/* Statistical corrector of TAGE-SC-L (Seznec, "TAGE-SC-L branch predictors again", 5th
 * championship branch prediction, 2016): tables of counters indexed by the branch and, in turn, the
 * prediction to be judged, global histories, the branch's local history, and the iteration of the
 * innermost loop (Seznec, San Miguel, Albericio 2015). Where their sum is against the prediction
 * strongly enough, it is inverted. Lengths, counter widths and the way in which a strong
 * prediction resists are those of the 8 KiB predictor; path histories are part of the global ones
 * here, and thresholds are not kept per branch. */
#ifndef MODELS_PIPELINE_BPRED_CORRECTOR_H
#define MODELS_PIPELINE_BPRED_CORRECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "models/pipeline/bpred/history.h"

enum {
    CORRECTOR_TABLES       = 9,
    CORRECTOR_GLOBALS      = 3, /* of them with global history */
    CORRECTOR_COUNTER_BITS = 6,
    CORRECTOR_LOCAL_BITS   = 11,
};

struct corrector {
    uint32_t entries; /* of each table, a power of two above 1 */
    uint32_t index_shift;
    uint32_t locals;  /* local histories, a power of two */
    int32_t threshold; /* in eighths */
    int32_t resist_medium, resist_high; /* -64..63: >= 0 keeps the prediction in doubt */
    uint32_t iteration; /* of the innermost loop, as fetched; at most CORRECTOR_ITERATIONS */
    struct history_length lengths[CORRECTOR_GLOBALS];
    uint16_t *local_histories; /* as retired */
    int8_t *counters;          /* table after table */
};

#define CORRECTOR_ITERATIONS 255

/* The branch, as it was when fetched. */
struct corrector_input {
    uint64_t pc;
    uint64_t moment; /* of the history */
    uint32_t iteration;
    uint16_t local;
    bool taken;         /* the prediction to be judged */
    uint8_t confidence; /* in it: 0 low, 1 medium, 2 high */
};

struct corrector *corrector_create(uint32_t entries, uint32_t locals);
void corrector_destroy(struct corrector *c);

static inline uint16_t *corrector_local(struct corrector *c, uint64_t pc)
{
    return &c->local_histories[(uint32_t)(pc >> 2) & (c->locals - 1)];
}

/* >= 0: taken. */
int32_t corrector_sum(const struct corrector *c, const struct history *h,
                      const struct corrector_input *i);

/* The prediction that remains. */
bool corrector_decide(const struct corrector *c, const struct corrector_input *i, int32_t sum);

void corrector_train(struct corrector *c, const struct history *h, const struct corrector_input *i,
                     int32_t sum, bool taken);

/* A branch goes on in this direction: a backward one that is taken starts another iteration. */
static inline void corrector_count(struct corrector *c, bool is_backward, bool taken)
{
    if (is_backward && !taken)
        c->iteration = 0;
    else if (is_backward && c->iteration < CORRECTOR_ITERATIONS)
        c->iteration++;
}

uint64_t corrector_storage_bits(const struct corrector *c);

#endif

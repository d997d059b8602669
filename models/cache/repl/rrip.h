/* Re-reference interval prediction (Jaleel, Theobald, Steely, Emer: High Performance Cache
 * Replacement Using Re-Reference Interval Prediction, ISCA 2010): what SRRIP, BRRIP, DRRIP and SHiP
 * share.
 *
 * Each line has a prediction of a few bits of how long it will be until its next use: 0 soon, the
 * greatest value far off. A hit makes it 0 ("hit priority" in the paper); the victim is the
 * lowest-numbered way with the greatest value, after all have been aged until there is one. The
 * policies differ in the prediction that a new line starts with. */
#ifndef MODELS_CACHE_REPL_RRIP_H
#define MODELS_CACHE_REPL_RRIP_H

#include <stdint.h>

#include "models/cache/repl/repl.h"
#include "sim/schema/schema.h"

#define RRIP_KEYS(X, o) X(o, U32, rrip_bits, "2", "1", "8", "bits of prediction per line")
/* The chance that BRRIP keeps a new line as long as SRRIP would; 1/32 in the paper. */
#define BRRIP_KEYS(X, o)                                                                           \
    RRIP_KEYS(X, o)                                                                                \
    X(o, U32, brrip_one_in, "32", "1", "65536", "of so many new lines one is not predicted far off")

struct rrip {
    uint32_t ways;
    uint8_t far;       /* the greatest prediction; far - 1 is SRRIP's "long" */
    uint8_t *interval; /* [set * ways + way] */
};

void rrip_init(struct rrip *r, const struct repl_setup *setup, uint32_t bits);
void rrip_free(struct rrip *r);
uint32_t rrip_victim(struct rrip *r, uint32_t set);

static inline void rrip_set(struct rrip *r, uint32_t set, uint32_t way, uint8_t interval)
{
    r->interval[(uint64_t)set * r->ways + way] = interval;
}

/* The prediction of a new line under SRRIP, and under BRRIP. */
static inline uint8_t rrip_long(const struct rrip *r) { return (uint8_t)(r->far - 1); }
uint8_t rrip_bimodal(const struct rrip *r, struct rng *rng, uint32_t one_in);

#endif

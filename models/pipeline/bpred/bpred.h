/* Direction predictors: will this conditional branch be taken? One file a predictor, one row in
 * bpred.def.
 *
 * Life of a branch: predict when it is fetched (right or wrong path alike; the predictor may shift
 * its history with its own prediction and keeps what it needs in *state); then, if it proves
 * mispredicted, restore with the outcome; and update once when it retires. Wrong-path branches are
 * never updated. They may be restored in their turn, when one resolves before the branch that the
 * wrong path began with; restoring an older branch undoes all younger ones. An unconditional
 * branch, which may have a wrong path behind it too, is only checkpointed and restored. A branch
 * may retire before the pipeline restores what it did. */
#ifndef MODELS_PIPELINE_BPRED_BPRED_H
#define MODELS_PIPELINE_BPRED_BPRED_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"
#include "sim/schema/config.h"

/* What one prediction has to remember: owned by the pipeline, filled and read by the predictor
 * only. Each predictor uses the members that it needs; a history that is too long to copy is kept
 * by its length (history.h), what cannot be kept by its place in a log. */
struct bpred_state {
    uint64_t history;
    uint32_t index;
    uint32_t log;
    int32_t sum;
    uint16_t local;  /* a branch's own history */
    uint8_t note[6]; /* flags and table numbers */
};

struct bpred_branch {
    uint64_t pc;
    uint64_t target;  /* of a direct branch; 0 otherwise */
    /* For predict only: BO carries a static hint, and this is it. */
    bool hint_valid, hint_taken;
};

struct bpred_ops {
    const char *name; /* as written in the .ini */
    /* Keys private to this predictor, bound in the same section; NULL when it has none.
     * `keys_bytes` sizes their struct. */
    const struct key_row *keys;
    uint64_t keys_bytes;
    void *(*create)(const void *keys, const struct config *c, const char *section, struct err *e);
    void (*destroy)(void *p);
    bool (*predict)(void *p, const struct bpred_branch *b, struct bpred_state *state);
    void (*update)(void *p, const struct bpred_branch *b, const struct bpred_state *state,
                   bool taken);
    /* Both NULL for a predictor without speculative history. checkpoint does for an unconditional
     * branch what predict does for a conditional one: keeps in *state what restore needs. */
    void (*checkpoint)(const void *p, struct bpred_state *state);
    void (*restore)(void *p, const struct bpred_state *state, bool is_conditional, bool taken);
    uint64_t (*storage_bits)(const void *p);
};

#define BPRED(name) extern const struct bpred_ops bpred_##name;
#include "models/pipeline/bpred/bpred.def"
#undef BPRED

/* For the help of the key that chooses one, with the names of bpred.def. */
extern const char bpred_help[];

/* Two-bit saturating counters, used by several predictors. */
static inline uint8_t counter2_update(uint8_t counter, bool taken)
{
    return (uint8_t)(taken ? counter + (counter < 3) : counter - (counter > 0));
}

#endif

/* Indirect predictors: where does this branch through CTR, TAR, or LR that is not a return go? One
 * file a predictor, one row in indirect.def. Without one, the BTB's last target is the prediction.
 *
 * A predictor has a global history of its own, which every branch enters when it is fetched: with
 * its direction when conditional, with its target when indirect. Life of a branch: save; for an
 * indirect one find; then the pushes, with what is predicted. A mispredicted branch restores what
 * it saved and pushes what is true. update once, when a taken indirect branch retires. */
#ifndef MODELS_PIPELINE_INDIRECT_INDIRECT_H
#define MODELS_PIPELINE_INDIRECT_INDIRECT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/err.h"
#include "sim/schema/config.h"

/* What one prediction has to remember; kept by the pipeline with the branch. */
struct indirect_state {
    uint64_t history; /* as saved */
    uint64_t target;  /* predicted; 0: unknown */
    uint32_t index;
    uint8_t note[4];
};

struct indirect_ops {
    const char *name; /* as written in the .ini */
    const struct key_row *keys;
    uint64_t keys_bytes;
    void *(*create)(const void *keys, const struct config *c, const char *section, struct err *e);
    void (*destroy)(void *p);
    uint64_t (*save)(const void *p);
    void (*restore)(void *p, uint64_t history);
    void (*push_direction)(void *p, uint64_t pc, bool taken);
    void (*push_target)(void *p, uint64_t pc, uint64_t target);
    /* The target, or 0: not known, ask the BTB. state->history is what was saved just before. */
    uint64_t (*find)(void *p, uint64_t pc, struct indirect_state *state);
    void (*update)(void *p, uint64_t pc, const struct indirect_state *state, uint64_t target);
    uint64_t (*storage_bits)(const void *p);
};

#define INDIRECT(name) extern const struct indirect_ops indirect_##name;
#include "models/pipeline/indirect/indirect.def"
#undef INDIRECT

/* The words of the key that chooses one: "btb|history|...". */
extern const char indirect_choices[];

/* The n-th predictor in the order of indirect.def; NULL past the end. */
const struct indirect_ops *indirect_at(uint32_t n);

/* Bits of a target that a table stores: all but the two that are always 0. */
#define INDIRECT_TARGET_BITS 62

#endif

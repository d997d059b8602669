/* Branch target buffer: set-associative, full tags, true LRU; remembers the target of taken
 * branches. */
#ifndef MODELS_PIPELINE_BPRED_BTB_H
#define MODELS_PIPELINE_BPRED_BTB_H

#include <stdbool.h>
#include <stdint.h>

struct btb;

/* entries/ways sets, a power of two; no entries at all is allowed: every lookup misses. */
struct btb *btb_create(uint32_t entries, uint32_t ways);
void btb_destroy(struct btb *b);
bool btb_lookup(struct btb *b, uint64_t pc, uint64_t *target);
void btb_update(struct btb *b, uint64_t pc, uint64_t target);

#endif

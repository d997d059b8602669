/* Fetch: the next instruction address, and the branch target cache that predicts the one after it.
 *
 * The branch target cache is read with the address behind the next one, a cycle ahead; so it has
 * nothing to say about the first instruction behind a redirect or at a predicted target. A hit
 * overrides the static rule in both directions. */
#ifndef MODELS_PIPELINE_SCALAR_FETCH_H
#define MODELS_PIPELINE_SCALAR_FETCH_H

#include <stdbool.h>
#include <stdint.h>

struct scalar_insn;

/* An instruction on its way from fetch to execute1. */
struct fetched {
    uint64_t pc, pa;
    const struct scalar_insn *insn; /* scalar_insn_unknown: cannot be fetched, or was rewritten */
    uint64_t fetch_cycle, decode_cycle;
    /* Predicted taken: by the branch target cache; by that or, if it knows nothing, statically. */
    bool predicted, taken;
};
/* The stages have no copies of it but refer to it: fetch, icache, decode1 with a prefix, decode2
 * are five; a redirect moves fetch on at most once while those behind it stand still. */
#define FETCHED 8u

#define BTC_INVALID 1u /* no instruction has this address */
struct btc_entry {
    uint64_t pc, target;
    bool taken;
};

struct fetch_stage {
    struct fetched *at;  /* presented to the instruction cache */
    struct fetched slot[FETCHED];
    uint32_t slots;      /* used so far; they go round */
    bool request;
    bool btc_applies;    /* the entry read is for next_pc */
    uint64_t next_pc;
    const struct btc_entry *btc_read; /* in the table; when that was written meanwhile: btc_kept */
    struct btc_entry btc_kept;
    struct btc_entry *btc;
    uint64_t btc_mask;
};

/* Makes the whole branch target cache invalid. */
void scalar_btc_clear(struct fetch_stage *f);

#endif

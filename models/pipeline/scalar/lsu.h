/* Load/store unit: three latches behind execute1. An address goes to the data cache in the cycle in
 * which execute1 takes the instruction; an access that crosses a doubleword is two requests. */
#ifndef MODELS_PIPELINE_SCALAR_LSU_H
#define MODELS_PIPELINE_SCALAR_LSU_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/exec/op.h"

struct scalar_insn;

struct lsu_request {
    const struct scalar_insn *insn;
    uint64_t ea, pa, second_page_pa;
    uint32_t flight;
    uint8_t tag;
    bool valid;
    bool cache;         /* asks the data cache */
    bool incomplete;    /* another doubleword is to follow */
    bool update;        /* writes the base register of a cracked load, nothing else */
    bool convert;       /* single precision: one cycle more */
    bool mmu;
    bool second, last;  /* of a cracked instruction: this is the second; it completes the flight */
    bool mapped, quad;
};

struct lsu1 { /* the cycle of tag comparison */
    struct lsu_request r;
    uint64_t ea, pa;    /* of the last address that came in, for the second half of a cracked one */
    bool busy, issued;
};

struct lsu2 { /* data */
    struct lsu_request r;
    bool busy, wait_cache, wait_mmu, one_cycle;
};

struct scalar_lsu {
    struct lsu_request in; /* from execute1, in this cycle */
    struct lsu1 s1;
    struct lsu2 s2;
    struct op_operands operation; /* of the tlbie or move to an SPR in flight: there is one */
    bool active;           /* holds something */
    bool complete;         /* an operation without data completes in this cycle */
    bool walking;          /* the table walk has the data cache */
    uint32_t hash_cycles;  /* left of a hash */
    bool hash_done;
};

struct scalar;
void scalar_lsu_cycle(struct scalar *p);

#endif

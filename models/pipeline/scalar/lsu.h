/* Load/store unit: three latches behind execute1. An address goes to the data cache in the cycle in
 * which execute1 takes the instruction; an access that crosses a doubleword is two requests. */
#ifndef MODELS_PIPELINE_SCALAR_LSU_H
#define MODELS_PIPELINE_SCALAR_LSU_H

#include <stdbool.h>
#include <stdint.h>

#include "models/pipeline/scalar/insn.h"
#include "sim/exec/op.h"

struct flight;

/* What the data cache is asked for. */
struct access {
    uint32_t flags; /* SI_ACCESS, enum access_flag */
    uint64_t ea, pa;
};

struct lsu_request {
    struct access a;
    const struct scalar_insn *insn;
    const struct flight *flight;
    uint8_t tag;
};
/* The latches have no copies of it but refer to it: one comes in, two are held, and what the first
 * latch changes it changes in one of its own. */
#define LSU_REQUESTS 4u

struct lsu1 { /* the cycle of tag comparison */
    const struct lsu_request *r; /* NULL: empty */
    bool busy, issued;
};

struct lsu2 { /* data */
    const struct lsu_request *r;
    bool busy, wait_cache, wait_mmu, one_cycle;
};

struct scalar_lsu {
    const struct lsu_request *in; /* from execute1, in this cycle; NULL: none */
    struct lsu1 s1;
    struct lsu2 s2;
    const struct lsu_request *complete; /* without data, in this cycle; NULL: none */
    struct lsu_request slot[LSU_REQUESTS];
    uint32_t slots;        /* used so far; they go round */
    struct op_operands operation; /* of the tlbie or move to an SPR in flight: there is one */
    bool active;           /* holds something */
    bool flows;            /* ... that moves on latch by latch, unless the data cache holds it */
    bool walking;          /* the table walk has the data cache */
    uint32_t hash_cycles;  /* left of a hash */
};

#endif

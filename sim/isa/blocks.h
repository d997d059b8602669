/* Instructions executed, by basic block: what runs from where control came to, up to and with the
 * next branch, or to where execution goes on elsewhere (an exception, another thread). A block is
 * named by its first address and its address space, so blocks that share instructions are told
 * apart.
 *
 * In functional mode branches have a handler of their own (chain_counted, see code.c), which ends a
 * block with some ten host instructions; the rest of a block costs nothing. In timing mode the
 * pipeline tells of each instruction that retires. Both give the same counts. */
#ifndef SIM_ISA_BLOCKS_H
#define SIM_ISA_BLOCKS_H

#include <stdbool.h>
#include <stdint.h>

struct block {
    uint64_t pc;
    uint64_t count;  /* instructions since the last blocks_clear */
    uint32_t asid;
    uint32_t number; /* in the order of their first instruction; UINT32_MAX: none executed */
};

#define BLOCKS_CACHE 4096u

struct blocks {
    struct block *current; /* NULL: none yet */
    uint64_t from;         /* instructions executed when `current` was given its last ones */
    /* Where the block goes on. Timing: UINT64_MAX when it has ended. Functional: UINT64_MAX while
     * the chain runs, which knows itself. */
    uint64_t next_pc;
    /* Functional: what was left for where execution went on last; `left` NULL: nothing was. */
    struct block *left;
    uint64_t left_pc, resumed; /* resumed: instructions executed by then */
    struct block *cache[BLOCKS_CACHE]; /* by address */
    struct block **table;  /* by address and space; a power of two, open addressing */
    uint64_t table_size, block_count;
    struct block **numbered; /* [numbers] */
    struct block **touched;  /* those with counts; room for all blocks */
    uint32_t numbers, touched_count;
    /* Told of each block when it is entered for the first time; NULL: nobody wants to know. */
    void (*found)(void *ctx, uint32_t asid, uint64_t pc);
    void *ctx;
};

struct blocks *blocks_create(void);
void blocks_destroy(struct blocks *b);

/* The block at pc, made when it is new; not in the cache. */
struct block *blocks_find(struct blocks *b, uint64_t pc, uint32_t asid);
/* A block gets its first instructions since blocks_clear. */
void blocks_touch(struct blocks *b, struct block *k);

static inline void blocks_enter(struct blocks *b, uint64_t pc, uint32_t asid)
{
    struct block *k = b->cache[pc >> 2 & (BLOCKS_CACHE - 1)];
    if (__builtin_expect(!k || k->pc != pc || k->asid != asid, 0))
        k = blocks_find(b, pc, asid);
    b->current = k;
}

/* The current block has got as far as so many instructions executed in all. */
static inline void blocks_credit(struct blocks *b, uint64_t icount)
{
    struct block *k = b->current;
    if (icount == b->from)
        return;
    if (__builtin_expect(!k->count, 0))
        blocks_touch(b, k);
    k->count += icount - b->from;
    b->from = icount;
}

/* The current block has ended after so many instructions in all; the next one starts at pc. */
static inline void blocks_end(struct blocks *b, uint64_t icount, uint64_t pc, uint32_t asid)
{
    blocks_credit(b, icount);
    blocks_enter(b, pc, asid);
}

/* Functional mode: the chain has been left after so many instructions in all, and the block would
 * go on at pc. */
void blocks_pause(struct blocks *b, uint64_t icount, uint64_t pc);
/* Execution goes on, perhaps elsewhere. */
void blocks_resume(struct blocks *b, uint64_t icount, uint64_t pc, uint32_t asid);

/* The touched blocks in the order of their numbers. */
void blocks_sort(struct blocks *b);
/* All counts become 0. */
void blocks_clear(struct blocks *b);

#endif

/* Address translation of the scalar pipeline behind its data TLB, as Microwatt has it: a TLB of 256
 * pages of 4 KiB, a cache of 256 entries of the upper levels (2 MiB, 1 GiB, 512 GiB), both in sets
 * of four and searched at once by small state machines, and a walk that loads through the data
 * cache, one entry after the other, while the load/store unit waits. Only data addresses are
 * translated. Larger pages than 4 KiB are walked for each time. */
#ifndef MODELS_PIPELINE_SCALAR_MMU_H
#define MODELS_PIPELINE_SCALAR_MMU_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/exec/op.h"

#define MMU_SETS 64u
#define MMU_WAYS 4u

enum mmu_state { MMU_IDLE, MMU_INVALIDATE, MMU_PARTITION_READ, MMU_PARTITION_WAIT, MMU_SEARCH,
                 MMU_PROCESS_READ, MMU_PROCESS_WAIT, MMU_SEGMENT, MMU_LOOKUP, MMU_READ_WAIT,
                 MMU_LOAD_TLB, MMU_FINISH };

/* Of the searches, which go on beside the walk's own state. */
enum search_state { SEARCH_IDLE, SEARCH_START, SEARCH_VALID, SEARCH_LOW, SEARCH_HIGH, SEARCH_READ,
                    SEARCH_WAIT, SEARCH_WRITE1, SEARCH_WRITE2, SEARCH_INVALIDATE,
                    /* of the walk cache alone: word 0 of the larger sizes, tags of those */
                    SEARCH_1G_VALID, SEARCH_1G_TAGS, SEARCH_512G_VALID, SEARCH_512G_TAGS };

struct mmu_entry {
    uint64_t page; /* number of the 4 KiB page, or of what the level maps */
    uint32_t pid;
    uint8_t level; /* of the walk cache: 0: 2 MiB, 1: 1 GiB, 2: 512 GiB */
    bool valid;
};

struct mmu_array {
    struct mmu_entry entry[MMU_SETS][MMU_WAYS];
    uint16_t plru[MMU_SETS];
    enum search_state state, next;
    bool hit, miss, done; /* done: an invalidation */
    bool touch;           /* the tree of `set` sees `way` in this cycle */
    uint32_t set, way, victim[3];
    uint32_t left;        /* of an invalidation: sets */
    uint8_t size;         /* level that hit */
    uint32_t may_hit[3];  /* ways, by level */
};

struct scalar_mmu {
    enum mmu_state state;
    bool done;       /* answers the load/store unit in this cycle */
    bool invalidate; /* of the data TLB, in this cycle */
    bool invalidate_all, is_move;
    uint64_t ea, pid;
    bool partition_known, process_known[2];
    struct op_walk walk;
    uint32_t level;  /* of the entry being loaded */
    bool write_tlb, write_walk_cache;
    uint32_t write_level;
    struct mmu_array tlb, walk_cache;
};

static inline bool scalar_mmu_active(const struct scalar_mmu *m)
{
    return m->state != MMU_IDLE || m->tlb.state != SEARCH_IDLE || m->tlb.touch ||
           m->walk_cache.state != SEARCH_IDLE || m->walk_cache.touch;
}

/* The searches, in mmu_search.c. */
uint32_t mmu_effective_pid(const struct scalar_mmu *m, uint64_t ea);
uint32_t mmu_tlb_set(uint64_t ea, uint32_t pid);
/* Cycles that tlbie of one page takes; the search ends early when no valid bit and PID fits. */
uint32_t mmu_probe_cycles(const struct scalar_mmu *m, uint64_t ea, uint32_t pid);
void mmu_search_start(struct scalar_mmu *m);
void mmu_search_cycle(struct scalar_mmu *m);

struct scalar;
struct access;
/* `miss`: the data TLB missed in this cycle; `operation`: tlbie or a move to PID or PTCR starts.
 * True: the data cache is asked for *read. */
bool scalar_mmu_cycle(struct scalar *p, bool miss, bool operation, struct access *read);

#endif

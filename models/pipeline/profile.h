/* The CPI stack by instruction: which address each slot was charged at, phase by phase.
 *
 * A pipeline tells which instruction takes its place in the stage whose slots it counts (issue or
 * commit). A slot that did work is that instruction's. Slots lost since the one before it are
 * charged to it too, because it is what waited; those of a mispredict, of a fetch bubble behind a
 * branch and of a system call to the one before it, which is the cause. What is left at the end of
 * a phase is the last one's. So every slot is charged once, and the sums are those of the stack. */
#ifndef MODELS_PIPELINE_PROFILE_H
#define MODELS_PIPELINE_PROFILE_H

#include "models/pipeline/cpi.h"
#include "sim/isa/code.h"

#define PROFILE_PAGE_INSNS 1024u /* an instruction page of 4 KiB */

#define PROFILE_ROW        (PART_COUNT <= 32 ? 32 : 64) /* a power of two is found by a shift */
struct profile_page {
    uint64_t page_ea;
    uint32_t asid; /* of its code page: address spaces are kept apart */
    bool has_strays; /* slots of instructions that took none in this phase */
    struct profile_page *next; /* in the order of first use in this phase */
    uint64_t count[PROFILE_PAGE_INSNS]; /* times that it took its place */
    /* Of base: what is not `count`, each instruction being one slot's work as a rule (wraps). */
    uint64_t slots[PROFILE_PAGE_INSNS][PROFILE_ROW];
};

/* One address and one part; PART_COUNT stands for the number of times that it was executed. */
struct profile_entry {
    uint64_t pc, slots;
    uint32_t asid, part;
};

struct profile_phase {
    struct profile_entry *entries; /* by page in the order of first use, then by address */
    uint64_t count;
};

#define PROFILE_STATS(X, o)                                                                        \
    X(o, slots, SLOTS, "slots charged to instructions, at the end of a phase")
struct profile_stats {
    PROFILE_STATS(STAT_MEMBER, profile_stats)
};

struct profile {
    struct cpi *cpi; /* NULL: the pipeline does not tell */
    const struct code_page *current_code; /* used last; NULL: none in this phase */
    struct profile_page *current;
    uint64_t last_pc; /* ... and the address space it is in */
    uint32_t last_asid;
    bool has_last;
    struct cpi seen; /* what has been charged to instructions */
    struct profile_page *first, **end;
    struct profile_page **table; /* by page and asid; a power of two, open addressing */
    uint64_t table_size, page_count;
    struct profile_phase *phases;
    uint32_t phase_count;
    struct profile_stats stats;
    /* Told of each page at its first instruction of a phase, while its address space exists;
     * NULL: nobody wants to know. */
    void (*page_used)(void *ctx, uint32_t asid, uint64_t page_ea);
    void *ctx;
};

struct profile *profile_create(void);
void profile_destroy(struct profile *p);
/* By a pipeline that calls profile_take, when it is made; `c` is its stack. */
void profile_watch(struct profile *p, struct cpi *c);
/* The counter, and the law that all slots of `core` have been charged. */
void profile_register(struct profile *p, struct stats *s, const char *core, uint32_t width);

/* Finds or makes the page of a code page. */
struct profile_page *profile_page_slow(struct profile *p, const struct code_page *code);
/* Charges lost slots to their instructions. */
void profile_lost(struct profile *p, struct profile_page *page, uint64_t pc);

/* Parts whose cause is the instruction before the one that waits. */
#define PROFILE_BEHIND                                                                             \
    (UINT64_C(1) << PART_MISPREDICT | UINT64_C(1) << PART_BRANCH | UINT64_C(1) << PART_SYSTEM)

static inline void profile_charge(struct profile *p, uint64_t *to, uint32_t part)
{
    to[part] += p->cpi->slots[part] - p->seen.slots[part];
    p->seen.slots[part] = p->cpi->slots[part];
}

/* A right-path instruction takes its place; `base` slots are its work. `count` is 1, and 0 for what
 * comes beside its one part that makes it count. */
static inline void profile_take(struct profile *p, const struct insn *i, uint64_t count,
                                uint64_t base)
{
    struct profile_page *page = p->current;
    const struct code_page *code = code_page_of(i);
    uint64_t pc = i->pc, index = pc >> 2 & (PROFILE_PAGE_INSNS - 1);
    /* A page of code may have gone, and another one come to be in its place. */
    if (__builtin_expect(p->current_code != code || page->asid != code->asid ||
                         page->page_ea != code->page_ea, 0))
        page = profile_page_slow(p, code);
    uint64_t parts = p->cpi->touched;
    page->count[index] += count;
    if (base != count)
        page->slots[index][PART_BASE] += base - count;
    if (parts && !(parts & (parts - 1)) && !(parts & PROFILE_BEHIND)) { /* as a rule */
        p->cpi->touched = 0;
        profile_charge(p, page->slots[index], (uint32_t)__builtin_ctzll(parts));
    } else if (parts) {
        profile_lost(p, page, pc);
    }
    p->last_pc = pc;
    p->last_asid = page->asid;
    p->has_last = true;
}

/* A phase is over, and all slots of its cycles have been charged. */
void profile_cut(struct profile *p);

#endif

/* The record of one executed instruction: all that a timing model may know about it. */
#ifndef SIM_EXEC_OP_H
#define SIM_EXEC_OP_H

#include "sim/isa/insn.h"

enum op_flag {
    OP_TAKEN  = 1 << 0, /* a branch that branched */
    OP_LOAD   = 1 << 1,
    OP_STORE  = 1 << 2,
    OP_SERIAL = 1 << 3, /* executed when it was the oldest; nothing younger was fetched before */
    OP_FAULT  = 1 << 4, /* did not complete: raised an exception; not counted as an instruction */
    /* Control went through the system (fault, system call); next_pc is where it goes on. */
    OP_SYSTEM = 1 << 5,
    OP_BRANCH = 1 << 6, /* may branch */
    OP_MARKER = 1 << 7, /* opens or closes a phase: insn_is_marker in code.h */
};

/* What a cache management instruction (Book II, 4.3) wants done with a block. */
enum op_cache {
    OP_CACHE_NONE,
    OP_CACHE_TOUCH,      /* dcbt, dcbtst: it will be used soon */
    OP_CACHE_TOUCH_CODE, /* icbt */
    OP_CACHE_FLUSH, OP_CACHE_CLEAN, OP_CACHE_INVALIDATE, /* dcbf, dcbst, icbi */
};

/* What the duration of some instructions depends on, as it was before they executed: of a
 * multiply, a divide or a floating-point instruction the registers of the fields RA, RB, RC (FRA,
 * FRB, FRC); of a move to an SPR and of tlbie RB as b and RS as c; of a storage access RA and RB
 * (dcbz: what of its address is not in ea, which is the block's) and whether it is translated. */
struct op_operands {
    uint64_t a, b, c;
    uint32_t fpscr;
    bool is_translated;
};

/* The entries that a walk of the radix tables reads, from the top. */
#define OP_WALK_LEVELS 8
struct op_walk {
    uint64_t partition_pa, process_pa;
    uint32_t levels;
    struct {
        uint64_t pa;
        uint8_t shift; /* log2 of the pages of 4 KiB that the entry stands for */
        uint8_t bits;  /* of the index into the table that it points to; 0: a page */
    } level[OP_WALK_LEVELS];
};

struct op {
    const struct insn *insn; /* predecoded; as it is until fetched again after a change */
    const struct insn_row *row;
    const struct insn_deps *deps;
    uint64_t pc, next_pc;    /* effective addresses */
    uint64_t fetch_pa;       /* physical address of the instruction */
    uint32_t bytes;          /* of a storage access; 0 otherwise (a failed stwcx., a touch hint) */
    uint8_t flags;           /* enum op_flag */
    uint8_t cache;           /* enum op_cache; of loads and stores, NONE when they have bytes */
    uint16_t block_bytes;    /* unless NONE: of the block around pa, a power of two */
    uint64_t ea, pa;         /* of a storage access, its first byte */
    uint64_t second_page_pa; /* where it goes on, when it crosses a page of 4 KiB */
    /* Until the next call; NULL unless the source was told to keep them (exec.keeps_operands). */
    const struct op_operands *operands;
};

enum exec_status {
    EXEC_OK,
    EXEC_WAIT,    /* the next instruction must be the oldest and was not said to be */
    EXEC_IDLE,    /* one of several cores: nothing to execute until the core is woken */
    EXEC_HALTED,  /* the thread has ended; nothing was executed */
    EXEC_STOPPED, /* exec_run only: the asked-for count is reached, or exec_interrupt was called */
};

struct exec;

/* Where a timing core gets its instructions from. */
struct op_source {
    /* exec_next_quickly (quick.h) of this one may be tried before `next`; NULL: `next` alone. */
    struct exec *quick;
    /* The same while `diverge` is not restored. If it is halted then, nothing was executed and the
     * answer is EXEC_WAIT. */
    struct exec *quick_diverged;
    /* Executes the next instruction; see exec_next in step.h. */
    enum exec_status (*next)(void *source, struct op *op, bool is_oldest);
    /* The decoded instruction at ea, not executed; NULL when it cannot be fetched. For wrong
     * paths. */
    const struct insn *(*peek)(void *source, uint64_t ea);
    /* Wrong paths that execute. `diverge` keeps the state as it stands (a predicted-wrong branch
     * was the last instruction) and goes on speculatively at ea: `next` executes there, loads see
     * the stores of their own path, nothing outside the source sees them. What would fault, enter
     * the system or have to be the oldest is not executed: `next` answers EXEC_WAIT until
     * `restore`. They nest; marks count up from 1. 0: no room for another, nothing was changed.
     * `restore` goes back to the state that the mark stands for and forgets it and all younger
     * ones. Both NULL: the source has no wrong paths, only `peek`. */
    uint32_t (*diverge)(void *source, uint64_t ea);
    void (*restore)(void *source, uint32_t mark);
    /* What a walk for the data address ea would read now; false when it finds no page. NULL: there
     * are no tables. */
    bool (*walk)(void *source, uint64_t ea, struct op_walk *w);
    void *source;
};

#endif

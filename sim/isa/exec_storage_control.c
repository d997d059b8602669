/* Storage control (Book II, chapter 4): caches and barriers. */
#include "sim/isa/exec.h"

#define EA_X ((RA0 + RB) & s->ea_mask)

/* 4.3 Cache Management Instructions. All but dcbz report no bytes. */

/* Touches: a hint that never faults. The address is for timing models. */
static inline void touch(struct cpu *s, const struct insn *i)
{
    s->ea = EA_X;
    s->ea_bytes = 0;
}

EXEC(icbt)   { touch(s, i); }
EXEC(dcbt)   { touch(s, i); }
EXEC(dcbtst) { touch(s, i); }

/* These are loads to the protection of storage. */
static inline void check_block(struct cpu *s, const struct insn *i)
{
    load8(s, i, EA_X);
    s->ea_bytes = 0;
}

EXEC_CALL(dcbst) { check_block(s, i); }
EXEC_CALL(dcbf)  { check_block(s, i); }

/* Stores of the program itself are noticed without it; what changes a page otherwise (a shared
 * mapping) is not. */
EXEC_CALL(icbi)
{
    check_block(s, i);
    if (s->on_wrong_path) /* which has changed nothing that anybody else sees */
        return;
    phys_code_written(s->mmu->phys, soft_tlb_entry(&s->tlb, s->ea)->pa_minus_ea + s->ea);
}

EXEC_CALL(dcbz)
{
    static const uint8_t zeros[1024];
    uint32_t bytes = s->cache_block_bytes;
    s->ea_bytes = bytes;
    store_raw(s, i, EA_X & ~(uint64_t)(bytes - 1), zeros, bytes);
}

/* 4.6.1, 4.6.3, 4.6.4: a thread sees its own accesses in program order, and threads take turns, so
 * that barriers order nothing here; timing models see their rows. */

EXEC(isync) {}
EXEC(sync) {}
EXEC(lwsync) {}
EXEC(eieio) {}
EXEC(wait) {}

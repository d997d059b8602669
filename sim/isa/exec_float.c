/* Floating-Point Facility (Book I, chapter 4.6): storage access, moves, select. */
#include "sim/isa/exec_fp.h"
#include "sim/isa/fp_format.h"

#define EA_D  ((RA0 + SI) & s->ea_mask)
#define EA_X  ((RA0 + RB) & s->ea_mask)

static inline void load_single(struct cpu *s, const struct insn *i, uint64_t ea)
{
    write_scalar(s, i, fp_single_to_double(load32(s, i, ea)));
}

static inline void store_single(struct cpu *s, const struct insn *i, uint64_t ea)
{
    store32(s, i, ea, fp_double_to_single(FRT));
}

/* WITH_UPDATE(ea, access): the access first, because it may raise. */
#define WITH_UPDATE(effective_address, access)                                                     \
    uint64_t ea = effective_address;                                                               \
    access;                                                                                        \
    RA = ea

EXEC(lfs)    { load_single(s, i, EA_D); }
EXEC(lfsu)   { WITH_UPDATE(EA_D, load_single(s, i, ea)); }
EXEC(lfsx)   { load_single(s, i, EA_X); }
EXEC(lfsux)  { WITH_UPDATE(EA_X, load_single(s, i, ea)); }
EXEC(lfd)    { write_scalar(s, i, load64(s, i, EA_D)); }
EXEC(lfdu)   { WITH_UPDATE(EA_D, write_scalar(s, i, load64(s, i, ea))); }
EXEC(lfdx)   { write_scalar(s, i, load64(s, i, EA_X)); }
EXEC(lfdux)  { WITH_UPDATE(EA_X, write_scalar(s, i, load64(s, i, ea))); }
EXEC(lfiwax) { write_scalar(s, i, (uint64_t)(int32_t)load32(s, i, EA_X)); }
EXEC(lfiwzx) { write_scalar(s, i, load32(s, i, EA_X)); }
EXEC(stfs)   { store_single(s, i, EA_D); }
EXEC(stfsu)  { WITH_UPDATE(EA_D, store_single(s, i, ea)); }
EXEC(stfsx)  { store_single(s, i, EA_X); }
EXEC(stfsux) { WITH_UPDATE(EA_X, store_single(s, i, ea)); }
EXEC(stfd)   { store64(s, i, EA_D, FRT); }
EXEC(stfdu)  { WITH_UPDATE(EA_D, store64(s, i, ea, FRT)); }
EXEC(stfdx)  { store64(s, i, EA_X, FRT); }
EXEC(stfdux) { WITH_UPDATE(EA_X, store64(s, i, ea, FRT)); }
EXEC(stfiwx) { store32(s, i, EA_X, (uint32_t)FRT); }

/* The pair is one quadword, its more significant half in the even register: so in little-endian
 * order that half comes second in storage. */
static void load_pair(struct cpu *s, const struct insn *i, uint64_t ea)
{
    u128 pair = load128(s, i, ea);
    s->vsr[i->rt].q = pair >> 64 << 64;
    s->vsr[i->rt + 1].q = pair << 64;
}

static void store_pair(struct cpu *s, const struct insn *i, uint64_t ea)
{
    uint64_t odd = VSR_D(s->vsr[i->rt + 1], 0);
    store128(s, i, ea, (u128)FRT << 64 | odd);
}

EXEC_CALL(lfdp)   { load_pair(s, i, EA_D); }
EXEC_CALL(lfdpx)  { load_pair(s, i, EA_X); }
EXEC_CALL(stfdp)  { store_pair(s, i, EA_D); }
EXEC_CALL(stfdpx) { store_pair(s, i, EA_X); }

#define SIGN UINT64_C(0x8000000000000000)

static inline void move(struct cpu *s, const struct insn *i, uint64_t bits)
{
    write_scalar(s, i, bits);
    if (RC_BIT)
        set_cr1(s);
}

EXEC(fmr)    { move(s, i, FRB); }
EXEC(fneg)   { move(s, i, FRB ^ SIGN); }
EXEC(fabs)   { move(s, i, FRB & ~SIGN); }
EXEC(fnabs)  { move(s, i, FRB | SIGN); }
EXEC(fcpsgn) { move(s, i, (FRA & SIGN) | (FRB & ~SIGN)); }
EXEC(fmrgew) { write_scalar(s, i, FRA >> 32 << 32 | FRB >> 32); }
EXEC(fmrgow) { write_scalar(s, i, FRA << 32 | (uint32_t)FRB); }

/* -0 counts as zero; a NaN chooses FRB. */
EXEC(fsel) { move(s, i, double_of(FRA) >= 0 ? FRC : FRB); }

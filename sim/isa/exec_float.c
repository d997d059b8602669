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

/* Update forms write the address after an access that did not fault. */
EXEC_LOAD(lfs, EA_D, 4)    { load_single(s, i, ea); }
EXEC_LOAD(lfsu, EA_D, 4)   { load_single(s, i, ea); RA = ea; }
EXEC_LOAD(lfsx, EA_X, 4)   { load_single(s, i, ea); }
EXEC_LOAD(lfsux, EA_X, 4)  { load_single(s, i, ea); RA = ea; }
EXEC_LOAD(lfd, EA_D, 8)    { write_scalar(s, i, load64(s, i, ea)); }
EXEC_LOAD(lfdu, EA_D, 8)   { write_scalar(s, i, load64(s, i, ea)); RA = ea; }
EXEC_LOAD(lfdx, EA_X, 8)   { write_scalar(s, i, load64(s, i, ea)); }
EXEC_LOAD(lfdux, EA_X, 8)  { write_scalar(s, i, load64(s, i, ea)); RA = ea; }
EXEC_LOAD(lfiwax, EA_X, 4) { write_scalar(s, i, (uint64_t)(int32_t)load32(s, i, ea)); }
EXEC_LOAD(lfiwzx, EA_X, 4) { write_scalar(s, i, load32(s, i, ea)); }
EXEC_STORE(stfs, EA_D, 4)   { store_single(s, i, ea); }
EXEC_STORE(stfsu, EA_D, 4)  { store_single(s, i, ea); RA = ea; }
EXEC_STORE(stfsx, EA_X, 4)  { store_single(s, i, ea); }
EXEC_STORE(stfsux, EA_X, 4) { store_single(s, i, ea); RA = ea; }
EXEC_STORE(stfd, EA_D, 8)   { store64(s, i, ea, FRT); }
EXEC_STORE(stfdu, EA_D, 8)  { store64(s, i, ea, FRT); RA = ea; }
EXEC_STORE(stfdx, EA_X, 8)  { store64(s, i, ea, FRT); }
EXEC_STORE(stfdux, EA_X, 8) { store64(s, i, ea, FRT); RA = ea; }
EXEC_STORE(stfiwx, EA_X, 4) { store32(s, i, ea, (uint32_t)FRT); }

/* Displacements of 34 bits, relative to RA or to the instruction itself (predecoded). */
#define EA_P ((RA0 + (uint64_t)i->imm) & s->ea_mask)

EXEC_PREFIXED(plfs)  { load_single(s, i, EA_P); }
EXEC_PREFIXED(plfd)  { write_scalar(s, i, load64(s, i, EA_P)); }
EXEC_PREFIXED(pstfs) { store_single(s, i, EA_P); }
EXEC_PREFIXED(pstfd) { store64(s, i, EA_P, FRT); }

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

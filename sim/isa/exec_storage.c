/* Fixed-point loads and stores of one to eight bytes (Book I, 3.3.2, 3.3.3 and 3.3.5). */
#include "sim/isa/exec.h"

/* Effective addresses of the D and DS forms and of the X form. Update forms, which never have RA=0,
 * write the address, cut to the current mode's width, after an access that did not fault. */
#define EA_D ((RA0 + SI) & s->ea_mask)
#define EA_X ((RA0 + RB) & s->ea_mask)

/* 3.3.2 Fixed-Point Load Instructions */

EXEC_LOAD(lbz, EA_D, 1)      { RT = load8(s, i, ea); }
EXEC_LOAD(lbzx, EA_X, 1)     { RT = load8(s, i, ea); }
EXEC_LOAD(lbzu, EA_D, 1)     { RT = load8(s, i, ea); RA = ea; }
EXEC_LOAD(lbzux, EA_X, 1)    { RT = load8(s, i, ea); RA = ea; }
EXEC_LOAD(lhz, EA_D, 2)      { RT = load16(s, i, ea); }
EXEC_LOAD(lhzx, EA_X, 2)     { RT = load16(s, i, ea); }
EXEC_LOAD(lhzu, EA_D, 2)     { RT = load16(s, i, ea); RA = ea; }
EXEC_LOAD(lhzux, EA_X, 2)    { RT = load16(s, i, ea); RA = ea; }
EXEC_LOAD(lha, EA_D, 2)      { RT = (uint64_t)(int16_t)load16(s, i, ea); }
EXEC_LOAD(lhax, EA_X, 2)     { RT = (uint64_t)(int16_t)load16(s, i, ea); }
EXEC_LOAD(lhau, EA_D, 2)     { RT = (uint64_t)(int16_t)load16(s, i, ea); RA = ea; }
EXEC_LOAD(lhaux, EA_X, 2)    { RT = (uint64_t)(int16_t)load16(s, i, ea); RA = ea; }
EXEC_LOAD(lwz, EA_D, 4)      { RT = load32(s, i, ea); }
EXEC_LOAD(lwzx, EA_X, 4)     { RT = load32(s, i, ea); }
EXEC_LOAD(lwzu, EA_D, 4)     { RT = load32(s, i, ea); RA = ea; }
EXEC_LOAD(lwzux, EA_X, 4)    { RT = load32(s, i, ea); RA = ea; }
EXEC_LOAD(lwa, EA_D, 4)      { RT = (uint64_t)(int32_t)load32(s, i, ea); }
EXEC_LOAD(lwax, EA_X, 4)     { RT = (uint64_t)(int32_t)load32(s, i, ea); }
EXEC_LOAD(lwaux, EA_X, 4)    { RT = (uint64_t)(int32_t)load32(s, i, ea); RA = ea; }
EXEC_LOAD_POINTER(ld, EA_D)  { RT = load64(s, i, ea); }
EXEC_LOAD_POINTER(ldx, EA_X) { RT = load64(s, i, ea); }
EXEC_LOAD(ldu, EA_D, 8)      { RT = load64(s, i, ea); RA = ea; }
EXEC_LOAD(ldux, EA_X, 8)     { RT = load64(s, i, ea); RA = ea; }

/* 3.3.3 Fixed-Point Store Instructions */

EXEC_STORE(stb, EA_D, 1)     { store8(s, i, ea, (uint8_t)RS); }
EXEC_STORE(stbx, EA_X, 1)    { store8(s, i, ea, (uint8_t)RS); }
EXEC_STORE(stbu, EA_D, 1)    { store8(s, i, ea, (uint8_t)RS); RA = ea; }
EXEC_STORE(stbux, EA_X, 1)   { store8(s, i, ea, (uint8_t)RS); RA = ea; }
EXEC_STORE(sth, EA_D, 2)     { store16(s, i, ea, (uint16_t)RS); }
EXEC_STORE(sthx, EA_X, 2)    { store16(s, i, ea, (uint16_t)RS); }
EXEC_STORE(sthu, EA_D, 2)    { store16(s, i, ea, (uint16_t)RS); RA = ea; }
EXEC_STORE(sthux, EA_X, 2)   { store16(s, i, ea, (uint16_t)RS); RA = ea; }
EXEC_STORE(stw, EA_D, 4)     { store32(s, i, ea, (uint32_t)RS); }
EXEC_STORE(stwx, EA_X, 4)    { store32(s, i, ea, (uint32_t)RS); }
EXEC_STORE(stwu, EA_D, 4)    { store32(s, i, ea, (uint32_t)RS); RA = ea; }
EXEC_STORE(stwux, EA_X, 4)   { store32(s, i, ea, (uint32_t)RS); RA = ea; }
EXEC_STORE(std, EA_D, 8)     { store64(s, i, ea, RS); }
EXEC_STORE(stdx, EA_X, 8)    { store64(s, i, ea, RS); }
EXEC_STORE(stdu, EA_D, 8)    { store64(s, i, ea, RS); RA = ea; }
EXEC_STORE(stdux, EA_X, 8)   { store64(s, i, ea, RS); RA = ea; }

/* 3.3.5 Fixed-Point Load and Store with Byte Reversal Instructions */

EXEC_LOAD(lhbrx, EA_X, 2)    { RT = load16_r(s, i, ea); }
EXEC_LOAD(lwbrx, EA_X, 4)    { RT = load32_r(s, i, ea); }
EXEC_LOAD(ldbrx, EA_X, 8)    { RT = load64_r(s, i, ea); }
EXEC_STORE(sthbrx, EA_X, 2)  { store16_r(s, i, ea, (uint16_t)RS); }
EXEC_STORE(stwbrx, EA_X, 4)  { store32_r(s, i, ea, (uint32_t)RS); }
EXEC_STORE(stdbrx, EA_X, 8)  { store64_r(s, i, ea, RS); }

/* Copies, and functions that save or restore registers, move neighbouring doublewords: two
 * instructions by one look at the soft TLB, when both lie in its page. */

static inline uint64_t in_guest_order(const struct cpu *s, uint64_t v)
{
    return s->swap ? __builtin_bswap64(v) : v;
}

static const struct insn *ld_pair(struct cpu *s, const struct insn *i)
{
    uint64_t ea = EA_D, d[2];
    if (__builtin_expect(!load_hits(s, ea, sizeof d), 0))
        return chain_ld(s, i);
    memcpy(d, soft_tlb_host(&s->tlb, ea), sizeof d);
    s->gpr[i[0].rt] = in_guest_order(s, d[0]);
    s->gpr[i[1].rt] = in_guest_order(s, d[1]);
    CHAIN_TO(s, i + 2);
}

static const struct insn *std_pair(struct cpu *s, const struct insn *i)
{
    uint64_t ea = EA_D;
    const uint64_t d[2] = {in_guest_order(s, s->gpr[i[0].rt]), in_guest_order(s, s->gpr[i[1].rt])};
    if (__builtin_expect(!store_hits(s, ea, sizeof d), 0))
        return chain_std(s, i);
    memcpy(soft_tlb_host(&s->tlb, ea), d, sizeof d);
    CHAIN_TO(s, i + 2);
}

insn_handler *chain_side_by_side(const struct insn *i)
{
    bool is_load = i->number == INSN_ld, is_store = i->number == INSN_std;
    if (!(is_load || is_store) || i[0].number != i[1].number || i[0].ra != i[1].ra ||
        i[0].imm + 8 != i[1].imm)
        return NULL;
    if (is_store)
        return std_pair;
    return i[0].rt != i[1].ra ? ld_pair : NULL;
}

/* Fixed-point loads and stores of one to eight bytes (Book I, 3.3.2, 3.3.3 and 3.3.5). */
#include "sim/isa/exec.h"

/* Effective addresses of the D and DS forms and of the X form. Update forms, which never have RA=0, write the
 * address of the current mode's width, after an access that did not fault. */
#define EA_D ((RA0 + SI) & s->ea_mask)
#define EA_X ((RA0 + RB) & s->ea_mask)

/* 3.3.2 Fixed-Point Load Instructions */

EXEC(lbz)   { RT = load8(s, i, EA_D); }
EXEC(lbzx)  { RT = load8(s, i, EA_X); }
EXEC(lbzu)  { uint64_t ea = EA_D; RT = load8(s, i, ea); RA = ea; }
EXEC(lbzux) { uint64_t ea = EA_X; RT = load8(s, i, ea); RA = ea; }
EXEC(lhz)   { RT = load16(s, i, EA_D); }
EXEC(lhzx)  { RT = load16(s, i, EA_X); }
EXEC(lhzu)  { uint64_t ea = EA_D; RT = load16(s, i, ea); RA = ea; }
EXEC(lhzux) { uint64_t ea = EA_X; RT = load16(s, i, ea); RA = ea; }
EXEC(lha)   { RT = (uint64_t)(int16_t)load16(s, i, EA_D); }
EXEC(lhax)  { RT = (uint64_t)(int16_t)load16(s, i, EA_X); }
EXEC(lhau)  { uint64_t ea = EA_D; RT = (uint64_t)(int16_t)load16(s, i, ea); RA = ea; }
EXEC(lhaux) { uint64_t ea = EA_X; RT = (uint64_t)(int16_t)load16(s, i, ea); RA = ea; }
EXEC(lwz)   { RT = load32(s, i, EA_D); }
EXEC(lwzx)  { RT = load32(s, i, EA_X); }
EXEC(lwzu)  { uint64_t ea = EA_D; RT = load32(s, i, ea); RA = ea; }
EXEC(lwzux) { uint64_t ea = EA_X; RT = load32(s, i, ea); RA = ea; }
EXEC(lwa)   { RT = (uint64_t)(int32_t)load32(s, i, EA_D); }
EXEC(lwax)  { RT = (uint64_t)(int32_t)load32(s, i, EA_X); }
EXEC(lwaux) { uint64_t ea = EA_X; RT = (uint64_t)(int32_t)load32(s, i, ea); RA = ea; }
EXEC(ld)    { RT = load64(s, i, EA_D); }
EXEC(ldx)   { RT = load64(s, i, EA_X); }
EXEC(ldu)   { uint64_t ea = EA_D; RT = load64(s, i, ea); RA = ea; }
EXEC(ldux)  { uint64_t ea = EA_X; RT = load64(s, i, ea); RA = ea; }

/* 3.3.3 Fixed-Point Store Instructions */

EXEC(stb)   { store8(s, i, EA_D, (uint8_t)RS); }
EXEC(stbx)  { store8(s, i, EA_X, (uint8_t)RS); }
EXEC(stbu)  { uint64_t ea = EA_D; store8(s, i, ea, (uint8_t)RS); RA = ea; }
EXEC(stbux) { uint64_t ea = EA_X; store8(s, i, ea, (uint8_t)RS); RA = ea; }
EXEC(sth)   { store16(s, i, EA_D, (uint16_t)RS); }
EXEC(sthx)  { store16(s, i, EA_X, (uint16_t)RS); }
EXEC(sthu)  { uint64_t ea = EA_D; store16(s, i, ea, (uint16_t)RS); RA = ea; }
EXEC(sthux) { uint64_t ea = EA_X; store16(s, i, ea, (uint16_t)RS); RA = ea; }
EXEC(stw)   { store32(s, i, EA_D, (uint32_t)RS); }
EXEC(stwx)  { store32(s, i, EA_X, (uint32_t)RS); }
EXEC(stwu)  { uint64_t ea = EA_D; store32(s, i, ea, (uint32_t)RS); RA = ea; }
EXEC(stwux) { uint64_t ea = EA_X; store32(s, i, ea, (uint32_t)RS); RA = ea; }
EXEC(std)   { store64(s, i, EA_D, RS); }
EXEC(stdx)  { store64(s, i, EA_X, RS); }
EXEC(stdu)  { uint64_t ea = EA_D; store64(s, i, ea, RS); RA = ea; }
EXEC(stdux) { uint64_t ea = EA_X; store64(s, i, ea, RS); RA = ea; }

/* 3.3.5 Fixed-Point Load and Store with Byte Reversal Instructions */

EXEC(lhbrx) { RT = load16_r(s, i, EA_X); }
EXEC(lwbrx) { RT = load32_r(s, i, EA_X); }
EXEC(ldbrx) { RT = load64_r(s, i, EA_X); }
EXEC(sthbrx){ store16_r(s, i, EA_X, (uint16_t)RS); }
EXEC(stwbrx){ store32_r(s, i, EA_X, (uint32_t)RS); }
EXEC(stdbrx){ store64_r(s, i, EA_X, RS); }

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

/* Fixed-point loads and stores (Book I, chapter 3.3) and storage control (Book II, chapter 4). */
#include "sim/isa/exec.h"

/* Effective addresses of the D, DS and X forms. */
#define EA_D ((RA0 + SI) & s->ea_mask)
#define EA_X ((RA0 + RB) & s->ea_mask)

EXEC(ld) { RT = load64(s, i, EA_D); }

EXEC(ldu)
{
    uint64_t ea = EA_D;
    RT = load64(s, i, ea);
    RA = ea;
}

EXEC(std) { store64(s, i, EA_D, RS); }

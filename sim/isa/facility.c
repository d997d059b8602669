#include "sim/isa/facility.h"

#include "sim/isa/operands.h"

#define FP_OPERANDS  (FRT | FRS | FRA | FRB | FRC | FRTP | FRSP | FRAP | FRBP | FPSCR)
#define VEC_OPERANDS (VRT | VRS | VRA | VRB | VRC | VSCR)
#define VSX_OPERANDS (XT | XS | XA | XB | XC)

/* Moves between the banks and the loads and stores of ISA 3.0 look at the register: the lower half
 * of the vector-scalar registers is the floating-point or VSX facility's, the upper half VMX's. */
static enum facility of_target(const struct insn *i, enum facility lower)
{
    return i->rt < 32 ? lower : FACILITY_VEC;
}

enum facility insn_facility(const struct insn *i)
{
    const struct insn_row *row = &insn_rows[i->number];
    uint64_t operands = row->in | row->out;
    switch (i->number) {
    case INSN_mfvsrd: case INSN_mfvsrwz: case INSN_mtvsrd: case INSN_mtvsrwa: case INSN_mtvsrwz:
        return of_target(i, FACILITY_FP);
    case INSN_mfvsrld: case INSN_mtvsrdd: case INSN_mtvsrws: case INSN_lxv: case INSN_stxv:
    case INSN_lxvx: case INSN_stxvx: case INSN_lxvl: case INSN_lxvll: case INSN_stxvl:
    case INSN_stxvll: case INSN_lxvb16x: case INSN_stxvb16x: case INSN_lxvh8x: case INSN_stxvh8x:
    case INSN_lxvwsx:
        return of_target(i, FACILITY_VSX);
    default:
        break;
    }
    if (operands & VSX_OPERANDS)
        return FACILITY_VSX;
    if (operands & VEC_OPERANDS) /* quad precision has the numbers of vector registers */
        return row->mnemonic[0] == 'x' ? FACILITY_VSX : FACILITY_VEC;
    return operands & FP_OPERANDS ? FACILITY_FP : FACILITY_NONE;
}

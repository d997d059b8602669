/* Floating-Point Facility (Book I, 4.6.6 to 4.6.8): arithmetic, conversions, compares. */
#include "sim/isa/exec_fp_fixed.h"
#include "sim/isa/exec_fp_kinds.h"

EXEC_FP(fadd, FP_ADD, false, FRA, FRB, 0, RC_BIT)
EXEC_FP(fadds, FP_ADD, true, FRA, FRB, 0, RC_BIT)
EXEC_FP(fsub, FP_SUB, false, FRA, FRB, 0, RC_BIT)
EXEC_FP(fsubs, FP_SUB, true, FRA, FRB, 0, RC_BIT)
EXEC_FP(fmul, FP_MUL, false, FRA, FRC, 0, RC_BIT)
EXEC_FP(fmuls, FP_MUL, true, FRA, FRC, 0, RC_BIT)
EXEC_FP(fdiv, FP_DIV, false, FRA, FRB, 0, RC_BIT)
EXEC_FP(fdivs, FP_DIV, true, FRA, FRB, 0, RC_BIT)
EXEC_FP(fsqrt, FP_SQRT, false, 0, FRB, 0, RC_BIT)
EXEC_FP(fsqrts, FP_SQRT, true, 0, FRB, 0, RC_BIT)
EXEC_MULADD(fmadd, FP_MADD, false, FRA, FRB, FRC, RC_BIT)
EXEC_MULADD(fmadds, FP_MADD, true, FRA, FRB, FRC, RC_BIT)
EXEC_MULADD(fmsub, FP_MSUB, false, FRA, FRB, FRC, RC_BIT)
EXEC_MULADD(fmsubs, FP_MSUB, true, FRA, FRB, FRC, RC_BIT)
EXEC_MULADD(fnmadd, FP_NMADD, false, FRA, FRB, FRC, RC_BIT)
EXEC_MULADD(fnmadds, FP_NMADD, true, FRA, FRB, FRC, RC_BIT)
EXEC_MULADD(fnmsub, FP_NMSUB, false, FRA, FRB, FRC, RC_BIT)
EXEC_MULADD(fnmsubs, FP_NMSUB, true, FRA, FRB, FRC, RC_BIT)
EXEC_FP(frsp, FP_MOVE, true, 0, FRB, 0, RC_BIT)

/* Whose estimate: see struct cpu. */
#define OPEN(estimate) (s->is_open_as_microwatt ? estimate##_microwatt : estimate)

EXEC_CALL(fre)      { fp_scalar_estimate(s, i, OPEN(fp_reciprocal), &fp_double, RC_BIT); }
EXEC_CALL(fres)     { fp_scalar_estimate(s, i, OPEN(fp_reciprocal), &fp_single, RC_BIT); }
EXEC_CALL(frsqrte)  { fp_scalar_estimate(s, i, OPEN(fp_reciprocal_root), &fp_double, RC_BIT); }
EXEC_CALL(frsqrtes) { fp_scalar_estimate(s, i, OPEN(fp_reciprocal_root), &fp_single, RC_BIT); }

/* Bit 0 is 1 in the manual, 0 on Microwatt. */
static void set_tested(struct cpu *s, const struct insn *i, uint8_t field)
{
    s->cr[BF_FIELD] = s->is_open_as_microwatt ? field & (CR_GT | CR_EQ) : field;
}

EXEC_CALL(ftdiv)  { set_tested(s, i, fp_test_divide(&fp_double, FRA, FRB)); }
EXEC_CALL(ftsqrt) { set_tested(s, i, fp_test_root(&fp_double, FRB)); }

/* The integer's width, and the rounding mode: truncating when the mnemonic ends in z. */
EXEC(fctiw)   { fp_to_fixed(s, i, 32, true, false, RC_BIT); }
EXEC(fctiwz)  { fp_to_fixed(s, i, 32, true, true, RC_BIT); }
EXEC(fctiwu)  { fp_to_fixed(s, i, 32, false, false, RC_BIT); }
EXEC(fctiwuz) { fp_to_fixed(s, i, 32, false, true, RC_BIT); }
EXEC(fctid)   { fp_to_fixed(s, i, 64, true, false, RC_BIT); }
EXEC(fctidz)  { fp_to_fixed(s, i, 64, true, true, RC_BIT); }
EXEC(fctidu)  { fp_to_fixed(s, i, 64, false, false, RC_BIT); }
EXEC(fctiduz) { fp_to_fixed(s, i, 64, false, true, RC_BIT); }

EXEC(fcfid)   { fp_from_fixed(s, i, true, false, RC_BIT); }
EXEC(fcfidu)  { fp_from_fixed(s, i, false, false, RC_BIT); }
EXEC(fcfids)  { fp_from_fixed(s, i, true, true, RC_BIT); }
EXEC(fcfidus) { fp_from_fixed(s, i, false, true, RC_BIT); }

EXEC_CALL(frin) { fp_round_scalar(s, i, FP_NEAREST_AWAY, false, RC_BIT); }
EXEC_CALL(friz) { fp_round_scalar(s, i, FP_TO_ZERO, false, RC_BIT); }
EXEC_CALL(frip) { fp_round_scalar(s, i, FP_UP, false, RC_BIT); }
EXEC_CALL(frim) { fp_round_scalar(s, i, FP_DOWN, false, RC_BIT); }

EXEC(fcmpu) { fp_compare_scalar(s, i, FRA, FRB, false); }
EXEC(fcmpo) { fp_compare_scalar(s, i, FRA, FRB, true); }

/* Facilities that the MSR can switch off: which of them an instruction needs. */
#ifndef SIM_ISA_FACILITY_H
#define SIM_ISA_FACILITY_H

#include "sim/isa/insn.h"

enum facility { FACILITY_NONE, FACILITY_FP, FACILITY_VEC, FACILITY_VSX, FACILITY_SCV };

/* Of a predecoded instruction. */
enum facility insn_facility(const struct insn *i);

#endif

/* Registers of privileged software (Power ISA 3.0B, Book III). A Linux process has them as well:
 * in problem state, so that no instruction reaches them. */
#ifndef SIM_ISA_SUPERVISOR_H
#define SIM_ISA_SUPERVISOR_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/mem/radix.h"

#define MSR_SF  (UINT64_C(1) << 63)
#define MSR_HV  (UINT64_C(1) << 60)
#define MSR_VEC (UINT64_C(1) << 25)
#define MSR_VSX (UINT64_C(1) << 23)
#define MSR_EE  (UINT64_C(1) << 15)
#define MSR_PR  (UINT64_C(1) << 14)
#define MSR_FP  (UINT64_C(1) << 13)
#define MSR_ME  (UINT64_C(1) << 12)
#define MSR_FE0 (UINT64_C(1) << 11)
#define MSR_SE  (UINT64_C(1) << 10)
#define MSR_BE  (UINT64_C(1) << 9)
#define MSR_FE1 (UINT64_C(1) << 8)
#define MSR_IR  (UINT64_C(1) << 5)
#define MSR_DR  (UINT64_C(1) << 4)
#define MSR_RI  (UINT64_C(1) << 1)
#define MSR_LE  (UINT64_C(1) << 0)
/* Bits that exist; the others read zero. */
#define MSR_BITS                                                                                   \
    (MSR_SF | MSR_HV | MSR_VEC | MSR_VSX | MSR_EE | MSR_PR | MSR_FP | MSR_ME | MSR_FE0 | MSR_SE |  \
     MSR_BE | MSR_FE1 | MSR_IR | MSR_DR | MSR_RI | MSR_LE)

struct supervisor {
    uint64_t msr;
    struct radix_context radix; /* registers of the translation, and its share of the MSR */
    uint64_t srr0, srr1, hsrr0, hsrr1;
    uint64_t dar, dsisr, hdar, hdsisr;
    uint64_t hashkey, hashpkey;
};

struct cpu;

/* Sets the MSR as it is written (no forced bits) and with it the mode. What was predecoded or
 * translated under another one is not used any more. */
void cpu_set_msr(struct cpu *s, uint64_t msr);

/* After any change to what a translation depends on. */
void cpu_forget_translations(struct cpu *s);

#endif

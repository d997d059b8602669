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
#define MSR_FE1 (UINT64_C(1) << 8)
#define MSR_IR  (UINT64_C(1) << 5)
#define MSR_DR  (UINT64_C(1) << 4)
#define MSR_RI  (UINT64_C(1) << 1)
#define MSR_LE  (UINT64_C(1) << 0)
/* Bits that exist; the others read zero. There is no trace: SE and BE are among these. */
#define MSR_BITS                                                                                   \
    (MSR_SF | MSR_HV | MSR_VEC | MSR_VSX | MSR_EE | MSR_PR | MSR_FP | MSR_ME | MSR_FE0 | MSR_FE1 | \
     MSR_IR | MSR_DR | MSR_RI | MSR_LE)

#define LPCR_AIL   UINT64_C(0x1800000)  /* 39:40, where interrupts go with translation on */
#define LPCR_ILE   (UINT64_C(1) << 25)  /* 38 */
#define LPCR_LD    (UINT64_C(1) << 17)  /* 46, the decrementer has 64 bits instead of 32 */
#define LPCR_LPES  (UINT64_C(1) << 3)   /* 60, external interrupts are the operating system's */
#define LPCR_HDICE (UINT64_C(1) << 0)   /* 63 */
#define HID0_HILE  (UINT64_C(1) << 59)  /* POWER9's: little-endian interrupts to the hypervisor */
#define FSCR_SCV   (UINT64_C(1) << 12)

/* Registers that are kept and nothing else. */
struct spr_kept {
#define SPR_KEPT(name, number, isa, who, mask) uint64_t name;
#define SPR_ROW(...)
#define SPR_READ_ONLY(...)
#define SPR_WRITE_ONLY(...)
#define SPR_ALIAS(...)
#include "sim/isa/spr.def"
#undef SPR_ALIAS
#undef SPR_WRITE_ONLY
#undef SPR_READ_ONLY
#undef SPR_ROW
#undef SPR_KEPT
};

/* Doorbells: bits of `doorbells`. */
enum { DOORBELL_PRIVILEGED = 1, DOORBELL_HYPERVISOR = 2 };

struct supervisor {
    uint64_t msr;
    struct radix_context radix; /* registers of the translation, and its share of the MSR */
    uint64_t srr0, srr1, hsrr0, hsrr1;
    uint64_t dar, dsisr, hdar, hdsisr, heir;
    uint64_t lpcr, fscr, hid0, pir;
    uint64_t hashkey, hashpkey;
    uint64_t timebase_offset;     /* added to the board's clock */
    uint64_t dec_zero, hdec_zero; /* time base at which the decrementers are 0 */
    uint32_t doorbells;           /* sent and not taken */
    bool has_emulation_assist;    /* illegal instructions are the hypervisor's, as from POWER7 on */
    uint64_t msr_bits;            /* that this implementation has */
    struct spr_kept kept;
};

struct cpu;

/* Sets the MSR as it is written (no forced bits) and with it the mode. What was predecoded or
 * translated under another one is not used any more. */
void cpu_set_msr(struct cpu *s, uint64_t msr);

/* The time base and what counts down with it; a decrementer below zero is an interrupt. */
uint64_t cpu_timebase(const struct cpu *s);
uint64_t cpu_decrementer(const struct cpu *s);
uint64_t cpu_hypervisor_decrementer(const struct cpu *s);

/* After any change to what a translation depends on. */
void cpu_forget_translations(struct cpu *s);

#endif

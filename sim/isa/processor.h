/* Which processor is modelled as far as programs can tell: its instructions, its version register
 * and what an operating system says about it. How fast it is belongs to the pipeline models. */
#ifndef SIM_ISA_PROCESSOR_H
#define SIM_ISA_PROCESSOR_H

#include "sim/isa/decode.h"
#include "sim/isa/state.h"

struct processor {
    const char *key;
    uint16_t isa;     /* enum insn_isa */
    bool is_32bit;    /* a 32-bit implementation */
    uint32_t pvr;
    uint32_t cache_block_bytes;
    const char *platform, *name;
    uint32_t hwcap, hwcap2;
    uint64_t msr_bits;         /* 0: not for a board */
    bool has_emulation_assist; /* see struct supervisor */
    bool updates_rc;           /* the radix walk sets reference and change bits itself */
    bool is_open_as_microwatt; /* see struct cpu */
    bool has_radix_guests;     /* an operating system may be a radix guest of a hypervisor */
};

/* The legal values of the key for a CHOICE row, after a first `|`. */
extern const char processor_choices[];

/* Processor n of the choices. */
const struct processor *processor_at(uint32_t n);
/* NULL when none has that key. */
const struct processor *processor_find(const char *key);
struct decoder *processor_decoder(const struct processor *p);
/* Sets what is fixed of the registers and the mode, as for a program; a board sets the MSR then.
 * All else stays. */
void processor_reset(const struct processor *p, struct cpu *s, bool is_64bit, bool big_endian);

#endif

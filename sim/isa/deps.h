/* The registers that an instruction reads and writes, as timing models want to know them. */
#ifndef SIM_ISA_DEPS_H
#define SIM_ISA_DEPS_H

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>

/* Registers: one number each. */
enum reg_id {
    REG_GPR = 0,   /* 0..31 */
    REG_VSR = 32,  /* 32..95; FPR n is REG_VSR + n, VR n is REG_VSR + 32 + n */
    REG_CR = 96,   /* 96..103 */
    REG_CA = 104, REG_OV, REG_SO, REG_LR, REG_CTR, REG_TAR, REG_FPSCR, REG_VSCR, REG_VRSAVE,
    REG_SPR,       /* any other */
    REG_COUNT,
    /* What fills the places of insn_needs that name no register, so that a timing model can
     * look at them without counting: nothing writes the one, nothing reads the other. */
    REG_NO_INPUT = REG_COUNT, REG_NO_OUTPUT, REG_PADDED_COUNT,
    REG_NONE = 255
};

#define INSN_MAX_IN  10 /* mfcr reads all eight fields */
#define INSN_MAX_OUT 10
#define INSN_FEW_IN  2 /* places of insn_needs, which always hold a register */
#define INSN_FEW_OUT 1

/* What follows from its dependences for who looks at every instruction, in one word. */
struct insn_needs {
    alignas(uint64_t) uint8_t in[INSN_FEW_IN];
    uint8_t out[INSN_FEW_OUT];
    uint8_t class;  /* enum insn_class: the row's, or that of its mtcrf */
    bool many_in;   /* reads more than in[], MULTI included */
    bool many_out;  /* writes more than out[], MULTI included */
};

/* Dependences of a predecoded instruction. For a row with MULTI the registers are `multi_first`...,
 * `multi_count` of them (wrapping from 31 to 0), read by a store and written by a load. */
struct insn_deps {
    struct insn_needs needs;
    uint8_t in_count, out_count;
    uint8_t in[INSN_MAX_IN], out[INSN_MAX_OUT];
    uint8_t multi_first, multi_count;
    uint8_t address_in; /* the first so many of in[] make the address (loads and stores) */
};

#endif

/* The record of one executed instruction: all that a timing model may know about it. */
#ifndef SIM_EXEC_OP_H
#define SIM_EXEC_OP_H

#include "sim/isa/insn.h"

enum op_flag {
    OP_TAKEN  = 1 << 0, /* a branch that branched */
    OP_LOAD   = 1 << 1,
    OP_STORE  = 1 << 2,
    OP_SERIAL = 1 << 3, /* executed when it was the oldest; nothing younger was fetched before */
    OP_FAULT  = 1 << 4, /* raised an exception; next_pc is where the handler starts (or the retry) */
};

struct op {
    const struct insn *insn; /* predecoded; valid until the guest changes this code */
    const struct insn_row *row;
    const struct insn_deps *deps;
    uint64_t pc, next_pc;    /* effective addresses */
    uint64_t fetch_pa;       /* physical address of the instruction */
    uint64_t ea, pa;         /* of a storage access, its first byte */
    uint32_t bytes;          /* of a storage access; 0 otherwise (a failed stwcx., a touch hint) */
    uint8_t flags;           /* enum op_flag */
};

#endif

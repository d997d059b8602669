/* The registers of a case one by one, under the numbers that timing models know them by. */
#ifndef TESTS_ISA_REGS_H
#define TESTS_ISA_REGS_H

#include <stdio.h>

#include "sim/isa/insn.h"
#include "tests/isa/block.h"

/* REG_SPR and above, and numbers of nothing, read as zero and ignore writes. */
void reg_get(const struct isa_regs *r, uint32_t reg, uint64_t value[2]);
void reg_set(struct isa_regs *r, uint32_t reg, const uint64_t value[2]);
/* "r5", "vs40", "cr6", "CA". */
void reg_name(uint32_t reg, char *out, size_t room);
void reg_print(FILE *f, const struct isa_regs *r, uint32_t reg);

#endif

/* The comparisons of the harness. Each returns the number of differences; with `report` they
 * are printed there. */
#ifndef TESTS_ISA_CHECK_H
#define TESTS_ISA_CHECK_H

#include <stdio.h>

#include "tests/isa/exempt.h"
#include "tests/isa/ours.h"
#include "tests/isa/values.h"

/* What came out of two executions. With `use` exempt bits of the row do not count; without,
 * every bit counts. */
uint32_t check_same(struct exempt_use *use, const struct insn_row *row, const struct isa_regs *a,
                    const struct isa_regs *b, const char *name_a, const char *name_b, FILE *report);

/* Whether the row's masks tell the truth: only registers of `out` changed, and registers
 * outside `in` have no effect on what is written. `after` is what ours made of the block. */
uint32_t check_deps(struct ours *o, uint32_t slot, const struct isa_block *block,
                    const struct isa_regs *after, struct values *values, FILE *report);

/* The word and the registers it reads. */
void print_case(FILE *f, uint32_t slot, const struct isa_block *block);

#endif

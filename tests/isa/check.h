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

/* Masks that list too much make instructions wait for nothing. What the cases of a row have shown:
 * one flag for each register of `in` and `out`, of the words with most of them. */
struct mask_use {
    struct insn_deps widest;
    uint32_t word, cases;
    bool in_matters[INSN_MAX_IN], out_written[INSN_MAX_OUT];
};

void mask_use_observe(struct mask_use *u, struct ours *o, uint32_t slot,
                      const struct isa_block *block, const struct isa_regs *after,
                      struct values *values);
/* The number of registers that never mattered; 0 when too few cases told. Printed if `report`. */
uint32_t mask_use_report(const struct mask_use *u, const char *mnemonic, FILE *report);

/* The word and the registers it reads. */
void print_case(FILE *f, uint32_t slot, const struct isa_block *block);

#endif

/* Random cases: a valid word of a row, and registers and storage that make it interesting. */
#ifndef TESTS_ISA_GEN_H
#define TESTS_ISA_GEN_H

#include <stdbool.h>

#include "sim/isa/decode.h"
#include "tests/isa/block.h"
#include "tests/isa/values.h"

struct gen {
    struct values values;
    const struct decoder *decoder;
};

/* A word of the row whose registers and fields make a valid form; false when none was found.
 * `pc` is where it will stand: direct branches go to landing pads. */
bool gen_word(struct gen *g, uint16_t number, uint64_t pc, uint32_t *word);
/* The whole case. */
bool gen_case(struct gen *g, uint16_t number, uint32_t slot, struct isa_block *block);

#endif

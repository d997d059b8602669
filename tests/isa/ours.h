/* Executes one word with given registers on this simulator: by single steps and by the chain. */
#ifndef TESTS_ISA_OURS_H
#define TESTS_ISA_OURS_H

#include <stdbool.h>

#include "sim/isa/insn.h"
#include "tests/isa/block.h"

struct ours;
struct decoder;

enum ours_way { OURS_STEP, OURS_CHAIN };

/* `processor` is a value of the key core.isa. */
struct ours *ours_create(bool big_endian, const char *processor);
void ours_destroy(struct ours *o);
const struct decoder *ours_decoder(const struct ours *o);

/* Puts word n into slot n; everything else in the code area is no instruction. */
void ours_load(struct ours *o, const struct isa_block *blocks, uint32_t count);
void ours_run(struct ours *o, uint32_t slot, const struct isa_block *block, enum ours_way way,
              struct isa_regs *out);

/* Runs a page of copies of the word through the chain. True when enough of them were executed to
 * tell; then *bytes is the depth that the host's stack reached. */
bool ours_stack_depth(struct ours *o, const struct isa_block *block, uint64_t *bytes);
/* The same with a branch to itself that counts CTR down from 1000 and then leaves the page. */
bool ours_branch_depth(struct ours *o, uint32_t word, uint64_t *bytes);

static inline uint64_t slot_word_address(uint32_t slot)
{
    return ISA_CODE_BASE + (uint64_t)slot * ISA_SLOT_BYTES + ISA_WORD_AT;
}

#endif

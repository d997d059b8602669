/* From an instruction word to a row of insn.def and its operands. */
#ifndef SIM_ISA_DECODE_H
#define SIM_ISA_DECODE_H

#include "sim/isa/insn.h"

/* The rows of one ISA version, indexed for decoding. */
struct decoder;

/* Rows newer than `isa` (enum insn_isa) are left out; `is_32bit` adds the rows of classic 32-bit
 * processors. */
struct decoder *decoder_create(uint16_t isa, bool is_32bit);
void decoder_destroy(struct decoder *d);
/* Takes out the rows of the vector facilities (VMX and VSX), for processors without them. */
void decoder_drop_vectors(struct decoder *d);
/* ... those of floating point, for processors without a floating-point unit. */
void decoder_drop_floats(struct decoder *d);
/* ... those of decimal floating point. */
void decoder_drop_decimals(struct decoder *d);
/* ... those that are newer than the 32-bit processors and not VMX's. */
void decoder_drop_later(struct decoder *d);
/* ... the rows with F_MAC. */
void decoder_drop_macs(struct decoder *d);

/* enum insn_number of the row that matches, INSN_ILLEGAL when none does or the
 * operands make it an invalid form. Reserved fields are ignored. */
uint16_t decoder_find(const struct decoder *d, uint32_t word);

/* The word without what the processor ignores: 32-bit implementations compare words whatever L is,
 * an invalid form. */
uint32_t decoder_word(const struct decoder *d, uint16_t number, uint32_t word);

/* The row of a prefixed instruction (ISA 3.1), when the word is a prefix. */
uint16_t decoder_find_prefixed(const struct decoder *d, uint32_t prefix, uint32_t suffix);

static inline bool insn_is_prefix(uint32_t word) { return word >> 26 == 1; }

/* A prefixed instruction at this address would lie in two blocks of 64 bytes: that is an alignment
 * interrupt. */
static inline bool insn_crosses_block(uint64_t pc) { return (pc & 63) == 60; }

/* After insn_predecode of the suffix. */
void insn_add_prefix(struct insn *i, uint32_t prefix);

/* Fills everything of *i but the handler. */
void insn_predecode(struct insn *i, uint16_t number, uint32_t word, uint64_t pc);
/* Fills the dependences of a predecoded instruction. */
void insn_find_deps(const struct insn *i, struct insn_deps *deps);

/* Ones where the pattern has 0, 1 or `o`, and which of them are 1. `reserved` gets ones where it
 * has `/`; may be NULL. */
void insn_pattern_bits(const char *pattern, uint32_t *mask, uint32_t *match, uint32_t *reserved);
/* Ones where it has `o` and the version is older than 3.0: processors ignore what ISA 3.0 tells
 * instructions apart by, and libraries count on that (mffsl and its like do as mffs there). */
uint32_t insn_pattern_ignored(const char *pattern, uint16_t isa);

/* Bytes a load or store moves, 0 when known only at execution or not a storage access. */
static inline uint32_t insn_mem_bytes(const struct insn_row *row)
{
    uint32_t bytes = (row->flags & F_MEM_MASK) >> F_MEM_SHIFT;
    return bytes == F_MV >> F_MEM_SHIFT ? 0 : bytes;
}

#endif

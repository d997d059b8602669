/* Instruction words as text, in the notation of binutils: `objdump -d -M power9` prints the
 * same, extended mnemonics included. */
#ifndef SIM_ISA_DISASM_H
#define SIM_ISA_DISASM_H

#include <stddef.h>

#include "sim/isa/decode.h"

#define INSN_MNEMONIC_ROOM 16 /* the longest mnemonic with its suffixes and the terminating NUL */

/* Writes the word at pc as text, cut to `room` bytes. ".long 0x..." when it is no instruction. */
void disasm(char *out, size_t room, const struct decoder *d, uint32_t word, uint64_t pc);

/* The basic mnemonic of a row (enum insn_number) with the suffixes that the word asks for:
 * "addo.", "bcl". */
void insn_mnemonic(char out[INSN_MNEMONIC_ROOM], uint16_t number, uint32_t word);

/* The places of the instruction word that the operand called `word` (of `length` characters) of a
 * row's `operands` column may stand in, as a mask; 0 when no operand has that name. */
uint32_t disasm_operand_places(uint16_t number, const char *word, size_t length);

#endif

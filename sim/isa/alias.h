/* Extended mnemonics (alias.def): what the assembler and people call certain words of a row. */
#ifndef SIM_ISA_ALIAS_H
#define SIM_ISA_ALIAS_H

#include <stdint.h>

/* What a pattern cannot say about the fields of a word. */
enum alias_condition {
    ALIAS_ANY,
    ALIAS_SB,    /* bits 6:10 equal bits 16:20 (RS = RB) */
    ALIAS_AB,    /* bits 11:15 equal bits 16:20 (RA = RB) */
    ALIAS_TAB,   /* all three are equal */
    ALIAS_XAB,   /* XA = XB, all six bits */
    ALIAS_SLWI,  /* a rotate that shifts left by SH: ME = 31 - SH, or 63 - sh */
    ALIAS_SRWI,  /* a rotate that shifts right: SH = 32 - MB, or 64 - mb */
};

struct insn_alias {
    const char *mnemonic;
    uint16_t number;       /* enum insn_number; 0 ends the table */
    const char *pattern;
    uint8_t condition;     /* enum alias_condition */
    const char *operands;
};

extern const struct insn_alias insn_aliases[];

/* The first alias of the row that describes the word; a null pointer when none does. */
const struct insn_alias *alias_find(uint16_t number, uint32_t word);

#endif

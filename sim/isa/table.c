/* The instruction table itself, expanded from insn.def. */
#include "sim/isa/insn.h"
#include "sim/isa/operands.h"

/* Names end in `_` where the mnemonic ends in `.` always (andi_, stwcx_): disasm.c prints it so. */
const struct insn_row insn_rows[INSN_COUNT] = {
    {"illegal", "................................", "", P1, FORM_X, CLASS_INT, F_RAISES, 0, 0},
#define INSN(name, form, pattern, operands, isa, class, flags, out, in)                            \
    {#name, pattern, operands, isa, FORM_##form, CLASS_##class, flags, out, in},
#include "sim/isa/insn.def"
#undef INSN
};

#include "sim/isa/alias.h"

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/bits.h"
#include "sim/isa/decode.h"

const struct insn_alias insn_aliases[] = {
#define ALIAS(mnemonic, row, pattern, condition, operands)                                         \
    {mnemonic, INSN_##row, pattern, ALIAS_##condition, operands},
#include "sim/isa/alias.def"
#undef ALIAS
    {NULL, INSN_ILLEGAL, NULL, ALIAS_ANY, NULL},
};

static bool condition_holds(enum alias_condition condition, uint32_t w)
{
    uint32_t t = ppc_field(w, 6, 10), a = ppc_field(w, 11, 15), b = ppc_field(w, 16, 20);
    uint32_t mb = ppc_field(w, 21, 25), me = ppc_field(w, 26, 30);
    uint32_t sh6 = b | ppc_field(w, 30, 30) << 5, m6 = mb | ppc_field(w, 26, 26) << 5;
    bool is_64bit = w >> 26 == 30;
    switch (condition) {
    case ALIAS_SB:   return t == b;
    case ALIAS_AB:   return a == b;
    case ALIAS_TAB:  return t == a && a == b;
    case ALIAS_XAB:  return a == b && (w >> 2 & 1) == (w >> 1 & 1);
    case ALIAS_SLWI: return is_64bit ? m6 == 63 - sh6 : me == 31 - b;
    case ALIAS_SRWI: return is_64bit ? sh6 == 64 - m6 : b == 32 - mb;
    default:         return true;
    }
}

const struct insn_alias *alias_find(uint16_t number, uint32_t word)
{
    uint32_t mask, match;
    for (const struct insn_alias *a = insn_aliases; a->number; a++) {
        if (a->number != number)
            continue;
        insn_pattern_bits(a->pattern, &mask, &match, NULL);
        if ((word & mask) == match && condition_holds((enum alias_condition)a->condition, word))
            return a;
    }
    return NULL;
}

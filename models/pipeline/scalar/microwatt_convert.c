/* To and from integers. */
#include "models/pipeline/scalar/microwatt_operations.h"

void fpu_round_to_integer(struct fpu *u, const struct number *b)
{
    fpu_states(u, 1);
    if (b->exponent >= 52)
        return;
    u->r = b->m;
    u->exponent = b->exponent;
    u->shift = b->exponent - 52;
    fpu_states(u, 1);
    fpu_note_lost(u);
    fpu_shift(u);
    fpu_round(u);
}

/* fcti*: the value is in R with its last place at bit 0. */
static void check_integer(struct fpu *u, bool up, bool is_word, bool is_unsigned)
{
    uint32_t top = is_word ? 31 : 63;
    bool near = u->r >> top & 1 || (!is_unsigned && u->r >> (top - 1) & 1 && !u->negative);
    fpu_states(u, 1);
    if (is_word && is_unsigned)
        near = u->r >> 31 & 1;
    u->r = u->negative ? 0 - (u->r + up) : u->r + up;
    if (!near)
        return;
    bool msb = u->r >> top & 1;
    bool overflows = (is_unsigned ? !msb : msb != u->negative) ||
                     (is_word && (u->r >> 32 & 1) != u->negative);
    fpu_states(u, 1 + overflows);
}

void fpu_convert_to_integer(struct fpu *u, const struct number *b)
{
    bool is_word = !(u->word >> 9 & 1), is_unsigned = u->word >> 8 & 1;
    fpu_states(u, 1);
    if (b->exponent >= 64 || (is_word && b->exponent >= 32)) {
        fpu_states(u, 1);
        return;
    }
    u->r = b->m;
    u->exponent = b->exponent;
    if (b->exponent >= 52) {
        fpu_states(u, 1);
        if (is_unsigned && b->negative)
            return;
        u->shift = b->exponent - UNIT;
        fpu_shift(u);
        check_integer(u, false, is_word, is_unsigned);
        return;
    }
    u->shift = b->exponent - 52;
    fpu_note_lost(u);
    fpu_shift(u);
    fpu_states(u, 2);
    bool up = fpu_rounds_up(u, false), value = (u->r & ((UINT64_C(1) << (UNIT + 2)) - 16)) != 0;
    u->r >>= UNIT - 52;
    if (is_unsigned && u->negative && (value || up))
        fpu_states(u, 1);
    else
        check_integer(u, up, is_word, is_unsigned);
}

void fpu_convert_from_integer(struct fpu *u, uint64_t v)
{
    bool is_unsigned = u->word >> 8 & 1;
    u->negative = !is_unsigned && v >> 63;
    u->long_mask = u->single && !is_unsigned;
    fpu_states(u, 1);
    if (!v)
        return;
    u->r = u->negative ? 0 - v : v;
    u->exponent = UNIT;
    fpu_finish(u);
}

#include "models/pipeline/scalar/microwatt_round.h"

static int32_t min_exponent(const struct fpu *u) { return u->single ? -126 : -1022; }
static int32_t max_exponent(const struct fpu *u) { return u->single ? 127 : 1023; }
static int32_t new_exponent(const struct fpu *u) { return u->exponent - u->shift; }

uint64_t fpu_shifted(const struct fpu *u)
{
    if (u->shift < -63 || u->shift > 63)
        return 0;
    if (u->shift <= 0)
        return u->r >> -u->shift;
    uint64_t low = u->shift <= UNIT ? u->s >> (UNIT - u->shift) : u->s << (u->shift - UNIT);
    return u->r << u->shift | low;
}

/* Bits of R that the shift moves below the result's last place. */
void fpu_note_lost(struct fpu *u)
{
    int32_t last = (u->long_mask ? 30 : -1) - u->shift;
    if (last >= 0)
        u->x |= last >= 63 ? u->r != 0 : (u->r & ((UINT64_C(2) << last) - 1)) != 0;
}

static void note_lost_low(struct fpu *u)
{
    if (!u->multiplies || u->shift >= UNIT)
        return;
    int32_t last = u->shift > 0 ? 55 - u->shift : 55;
    u->x |= (u->s & ((UINT64_C(2) << last) - 1)) != 0;
}

void fpu_shift(struct fpu *u)
{
    u->r = fpu_shifted(u);
    u->exponent = new_exponent(u);
}

/* Whether rounding adds one in the last place. */
bool fpu_rounds_up(const struct fpu *u, bool single)
{
    uint64_t guard = single ? UINT64_C(1) << 32 : 8, last = guard << 1, rest = guard >> 1;
    bool half = u->r & guard, odd = u->r & last;
    bool below = u->x || u->r & rest || (!single && u->r & (rest - 1));
    switch (u->round_mode & 3) {
    case 0: return half && (below || odd || u->round_mode & 4);
    case 1: return false;
    default: return (u->round_mode & 1) == u->negative && (half || below);
    }
}

/* After rounding the result may have to be normalised again, may be too large, or be zero. */
static void round_again(struct fpu *u)
{
    fpu_states(u, 1);
    if (!u->r)
        return;
    bool huge = new_exponent(u) > max_exponent(u);
    if (huge || (u->tiny && u->fpscr & FPSCR_UE))
        fpu_states(u, 1);
}

static void round_up(struct fpu *u)
{
    u->r &= ~(u->single ? (UINT64_C(1) << 33) - 1 : UINT64_C(15));
    u->r += u->single ? UINT64_C(1) << 33 : 16;
    u->shift = 0;
    fpu_states(u, 2);
    if (u->r >> (UNIT + 1) & 1) {
        u->shift = fpu_normal_shift(u->r);
        round_again(u);
    } else if (!(u->r >> UNIT & 1)) {
        u->shift = u->exponent > -1022 ? fpu_normal_shift(u->r) : 0;
        round_again(u);
    } else if (u->exponent > max_exponent(u) || (u->tiny && u->fpscr & FPSCR_UE)) {
        fpu_states(u, 1);
    }
}

void fpu_round(struct fpu *u)
{
    fpu_states(u, 1);
    if (fpu_rounds_up(u, u->single)) {
        round_up(u);
    } else if (!(u->r >> UNIT & 1)) {
        u->shift = u->exponent > -1022 ? fpu_normal_shift(u->r) : 0;
        u->r &= ~(u->single ? (UINT64_C(1) << 33) - 1 : UINT64_C(15));
        round_again(u);
    } else if ((u->tiny && u->fpscr & FPSCR_UE) || u->exponent > max_exponent(u)) {
        fpu_states(u, 1);
    }
}

/* The exponent decides whether rounding is preceded by denormalising or replaced by overflow. */
static void leave_normal(struct fpu *u, int32_t exponent)
{
    u->tiny = exponent < min_exponent(u);
    if (u->tiny && !(u->fpscr & FPSCR_UE)) {
        u->shift = exponent - min_exponent(u);
        u->exponent = exponent;
        fpu_states(u, 1);
        fpu_note_lost(u);
        fpu_shift(u);
        fpu_round(u);
    } else if (exponent > max_exponent(u) && !(u->fpscr & FPSCR_OE)) {
        fpu_states(u, 1);
    } else {
        fpu_round(u);
    }
}

/* R is not zero, u->shift normalises it. */
void fpu_normalise(struct fpu *u)
{
    fpu_states(u, 1);
    fpu_note_lost(u);
    note_lost_low(u);
    fpu_shift(u);
    leave_normal(u, u->exponent);
}

void fpu_finish(struct fpu *u)
{
    u->shift = 0;
    fpu_states(u, 1);
    if (!u->r)
        return;
    if (u->r >> UNIT != 1) {
        u->shift = fpu_normal_shift(u->r);
        fpu_normalise(u);
        return;
    }
    fpu_note_lost(u);
    note_lost_low(u);
    leave_normal(u, u->exponent);
}

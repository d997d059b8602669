/* Sums, products, quotients, roots and estimates. */
#include "models/pipeline/scalar/microwatt_operations.h"
#include "sim/base/bits.h"

#define MULTIPLY 4u         /* states of one that starts the multiplier and waits for it */
#define MULTIPLY_STARTED 3u /* ... when the state before it has started it */
#define S_MASK ((UINT64_C(1) << UNIT) - 1)

/* A sum with the sign bit set or one place too long. */
static void finish_sum(struct fpu *u)
{
    u->shift = -1;
    fpu_states(u, 1);
    if (!u->r)
        return;
    if (u->r >> 63) {
        u->r = 0 - u->r;
        u->negative = !u->negative;
    } else if (u->r >> (UNIT + 1) & 1) {
        fpu_note_lost(u);
        fpu_shift(u);
    }
    fpu_finish(u);
}

static void add_significand(struct fpu *u, uint64_t m)
{
    fpu_states(u, 1);
    u->r = u->subtracts ? m - u->r - u->x : m + u->r;
    finish_sum(u);
}

static void align(struct fpu *u)
{
    fpu_states(u, 1);
    u->long_mask = false;
    u->x = u->s != 0;
    fpu_note_lost(u);
    fpu_shift(u);
    u->s = 0;
    u->long_mask = u->single;
}

void fpu_add(struct fpu *u, const struct number *a, const struct number *b, bool a_larger)
{
    fpu_states(u, 1);
    u->exponent = a->exponent;
    u->r = a->m;
    if (a_larger) {
        u->r = b->m;
        u->exponent = b->exponent;
        u->shift = b->exponent - a->exponent;
        fpu_states(u, 1);
        align(u);
        add_significand(u, a->m);
        return;
    }
    if (a->exponent != b->exponent) {
        u->shift = a->exponent - b->exponent;
        align(u);
    }
    add_significand(u, b->m);
}

static void set_product(struct fpu *u, u128 product)
{
    u->r = (uint64_t)(product >> UNIT);
    u->s = (uint64_t)product & S_MASK;
}

void fpu_multiply(struct fpu *u, const struct number *a, const struct number *c)
{
    fpu_states(u, 1 + MULTIPLY_STARTED);
    u->exponent = a->exponent + c->exponent;
    set_product(u, (u128)a->m * c->m);
    fpu_finish(u);
}

/* The addend goes through the multiplier, wide enough that nothing cancels away. */
static void multiply_add_wide(struct fpu *u, const struct number *a, const struct number *b,
                              const struct number *c)
{
    int32_t distance = b->exponent - (a->exponent + c->exponent);
    fpu_states(u, 3);
    u->r = b->m;
    u->shift = distance + 64;
    fpu_note_lost(u);
    uint64_t low = fpu_shifted(u);
    u->x |= (low & 255) != 0;
    u->s = low >> 8;
    u->shift = distance;
    u->r = fpu_shifted(u);
    u->exponent = a->exponent + c->exponent;
    u128 addend = (u128)u->r << UNIT | u->s, product = (u128)a->m * c->m;
    set_product(u, u->subtracts ? addend - product : addend + product);
    fpu_states(u, MULTIPLY + 2);
    if (u->r >> 63) {
        bool below = u->s || u->x;
        u->r = ~u->r + !below;
        u->s = (~u->s + !u->x) & S_MASK;
        u->negative = !u->negative;
    }
    if (!(u->r & ((UINT64_C(1) << (UNIT + 4)) - 1))) {
        u->r = u->s;
        u->exponent -= UNIT;
        u->s = 0;
    }
    fpu_finish(u);
}

void fpu_multiply_add(struct fpu *u, const struct number *a, const struct number *b,
                         const struct number *c)
{
    fpu_states(u, 1);
    if (a->exponent + c->exponent + 2 >= b->exponent) {
        multiply_add_wide(u, a, b, c);
        return;
    }
    u->exponent = a->exponent + c->exponent;
    u->shift = u->exponent - b->exponent;
    set_product(u, (u128)a->m * c->m);
    fpu_states(u, MULTIPLY_STARTED);
    align(u);
    add_significand(u, b->m);
}

/* Three rounds of Newton-Raphson, the quotient, its remainder, a correction. */
void fpu_divide(struct fpu *u, const struct number *a, const struct number *b)
{
    u128 wide = (u128)a->m << 54;
    fpu_states(u, 1 + 8 * MULTIPLY + 1);
    u->exponent = a->exponent - b->exponent;
    u->r = (uint64_t)(wide / b->m) << 2;
    u->x = wide % b->m != 0;
    fpu_finish(u);
}

static uint64_t root(u128 v)
{
    uint64_t r = 0;
    for (uint64_t bit = UINT64_C(1) << 57; bit; bit >>= 1)
        if ((u128)(r | bit) * (r | bit) <= v)
            r |= bit;
    return r;
}

/* A root's first states: an odd exponent is made even. */
static void halve_exponent(struct fpu *u, struct number *b)
{
    fpu_states(u, 1);
    if (b->exponent & 1) {
        fpu_states(u, 3);
        b->m <<= 1;
        b->exponent--;
    }
    b->exponent /= 2;
}

void fpu_square_root(struct fpu *u, struct number *b)
{
    halve_exponent(u, b);
    u128 wide = (u128)b->m << UNIT;
    /* the estimate, three rounds of 9 cycles, two corrections */
    fpu_states(u, 4 + 3 * 9 + 2 * MULTIPLY + 1 + MULTIPLY + 1);
    u->exponent = b->exponent;
    u->r = root(wide);
    u->x = (u128)u->r * u->r != wide;
    fpu_finish(u);
}

void fpu_root_estimate(struct fpu *u, struct number *b)
{
    halve_exponent(u, b);
    fpu_states(u, 1);
    u->exponent = -b->exponent;
    u->r = UINT64_C(1) << (UNIT - 1); /* that it is in [0.5, 1) is all that matters */
    u->shift = 1;
    fpu_normalise(u);
}

void fpu_estimate(struct fpu *u, const struct number *b)
{
    uint64_t part = b->m >> (UNIT - 8) & 255;
    fpu_states(u, 2);
    u->exponent = -b->exponent;
    u->r = ((UINT64_C(1) << 19) * 512 / (513 + 2 * part)) << (UNIT - 19);
    u->shift = 1;
    fpu_normalise(u);
}

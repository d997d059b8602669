/* Floating-point operations of Microwatt's unit: the states each passes through. The path depends
 * on exponents, on cancellation, on how rounding goes. */
#include "models/pipeline/scalar/microwatt.h"
#include "models/pipeline/scalar/microwatt_round.h"
#include "sim/base/bits.h"
#include "sim/exec/op.h"

#define MULTIPLY 4u         /* states of one that starts the multiplier and waits for it */
#define MULTIPLY_STARTED 3u /* ... when the state before it has started it */
#define S_MASK ((UINT64_C(1) << UNIT) - 1)

enum kind { ZERO, FINITE, INFINITE, NAN_KIND };

struct number {
    enum kind kind;
    bool negative, denormal, has_zero_exponent;
    int32_t exponent;
    uint64_t m;
};

static struct number decode(uint64_t v)
{
    uint32_t e = v >> 52 & 0x7ff;
    uint64_t fraction = v & ((UINT64_C(1) << 52) - 1);
    struct number n = {.negative = v >> 63, .has_zero_exponent = !e, .denormal = !e && fraction,
                       .exponent = e ? (int32_t)e - 1023 : -1022,
                       .m = (fraction | (uint64_t)(e != 0) << 52) << (UNIT - 52)};
    n.kind = e == 0x7ff ? (fraction ? NAN_KIND : INFINITE) : e || fraction ? FINITE : ZERO;
    return n;
}

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

static void add(struct fpu *u, const struct number *a, const struct number *b, bool a_larger)
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

static void multiply(struct fpu *u, const struct number *a, const struct number *c)
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

static void multiply_add(struct fpu *u, const struct number *a, const struct number *b,
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
static void divide(struct fpu *u, const struct number *a, const struct number *b)
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

static void square_root(struct fpu *u, struct number *b)
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

static void root_estimate(struct fpu *u, struct number *b)
{
    halve_exponent(u, b);
    fpu_states(u, 1);
    u->exponent = -b->exponent;
    u->r = UINT64_C(1) << (UNIT - 1); /* that it is in [0.5, 1) is all that matters */
    u->shift = 1;
    fpu_normalise(u);
}

static void estimate(struct fpu *u, const struct number *b)
{
    uint64_t part = b->m >> (UNIT - 8) & 255;
    fpu_states(u, 2);
    u->exponent = -b->exponent;
    u->r = ((UINT64_C(1) << 19) * 512 / (513 + 2 * part)) << (UNIT - 19);
    u->shift = 1;
    fpu_normalise(u);
}

static void round_to_integer(struct fpu *u, const struct number *b)
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

static void convert_to_integer(struct fpu *u, const struct number *b)
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

static void convert_from_integer(struct fpu *u, uint64_t v)
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

/* What operands that are zero, infinite or not a number settle at once; FINITE: nothing. `left` is
 * the operand that the result is when it still has to be rounded. */
static bool settled(const struct fpu *u, const struct number *a, const struct number *b,
                    const struct number *c, const struct number **left)
{
    bool inexact_later = u->single, traps_tiny = u->fpscr & FPSCR_UE;
    *left = NULL;
    if ((a && a->kind >= INFINITE) || (b && b->kind >= INFINITE) || (c && c->kind >= INFINITE))
        return true;
    if ((a && a->kind == ZERO) || (c && c->kind == ZERO)) {
        if (u->adds && b && b->kind == FINITE && (inexact_later || (traps_tiny && b->denormal)))
            *left = b;
        return true;
    }
    if (b && b->kind == ZERO && !u->multiplies) {
        if (u->adds && (inexact_later || (traps_tiny && a->denormal)))
            *left = a;
        return true;
    }
    return false;
}

static void renormalise(struct fpu *u, struct number *n)
{
    int32_t shift = fpu_normal_shift(n->m);
    if ((u->word >> 1 & 31) == 22 || (u->word >> 1 & 31) == 26)
        shift += shift & 1; /* of a root's operand the exponent becomes even */
    n->m <<= shift;
    n->exponent -= shift;
    n->denormal = false;
    fpu_states(u, 3);
}

/* Extended opcodes of arithmetic, bits 26:30 of the word. */
enum { FRI = 8, FRSP = 12, FCTI = 14, FCTIZ = 15, FDIV = 18, FSUB = 20, FADD = 21, FSQRT = 22,
       FRE = 24, FMUL = 25, FRSQRTE = 26, FMADD = 28 };

/* Operands of one operation; NULL: it has no such operand. */
struct operands {
    struct number value[3];
    struct number *a, *b, *c;
    bool a_larger; /* by its exponent field */
};

static void find_operands(struct operands *n, uint32_t opcode, const struct op_operands *o)
{
    bool has_a = opcode == FDIV || opcode == FADD || opcode == FSUB || opcode == FMUL ||
                 opcode >= FMADD;
    *n = (struct operands){.value = {decode(o->a), decode(o->b), decode(o->c)},
                           .a_larger = (o->a >> 52 & 0x7ff) > (o->b >> 52 & 0x7ff)};
    n->a = has_a ? &n->value[0] : NULL;
    n->b = opcode != FMUL ? &n->value[1] : NULL;
    n->c = opcode == FMUL || opcode >= FMADD ? &n->value[2] : NULL;
}

/* What the operation is, and its sign, which directed rounding looks at. */
static void prepare(struct fpu *u, uint32_t opcode, const struct operands *n)
{
    bool plus = u->word >> 1 & 1, a = n->value[0].negative, b = n->value[1].negative;
    bool c = n->value[2].negative;
    u->adds = opcode == FADD || opcode == FSUB || opcode >= FMADD;
    u->multiplies = opcode == FMUL || opcode >= FMADD;
    u->inverts = opcode == FDIV || opcode == FRE || opcode == FRSQRTE;
    u->long_mask = u->single;
    u->negative = opcode == FDIV ? a != b : opcode == FMUL ? a != c : b;
    if (!u->adds)
        return;
    u->negative = n->a_larger && !u->multiplies ? a : b == plus;
    u->subtracts = !(a ^ b ^ plus ^ (u->multiplies && c));
}

/* The result is `left`, rounded, or needs nothing at all. */
static void settle(struct fpu *u, const struct number *left, const struct operands *n)
{
    fpu_states(u, 1);
    if (!left)
        return;
    u->r = left->m;
    u->exponent = left->exponent;
    if (left == n->a)
        u->negative = left->negative;
    u->multiplies = false;
    fpu_finish(u);
}

/* A zero or denormal operand costs a state, and a denormal one is normalised where that matters. */
static void prepare_small(struct fpu *u, uint32_t opcode, struct operands *n)
{
    struct number *a = n->a, *b = n->b, *c = n->c;
    bool with_b = u->inverts || opcode >= FMADD || opcode == FRSP || opcode == FSQRT;
    if (!(a && a->has_zero_exponent) && !(b && b->has_zero_exponent) &&
        !(c && c->has_zero_exponent))
        return;
    fpu_states(u, 1);
    if (a && a->denormal && (u->multiplies || u->inverts))
        renormalise(u, a);
    if (c && c->denormal)
        renormalise(u, c);
    if (b && b->denormal && with_b)
        renormalise(u, b);
}

static void round_to_single(struct fpu *u, const struct number *b)
{
    fpu_states(u, 1);
    u->r = b->m;
    u->exponent = b->exponent;
    fpu_finish(u);
}

static void operate(struct fpu *u, uint32_t opcode, struct operands *n)
{
    switch (opcode) {
    case FRI: round_to_integer(u, n->b); break;
    case FRSP: round_to_single(u, n->b); break;
    case FCTI:
    case FCTIZ: convert_to_integer(u, n->b); break;
    case FDIV: divide(u, n->a, n->b); break;
    case FSUB:
    case FADD: add(u, n->a, n->b, n->a_larger); break;
    case FSQRT: square_root(u, n->b); break;
    case FRE: estimate(u, n->b); break;
    case FMUL: multiply(u, n->a, n->c); break;
    case FRSQRTE: root_estimate(u, n->b); break;
    default:
        if (n->b->kind == ZERO) {
            u->negative = u->negative != u->subtracts;
            multiply(u, n->a, n->c);
        } else {
            multiply_add(u, n->a, n->b, n->c);
        }
    }
}

static uint32_t arithmetic(struct fpu *u, const struct op_operands *o)
{
    uint32_t opcode = u->word >> 1 & 31;
    bool is_root = opcode == FSQRT || opcode == FRSQRTE;
    struct operands n;
    const struct number *left;
    find_operands(&n, opcode, o);
    prepare(u, opcode, &n);
    if (settled(u, n.a, n.b, n.c, &left)) {
        settle(u, left, &n);
    } else if (is_root && n.b->negative) {
        fpu_states(u, 1);
    } else {
        prepare_small(u, opcode, &n);
        operate(u, opcode, &n);
    }
    return u->cycles;
}

static uint32_t compare(uint32_t extended, const struct op_operands *o)
{
    struct number a = decode(o->a), b = decode(o->b);
    if (extended <= 32) /* fcmpu, fcmpo */
        return a.kind == FINITE && b.kind == FINITE && a.negative == b.negative &&
                       a.exponent == b.exponent
                   ? 3
                   : 1;
    if (extended != 128 || a.kind > FINITE || b.kind != FINITE)
        return 1;
    /* ftdiv: the exponent of the divisor, then that of the quotient */
    return b.exponent < -1021 || b.exponent > 1020 || a.kind == ZERO ? 2 : 3;
}

uint32_t microwatt_float_cycles(uint32_t word, const struct op_operands *o)
{
    uint32_t extended = word >> 1 & 1023, low = word >> 1 & 31;
    struct fpu u = {.word = word, .fpscr = o->fpscr, .single = word >> 26 == 59,
                     .round_mode = o->fpscr & FPSCR_RN};
    if (extended == 846 || extended == 974) { /* fcfid, fcfidu, fcfids, fcfidus */
        convert_from_integer(&u, o->b);
        return u.cycles;
    }
    if (low == 0)
        return compare(extended, o);
    if (low == 15)
        u.round_mode = 1;
    if (low == 12)
        u.single = true; /* frsp */
    if (low == 8) { /* moves and fri* */
        if (extended < 392)
            return 1;
        u.round_mode = 4 | (word >> 6 & 3);
        return arithmetic(&u, o);
    }
    if (low == 6 || low == 7 || low == 23)
        return 1; /* moves to and from the FPSCR, merges, fsel */
    return arithmetic(&u, o);
}

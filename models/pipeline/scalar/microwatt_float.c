/* Which operation of Microwatt's unit a floating-point instruction is, and what its operands settle
 * before that begins. */
#include "models/pipeline/scalar/microwatt.h"

#include <stddef.h>

#include "models/pipeline/scalar/microwatt_operations.h"
#include "sim/exec/op.h"

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
    case FRI: fpu_round_to_integer(u, n->b); break;
    case FRSP: round_to_single(u, n->b); break;
    case FCTI:
    case FCTIZ: fpu_convert_to_integer(u, n->b); break;
    case FDIV: fpu_divide(u, n->a, n->b); break;
    case FSUB:
    case FADD: fpu_add(u, n->a, n->b, n->a_larger); break;
    case FSQRT: fpu_square_root(u, n->b); break;
    case FRE: fpu_estimate(u, n->b); break;
    case FMUL: fpu_multiply(u, n->a, n->c); break;
    case FRSQRTE: fpu_root_estimate(u, n->b); break;
    default:
        if (n->b->kind == ZERO) {
            u->negative = u->negative != u->subtracts;
            fpu_multiply(u, n->a, n->c);
        } else {
            fpu_multiply_add(u, n->a, n->b, n->c);
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
        fpu_convert_from_integer(&u, o->b);
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

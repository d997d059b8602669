/* Decimal floating point (Book I, chapter 5): arithmetic, comparisons, tests and the adjustment of
 * exponents, always by the core in decfp.h. */
#include "sim/isa/exec_decimal.h"

#define SIGNIFICANCE 63u /* of a reference significance: bits 58:63 */

void dec_finish_as(struct cpu *s, const struct insn *i, u128 bits, uint32_t class, uint32_t flags,
                   bool quad)
{
    if (fpscr_add_result(s, flags, class))
        dec_put_bits(s, i, bits, quad);
    dec_record(s, i);
    fpscr_trap(s, i, flags);
}

void dec_finish(struct cpu *s, const struct insn *i, struct dec *x, uint32_t flags, bool quad)
{
    const struct dec_format *f = dec_format_of(quad);
    if (x->kind == DEC_INFINITY)
        *x = (struct dec){.kind = DEC_INFINITY, .negative = x->negative};
    if (dec_is_nan(x))
        dec_set_count(x, f->digits - 1);
    dec_finish_as(s, i, dec_pack(f, x), dec_class(f, x), flags, quad);
}

/* The rounding mode that bits 21:22 of quantum adjustment choose, with the R of drintx. */
static enum dec_mode chosen_mode(const struct cpu *s, unsigned r, unsigned rmc)
{
    static const uint8_t modes[] = {DEC_EVEN, DEC_TO_ZERO, DEC_TIES_AWAY, 0,
                                    DEC_UP, DEC_DOWN, DEC_AWAY, DEC_TIES_TO_ZERO};
    unsigned n = r << 2 | rmc;
    return n == 3 ? dec_environment(s).mode : (enum dec_mode)modes[n];
}

typedef struct dec dec_operation(const struct dec_format *f, const struct dec *a,
                                 const struct dec *b, struct dec_env *e);

static void arith(struct cpu *s, const struct insn *i, dec_operation *run, bool quad)
{
    struct dec_env e = dec_environment(s);
    struct dec a = dec_get(s, i->ra, quad), b = dec_get(s, i->rb, quad);
    struct dec x = run(dec_format_of(quad), &a, &b, &e);
    dec_finish(s, i, &x, e.flags, quad);
}

static struct dec subtract(const struct dec_format *f, const struct dec *a, const struct dec *b,
                           struct dec_env *e)
{
    struct dec minus = *b;
    minus.negative = b->negative != !dec_is_nan(b);
    return dec_add(f, a, &minus, e);
}

BOTH(dadd, arith, dec_add)
BOTH(dsub, arith, subtract)
BOTH(dmul, arith, dec_multiply)
BOTH(ddiv, arith, dec_divide)

static void set_condition(struct cpu *s, const struct insn *i, unsigned cc)
{
    s->cr[BF_FIELD] = (uint8_t)cc;
    fpscr_set_fpcc(s, cc);
}

static unsigned condition_of(int order) { return order < 0 ? CR_LT : order > 0 ? CR_GT : CR_EQ; }

/* An ordered compare objects to every NaN, unless an enabled exception says so already. */
static void compare(struct cpu *s, const struct insn *i, bool is_ordered, bool quad)
{
    struct dec a = dec_get(s, i->ra, quad), b = dec_get(s, i->rb, quad);
    uint32_t flags = 0;
    bool has_nan = dec_is_nan(&a) || dec_is_nan(&b);
    if (a.kind == DEC_SNAN || b.kind == DEC_SNAN)
        flags = FPSCR_VXSNAN | (is_ordered && !(s->fpscr & FPSCR_VE) ? FPSCR_VXVC : 0);
    else if (has_nan && is_ordered)
        flags = FPSCR_VXVC;
    set_condition(s, i, has_nan ? CR_SO : condition_of(dec_compare(dec_format_of(quad), &a, &b)));
    fpscr_add_exceptions(s, flags);
    fpscr_trap(s, i, flags);
}

BOTH(dcmpo, compare, true)
BOTH(dcmpu, compare, false)

static void set_test(struct cpu *s, const struct insn *i, bool negative, bool match)
{
    set_condition(s, i, (negative ? CR_LT : 0u) | (match ? CR_EQ : 0u));
}

static void test_class(struct cpu *s, const struct insn *i, bool quad)
{
    struct dec a = dec_get(s, i->ra, quad);
    unsigned class = a.kind == DEC_INFINITY ? 3 : a.kind == DEC_QNAN ? 4 : 5;
    if (a.kind == DEC_FINITE)
        class = !a.count ? 0 : dec_is_tiny(dec_format_of(quad), &a) ? 1 : 2;
    set_test(s, i, a.negative, FIELD(16, 21) >> (5 - class) & 1);
}

/* Extreme exponents are the lowest and the highest of the format. */
static void test_group(struct cpu *s, const struct insn *i, bool quad)
{
    const struct dec_format *f = dec_format_of(quad);
    struct dec a = dec_get(s, i->ra, quad);
    bool extreme = a.exponent == dec_lowest(f) || a.exponent == dec_highest(f);
    unsigned group;
    if (a.kind != DEC_FINITE)
        group = 5;
    else if (!a.count)
        group = extreme ? 1 : 0;
    else if (extreme || dec_is_tiny(f, &a))
        group = 2;
    else
        group = a.count == f->digits ? 4 : 3;
    set_test(s, i, a.negative, FIELD(16, 21) >> (5 - group) & 1);
}

/* Infinities are of one exponent, and so are NaNs. */
static void test_exponents(struct cpu *s, const struct insn *i, bool quad)
{
    struct dec a = dec_get(s, i->ra, quad), b = dec_get(s, i->rb, quad);
    unsigned of_a = dec_is_nan(&a) ? 2 : a.kind == DEC_INFINITY;
    unsigned of_b = dec_is_nan(&b) ? 2 : b.kind == DEC_INFINITY;
    unsigned cc = CR_EQ;
    if (of_a != of_b)
        cc = CR_SO;
    else if (of_a == 0)
        cc = condition_of((a.exponent > b.exponent) - (a.exponent < b.exponent));
    set_condition(s, i, cc);
}

static void test_significance(struct cpu *s, const struct insn *i, unsigned reference, bool quad)
{
    struct dec b = dec_get(s, i->rb, quad);
    unsigned cc = CR_GT;
    if (b.kind != DEC_FINITE)
        cc = CR_SO;
    else if (reference)
        cc = condition_of((reference > b.count) - (reference < b.count));
    set_condition(s, i, cc);
}

TWICE(dtstdc, test_class)
TWICE(dtstdg, test_group)
TWICE(dtstex, test_exponents)
BOTH(dtstsf, test_significance, FRA & SIGNIFICANCE)
BOTH(dtstsfi, test_significance, FIELD(10, 15))

/* To that exponent, where the digits suffice; what is lost is reported if asked for. */
static void quantize(struct cpu *s, const struct insn *i, struct dec *x, int32_t exponent,
                     struct dec_env *e, bool allows_infinity, bool quad)
{
    e->flags |= dec_quieten(x);
    if (x->kind == DEC_INFINITY && !allows_infinity)
        e->flags = dec_conversion_fails(x);
    if (dec_quantize(dec_format_of(quad), x, exponent, e) < 0)
        e->flags = dec_conversion_fails(x);
    if (e->flags & FPSCR_FI)
        e->flags |= FPSCR_XX;
    dec_finish(s, i, x, e->flags, quad);
}

static void adjust_immediate(struct cpu *s, const struct insn *i, bool quad)
{
    struct dec x = dec_get(s, i->rb, quad);
    struct dec_env e = {.mode = chosen_mode(s, 0, FIELD(21, 22))};
    int32_t exponent = (int32_t)(FIELD(11, 15) ^ 16) - 16;
    quantize(s, i, &x, exponent, &e, false, quad);
}

/* To the exponent of FRA; infinities go with infinities only. */
static void adjust(struct cpu *s, const struct insn *i, bool quad)
{
    struct dec a = dec_get(s, i->ra, quad), x = dec_get(s, i->rb, quad);
    struct dec_env e = {.mode = chosen_mode(s, 0, FIELD(21, 22))};
    if (dec_is_nan(&a) || dec_is_nan(&x)) {
        x = dec_add(dec_format_of(quad), &a, &x, &e);
    } else if ((a.kind == DEC_INFINITY) != (x.kind == DEC_INFINITY)) {
        e.flags = dec_conversion_fails(&x);
    }
    quantize(s, i, &x, a.exponent, &e, true, quad);
}

/* To the number of digits in FRA; none, or not less than there are, changes nothing. */
static void reround(struct cpu *s, const struct insn *i, bool quad)
{
    const struct dec_format *f = dec_format_of(quad);
    struct dec x = dec_get(s, i->rb, quad);
    struct dec_env e = {.mode = chosen_mode(s, 0, FIELD(21, 22))};
    unsigned digits = FRA & SIGNIFICANCE;
    e.flags = dec_quieten(&x);
    if (x.kind == DEC_FINITE && digits && digits < x.count) {
        dec_drop(&x, x.count - digits, &e);
        dec_drop(&x, (int64_t)x.count - digits, &e); /* a carry into one digit more */
        if (x.exponent > dec_highest(f))
            e.flags = dec_conversion_fails(&x);
        e.flags |= e.flags & FPSCR_FI ? FPSCR_XX : 0;
    }
    dec_finish(s, i, &x, e.flags, quad);
}

static void round_to_integer(struct cpu *s, const struct insn *i, bool tells, bool quad)
{
    struct dec x = dec_get(s, i->rb, quad);
    struct dec_env e = {.mode = chosen_mode(s, FIELD(15, 15), FIELD(21, 22))};
    e.flags = dec_quieten(&x);
    if (x.kind == DEC_FINITE && x.exponent < 0)
        dec_drop(&x, -(int64_t)x.exponent, &e);
    if (!tells)
        e.flags &= ~(FPSCR_FI | FPSCR_FR);
    e.flags |= e.flags & FPSCR_FI ? FPSCR_XX : 0;
    dec_finish(s, i, &x, e.flags, quad);
}

TWICE(dquai, adjust_immediate)
TWICE(dqua, adjust)
TWICE(drrnd, reround)
BOTH(drintx, round_to_integer, true)
BOTH(drintn, round_to_integer, false)

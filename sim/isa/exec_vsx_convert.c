/* VSX vector conversions and roundings (Book I, chapter 7.6). Where source and result differ in
 * width, the narrower elements stand in the left half of the wider ones' places; the right half of
 * a word result's place is undefined and gets a copy, as in processors. Half-precision numbers
 * stand in the right half, with zeros before them. */
#include "sim/isa/exec_fp.h"

/* One element: bits in, bits out, exceptions into e->flags. */
typedef uint64_t element_op(uint64_t bits, struct fp_env *e);

static uint64_t get(const union vsr *v, unsigned width, unsigned place_width, unsigned n)
{
    if (width == 16)
        return VSR_H(*v, 2 * n + 1);
    return width == 64 ? VSR_D(*v, n) : VSR_W(*v, n * (place_width / 32));
}

static void set(union vsr *v, unsigned width, unsigned place_width, unsigned n, uint64_t bits)
{
    if (place_width == 32)
        VSR_W(*v, n) = (uint32_t)bits;
    else
        VSR_D(*v, n) = width == 64 ? bits : (uint32_t)bits | bits << 32;
}

static void map(struct cpu *s, const struct insn *i, unsigned from, unsigned to,
                enum fp_rounding mode, element_op *op)
{
    unsigned place = from == 64 || to == 64 ? 64 : 32;
    struct fp_env e = fpscr_env(s);
    union vsr result;
    e.mode = mode;
    for (unsigned n = 0; n < 128 / place; n++)
        set(&result, to, place, n, op(get(&VB, from, place, n), &e));
    bool suppressed = fpscr_enabled(s, e.flags) != 0;
    fpscr_add_exceptions(s, e.flags);
    if (!suppressed)
        VT = result;
    fpscr_trap(s, i, e.flags);
}

#define CURRENT_MODE (fpscr_env(s).mode)

/* BETWEEN_FORMATS(name, source, result) */
#define BETWEEN_FORMATS(name, from, to)                                                            \
    static uint64_t name##_element(uint64_t bits, struct fp_env *e)                                \
    {                                                                                              \
        struct fp x = fp_operand(fp_unpack(&from, bits), e);                                       \
        return (uint64_t)fp_pack(&to, fp_round(x, &to, e));                                        \
    }                                                                                              \
    EXEC_CALL(name)                                                                                \
    {                                                                                              \
        map(s, i, (unsigned)from.width, (unsigned)to.width, CURRENT_MODE, name##_element);         \
    }
BETWEEN_FORMATS(xvcvdpsp, fp_double, fp_single)
BETWEEN_FORMATS(xvcvspdp, fp_single, fp_double)
BETWEEN_FORMATS(xvcvsphp, fp_single, fp_half)
BETWEEN_FORMATS(xvcvhpsp, fp_half, fp_single)

/* TO_INTEGER(name, source, bits of the result, is it signed): truncates. */
#define TO_INTEGER(name, from, bits_to, is_signed)                                                 \
    static uint64_t name##_element(uint64_t bits, struct fp_env *e)                                \
    {                                                                                              \
        return fp_to_int(fp_unpack(&from, bits), bits_to, is_signed, e);                           \
    }                                                                                              \
    EXEC_CALL(name) { map(s, i, (unsigned)from.width, bits_to, FP_TO_ZERO, name##_element); }
TO_INTEGER(xvcvdpsxds, fp_double, 64, true)
TO_INTEGER(xvcvdpsxws, fp_double, 32, true)
TO_INTEGER(xvcvdpuxds, fp_double, 64, false)
TO_INTEGER(xvcvdpuxws, fp_double, 32, false)
TO_INTEGER(xvcvspsxds, fp_single, 64, true)
TO_INTEGER(xvcvspsxws, fp_single, 32, true)
TO_INTEGER(xvcvspuxds, fp_single, 64, false)
TO_INTEGER(xvcvspuxws, fp_single, 32, false)

/* FROM_INTEGER(name, the integer's type, bits of it, result) */
#define FROM_INTEGER(name, type, bits_from, to)                                                    \
    static uint64_t name##_element(uint64_t bits, struct fp_env *e)                                \
    {                                                                                              \
        s128 n = (type)bits;                                                                       \
        struct fp x = fp_from_int(n < 0 ? -(u128)n : (u128)n, n < 0);                              \
        return (uint64_t)fp_pack(&to, fp_round(x, &to, e));                                        \
    }                                                                                              \
    EXEC_CALL(name) { map(s, i, bits_from, (unsigned)to.width, CURRENT_MODE, name##_element); }
FROM_INTEGER(xvcvsxddp, int64_t, 64, fp_double)
FROM_INTEGER(xvcvsxdsp, int64_t, 64, fp_single)
FROM_INTEGER(xvcvsxwdp, int32_t, 32, fp_double)
FROM_INTEGER(xvcvsxwsp, int32_t, 32, fp_single)
FROM_INTEGER(xvcvuxddp, uint64_t, 64, fp_double)
FROM_INTEGER(xvcvuxdsp, uint64_t, 64, fp_single)
FROM_INTEGER(xvcvuxwdp, uint32_t, 32, fp_double)
FROM_INTEGER(xvcvuxwsp, uint32_t, 32, fp_single)

/* To integral values; only the forms ending in c tell that a result is inexact. */
static uint64_t round_quietly(uint64_t bits, const struct fp_format *f, struct fp_env *e)
{
    struct fp_env own = {.mode = e->mode};
    uint64_t result = (uint64_t)fp_pack(f, fp_round_to_integer(fp_unpack(f, bits), &own));
    e->flags |= own.flags & FPSCR_VXSNAN;
    return result;
}

static uint64_t round_double(uint64_t bits, struct fp_env *e)
{
    return round_quietly(bits, &fp_double, e);
}

static uint64_t round_single(uint64_t bits, struct fp_env *e)
{
    return round_quietly(bits, &fp_single, e);
}

static uint64_t round_double_exact(uint64_t bits, struct fp_env *e)
{
    return (uint64_t)fp_pack(&fp_double, fp_round_to_integer(fp_unpack(&fp_double, bits), e));
}

static uint64_t round_single_exact(uint64_t bits, struct fp_env *e)
{
    return (uint64_t)fp_pack(&fp_single, fp_round_to_integer(fp_unpack(&fp_single, bits), e));
}

EXEC_CALL(xvrdpi)  { map(s, i, 64, 64, FP_NEAREST_AWAY, round_double); }
EXEC_CALL(xvrdpic) { map(s, i, 64, 64, CURRENT_MODE, round_double_exact); }
EXEC_CALL(xvrdpim) { map(s, i, 64, 64, FP_DOWN, round_double); }
EXEC_CALL(xvrdpip) { map(s, i, 64, 64, FP_UP, round_double); }
EXEC_CALL(xvrdpiz) { map(s, i, 64, 64, FP_TO_ZERO, round_double); }
EXEC_CALL(xvrspi)  { map(s, i, 32, 32, FP_NEAREST_AWAY, round_single); }
EXEC_CALL(xvrspic) { map(s, i, 32, 32, CURRENT_MODE, round_single_exact); }
EXEC_CALL(xvrspim) { map(s, i, 32, 32, FP_DOWN, round_single); }
EXEC_CALL(xvrspip) { map(s, i, 32, 32, FP_UP, round_single); }
EXEC_CALL(xvrspiz) { map(s, i, 32, 32, FP_TO_ZERO, round_single); }

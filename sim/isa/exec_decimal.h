/* What the bodies of decimal floating-point instructions share. `quad` are those on pairs of
 * floating-point registers, whose names end in q. */
#ifndef SIM_ISA_EXEC_DECIMAL_H
#define SIM_ISA_EXEC_DECIMAL_H

#include "sim/isa/decfp.h"
#include "sim/isa/exec_fp.h"

static inline const struct dec_format *dec_format_of(bool quad)
{
    return quad ? &dec_extended : &dec_long;
}

static inline u128 dec_get_bits(const struct cpu *s, unsigned reg, bool quad)
{
    u128 first = VSR_D(s->vsr[reg], 0);
    return quad ? first << 64 | VSR_D(s->vsr[reg | 1], 0) : first;
}

static inline void dec_put_bits(struct cpu *s, const struct insn *i, u128 bits, bool quad)
{
    if (!quad) {
        write_scalar(s, i, (uint64_t)bits);
        return;
    }
    s->vsr[i->rt].q = bits >> 64 << 64;
    s->vsr[i->rt | 1].q = bits << 64;
}

static inline struct dec dec_get(const struct cpu *s, unsigned reg, bool quad)
{
    return dec_unpack(dec_format_of(quad), dec_get_bits(s, reg, quad));
}

static inline struct dec_env dec_environment(const struct cpu *s)
{
    return (struct dec_env){.mode = (enum dec_mode)(s->fpscr >> 32 & 7),
                            .overflow_enabled = (s->fpscr & FPSCR_OE) != 0,
                            .underflow_enabled = (s->fpscr & FPSCR_UE) != 0};
}

static inline void dec_record(struct cpu *s, const struct insn *i)
{
    if (RC_BIT)
        set_cr1(s);
}

/* FPSCR, the target, CR1 and the exception of a result: of these bits and class in FPSCR, or as it
 * is packed into the format. */
void dec_finish_as(struct cpu *s, const struct insn *i, u128 bits, uint32_t class, uint32_t flags,
                   bool quad);
void dec_finish(struct cpu *s, const struct insn *i, struct dec *x, uint32_t flags, bool quad);

/* Signalling NaNs become quiet ones. */
static inline uint32_t dec_quieten(struct dec *x)
{
    if (x->kind != DEC_SNAN)
        return 0;
    x->kind = DEC_QNAN;
    return FPSCR_VXSNAN;
}

static inline uint32_t dec_conversion_fails(struct dec *x)
{
    *x = dec_default_nan();
    return FPSCR_VXCVI;
}

#define BOTH(name, call, ...)                                                                      \
    EXEC_CALL(name)    { call(s, i, __VA_ARGS__, false); }                                         \
    EXEC_CALL(name##q) { call(s, i, __VA_ARGS__, true); }
#define TWICE(name, call)                                                                          \
    EXEC_CALL(name)    { call(s, i, false); }                                                      \
    EXEC_CALL(name##q) { call(s, i, true); }

#endif

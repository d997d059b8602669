/* Kinds of bodies of floating-point arithmetic: see exec_kinds.h. */
#ifndef SIM_ISA_EXEC_FP_KINDS_H
#define SIM_ISA_EXEC_FP_KINDS_H

#include "sim/isa/exec_fp.h"

/* A scalar instruction with the operands and Rc given: in the step fp_scalar; in the chain only
 * what the host can do without a call, so that its handler has no stack frame. */
#define EXEC_FP(name, op, is_single, a, b, c, rc)                                                  \
    FP_BODIES(name, op, is_single, a, b, c, rc, , host_arith, is_plainly_exact)                    \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        FP_TRY(name)                                                                               \
    }

/* One that multiplies and adds, for the hosts that do so in one instruction. */
#define EXEC_MULADD(name, op, is_single, a, b, c, rc)                                              \
    FP_BODIES(name, op, is_single, a, b, c, rc, WITH_FMA, host_muladd, is_muladd_plainly_exact)    \
    FP_CHAIN_MULADD(name)

#define FP_CHAIN_MULADD(name)                                                                      \
    static WITH_FMA const struct insn *fma_##name(struct cpu *s, const struct insn *i)             \
    {                                                                                              \
        FP_TRY(name)                                                                               \
    }                                                                                              \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        return host_has_muladd() ? fma_##name(s, i) : chain_missed(s, i);                          \
    }

#define FP_TRY(name)                                                                               \
    if (__builtin_expect(!try_##name(s, i), 0))                                                    \
        return chain_missed(s, i);                                                                 \
    CHAIN_TO(s, i + 1);

#define FP_BODIES(name, op, is_single, x, y, z, rc, target, arith, is_plainly)                     \
    void step_##name(struct cpu *s, const struct insn *i)                                          \
    {                                                                                              \
        fp_scalar(s, i, op, is_single, x, y, z, rc);                                               \
    }                                                                                              \
    FP_TRY_BODY(name, op, is_single, x, y, z, rc, target, arith, is_plainly)

#define FP_TRY_BODY(name, op, is_single, x, y, z, rc, target, arith, is_plainly)                   \
    static inline target __attribute__((always_inline)) bool try_##name(struct cpu *s,             \
                                                                        const struct insn *i)      \
    {                                                                                              \
        double a = double_of(x), b = double_of(y), c = double_of(z), r = arith(op, a, b, c);       \
        bool is_right = fpscr_is_quiet(s) && !(rc) && is_in_range(op, is_single, a, b, c, r) &&    \
                        (fpscr_has_xx(s) || (!(is_single) && is_plainly(op, a, b, c, r)));         \
        if (is_right)                                                                              \
            fp_keep(s, i, op, is_single, bits_of(a), bits_of(b), bits_of(c), r);                   \
        return is_right;                                                                           \
    }

#endif

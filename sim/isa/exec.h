/* For the files exec_*.c: how an instruction's meaning is written.
 *
 *   EXEC(add)                   { RT = RA + RB; ... }  inlined into the step and into the chain
 *   EXEC_CALL(xsdivqp)          { ... }  long bodies: one copy, called from both
 *   EXEC_LOAD(ld, EA_D, 8)      { RT = load64(s, i, ea); }  frequent accesses; likewise EXEC_STORE
 *   EXEC_IF(mfspr, i->imm == 8) { ... }  a short frequent case and long rare ones
 *   EXEC_BRANCH(bc)             { return condition && branch_to(s, target); }
 *
 * A body gets `s` (struct cpu *) and `i` (struct insn *), uses the names below, and must leave
 * architected state untouched when it raises an exception. A branch body says whether it
 * branches; no body reads s->nia. */
#ifndef SIM_ISA_EXEC_H
#define SIM_ISA_EXEC_H

#include "sim/isa/access.h"
#include "sim/isa/chain.h"
#include "sim/isa/handlers.h"

#define EXEC_PARAMS                                                                                \
    struct cpu *s __attribute__((unused)), const struct insn *i __attribute__((unused))

#define EXEC(name)                                                                                 \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS);                    \
    void step_##name(struct cpu *s, const struct insn *i) { exec_##name(s, i); }                   \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        exec_##name(s, i);                                                                         \
        CHAIN_TO(s, i + 1);                                                                        \
    }                                                                                              \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS)

/* A frequent single access of `bytes` at `address`, which the body knows as `ea`. The chain's copy
 * is for the soft TLB's hit alone, so that it needs no stack frame; a miss is handed to the single
 * step. So is quick_bodies' copy, which cannot raise. */
#define EXEC_LOAD(name, address, bytes)  EXEC_ACCESS(name, address, load_hits(s, ea, bytes))
#define EXEC_STORE(name, address, bytes) EXEC_ACCESS(name, address, store_hits(s, ea, bytes))
#define EXEC_ACCESS(name, address, hits)                                                           \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS, uint64_t ea);       \
    void step_##name(struct cpu *s, const struct insn *i) { exec_##name(s, i, address); }          \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        uint64_t ea = address;                                                                     \
        if (__builtin_expect(!(hits), 0))                                                          \
            return chain_missed(s, i);                                                             \
        exec_##name(s, i, ea);                                                                     \
        CHAIN_TO(s, i + 1);                                                                        \
    }                                                                                              \
    bool quick_##name(struct cpu *s, const struct insn *i)                                         \
    {                                                                                              \
        uint64_t ea = address;                                                                     \
        if (__builtin_expect(!(hits), 0))                                                          \
            return false;                                                                          \
        exec_##name(s, i, ea);                                                                     \
        return true;                                                                               \
    }                                                                                              \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS, uint64_t ea)

/* A body with rare cases that call something: the chain's copy is for those in which `frequent`
 * holds, and keeps free of a stack frame likewise; these must not raise. */
#define EXEC_IF(name, frequent)                                                                    \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS);                    \
    void step_##name(struct cpu *s, const struct insn *i) { exec_##name(s, i); }                   \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        if (__builtin_expect(!(frequent), 0))                                                      \
            return chain_missed(s, i);                                                             \
        exec_##name(s, i);                                                                         \
        CHAIN_TO(s, i + 1);                                                                        \
    }                                                                                              \
    bool quick_##name(struct cpu *s, const struct insn *i)                                         \
    {                                                                                              \
        if (__builtin_expect(!(frequent), 0))                                                      \
            return false;                                                                          \
        exec_##name(s, i);                                                                         \
        return true;                                                                               \
    }                                                                                              \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS)

/* A body with local arrays whose address escapes must be of this kind: otherwise the compiler may
 * not turn the chain's call into a jump, and the host stack grows. */
#define EXEC_CALL(name)                                                                            \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        step_##name(s, i);                                                                         \
        CHAIN_TO(s, i + 1);                                                                        \
    }                                                                                              \
    __attribute__((noinline)) void step_##name(EXEC_PARAMS)

#define EXEC_BRANCH(name)                                                                          \
    static inline __attribute__((always_inline)) bool exec_##name(EXEC_PARAMS);                    \
    void step_##name(struct cpu *s, const struct insn *i) { s->taken = exec_##name(s, i); }        \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        if (exec_##name(s, i))                                                                     \
            return chain_jump(s, i);                                                               \
        CHAIN_TO(s, i + 1);                                                                        \
    }                                                                                              \
    static inline __attribute__((always_inline)) bool exec_##name(EXEC_PARAMS)

/* A prefixed instruction is one, but takes the room of two. */
#define EXEC_PREFIXED(name)                                                                        \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS);                    \
    void step_##name(struct cpu *s, const struct insn *i)                                          \
    {                                                                                              \
        exec_##name(s, i);                                                                         \
        s->nia = (i->pc + 8) & s->ea_mask;                                                         \
    }                                                                                              \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        exec_##name(s, i);                                                                         \
        s->run_pc += 4; /* so that icount is right at the next look */                             \
        CHAIN_TO(s, i + 2);                                                                        \
    }                                                                                              \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS)

/* Operands by the manual's names. RS is the T field as a source. RA0 is zero when the field is. */
#define RT  (s->gpr[i->rt])
#define RS  (s->gpr[i->rt])
#define RA  (s->gpr[i->ra])
#define RA0 (s->gpr[i->ra]) /* predecoding points i->ra at a zero register */
#define RB  (s->gpr[i->rb])
#define RC  (s->gpr[i->rc])
#define SI  ((uint64_t)i->imm)            /* D, DS, DQ forms: sign-extended */
#define UI  ((uint64_t)(uint16_t)i->imm)  /* D form, logical */
/* A register of any of the three vector banks, as union vsr. */
#define VT (s->vsr[i->rt])
#define VA (s->vsr[i->ra])
#define VB (s->vsr[i->rb])
#define VC (s->vsr[i->rc])
/* Floating-point registers as bits. */
#define FRT (VSR_D(s->vsr[i->rt], 0))
#define FRA (VSR_D(s->vsr[i->ra], 0))
#define FRB (VSR_D(s->vsr[i->rb], 0))
#define FRC (VSR_D(s->vsr[i->rc], 0))
/* Any field of the word by the manual's bit numbers. */
#define FIELD(first, last) ppc_field(i->word, (first), (last))
#define RC_BIT             (i->word & 1)
#define OE_BIT             (i->word >> 10 & 1)
#define BF_FIELD           (i->rt >> 2)
#define BFA_FIELD          FIELD(11, 13)

/* CR0 of a record form: compares the result with zero as a number of the current mode's width. */
static inline void set_cr0(struct cpu *s, uint64_t result)
{
    int64_t v = s->is_64bit ? (int64_t)result : (int32_t)(uint32_t)result;
    s->cr[0] = (uint8_t)((v < 0 ? CR_LT : v > 0 ? CR_GT : CR_EQ) | s->so);
}

/* The first thing in a body with an effect that going back to earlier registers and memory does
 * not undo. */
static inline void need_right_path(struct cpu *s, const struct insn *i)
{
    if (__builtin_expect(s->on_wrong_path, 0))
        cpu_raise(s, i, EXC_WRONG_PATH, i->pc, 0);
}

/* The result of a branch body that branches. */
static inline bool branch_to(struct cpu *s, uint64_t target)
{
    s->nia = target & s->ea_mask & ~UINT64_C(3);
    return true;
}

#endif

/* The kinds of bodies of instructions: what each becomes in the single step and in the chain.
 *
 *   EXEC(add)                   { RT = RA + RB; ... }  inlined into the step and into the chain
 *   EXEC_CALL(xsdivqp)          { ... }  long bodies: one copy, called from both
 *   EXEC_LOAD(ld, EA_D, 8)      { RT = load64(s, i, ea); }  frequent accesses; likewise EXEC_STORE
 *   EXEC_IF(mfspr, i->imm == 8) { ... }  a short frequent case and long rare ones
 *   EXEC_BRANCH(bc)             { return condition && branch_to(s, target); }
 *   EXEC_PREFIXED(pld)          { ... }  an instruction of two words
 *
 * Included through exec.h. */
#ifndef SIM_ISA_EXEC_KINDS_H
#define SIM_ISA_EXEC_KINDS_H

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
 * is for the soft TLB's hit alone, so that it needs no stack frame; after a miss it is tried again
 * when the page table has filled the entry, or else left to the single step. quick_bodies' copy is
 * for the hit alone, too, and cannot raise. */
#define EXEC_LOAD(name, address, bytes)                                                            \
    EXEC_ACCESS(name, address, load_hits(s, ea, bytes), chain_load_missed, (void)0)
#define EXEC_STORE(name, address, bytes)                                                           \
    EXEC_ACCESS(name, address, store_hits(s, ea, bytes), chain_store_missed, (void)0)
/* A load of what is often an address. With a timing model the load through it follows late enough
 * for the host to fetch the data meanwhile. */
#define EXEC_LOAD_POINTER(name, address)                                                           \
    EXEC_ACCESS(name, address, load_hits(s, ea, 8), chain_load_missed,                             \
                __builtin_prefetch(load_foreseen(s, RT)))
#define EXEC_ACCESS(name, address, hits, missed, then_quick)                                       \
    static inline __attribute__((always_inline)) void exec_##name(EXEC_PARAMS, uint64_t ea);       \
    void step_##name(struct cpu *s, const struct insn *i) { exec_##name(s, i, address); }          \
    const struct insn *chain_##name(struct cpu *s, const struct insn *i)                           \
    {                                                                                              \
        uint64_t ea = address;                                                                     \
        if (__builtin_expect(!(hits), 0))                                                          \
            return missed(s, i, ea);                                                               \
        exec_##name(s, i, ea);                                                                     \
        CHAIN_TO(s, i + 1);                                                                        \
    }                                                                                              \
    bool quick_##name(struct cpu *s, const struct insn *i)                                         \
    {                                                                                              \
        uint64_t ea = address;                                                                     \
        if (__builtin_expect(!(hits), 0))                                                          \
            return false;                                                                          \
        exec_##name(s, i, ea);                                                                     \
        then_quick;                                                                                \
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

#endif

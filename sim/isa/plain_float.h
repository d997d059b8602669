/* Floating-point registers and vectors as pieces of handlers: see plain.h. */
#ifndef SIM_ISA_PLAIN_FLOAT_H
#define SIM_ISA_PLAIN_FLOAT_H

#include "sim/isa/exec_fp_kinds.h"
#include "sim/isa/plain_access.h"

/* An access of 8 or 16 bytes that lie at `place` of the host. */
#define ACCESS(name, bytes, address, hits, missed, body)                                           \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        uint64_t ea = address;                                                                     \
        if (__builtin_expect(!hits(s, ea, bytes), 0)) {                                            \
            *v = ea;                                                                               \
            return missed;                                                                         \
        }                                                                                          \
        uint8_t *place = soft_tlb_host(&s->tlb, ea);                                               \
        body;                                                                                      \
        return PLAIN_DONE;                                                                         \
    }
#define LOAD_FLOAT(name, bytes, address, body)                                                     \
    ACCESS(name, bytes, address, load_hits, PLAIN_NO_LOAD, body)
#define STORE_FLOAT(name, bytes, address, body)                                                    \
    ACCESS(name, bytes, address, store_hits, PLAIN_NO_STORE, body)

static inline __attribute__((always_inline)) uint64_t in_order(const struct cpu *s,
                                                               enum plain_mode mode, uint64_t d)
{
    return mode == MODE_ANY && s->swap ? __builtin_bswap64(d) : d;
}

static inline __attribute__((always_inline)) void load_double(struct cpu *s, const struct insn *i,
                                                              enum plain_mode mode,
                                                              const uint8_t *place)
{
    uint64_t d;
    memcpy(&d, place, sizeof d);
    write_scalar(s, i, in_order(s, mode, d));
}

static inline __attribute__((always_inline)) void store_double(const struct cpu *s,
                                                               const struct insn *i,
                                                               enum plain_mode mode,
                                                               uint8_t *place)
{
    uint64_t d = in_order(s, mode, FRT);
    memcpy(place, &d, sizeof d);
}

/* Doubleword 0 from or to the lower address, each a number in the guest's order. */
static inline __attribute__((always_inline)) void load_two(struct cpu *s, const struct insn *i,
                                                           enum plain_mode mode,
                                                           const uint8_t *place)
{
    uint64_t d[2];
    memcpy(d, place, sizeof d);
    VT.q = (u128)in_order(s, mode, d[0]) << 64 | in_order(s, mode, d[1]);
}

static inline __attribute__((always_inline)) void store_two(const struct cpu *s,
                                                            const struct insn *i,
                                                            enum plain_mode mode, uint8_t *place)
{
    const uint64_t d[2] = {in_order(s, mode, VSR_D(VT, 0)), in_order(s, mode, VSR_D(VT, 1))};
    memcpy(place, d, sizeof d);
}

LOAD_FLOAT(lfd, 8, EA_D, load_double(s, i, mode, place))
LOAD_FLOAT(lfdx, 8, EA_X, load_double(s, i, mode, place))
LOAD_FLOAT(lxvd2x, 16, EA_X, load_two(s, i, mode, place))
STORE_FLOAT(stfd, 8, EA_D, store_double(s, i, mode, place))
STORE_FLOAT(stfdx, 8, EA_X, store_double(s, i, mode, place))
STORE_FLOAT(stxvd2x, 16, EA_X, store_two(s, i, mode, place))

/* Arithmetic that the host does, as in exec_float_arith.c. */
#define ARITHMETIC(name, op, x, y)                                                                 \
    FP_TRY_BODY(name, op, false, x, y, 0, RC_BIT, , host_arith, is_plainly_exact)                  \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        (void)v;                                                                                   \
        return __builtin_expect(try_##name(s, i), 1) ? PLAIN_DONE : PLAIN_STEP;                    \
    }

ARITHMETIC(fadd, FP_ADD, FRA, FRB)
ARITHMETIC(fsub, FP_SUB, FRA, FRB)
ARITHMETIC(fmul, FP_MUL, FRA, FRC)

#endif

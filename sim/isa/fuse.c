#include "sim/isa/fuse.h"

#include "sim/isa/chain.h"
#include "sim/isa/handlers.h"
#include "sim/isa/plain_branch.h"
#include "sim/isa/plain_float.h"

enum fuse_op {
    OP_NONE,
#define FUSE_OP(name, ...) OP_##name,
#include "sim/isa/fuse_op.def"
#undef FUSE_OP
    OP_COUNT
};

/* Where an operation leaves what it found, and where it looks for operands. */
enum fuse_field { AT_NONE, AT_RA = 1, AT_RB = 2, AT_RT = 4, AT_CR = 8, AT_CR0 = 16 };

static const struct {
    uint8_t out, in; /* enum fuse_field */
} ops[OP_COUNT] = {
#define FUSE_OP(name, number, when, out, in) [OP_##name] = {out, in},
#include "sim/isa/fuse_op.def"
#undef FUSE_OP
};

/* Counts, asks for no condition and branches while CTR is not zero. */
static inline bool is_bdnz(const struct insn *i)
{
    return (i->rt & (BO_ALWAYS | BO_NO_COUNT | BO_ZERO)) == BO_ALWAYS;
}

/* Branches whatever CTR and CR hold. */
static inline bool is_always(const struct insn *i)
{
    return (i->rt & (BO_ALWAYS | BO_NO_COUNT)) == (BO_ALWAYS | BO_NO_COUNT);
}

static enum fuse_op op_of(const struct insn *i)
{
    uint32_t flags = insn_rows[i->number].flags;
    if ((flags & F_OE && OE_BIT) || (flags & (F_RC | F_RC1) && RC_BIT))
        return OP_NONE;
#define FUSE_OP(name, row, when, ...)                                                              \
    if (i->number == INSN_##row && (when))                                                         \
        return OP_##name;
#include "sim/isa/fuse_op.def"
#undef FUSE_OP
    return OP_NONE;
}

/* Instruction n of a handler's. Where there is no place known for its access, things go on as for
 * that instruction alone: those before it are done. */
#define FUSE_DO(n, name, from, mode)                                                               \
    switch (plain_##name(s, i + (n), from, mode, &v)) {                                            \
    case PLAIN_NO_LOAD: return chain_load_missed(s, i + (n), v);                                   \
    case PLAIN_NO_STORE: return chain_store_missed(s, i + (n), v);                                 \
    case PLAIN_STEP: return chain_missed(s, i + (n));                                              \
    case PLAIN_TAKEN: return chain_hop(s, i + (n));                                                \
    case PLAIN_JUMP: return chain_jump_to(s, i + (n), v);                                          \
    case PLAIN_DONE: break;                                                                        \
    }

#define FUSE_ONE(name, mode)                                                                       \
    static const struct insn *name##_alone_##mode(struct cpu *s, const struct insn *i)             \
    {                                                                                              \
        uint64_t v = 0;                                                                            \
        FUSE_DO(0, name, FROM_NONE, mode)                                                          \
        CHAIN_TO(s, i + 1);                                                                        \
    }
#define FUSE_OP(name, ...) FUSE_ONE(name, MODE_ANY) FUSE_ONE(name, MODE_HOST)
#include "sim/isa/fuse_op.def"
#undef FUSE_OP

static insn_handler *const alone[OP_COUNT][2] = {
#define FUSE_OP(name, ...) [OP_##name] = {name##_alone_MODE_ANY, name##_alone_MODE_HOST},
#include "sim/isa/fuse_op.def"
#undef FUSE_OP
};

#define FUSE_TWO_AS(first, second, from, mode)                                                     \
    static const struct insn *first##_##second##_##from##_##mode(struct cpu *s,                    \
                                                                 const struct insn *i)             \
    {                                                                                              \
        uint64_t v = 0;                                                                            \
        FUSE_DO(0, first, FROM_NONE, mode)                                                         \
        FUSE_DO(1, second, from, mode)                                                             \
        CHAIN_TO(s, i + 2);                                                                        \
    }
#define FUSE_TWO(first, second, from)                                                              \
    FUSE_TWO_AS(first, second, from, MODE_ANY)                                                     \
    FUSE_TWO_AS(first, second, from, MODE_HOST)
#define FUSE_PAIR(first, second)                                                                   \
    FUSE_TWO(first, second, FROM_NONE)                                                             \
    FUSE_TWO(first, second, FROM_RA)                                                               \
    FUSE_TWO(first, second, FROM_RB)                                                               \
    FUSE_TWO(first, second, FROM_RT)
#define FUSE_BRANCH(first, second)                                                                 \
    FUSE_TWO(first, second, FROM_NONE)                                                             \
    FUSE_TWO(first, second, FROM_CR)
#include "sim/isa/fuse_pair.def"
#undef FUSE_PAIR
#undef FUSE_BRANCH

enum fuse_pair {
    PAIR_NONE,
#define FUSE_PAIR(first, second) PAIR_##first##_##second,
#define FUSE_BRANCH FUSE_PAIR
#include "sim/isa/fuse_pair.def"
#undef FUSE_PAIR
#undef FUSE_BRANCH
    PAIR_COUNT
};

#define BOTH(first, second, from)                                                                  \
    [from] = {first##_##second##_##from##_MODE_ANY, first##_##second##_##from##_MODE_HOST}
static insn_handler *const pairs[PAIR_COUNT][FROM_COUNT][2] = {
#define FUSE_PAIR(first, second)                                                                   \
    [PAIR_##first##_##second] = {BOTH(first, second, FROM_NONE), BOTH(first, second, FROM_RA),     \
                                 BOTH(first, second, FROM_RB), BOTH(first, second, FROM_RT)},
#define FUSE_BRANCH(first, second)                                                                 \
    [PAIR_##first##_##second] = {BOTH(first, second, FROM_NONE), BOTH(first, second, FROM_CR)},
#include "sim/isa/fuse_pair.def"
#undef FUSE_PAIR
#undef FUSE_BRANCH
};

static const uint8_t pair_of[OP_COUNT][OP_COUNT] = {
#define FUSE_PAIR(first, second) [OP_##first][OP_##second] = PAIR_##first##_##second,
#define FUSE_BRANCH FUSE_PAIR
#include "sim/isa/fuse_pair.def"
#undef FUSE_PAIR
#undef FUSE_BRANCH
};
_Static_assert(PAIR_COUNT <= UINT8_MAX, "pair_of holds them");

/* The field of the second instruction, operation `b`, that names what the first one leaves. */
static enum plain_from from_of(const struct insn *i, enum fuse_op a, enum fuse_op b)
{
    uint32_t out = ops[a].out, in = ops[b].in;
    if (in & AT_CR && out & (AT_CR | AT_CR0))
        return i[1].ra == (out & AT_CR ? i[0].rt >> 2 : 0) ? FROM_CR : FROM_NONE;
    if (!(out & (AT_RT | AT_RA)))
        return FROM_NONE;
    uint8_t made = out & AT_RT ? i[0].rt : i[0].ra;
    if (in & AT_RA && i[1].ra == made)
        return FROM_RA;
    if (in & AT_RB && i[1].rb == made)
        return FROM_RB;
    return in & AT_RT && i[1].rt == made ? FROM_RT : FROM_NONE;
}

insn_handler *fuse_alone(const struct insn *i, bool is_host) { return alone[op_of(i)][is_host]; }

insn_handler *fuse_pair(const struct insn *i, bool is_host)
{
    insn_handler *side_by_side = chain_side_by_side(i);
    if (side_by_side)
        return side_by_side;
    enum fuse_op a = op_of(&i[0]), b = op_of(&i[1]);
    enum fuse_pair pair = pair_of[a][b];
    return pair ? pairs[pair][from_of(i, a, b)][is_host] : NULL;
}

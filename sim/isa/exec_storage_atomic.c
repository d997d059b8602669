/* Load and reserve, store conditional (Book II, 4.6.2) and atomic memory operations (4.5). */
#include "sim/isa/exec.h"

#define EA_X  ((RA0 + RB) & s->ea_mask)
#define EA_RA (RA0 & s->ea_mask)

static inline void need_aligned(struct cpu *s, const struct insn *i, uint64_t ea, uint32_t bytes)
{
    if (__builtin_expect((ea & (bytes - 1)) != 0, 0))
        cpu_raise(s, i, EXC_ALIGNMENT, ea, 0);
}

static inline uint64_t load_sized(struct cpu *s, const struct insn *i, uint64_t ea, uint32_t bytes)
{
    switch (bytes) {
    case 1:
        return load8(s, i, ea);
    case 2:
        return load16(s, i, ea);
    case 4:
        return load32(s, i, ea);
    default:
        return load64(s, i, ea);
    }
}

static inline void store_sized(struct cpu *s, const struct insn *i, uint64_t ea, uint64_t v,
                               uint32_t bytes)
{
    switch (bytes) {
    case 1:
        store8(s, i, ea, (uint8_t)v);
        break;
    case 2:
        store16(s, i, ea, (uint16_t)v);
        break;
    case 4:
        store32(s, i, ea, (uint32_t)v);
        break;
    default:
        store64(s, i, ea, v);
    }
}

/* 4.6.2 Load And Reserve and Store Conditional Instructions */

static inline void reserve(struct cpu *s, uint64_t ea, u128 value, uint32_t bytes)
{
    s->reservation = (struct reservation){
        .valid = true, .bytes = (uint8_t)bytes, .ea = ea, .value = value};
}

static inline uint64_t load_reserve(struct cpu *s, const struct insn *i, uint32_t bytes)
{
    uint64_t ea = EA_X;
    need_aligned(s, i, ea, bytes);
    uint64_t v = load_sized(s, i, ea, bytes);
    reserve(s, ea, v, bytes);
    return v;
}

/* A reservation is for one address and one length. It is gone when another thread or a system call
 * has stored there since; that the bytes are what they were stands for "has not", as it does in a
 * compare and swap. That it is for no more is QEMU's reading of what the ISA leaves open; Microwatt
 * reserves a block, whatever the length, and own stores do not matter. */
static bool reservation_holds(struct cpu *s, const struct insn *i, uint64_t ea, uint32_t bytes)
{
    const struct reservation *r = &s->reservation;
    if (r->valid && s->is_open_as_microwatt)
        return r->ea / s->cache_block_bytes == ea / s->cache_block_bytes;
    if (!r->valid || r->ea != ea || r->bytes != bytes)
        return false;
    return bytes == 16 ? load128(s, i, ea) == r->value : load_sized(s, i, ea, bytes) == r->value;
}

/* CR0 = 0b00 || stored || SO; the reservation is gone either way. */
static void finish_conditional(struct cpu *s, uint64_t ea, uint32_t bytes, bool stored)
{
    s->reservation.valid = false;
    s->cr[0] = (uint8_t)((stored ? CR_EQ : 0) | s->so);
    s->ea = ea;
    s->ea_bytes = stored ? bytes : 0;
}

static inline void store_conditional(struct cpu *s, const struct insn *i, uint32_t bytes)
{
    uint64_t ea = EA_X;
    need_aligned(s, i, ea, bytes);
    bool holds = reservation_holds(s, i, ea, bytes);
    if (holds)
        store_sized(s, i, ea, RS, bytes);
    finish_conditional(s, ea, bytes, holds);
}

EXEC_CALL(lbarx) { RT = load_reserve(s, i, 1); }
EXEC_CALL(lharx) { RT = load_reserve(s, i, 2); }
EXEC_CALL(lwarx) { RT = load_reserve(s, i, 4); }
EXEC_CALL(ldarx) { RT = load_reserve(s, i, 8); }

EXEC_CALL(stbcx_) { store_conditional(s, i, 1); }
EXEC_CALL(sthcx_) { store_conditional(s, i, 2); }
EXEC_CALL(stwcx_) { store_conditional(s, i, 4); }
EXEC_CALL(stdcx_) { store_conditional(s, i, 8); }

EXEC_CALL(lqarx)
{
    uint64_t ea = EA_X;
    need_aligned(s, i, ea, 16);
    u128 v = load128(s, i, ea);
    reserve(s, ea, v, 16);
    s->gpr[i->rt] = (uint64_t)(v >> 64);
    s->gpr[i->rt + 1] = (uint64_t)v;
}

EXEC_CALL(stqcx_)
{
    uint64_t ea = EA_X;
    need_aligned(s, i, ea, 16);
    bool holds = reservation_holds(s, i, ea, 16);
    if (holds)
        store128(s, i, ea, (u128)s->gpr[i->rt] << 64 | s->gpr[i->rt + 1]);
    finish_conditional(s, ea, 16, holds);
}

/* 4.5 Atomic Memory Operations */

enum amo {
    AMO_ADD, AMO_XOR, AMO_OR, AMO_AND, AMO_MAX_U, AMO_MAX_S, AMO_MIN_U, AMO_MIN_S, AMO_SWAP,
    AMO_CAS_NE = 16, /* compare and swap not equal */
    AMO_INC_BOUNDED = 24, AMO_INC_EQUAL = 25, AMO_DEC_BOUNDED = 28,
    AMO_STORE_TWIN = 24, /* of a store */
};

/* Functions 0 to 7, of loads and stores: what memory value m and operand v become, in the low
 * `bytes`. */
static uint64_t amo_combine(uint32_t fc, uint64_t m, uint64_t v, uint32_t bytes)
{
    int64_t sm = sign_extend(m, 8 * bytes), sv = sign_extend(v, 8 * bytes);
    uint64_t um = bytes == 4 ? (uint32_t)m : m, uv = bytes == 4 ? (uint32_t)v : v;
    switch (fc) {
    case AMO_ADD:
        return m + v;
    case AMO_XOR:
        return m ^ v;
    case AMO_OR:
        return m | v;
    case AMO_AND:
        return m & v;
    case AMO_MAX_U:
        return um > uv ? m : v;
    case AMO_MAX_S:
        return sm > sv ? m : v;
    case AMO_MIN_U:
        return um < uv ? m : v;
    default: /* AMO_MIN_S */
        return sm < sv ? m : v;
    }
}

/* A function code that is not defined is a data storage interrupt of its own kind; programs see a
 * bus error. */
_Noreturn static void bad_function(struct cpu *s, const struct insn *i, uint64_t ea)
{
    cpu_raise(s, i, EXC_DSI, ea, MMU_BUS_ERROR);
}

/* The functions that look at a second element: the next one in storage, for AMO_DEC_BOUNDED the one
 * before. Increments or decrements unless the bound is reached; then the result is the most
 * negative number. */
static uint64_t amo_bounded(struct cpu *s, const struct insn *i, uint64_t ea, uint32_t bytes)
{
    uint32_t fc = i->rb;
    uint64_t other_ea = (fc == AMO_DEC_BOUNDED ? ea - bytes : ea + bytes) & s->ea_mask;
    uint64_t bound = load_sized(s, i, other_ea, bytes), m = load_sized(s, i, ea, bytes);
    bool goes = fc == AMO_INC_EQUAL ? m == bound : m != bound;
    if (!goes)
        return UINT64_C(1) << (8 * bytes - 1);
    store_sized(s, i, ea, fc == AMO_DEC_BOUNDED ? m - 1 : m + 1, bytes);
    return m;
}

static inline void amo_load(struct cpu *s, const struct insn *i, uint32_t bytes)
{
    uint64_t ea = EA_RA, low = bytes == 4 ? UINT32_MAX : UINT64_MAX, m;
    uint64_t v1 = s->gpr[(i->rt + 1) & 31], v2 = s->gpr[(i->rt + 2) & 31];
    uint32_t fc = i->rb;
    need_aligned(s, i, ea, bytes);
    if (fc == AMO_INC_BOUNDED || fc == AMO_INC_EQUAL || fc == AMO_DEC_BOUNDED) {
        m = amo_bounded(s, i, ea, bytes);
    } else if (fc <= AMO_SWAP || fc == AMO_CAS_NE) {
        m = load_sized(s, i, ea, bytes);
        if (fc < AMO_SWAP)
            store_sized(s, i, ea, amo_combine(fc, m, v1, bytes), bytes);
        else if (fc == AMO_SWAP)
            store_sized(s, i, ea, v1, bytes);
        else if (m != (v1 & low))
            store_sized(s, i, ea, v2, bytes);
    } else {
        bad_function(s, i, ea);
    }
    s->ea_bytes = bytes;
    RT = m;
}

/* Both elements become RS when they are equal; as one store, so that a fault leaves both. */
static void store_twin(struct cpu *s, const struct insn *i, uint64_t ea, uint32_t bytes)
{
    uint64_t second = load_sized(s, i, (ea + bytes) & s->ea_mask, bytes);
    uint64_t first = load_sized(s, i, ea, bytes);
    s->ea_bytes = 2 * bytes;
    if (first != second)
        return;
    if (bytes == 4)
        store64(s, i, ea, RS << 32 | (uint32_t)RS);
    else
        store128(s, i, ea, (u128)RS << 64 | RS);
}

static inline void amo_store(struct cpu *s, const struct insn *i, uint32_t bytes)
{
    uint64_t ea = EA_RA;
    uint32_t fc = i->rb;
    need_aligned(s, i, ea, bytes);
    if (fc == AMO_STORE_TWIN) {
        store_twin(s, i, ea, bytes);
    } else if (fc <= AMO_MIN_S) {
        uint64_t m = load_sized(s, i, ea, bytes);
        store_sized(s, i, ea, amo_combine(fc, m, RS, bytes), bytes);
        s->ea_bytes = bytes;
    } else {
        bad_function(s, i, ea);
    }
}

EXEC_CALL(lwat)  { amo_load(s, i, 4); }
EXEC_CALL(ldat)  { amo_load(s, i, 8); }
EXEC_CALL(stwat) { amo_store(s, i, 4); }
EXEC_CALL(stdat) { amo_store(s, i, 8); }

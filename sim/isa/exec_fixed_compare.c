/* Fixed-point compare, trap and select (Book I, 3.3.10 to 3.3.12). */
#include "sim/isa/exec.h"

/* Operands of a compare by its L bit: doublewords, or words extended by the sign or by zero. */
static inline int64_t signed_operand(const struct insn *i, uint64_t v)
{
    return i->rt & 1 ? (int64_t)v : (int32_t)(uint32_t)v;
}

static inline uint64_t unsigned_operand(const struct insn *i, uint64_t v)
{
    return i->rt & 1 ? v : (uint32_t)v;
}

/* Arithmetic, not a choice: compares decide the guest's branches, so the host could not foresee
 * them. */
static inline void set_bf(struct cpu *s, const struct insn *i, bool less, bool greater)
{
    s->cr[BF_FIELD] = (uint8_t)((CR_EQ + 6 * less + 2 * greater) | s->so);
}

static inline void compare(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b)
{
    int64_t x = signed_operand(i, a), y = signed_operand(i, b);
    set_bf(s, i, x < y, x > y);
}

static inline void compare_logical(struct cpu *s, const struct insn *i, uint64_t a, uint64_t b)
{
    uint64_t x = unsigned_operand(i, a), y = unsigned_operand(i, b);
    set_bf(s, i, x < y, x > y);
}

EXEC(cmpi)  { compare(s, i, RA, SI); }
EXEC(cmp)   { compare(s, i, RA, RB); }
EXEC(cmpli) { compare_logical(s, i, RA, UI); }
EXEC(cmpl)  { compare_logical(s, i, RA, RB); }

/* Byte of RA within the range that RB holds (with L=1, one of two ranges). */
EXEC(cmprb)
{
    uint8_t byte = (uint8_t)RA;
    uint64_t r = RB;
    bool in = byte >= (uint8_t)r && byte <= (uint8_t)(r >> 8);
    if (i->rt & 1)
        in = in || (byte >= (uint8_t)(r >> 16) && byte <= (uint8_t)(r >> 24));
    s->cr[BF_FIELD] = in ? CR_GT : 0;
}

/* Bytes of v that are zero are found without a loop; only the lowest such mark is exact, which is
 * enough. */
static inline bool has_zero_byte(uint64_t v)
{
    return ((v - UINT64_C(0x0101010101010101)) & ~v & UINT64_C(0x8080808080808080)) != 0;
}

EXEC(cmpeqb)
{
    uint64_t wanted = (uint8_t)RA * UINT64_C(0x0101010101010101);
    s->cr[BF_FIELD] = has_zero_byte(RB ^ wanted) ? CR_GT : 0;
}

/* TO: signed less, signed greater, equal, unsigned less, unsigned greater. */
static inline void trap(struct cpu *s, const struct insn *i, int64_t a, int64_t b)
{
    uint64_t x = (uint64_t)a, y = (uint64_t)b;
    uint32_t is = 16u * (a < b) | 8u * (a > b) | 4u * (a == b) | 2u * (x < y) | 1u * (x > y);
    if (__builtin_expect((is & i->rt) != 0, 0))
        cpu_raise(s, i, EXC_TRAP, i->pc, 0);
}

EXEC(twi) { trap(s, i, (int32_t)RA, i->imm); }
EXEC(tw)  { trap(s, i, (int32_t)RA, (int32_t)RB); }
EXEC(tdi) { trap(s, i, (int64_t)RA, i->imm); }
EXEC(td)  { trap(s, i, (int64_t)RA, (int64_t)RB); }

EXEC(isel)
{
    uint64_t a = RA0, b = RB;
    RT = s->cr[i->rc >> 2] >> (3 - (i->rc & 3)) & 1 ? a : b;
}

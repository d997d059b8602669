/* What Power ISA 3.1 adds to the fixed-point and storage access instructions. */
#include "sim/isa/exec.h"

/* 3.3.13: bytes of each halfword, word, or the doubleword reversed */

EXEC(brh)
{
    uint64_t even = UINT64_C(0x00ff00ff00ff00ff);
    RA = (RS & even) << 8 | (RS >> 8 & even);
}

EXEC(brw) { RA = __builtin_bswap64(RS << 32 | RS >> 32); }
EXEC(brd) { RA = __builtin_bswap64(RS); }

/* Set Boolean: from a bit of the condition register, whose number is in the place of RA */

static inline uint64_t condition(const struct cpu *s, const struct insn *i)
{
    return s->cr[i->ra >> 2] >> (3 - (i->ra & 3)) & 1;
}

EXEC(setbc)   { RT = condition(s, i); }
EXEC(setbcr)  { RT = condition(s, i) ^ 1; }
EXEC(setnbc)  { RT = -condition(s, i); }
EXEC(setnbcr) { RT = -(condition(s, i) ^ 1); }

/* Under a mask in RB */

EXEC_CALL(cntlzdm)
{
    uint64_t mask = RB, bits = RS, count = 0;
    for (uint64_t bit = UINT64_C(1) << 63; bit && !(bits & mask & bit); bit >>= 1)
        count += (mask & bit) != 0;
    RA = count;
}

EXEC_CALL(cnttzdm)
{
    uint64_t mask = RB, bits = RS, count = 0;
    for (uint64_t bit = 1; bit && !(bits & mask & bit); bit <<= 1)
        count += (mask & bit) != 0;
    RA = count;
}

EXEC_CALL(pdepd)
{
    uint64_t from = RS, mask = RB, result = 0;
    for (; mask; mask &= mask - 1, from >>= 1)
        result |= from & 1 ? mask & -mask : 0;
    RA = result;
}

static uint64_t extract(uint64_t from, uint64_t mask)
{
    uint64_t result = 0;
    for (uint32_t n = 0; mask; mask &= mask - 1, n++)
        result |= (uint64_t)((from & mask & -mask) != 0) << n;
    return result;
}

EXEC_CALL(pextd) { RA = extract(RS, RB); }

/* Those that the mask selects to the right, the others to the left. */
EXEC_CALL(cfuged)
{
    uint64_t mask = RB;
    uint32_t right = (uint32_t)__builtin_popcountll(mask);
    uint64_t left = right < 64 ? extract(RS, ~mask) << right : 0;
    RA = left | extract(RS, mask);
}

/* Prefixed: displacements of 34 bits, relative to RA or to the instruction itself (predecoded). */

#define EA_P ((RA0 + (uint64_t)i->imm) & s->ea_mask)

EXEC_PREFIXED(paddi) { RT = RA0 + (uint64_t)i->imm; }

EXEC_PREFIXED(plbz)  { RT = load8(s, i, EA_P); }
EXEC_PREFIXED(plhz)  { RT = load16(s, i, EA_P); }
EXEC_PREFIXED(plha)  { RT = (uint64_t)(int16_t)load16(s, i, EA_P); }
EXEC_PREFIXED(plwz)  { RT = load32(s, i, EA_P); }
EXEC_PREFIXED(plwa)  { RT = (uint64_t)(int32_t)load32(s, i, EA_P); }
EXEC_PREFIXED(pld)   { RT = load64(s, i, EA_P); }
EXEC_PREFIXED(pstb)  { store8(s, i, EA_P, (uint8_t)RS); }
EXEC_PREFIXED(psth)  { store16(s, i, EA_P, (uint16_t)RS); }
EXEC_PREFIXED(pstw)  { store32(s, i, EA_P, (uint32_t)RS); }
EXEC_PREFIXED(pstd)  { store64(s, i, EA_P, RS); }

/* The hash instructions' digest: four rounds of a cipher of 32-bit blocks with a 64-bit key over
 * the bytes of both operands, interleaved (Book I, 3.3.17). */

static uint16_t rotl16(uint16_t v, uint32_t n) { return (uint16_t)(v << n | v >> (16 - n)); }

/* The key schedule, 32 halfwords. */
static void expand_key(uint64_t key, uint16_t k[32])
{
    const uint64_t z = UINT64_C(0xfa2561cdf44ac398);
    for (uint32_t n = 0; n < 4; n++)
        k[n] = (uint16_t)(key >> (48 - 16 * n));
    for (uint32_t n = 0; n < 28; n++) {
        uint16_t t = rotl16(k[n + 3], 13) ^ k[n + 1];
        k[n + 4] = (uint16_t)(0xfffc ^ (z >> (63 - n) & 1) ^ k[n] ^ t ^ rotl16(t, 15));
    }
}

static uint32_t encrypt(uint32_t block, const uint16_t k[32], uint32_t lane)
{
    uint16_t left = (uint16_t)block, right = (uint16_t)(block >> 16);
    for (uint32_t n = 0; n < 32; n++) {
        uint16_t mixed = (rotl16(left, 1) & rotl16(left, 8)) ^ rotl16(left, 2);
        uint16_t next = right ^ mixed ^ k[(n & ~3u) + ((n + lane) & 3)];
        right = left;
        left = next;
    }
    return (uint32_t)right << 16 | left;
}

/* Bytes of RA's and RB's half, in turn, from the top: a7 b.. as the manual interleaves them. */
static uint64_t interleave(uint32_t a, uint32_t b)
{
    uint64_t v = 0;
    for (uint32_t n = 0; n < 4; n++) {
        v |= (uint64_t)(a >> 8 * n & 255) << 16 * n;
        v |= (uint64_t)(b >> 8 * n & 255) << (56 - 16 * n);
    }
    return v;
}

static uint64_t hash_digest(uint64_t a, uint64_t b, uint64_t key)
{
    uint16_t k[32];
    uint64_t high = interleave((uint32_t)(a >> 32), (uint32_t)b);
    uint64_t low = interleave((uint32_t)a, (uint32_t)(b >> 32));
    expand_key(key, k);
    uint64_t h = (uint64_t)encrypt((uint32_t)(high >> 32), k, 0) << 32 |
                 encrypt((uint32_t)high, k, 1);
    uint64_t l = (uint64_t)encrypt((uint32_t)(low >> 32), k, 2) << 32 |
                 encrypt((uint32_t)low, k, 3);
    return h ^ l;
}

#define EA_HASH ((RA - 512 + 8 * ((RC_BIT << 5) | i->rt)) & s->ea_mask)

static void need_alignment(struct cpu *s, const struct insn *i, uint64_t ea)
{
    if (ea & 7)
        cpu_raise(s, i, EXC_ALIGNMENT, ea, 0);
}

static void hash_store(struct cpu *s, const struct insn *i, uint64_t key)
{
    need_alignment(s, i, EA_HASH);
    store64(s, i, EA_HASH, hash_digest(RA, RB, key));
}

static void hash_check(struct cpu *s, const struct insn *i, uint64_t key)
{
    need_alignment(s, i, EA_HASH);
    if (load64(s, i, EA_HASH) != hash_digest(RA, RB, key))
        cpu_raise(s, i, EXC_TRAP, i->pc, 0);
}

static void need_supervisor(struct cpu *s, const struct insn *i)
{
    if (s->sup.msr & MSR_PR)
        cpu_raise(s, i, EXC_PRIVILEGED, i->pc, 0);
}

EXEC_CALL(hashst)  { hash_store(s, i, s->sup.hashkey); }
EXEC_CALL(hashchk) { hash_check(s, i, s->sup.hashkey); }

EXEC_CALL(hashstp)
{
    need_supervisor(s, i);
    hash_store(s, i, s->sup.hashpkey);
}

EXEC_CALL(hashchkp)
{
    need_supervisor(s, i);
    hash_check(s, i, s->sup.hashpkey);
}

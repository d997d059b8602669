/* Bit manipulation shared by everybody. Bit numbers are the host's (0 = least significant) unless a
 * name says ppc_: those count from the most significant bit, as the Power ISA does. */
#ifndef SIM_BASE_BITS_H
#define SIM_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

__extension__ typedef unsigned __int128 u128;
__extension__ typedef __int128 s128;

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* The low `bits` bits of v as a signed number; 1 <= bits <= 64. */
static inline int64_t sign_extend(uint64_t v, unsigned bits)
{
    return (int64_t)(v << (64 - bits)) >> (64 - bits);
}

/* Field of an instruction word, bits first..last as the manual numbers them (0 = most
 * significant). */
static inline uint32_t ppc_field(uint32_t word, unsigned first, unsigned last)
{
    return (word >> (31 - last)) & (uint32_t)((UINT64_C(1) << (last - first + 1)) - 1);
}

static inline uint64_t rotl64(uint64_t v, unsigned n)
{
    return n & 63 ? v << (n & 63) | v >> (64 - (n & 63)) : v;
}

static inline uint32_t rotl32(uint32_t v, unsigned n)
{
    return n & 31 ? v << (n & 31) | v >> (32 - (n & 31)) : v;
}

/* MASK(mb, me) of the ISA: ones from bit mb through bit me, wrapping when mb > me. */
static inline uint64_t ppc_mask64(unsigned mb, unsigned me)
{
    uint64_t from = UINT64_MAX >> mb, to = UINT64_MAX << (63 - me);
    return mb <= me ? from & to : from | to;
}

static inline bool is_pow2(uint64_t v) { return v && !(v & (v - 1)); }

/* floor(log2(v)); v must not be zero. */
static inline unsigned ilog2(uint64_t v) { return 63u - (unsigned)__builtin_clzll(v); }

static inline uint64_t min_u64(uint64_t a, uint64_t b) { return a < b ? a : b; }
static inline uint64_t max_u64(uint64_t a, uint64_t b) { return a > b ? a : b; }

static inline uint64_t align_up(uint64_t v, uint64_t pow2) { return (v + pow2 - 1) & ~(pow2 - 1); }
static inline uint64_t align_down(uint64_t v, uint64_t pow2) { return v & ~(pow2 - 1); }

#endif

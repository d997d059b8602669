/* Storage access by instruction bodies. The fast path (page known to the soft TLB, not crossing) is
 * inlined; everything else, faults included, is in access.c. Values are in the guest's storage
 * order; every access leaves its address in s->ea for the op record. A store that faults has
 * written nothing. */
#ifndef SIM_ISA_ACCESS_H
#define SIM_ISA_ACCESS_H

#include "sim/isa/state.h"

/* Any length; handles page crossing, faults, stores to predecoded code. `bytes` <= FRAME_BYTES. No
 * order: raw bytes. */
void load_slow(struct cpu *s, const struct insn *i, uint64_t ea, void *to, uint32_t bytes);
void store_slow(struct cpu *s, const struct insn *i, uint64_t ea, const void *from, uint32_t bytes);

/* Whether load_raw or store_raw would take the fast path. The tag is compared with the page of the
 * last byte: an access that crosses never matches. */
static inline bool load_hits(struct cpu *s, uint64_t ea, uint32_t bytes)
{
    return soft_tlb_entry(&s->tlb, ea)->load_tag == PAGE_OF(ea + bytes - 1);
}

static inline bool store_hits(struct cpu *s, uint64_t ea, uint32_t bytes)
{
    return soft_tlb_entry(&s->tlb, ea)->store_tag == PAGE_OF(ea + bytes - 1);
}

static inline void load_raw(struct cpu *s, const struct insn *i, uint64_t ea, void *to,
                            uint32_t bytes)
{
    s->ea = ea;
    if (__builtin_expect(load_hits(s, ea, bytes), 1))
        memcpy(to, soft_tlb_host(&s->tlb, ea), bytes);
    else
        load_slow(s, i, ea, to, bytes);
}

static inline void store_raw(struct cpu *s, const struct insn *i, uint64_t ea, const void *from,
                             uint32_t bytes)
{
    s->ea = ea;
    if (__builtin_expect(store_hits(s, ea, bytes), 1))
        memcpy(soft_tlb_host(&s->tlb, ea), from, bytes);
    else
        store_slow(s, i, ea, from, bytes);
}

/* What the host shall fetch for a load at ea that may come: its data, or what is there to say that
 * their place is not known. */
static inline const void *load_foreseen(struct cpu *s, uint64_t ea)
{
    return load_hits(s, ea, 1) ? soft_tlb_host(&s->tlb, ea) : (void *)soft_tlb_entry(&s->tlb, ea);
}

/* ACCESS(bits): loadN and storeN in the guest's order, loadN_r and storeN_r byte-reversed. */
#define ACCESS(bits, swapped)                                                                      \
    static inline uint##bits##_t load##bits(struct cpu *s, const struct insn *i, uint64_t ea)      \
    {                                                                                              \
        uint##bits##_t v;                                                                          \
        load_raw(s, i, ea, &v, bits / 8);                                                          \
        return s->swap ? (uint##bits##_t)(swapped) : v;                                            \
    }                                                                                              \
    static inline uint##bits##_t load##bits##_r(struct cpu *s, const struct insn *i, uint64_t ea)  \
    {                                                                                              \
        uint##bits##_t v;                                                                          \
        load_raw(s, i, ea, &v, bits / 8);                                                          \
        return s->swap ? v : (uint##bits##_t)(swapped);                                            \
    }                                                                                              \
    static inline void store##bits(struct cpu *s, const struct insn *i, uint64_t ea,               \
                                   uint##bits##_t v)                                               \
    {                                                                                              \
        v = s->swap ? (uint##bits##_t)(swapped) : v;                                               \
        store_raw(s, i, ea, &v, bits / 8);                                                         \
    }                                                                                              \
    static inline void store##bits##_r(struct cpu *s, const struct insn *i, uint64_t ea,           \
                                       uint##bits##_t v)                                           \
    {                                                                                              \
        v = s->swap ? v : (uint##bits##_t)(swapped);                                               \
        store_raw(s, i, ea, &v, bits / 8);                                                         \
    }

ACCESS(8, v)
ACCESS(16, __builtin_bswap16(v))
ACCESS(32, __builtin_bswap32(v))
ACCESS(64, __builtin_bswap64(v))
#undef ACCESS

/* A quadword as one number: in little-endian mode the byte at ea is the least significant. */
static inline u128 load128(struct cpu *s, const struct insn *i, uint64_t ea)
{
    uint64_t d[2];
    load_raw(s, i, ea, d, 16);
    if (s->swap) {
        d[0] = __builtin_bswap64(d[0]);
        d[1] = __builtin_bswap64(d[1]);
    }
    return s->big_endian ? (u128)d[0] << 64 | d[1] : (u128)d[1] << 64 | d[0];
}

static inline void store128(struct cpu *s, const struct insn *i, uint64_t ea, u128 v)
{
    uint64_t high = (uint64_t)(v >> 64), low = (uint64_t)v;
    uint64_t d[2] = {s->big_endian ? high : low, s->big_endian ? low : high};
    if (s->swap) {
        d[0] = __builtin_bswap64(d[0]);
        d[1] = __builtin_bswap64(d[1]);
    }
    store_raw(s, i, ea, d, 16);
}

#endif

/* Loads and stores as pieces of handlers: see plain.h. */
#ifndef SIM_ISA_PLAIN_ACCESS_H
#define SIM_ISA_PLAIN_ACCESS_H

#include "sim/isa/plain.h"

/* The address by displacement or by index. */
#define EA_D CUT(A + SI)
#define EA_X CUT(A + B)

#define LOAD(name, bits, address, value, after)                                                    \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        uint64_t ea = address;                                                                     \
        if (__builtin_expect(!load_hits(s, ea, bits / 8), 0)) {                                    \
            *v = ea;                                                                               \
            return PLAIN_NO_LOAD;                                                                  \
        }                                                                                          \
        uint##bits##_t read;                                                                       \
        memcpy(&read, soft_tlb_host(&s->tlb, ea), bits / 8);                                       \
        read = mode == MODE_ANY && s->swap ? SWAP_##bits(read) : read;                             \
        s->gpr[i->rt] = *v = (value);                                                              \
        after;                                                                                     \
        return PLAIN_DONE;                                                                         \
    }

#define STORE(name, bits, address, after)                                                          \
    PLAIN(name)                                                                                    \
    {                                                                                              \
        uint64_t ea = address;                                                                     \
        if (__builtin_expect(!store_hits(s, ea, bits / 8), 0)) {                                   \
            *v = ea;                                                                               \
            return PLAIN_NO_STORE;                                                                 \
        }                                                                                          \
        uint##bits##_t written = (uint##bits##_t)S;                                                \
        written = mode == MODE_ANY && s->swap ? SWAP_##bits(written) : written;                    \
        memcpy(soft_tlb_host(&s->tlb, ea), &written, bits / 8);                                    \
        after;                                                                                     \
        return PLAIN_DONE;                                                                         \
    }

#define SWAP_8(x)  (x)
#define SWAP_16(x) __builtin_bswap16(x)
#define SWAP_32(x) __builtin_bswap32(x)
#define SWAP_64(x) __builtin_bswap64(x)

LOAD(lbz, 8, EA_D, read, (void)0)
LOAD(lhz, 16, EA_D, read, (void)0)
LOAD(lha, 16, EA_D, (uint64_t)(int16_t)read, (void)0)
LOAD(lwz, 32, EA_D, read, (void)0)
LOAD(lwa, 32, EA_D, (uint64_t)(int32_t)read, (void)0)
LOAD(ld, 64, EA_D, read, (void)0)
LOAD(lbzx, 8, EA_X, read, (void)0)
LOAD(lhzx, 16, EA_X, read, (void)0)
LOAD(lwzx, 32, EA_X, read, (void)0)
LOAD(lwax, 32, EA_X, (uint64_t)(int32_t)read, (void)0)
LOAD(ldx, 64, EA_X, read, (void)0)
LOAD(lbzu, 8, EA_D, read, s->gpr[i->ra] = ea)
LOAD(lhzu, 16, EA_D, read, s->gpr[i->ra] = ea)
LOAD(lwzu, 32, EA_D, read, s->gpr[i->ra] = ea)
LOAD(ldu, 64, EA_D, read, s->gpr[i->ra] = ea)
STORE(stb, 8, EA_D, (void)0)
STORE(sth, 16, EA_D, (void)0)
STORE(stw, 32, EA_D, (void)0)
STORE(std, 64, EA_D, (void)0)
STORE(stbx, 8, EA_X, (void)0)
STORE(stwx, 32, EA_X, (void)0)
STORE(stdx, 64, EA_X, (void)0)
STORE(stbu, 8, EA_D, s->gpr[i->ra] = ea)
STORE(stwu, 32, EA_D, s->gpr[i->ra] = ea)
STORE(stdu, 64, EA_D, s->gpr[i->ra] = ea)

#endif

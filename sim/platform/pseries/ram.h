/* A guest's memory as its hypervisor reads and writes it: big-endian words, plain bytes. What lies
 * outside reads zero and is not written. */
#ifndef SIM_PLATFORM_PSERIES_RAM_H
#define SIM_PLATFORM_PSERIES_RAM_H

#include "sim/mem/phys.h"

struct ram {
    struct phys *phys;
    uint64_t bytes;
};

void ram_read(const struct ram *m, uint64_t pa, void *to, uint64_t bytes);
void ram_write(const struct ram *m, uint64_t pa, const void *from, uint64_t bytes);
uint32_t ram_get32(const struct ram *m, uint64_t pa);
void ram_put32(const struct ram *m, uint64_t pa, uint32_t v);
void ram_put64(const struct ram *m, uint64_t pa, uint64_t v);

#endif

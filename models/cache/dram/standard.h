/* The numbers of a DRAM standard as one struct, each overridden by the key of its name. */
#ifndef MODELS_CACHE_DRAM_STANDARD_H
#define MODELS_CACHE_DRAM_STANDARD_H

#include "sim/schema/schema.h"

struct dram_timing {
#define PARAM(name, a, b, c, d, e, text) uint32_t name;
#include "models/cache/dram/standards.def"
#undef PARAM
};

/* Keys of [dram] with the names of the parameters, where 0 stands for the standard's number. */
extern const struct key_row dram_timing_key_rows[];

/* `standard`: place in DRAM_STANDARDS. */
struct dram_timing dram_standard(uint32_t standard);
/* Puts the standard's number wherever *t has none. */
void dram_standard_complete(struct dram_timing *t, uint32_t standard);

static inline uint32_t dram_burst_bytes(const struct dram_timing *t) { return t->bus * t->beats; }

#endif

/* The numbers of a DRAM standard as one struct, each overridden by the key of its name. */
#ifndef MODELS_CACHE_DRAM_STANDARD_H
#define MODELS_CACHE_DRAM_STANDARD_H

#include "sim/schema/schema.h"

/*    enumerator    as written in the .ini */
#define DRAM_STANDARD_LIST(X)                                                                      \
    X(DDR4_2400, "ddr4-2400")                                                                      \
    X(DDR4_3200, "ddr4-3200")                                                                      \
    X(DDR5_4800, "ddr5-4800")                                                                      \
    X(LPDDR4_3200, "lpddr4-3200")                                                                  \
    X(LPDDR5_6400, "lpddr5-6400")
#define DRAM_STANDARD_ENUM(name, text)   DRAM_##name,
#define DRAM_STANDARD_CHOICE(name, text) "|" text
enum dram_standard { DRAM_STANDARD_LIST(DRAM_STANDARD_ENUM) DRAM_STANDARD_COUNT };
/* Names separated by `|`, one in front. */
#define DRAM_STANDARD_CHOICES DRAM_STANDARD_LIST(DRAM_STANDARD_CHOICE)

struct dram_timing {
#define PARAM(name, text, ...) uint32_t name;
#include "models/cache/dram/standards.def"
#undef PARAM
};

/* Keys of [dram] with the names of the parameters, where 0 stands for the standard's number. */
extern const struct key_row dram_timing_key_rows[];

struct dram_timing dram_standard(enum dram_standard standard);
/* Puts the standard's number wherever *t has none. */
void dram_standard_complete(struct dram_timing *t, enum dram_standard standard);

static inline uint32_t dram_burst_bytes(const struct dram_timing *t) { return t->bus * t->beats; }

#endif

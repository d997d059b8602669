/* What the made-up machine of sample.h counts. */
#ifndef TESTS_UNIT_SIM_OUT_SAMPLE_STATS_H
#define TESTS_UNIT_SIM_OUT_SAMPLE_STATS_H

#include "sim/out/h5_result.h"
#include "tests/unit/sim/schema/support.h"

#define SAMPLE_KEYS(X, o)                                                                          \
    X(o, SIZE, size, "32KiB", "64", "1GiB", "capacity")                                            \
    X(o, CHOICE, replacement, "lru", "lru|random", "", "replacement policy")                       \
    X(o, STR, note, "", "", "", "free text")
struct sample_keys {
    SAMPLE_KEYS(KEY_MEMBER, sample_keys)
};
static const struct key_row sample_key_rows[] = {SAMPLE_KEYS(KEY_ROW, sample_keys) KEY_END};

enum { SAMPLE_CORES_MAX = 4, SAMPLE_INTERVALS = 3000 };

#define SAMPLE_CORE_STATS(X, o)                                                                    \
    X(o, instructions, INSTRUCTIONS, "instructions completed")                                     \
    X(o, cycles, CYCLES, "core cycles")
#define SAMPLE_CPI_STATS(X, o)                                                                     \
    X(o, base, SLOTS, "slots that completed an instruction")                                       \
    X(o, branch, SLOTS, "slots lost to mispredicted branches")                                     \
    X(o, dcache, SLOTS, "slots lost to data cache misses")
#define SAMPLE_CACHE_STATS(X, o)                                                                   \
    X(o, accesses, COUNT, "demand accesses")                                                       \
    X(o, hits, COUNT, "demand accesses that hit")                                                  \
    X(o, misses, COUNT, "demand accesses that miss")
#define SAMPLE_BPRED_STATS(X, o)                                                                   \
    X(o, branches, COUNT, "branches completed")                                                    \
    X(o, mispredicts, COUNT, "branches mispredicted")
struct sample_core {
    SAMPLE_CORE_STATS(STAT_MEMBER, )
};
struct sample_cpi {
    SAMPLE_CPI_STATS(STAT_MEMBER, )
};
struct sample_cache {
    SAMPLE_CACHE_STATS(STAT_MEMBER, )
};
struct sample_bpred {
    SAMPLE_BPRED_STATS(STAT_MEMBER, )
};
static const struct stat_row sample_core_rows[] = {SAMPLE_CORE_STATS(STAT_ROW, sample_core)
                                                       STAT_END};
static const struct stat_row sample_cpi_rows[] = {SAMPLE_CPI_STATS(STAT_ROW, sample_cpi) STAT_END};
static const struct stat_row sample_cache_rows[] = {SAMPLE_CACHE_STATS(STAT_ROW, sample_cache)
                                                        STAT_END};
static const struct stat_row sample_bpred_rows[] = {SAMPLE_BPRED_STATS(STAT_ROW, sample_bpred)
                                                        STAT_END};

struct sample {
    struct stats *stats;
    struct sample_core core[SAMPLE_CORES_MAX];
    struct sample_cpi cpi[SAMPLE_CORES_MAX];
    struct sample_cache l1d[SAMPLE_CORES_MAX], l2;
    struct sample_bpred bpred[SAMPLE_CORES_MAX];
    uint32_t cores;
};

static inline void sample_add(struct sample *s, const char *part, uint32_t core,
                              const struct stat_row *rows, const void *base)
{
    char *name = s->cores > 1 ? xasprintf("%s.%u", part, core) : xstrdup(part);
    stats_add(s->stats, name, rows, base);
    free(name);
}

static inline void sample_init(struct sample *s, uint32_t cores)
{
    *s = (struct sample){.stats = stats_create(), .cores = cores};
    for (uint32_t i = 0; i < cores; i++) {
        sample_add(s, "core", i, sample_core_rows, &s->core[i]);
        sample_add(s, "cpi", i, sample_cpi_rows, &s->cpi[i]);
        sample_add(s, "l1d", i, sample_cache_rows, &s->l1d[i]);
        sample_add(s, "bpred", i, sample_bpred_rows, &s->bpred[i]);
    }
    stats_add(s->stats, "l2", sample_cache_rows, &s->l2);
    stats_formula(s->stats, "l2", "miss_rate", "l2.misses / l2.accesses", "misses per access");
    stats_law(s->stats, "l2 accesses", "l2.hits + l2.misses", "l2.accesses");
    if (cores == 1)
        stats_formula(s->stats, "core", "ipc", "core.instructions / core.cycles",
                      "instructions per cycle");
}

#endif

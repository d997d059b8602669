/* A made-up run for the tests of result files: counters, laws and phases of a machine with some
 * cores. */
#ifndef TESTS_UNIT_SIM_OUT_SAMPLE_H
#define TESTS_UNIT_SIM_OUT_SAMPLE_H

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

/* One interval of core work: 1000 instructions on a machine two slots wide; number n makes it vary.
 */
static inline void sample_step(struct sample *s, uint32_t n)
{
    for (uint32_t i = 0; i < s->cores; i++) {
        uint64_t branch = 100 + 10 * (n % 7), dcache = 300 + 20 * (n % 5) + 40 * i;
        s->core[i].instructions += 1000;
        s->core[i].cycles += (1000 + branch + dcache) / 2;
        s->cpi[i].base += 1000;
        s->cpi[i].branch += branch;
        s->cpi[i].dcache += dcache;
        s->l1d[i].accesses += 300;
        s->l1d[i].hits += 290;
        s->l1d[i].misses += 10;
        s->bpred[i].branches += 150;
        s->bpred[i].mispredicts += 5;
        s->l2.accesses += 10;
        s->l2.hits += 9;
        s->l2.misses += 1;
    }
}

static const char *const sample_columns[] = {"core.instructions", "core.cycles", "cpi.base",
                                             "cpi.branch",        "cpi.dcache",  "l1d.misses",
                                             "l2.misses"};
enum { SAMPLE_COLUMNS = 7 };

/* The parts of a result but for its intervals and end: warmup is the first third of the steps. */
static inline void sample_write(struct result *r, struct sample *s, const char *setting,
                                double host_seconds)
{
    struct err e = {0};
    struct sample_keys keys;
    struct config *c = config_create(NULL);
    uint64_t *values[2];
    for (int i = 0; i < 2; i++)
        values[i] = xcalloc(stats_count(s->stats), sizeof **values);
    assert_true(config_override(c, setting, &e));
    assert_true(config_bind(c, "l2", sample_key_rows, &keys, &e));
    result_identity(r, 3, "0123abcd");
    result_meta_text(r, "program", "matmul", "program that ran");
    result_meta_text(r, "created", host_seconds > 1 ? "2026-01-02" : "2026-01-01", "when it ran");
    result_meta_f64(r, "host_seconds", host_seconds, "s", "wall time of the simulation");
    result_meta_u64(r, "seed", 42, "1", "seed of the random numbers");
    result_config(r, c);
    assert_true(result_intervals(r, s->stats, sample_columns, SAMPLE_COLUMNS, s->cores, &e));
    for (uint32_t n = 0; n < SAMPLE_INTERVALS; n++) {
        if (n == SAMPLE_INTERVALS / 3)
            stats_snapshot(s->stats, values[0]);
        sample_step(s, n);
        result_interval(r);
    }
    stats_snapshot(s->stats, values[1]);
    const struct result_phase phases[] = {
        {"warmup", 0, 1000000, 0, s->core[0].cycles / 3, NULL, values[0]},
        {"roi", 1000000, s->core[0].instructions, s->core[0].cycles / 3, s->core[0].cycles,
         values[0], values[1]},
    };
    uint32_t widths[SAMPLE_CORES_MAX];
    for (uint32_t n = 0; n < SAMPLE_CORES_MAX; n++)
        widths[n] = 2;
    result_stats(r, s->stats, phases, 2, s->cores, widths);
    for (int i = 0; i < 2; i++)
        free(values[i]);
    config_destroy(c);
}

static inline void sample_file(const char *path, uint32_t cores, const char *setting,
                               double host_seconds, enum result_status status)
{
    struct err e = {0};
    struct sample s;
    sample_init(&s, cores);
    struct result *r = result_open(path, false, &e);
    if (!r)
        fail_msg("%s", e.text);
    sample_write(r, &s, setting, host_seconds);
    if (!result_close(r, status, &e))
        fail_msg("%s", e.text);
    stats_destroy(s.stats);
}

#endif

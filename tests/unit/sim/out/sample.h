/* A made-up run for the tests of result files: counters, laws and phases of a machine with some
 * cores. */
#ifndef TESTS_UNIT_SIM_OUT_SAMPLE_H
#define TESTS_UNIT_SIM_OUT_SAMPLE_H

#include "tests/unit/sim/out/sample_stats.h"

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

/* Rows of the summary that summary.h prints. */
#ifndef SIM_OUT_SUMMARY_ROWS_H
#define SIM_OUT_SUMMARY_ROWS_H

/* Label, numerator, denominator ("" for none), scale, format, unit. The value is numerator
 * / denominator * scale; a row with an absent name or no finite value is left out. */
#define SUMMARY_HEAD(X) X("instructions", "core.instructions", "", 1, "%.0f", "")
/* Before and behind the CPI stack and the caches; left out with them when no cycle was timed. */
#define SUMMARY_CYCLES(X)                                                                          \
    X("cycles", "core.cycles", "", 1, "%.0f", "")                                                  \
    X("IPC", "core.instructions", "core.cycles", 1, "%.4f", "")                                    \
    X("simulated time", "system.ticks", "", 1e-6, "%.3f", " us")
#define SUMMARY_EVENTS(X)                                                                          \
    X("branches", "bpred.branches", "", 1, "%.0f", "")                                             \
    X("mispredicts", "bpred.mispredicts", "", 1, "%.0f", "")                                       \
    X("mispredict rate", "bpred.mispredicts", "bpred.branches", 100, "%.2f", " %")                 \
    X("branch MPKI", "bpred.mispredicts", "core.instructions", 1000, "%.3f", "")                   \
    X("page walks", "walker.walks", "", 1, "%.0f", "")                                             \
    X("mean page walk", "walker.walk_cycles", "walker.walks_ended", 1, "%.1f", " cycles")          \
    X("memory reads", "mem.reads", "", 1, "%.0f", "")                                              \
    X("mean memory read", "mem.read_ticks", "mem.reads_answered", 1e-3, "%.1f", " ns")             \
    X("memory writes", "mem.writes", "", 1, "%.0f", "")                                            \
    X("simulated cycles per host second", "core.cycles", "meta.host_seconds", 1, "%.0f", "")
#define SUMMARY_HOST(X)                                                                            \
    X("host time", "meta.host_seconds", "", 1, "%.2f", " s")                                       \
    X("host MIPS", "core.instructions", "meta.host_seconds", 1e-6, "%.3f", "")
/* Label and component of each cache and TLB; its columns: heading, statistic, denominator, scale,
 * format. A denominator that starts with a dot is the cache's own. */
#define SUMMARY_CACHES(X)                                                                          \
    X("L1I", "l1i") X("L1D", "l1d") X("L2", "l2") X("L3", "l3")                                    \
    X("ITLB", "itlb") X("DTLB", "dtlb") X("TLB", "tlb")
#define SUMMARY_CACHE_COLUMNS(X)                                                                   \
    X("accesses", ".accesses", "", 1, "%.0f")                                                      \
    X("misses", ".misses", "", 1, "%.0f")                                                          \
    X("miss %", ".misses", ".accesses", 100, "%.2f")                                               \
    X("MPKI", ".misses", "core.instructions", 1000, "%.3f")

struct summary_row {
    const char *label, *over, *under;
    double scale;
    const char *format, *unit;
};

#endif

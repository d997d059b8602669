/* Writes the result file of one run (layout.h says what is in it). The file is RESULT.h5.part until
 * result_close has brought it to the disk and renamed it: whatever happens in between, nothing
 * incomplete has the final name.
 *
 *   struct result *r = result_open("out.h5", force, &e);   before the simulation: all refusals
 *   result_identity(r, model_version, run_id);
 *   result_meta_text(r, "host", name, "machine the simulator ran on");
 *   result_config(r, config);
 *   result_intervals(r, stats, columns, column_count, cores, &e);             when wanted
 *   while (running) { ...; result_interval(r); }                              every N instructions
 *   result_stats(r, stats, phases, phase_count, cores, widths);
 *   if (!result_close(r, RESULT_COMPLETE, &e)) fail(&e);                      or result_abandon(r)
 *
 * The first failure of the file system (full disk, quota) is kept, all later calls do nothing, and
 * result_close reports it; a long run may look at result_error to stop early. Names are those of
 * layout.h. */
#ifndef SIM_OUT_H5_RESULT_H
#define SIM_OUT_H5_RESULT_H

#include "sim/base/err.h"
#include "sim/out/layout.h"
#include "sim/schema/config.h"
#include "sim/schema/stats.h"

struct result;

/* Refuses an existing `path` without `force`, a directory that cannot be written, and a .part file
 * that another run is writing; a .part left behind by a killed run is replaced. Ignores SIGXFSZ in
 * this process, so that a file size limit is an error like a full disk. NULL with *e filled. */
struct result *result_open(const char *path, bool force, struct err *e);

/* The error kept so far, or NULL. */
const struct err *result_error(const struct result *r);

/* Writes the rest, fsyncs, and gives the file its name. Frees r in any case; false with *e filled
 * and the .part file removed when anything could not be written. */
bool result_close(struct result *r, enum result_status status, struct err *e);
/* Gives up: removes the .part file and frees r (NULL is fine). */
void result_abandon(struct result *r);

/* run_id must depend on the input only (a hash of program and configuration). */
void result_identity(struct result *r, uint64_t model_version, const char *run_id);

/* One scalar of /meta; a key is written once. */
void result_meta_text(struct result *r, const char *key, const char *value, const char *long_name);
void result_meta_u64(struct result *r, const char *key, uint64_t value, const char *units,
                     const char *long_name);
void result_meta_f64(struct result *r, const char *key, double value, const char *units,
                     const char *long_name);

/* After config_finish. */
void result_config(struct result *r, const struct config *c);
/* The program and its arguments when the command line names them in the configuration's place:
 * ends with NULL; NULL: nothing. */
void result_arguments(struct result *r, const char *const *arguments);

/* Names the statistics that every interval records, by their full names without a core number
 * ("core.cycles", "cpi.base", "l1d.misses"). With several cores "core.0.cycles", "core.1.cycles"
 * ... make one column [interval, core]; a name without numbers is a shared unit's column
 * [interval]. In the file a column has its name without a leading "core.". False with *e filled for
 * an unknown name. Counting starts here. */
bool result_intervals(struct result *r, const struct stats *s, const char *const *names,
                      uint32_t count, uint32_t cores, struct err *e);
/* Ends an interval: records what was counted since the last one. */
void result_interval(struct result *r);

/* A named part of the run; its figures are end - start. */
struct result_phase {
    const char *name; /* "warmup", "roi" ... */
    uint64_t start_instruction, end_instruction, start_cycle, end_cycle;
    const uint64_t *start, *end; /* stats_snapshot; start NULL: all zero */
};

/* At the end: /phases, /stats, /cpi from the statistics "cpi.PART" (or "cpi.CORE.PART"), and
 * /checks, the laws over the counters as they stand now. `widths` are the commit slots per cycle of
 * each core; where they differ, slots are counted in parts of one, so that each core's
 * cycle has as many. */
void result_stats(struct result *r, const struct stats *s, const struct result_phase *phases,
                  uint32_t phase_count, uint32_t cores, const uint32_t *widths);

/* /hist, a group for each histogram, of the same phases; after result_stats. */
struct result_hists {
    const uint64_t *start, *end; /* stats_snapshot_hists */
};
void result_hists(struct result *r, const struct stats *s, const struct result_hists *phases,
                  uint32_t phase_count);

/* /sample: of a run with sample.points. */
struct result_point {
    const char *phase; /* its name */
    uint64_t first, instructions;
    double weight;
};
void result_points(struct result *r, const struct result_point *points, uint32_t count);

/* /cpi/functions or /cpi/lines: the CPI stack of all cores together by place in the program. After
 * result_stats, with its phases and parts. */
enum result_places_kind { RESULT_FUNCTIONS, RESULT_LINES };
struct result_places {
    enum result_places_kind kind;
    const char *const *files;   /* [count]: of a function the program or library; "": not known */
    const char *const *names;   /* [count]: of functions; "": not known */
    const uint64_t *numbers;    /* [count]: address of the function in its file, or source line */
    const uint64_t *executed;   /* [phases][count] */
    const uint64_t *slots;      /* [phases][count][parts] */
    uint32_t count, phases, parts;
};
void result_places(struct result *r, const struct result_places *p);

/* /branches or /loads: what was counted at each such instruction. After result_stats. */
#define RESULT_LEVELS 6 /* 0: not served; caches from 1 on; memory comes after the last of them */
struct result_site {
    const char *object, *function, *file; /* "": not known */
    uint64_t address;                     /* in the object */
    uint32_t line;
};
struct result_site_counts {
    uint64_t count, taken, mispredicts, latency, served[RESULT_LEVELS];
};
struct result_sites {
    bool branches; /* else loads */
    const struct result_site *sites;
    const struct result_site_counts *counts; /* [count][phases] */
    uint64_t count;
    uint32_t phases;
};
void result_sites(struct result *r, const struct result_sites *s);

#endif

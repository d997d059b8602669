/* simstat export: a recorded window in the formats of other tools. One file a format. */
#ifndef ANALYSIS_EXPORT_H
#define ANALYSIS_EXPORT_H

#include <stdio.h>

#include "analysis/inst_trace.h"
#include "analysis/mem_trace.h"
#include "analysis/reader.h"

struct export_range {
    uint64_t first, count; /* rows */
};

struct options;
/* What --first, --cycle and --count chose; so many rows when nothing says. */
struct export_range export_chosen(const struct inst_trace *t, const struct options *o,
                                  uint64_t rows);

/* Kanata 0004, the log of the Konata pipeline viewer. */
void export_konata(const struct inst_trace *t, const struct export_range *r, FILE *out);
/* Trace Event JSON for Perfetto and chrome://tracing: a cycle is a microsecond. */
void export_perfetto(const struct inst_trace *t, const struct export_range *r, FILE *out);
/* One line an instruction. */
void export_csv(const struct inst_trace *t, const struct export_range *r, FILE *out);
/* Of recorded requests to caches and memory, one line each. */
void export_requests(const struct mem_trace *t, const struct export_range *r, FILE *out);
/* ChampSim's input_instr, 64 bytes an instruction, not compressed. */
void export_champsim(const struct inst_trace *t, const struct export_range *r, FILE *out);

/* Of a run with output.functions = yes: a profile for callgrind_annotate and KCachegrind, and
 * folded stacks for flame graphs. */
void export_callgrind(const struct run *r, const struct run_places *p, FILE *out);
void export_flame(const struct run *r, const struct run_places *p, FILE *out);

#endif

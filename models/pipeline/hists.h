/* Histograms of what instructions and cycles do in a pipeline. They cost 3 to 8 % of the run time,
 * so a pipeline has them only when asked for (core_env.histograms). */
#ifndef MODELS_PIPELINE_HISTS_H
#define MODELS_PIPELINE_HISTS_H

#include "models/pipeline/pipeline.h"
#include "sim/schema/hist.h"

/* Of every pipeline ... */
#define CORE_HISTS(X, o)                                                                           \
    X(o, retired_per_cycle, INSTRUCTIONS, CYCLES, "instructions retired in a cycle")               \
    X(o, fetch_to_retire, CYCLES, INSTRUCTIONS, "cycles from fetch to retirement")                 \
    X(o, mispredict_run, INSTRUCTIONS, COUNT,                                                      \
      "instructions from behind a mispredicted branch to the next one, which counts as well")
/* ... and of those that tell what delayed a load or branch (core_ops.tells_causes). */
#define CORE_CAUSE_HISTS(X, o)                                                                     \
    X(o, load_forwarded, CYCLES, INSTRUCTIONS,                                                     \
      "cycles from issue to data of loads served by older stores only")                            \
    X(o, load_l1, CYCLES, INSTRUCTIONS,                                                            \
      "cycles from issue to data of loads that the first level served, or that read no bytes")     \
    X(o, load_l2, CYCLES, INSTRUCTIONS,                                                            \
      "cycles from issue to data of loads that the second level served")                           \
    X(o, load_l3, CYCLES, INSTRUCTIONS,                                                            \
      "cycles from issue to data of loads that the third level served")                            \
    X(o, load_memory, CYCLES, INSTRUCTIONS,                                                        \
      "cycles from issue to data of loads that memory served")                                     \
    X(o, forward_distance, COUNT, COUNT,                                                           \
      "stores from a load back to the one it got its data from, wrong paths included; 1: the "     \
      "youngest before it")                                                                        \
    X(o, branch_resolution, CYCLES, COUNT, "cycles from fetch of a branch to its outcome")         \
    X(o, mispredict_resolution, CYCLES, COUNT,                                                     \
      "cycles from fetch of a mispredicted branch to its outcome")
struct core_hists {
    bool on; /* else there are none: what follows must not be touched */
    CORE_HISTS(HIST_MEMBER, core_hists)
    CORE_CAUSE_HISTS(HIST_MEMBER, core_hists)
    uint64_t last_mispredict; /* instructions retired when it had */
    uint64_t retired;         /* in all cycles so far */
};

void core_hists_create(struct core_hists *h, bool on);
void core_hists_destroy(struct core_hists *h);
/* Under the names of the components that count instructions and branches, with the laws between
 * them. Nothing when there are none. */
void core_hists_register(const struct core_hists *h, struct stats *s, const char *core,
                         const char *bpred, bool tells_causes);

/* Laws over histograms of a core: in the equations `@` stands for its name, `%` for its branch
 * predictor's. */
struct core_hist_law {
    const char *name; /* NULL ends the list */
    enum hist_total total;
    const char *left, *right;
};
void core_hists_laws(const struct core_hist_law *law, struct stats *s, const char *core,
                     const char *bpred);

/* A cycle is over after so many instructions. */
static inline void core_hists_cycle(struct core_hists *h, uint64_t instructions)
{
    hist_add(&h->retired_per_cycle, instructions - h->retired);
    h->retired = instructions;
}

/* A load that a cache or an older store (level 0) served retires. */
static inline void core_hists_load(struct core_hists *h, uint32_t level, uint32_t memory_level,
                                   uint64_t cycles)
{
    struct hist *to = !level                  ? &h->load_forwarded
                      : level >= memory_level ? &h->load_memory
                      : level == 1            ? &h->load_l1
                      : level == 2            ? &h->load_l2
                                              : &h->load_l3;
    hist_add(to, cycles);
}

/* The so-manyth instruction is a mispredicted branch. */
static inline void core_hists_mispredict(struct core_hists *h, uint64_t instructions)
{
    hist_add(&h->mispredict_run, instructions - h->last_mispredict);
    h->last_mispredict = instructions;
}

/* A branch retires as the so-manyth instruction. */
static inline void core_hists_branch(struct core_hists *h, uint64_t cycles, bool mispredicted,
                                     uint64_t instructions)
{
    hist_add(&h->branch_resolution, cycles);
    if (mispredicted) {
        hist_add(&h->mispredict_resolution, cycles);
        core_hists_mispredict(h, instructions);
    }
}

#endif

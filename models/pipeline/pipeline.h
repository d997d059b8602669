/* What a core is to the rest of the simulator: it takes instructions from an op_source, asks the
 * memory system through two ports, counts, and says when it is done. It never changes architected
 * state. */
#ifndef MODELS_PIPELINE_PIPELINE_H
#define MODELS_PIPELINE_PIPELINE_H

#include <signal.h>

#include "models/cache/port.h"
#include "models/pipeline/core_stats.h"
#include "models/pipeline/reports.h"
#include "models/pipeline/retirement.h"
#include "models/pipeline/warming.h"
#include "sim/engine/clock.h"
#include "sim/engine/event.h"
#include "sim/exec/op.h"
#include "sim/schema/config.h"
#include "sim/schema/stats.h"

/* Keys of [core] that every pipeline model has; a model adds its own. */
#define CORE_KEYS(X, o)                                                                            \
    X(o, CHOICE, model, "inorder", core_choices + 1, "", "pipeline model")                         \
    X(o, FREQ, clock, "1GHz", "1MHz", "10GHz", "core clock; its period is a whole number of ps")   \
    X(o, COUNT, hang_cycles, "100M", "", "",                                                       \
      "cycles without a retired instruction after which the run ends as hung; 0: never")
struct core_keys {
    CORE_KEYS(KEY_MEMBER, core_keys)
};
extern const struct key_row core_key_rows[];
extern const char core_choices[]; /* from models.def: "|inorder|..."; skip the first `|` */

enum core_end {
    CORE_RUNNING,
    CORE_HALTED, /* the guest has ended and everything has drained */
    CORE_LIMIT,  /* max_instructions are retired and everything has drained */
};

struct core;

/* What the core may call; `owner` is passed back. */
struct core_hooks {
    void (*retired)(void *owner, const struct retirement *r); /* NULL: nobody wants to know */
    /* An instruction that was fetched is squashed in retire_cycle; stages that it has not reached
     * have a later cycle. NULL: nobody wants to know. */
    void (*squashed)(void *owner, const struct retirement *r);
    /* Every interval_instructions retired (at the first cycle after at which all slots are
     * charged). */
    void (*interval)(void *owner, struct core *c);
    /* Once, when warmup_instructions have retired (at the first cycle after at which all slots are
     * charged). */
    void (*warm)(void *owner, struct core *c);
    /* A marker (OP_MARKER) has retired, between two cycles; it was the last to retire in its cycle,
     * and all slots are charged. */
    void (*marked)(void *owner, struct core *c, const struct insn *marker);
    /* Soon after *attention became non-zero (set by a host signal handler), between two cycles. */
    void (*attend)(void *owner, struct core *c);
    /* Everything has drained; see core_end. */
    void (*finished)(void *owner, struct core *c);
    void *owner;
};

struct profile;

struct core_env {
    struct config *config;
    const char *section;      /* "core"; ".units" and ".bpred" are added to it */
    uint32_t number, cores;   /* of so many, 0 standing for one */
    struct engine *engine;
    struct clock clock;
    struct op_source source;
    struct mem_port fetch, data;
    struct tlb_port itlb, dtlb;
    uint32_t fetch_line, data_line; /* bytes; accesses are split at these */
    uint32_t fetch_memory_level, data_memory_level; /* mem_request.level of what memory served */
    uint64_t max_instructions; /* UINT64_MAX: no limit */
    uint64_t interval_instructions; /* 0: no intervals */
    uint64_t warmup_instructions;   /* 0: no warm-up */
    bool skip_idle, histograms;
    const volatile sig_atomic_t *attention;
    struct profile *profile; /* told where each slot went; NULL: nobody wants to know */
    struct core_hooks hooks;
};

struct core_ops {
    const char *name;           /* as written in the .ini */
    bool tells_causes;          /* retirement.mispredicted, level and load_cycles */
    bool tells_squashed;        /* core_hooks.squashed */
    bool has_own_memory;        /* its caches are stages of its own: core_env's ports stay idle */
    const char *text;           /* what it is, for the help */
    const struct key_row *keys; /* of [core], beside CORE_KEYS */
    const struct key_row *unit_keys; /* of [core.units], beside units_key_rows; NULL: none */
    struct core *(*create)(const struct core_env *env, struct err *e);
    void (*destroy)(struct core *c);
    /* Registers statistics as "core", "bpred", "cpi" (with the number appended when there are
     * several cores). */
    void (*add_stats)(struct core *c, struct stats *s);
    /* For runs of which only parts are timed: before `start`, and again after CORE_LIMIT, when
     * instructions have been executed elsewhere meanwhile. So many more are to be retired, the hook
     * `warm` being called after the first `warmup` of them (0: never). NULL: it cannot. */
    void (*window)(struct core *c, uint64_t warmup, uint64_t instructions);
    /* What instructions that are executed elsewhere may warm. NULL: nothing. */
    struct warming (*warming)(struct core *c);
    /* First cycle now; from here on the engine drives it. */
    void (*start)(struct core *c);
    /* Fetches nothing more; drains and ends with CORE_LIMIT. */
    void (*stop)(struct core *c);
    enum core_end (*end)(const struct core *c);
    /* For one of several cores; NULL: it cannot be. The source, which had answered EXEC_IDLE, may
     * have something from this tick on, which is now or later. */
    void (*wake)(struct core *c, uint64_t tick);
    /* Between two ticks: brings statistics up to the end of this one. Slots lost to what is still
     * on its way are charged as if the first level had it. */
    void (*sync)(struct core *c, uint64_t tick);
    uint32_t (*width)(const struct core *c); /* issue slots per cycle, the unit of the CPI stack */
    /* One line for the report of a hang or a panic: what is oldest and what it waits for. */
    void (*describe)(const struct core *c, char *text, size_t room);
};

struct core {
    const struct core_ops *ops;
    struct core_stats stats;
    bool needs_operands; /* wants op.operands; set by create */
};

#define MODEL(name) extern const struct core_ops core_##name;
#include "models/pipeline/models.def"
#undef MODEL

/* The n-th model in the order of models.def, which is that of core_keys.model; NULL past the
 * end. */
const struct core_ops *core_model(uint32_t n);

#endif

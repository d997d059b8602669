/* Pipes whose stages can stand still. What they have begun has its result as late as its class says
 * and later when
 *
 *  - it finds no FPSCR rename `late_fpscr_cycles` before its result: then the pipe waits until
 *    one is free, and restarts `fpscr_restart_cycles` after that;
 *  - a shorter one begins behind it (`bypasses`): that goes from the first stage to the last, and
 *    what stands between them waits a cycle.
 *
 * So a result is announced only when nothing can delay it any more, `lead` cycles before it. Also
 * here: `bursts`, pipes that take nothing in the cycle after so many. */
#ifndef MODELS_PIPELINE_OOO_FLOW_H
#define MODELS_PIPELINE_OOO_FLOW_H

#include "models/pipeline/units.h"

#define FLOW_MAX 32u /* in the stages of one pipe */

/* Of a kind of pipes; one that can stand still has one pipe. */
struct flow {
    uint8_t burst;       /* 0: no limit */
    uint32_t streak;     /* of a burst's pipe: begun in consecutive cycles ... */
    uint64_t last_start; /* ... the last of them */
    uint8_t lead;        /* 0: it cannot stand still */
    uint16_t depth;      /* longest latency */
    bool bypasses;
    uint32_t pipe, count;
    uint16_t uop[FLOW_MAX];
    uint64_t stalled_from; /* cycle; NEVER: it moves */
    uint64_t free_from;    /* of the pipe, had it not been stalled */
};

struct flows {
    struct flow of_kind[UNITS_MAX_KINDS];
    bool exist;          /* some pipe may stand still or has bursts */
    uint32_t fpscr_free; /* renames, with late_fpscr_cycles */
};

struct ooo;
struct uop;
struct err;
bool ooo_flows_create(struct ooo *p, struct err *e);
/* A pipe of its kind has begun it. True: its result will be announced by ooo_flow_leave. */
bool ooo_flow_start(struct ooo *p, struct uop *u, uint32_t pipe);
/* It comes to where nothing but an FPSCR rename can be wanting. */
void ooo_flow_leave(struct ooo *p, struct uop *u);
/* It commits or is squashed. */
void ooo_flow_release(struct ooo *p, struct uop *u);
void ooo_flow_squash(struct ooo *p, struct uop *u);

#endif

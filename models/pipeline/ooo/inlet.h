/* Inlets: queues between dispatch and the issue queues, for cores whose micro-operations wait for a
 * place in a reservation station before they wait there for their sources. [core.units] inlets says
 * which kinds have one:
 *
 *   inlets = iu1+iu2+lsu:6/3/3 fpu:2/1/1 vec:4/2/2!     KIND[+KIND...]:ENTRIES/MOVES/WINDOW[!]
 *
 * In a cycle up to MOVES of the oldest WINDOW entries go on, each as soon as its issue queue has
 * room, whether or not its sources are known; with ! none goes before an older one. The first cycle
 * is that after dispatch; dispatch_cycles count from when it has gone on. */
#ifndef MODELS_PIPELINE_OOO_INLET_H
#define MODELS_PIPELINE_OOO_INLET_H

#include "models/pipeline/ooo/queues.h"
#include "models/pipeline/units.h"

#define INLETS_MAX     8u
#define INLET_ENTRIES  64u

struct inlet {
    uint32_t entries, moves, window;
    bool in_order;
    uint32_t used;
    uint16_t uop[INLET_ENTRIES]; /* index of each, from the oldest */
};

struct inlets {
    struct inlet inlet[INLETS_MAX];
    uint32_t count, used;           /* used: entries of all */
    uint8_t of_kind[UNITS_MAX_KINDS]; /* its number + 1; 0: none */
};

/* The kinds of one issue queue have the same inlet or none: else a younger one that has no inlet to
 * pass could take the last place that an older one, which it waits for, needs. */
bool inlets_create(struct inlets *q, const struct units *u, const struct queues *queues,
                   const char *text, const struct config *c, const char *section, struct err *e);

static inline struct inlet *inlet_of(struct inlets *q, uint32_t kind)
{
    return q->of_kind[kind] ? &q->inlet[q->of_kind[kind] - 1] : NULL;
}

struct ooo;
struct uop;
/* A micro-operation that was just dispatched; there is room. */
void ooo_inlet_enter(struct ooo *p, struct uop *u);
/* Those of a cycle that go on. */
void ooo_inlets(struct ooo *p);
/* The youngest of its inlet is squashed. */
void ooo_inlet_squash(struct ooo *p, struct uop *u);

#endif

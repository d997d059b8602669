/* The window of [trace]: from where to where is recorded. Instructions are inside from the first
 * time that `from` is reached to the first time after that that `to` is, both included where they
 * are addresses; what has no instruction is while the window is open. */
#ifndef SIM_TRACE_WINDOW_H
#define SIM_TRACE_WINDOW_H

#include "sim/build.h"

/* Where a window begins or ends. */
struct trace_edge {
    enum { EDGE_NONE, EDGE_INSTRUCTION, EDGE_CYCLE, EDGE_PC } kind;
    uint64_t at;
    const char *text; /* as configured */
};

struct trace_window {
    struct trace_edge from, to;
    uint64_t retired;
    bool is_open, is_over;
};

/* False with *e set for a window that cannot be. */
bool trace_window_init(struct trace_window *w, const struct machine *m, struct err *e);
/* An instruction retires; whether it is inside. */
bool trace_window_retired(struct trace_window *w, const struct retirement *r);
/* At the end of the run: tells of an edge that was never reached. */
void trace_window_warn(const struct trace_window *w);

/* Whether what happens in that cycle is inside. Edges in cycles count at once, others when the
 * instruction that reaches them has retired. */
static inline bool trace_window_holds(const struct trace_window *w, uint64_t cycle)
{
    bool begun = w->is_open || (w->from.kind == EDGE_CYCLE && cycle >= w->from.at);
    return begun && !w->is_over && !(w->to.kind == EDGE_CYCLE && cycle >= w->to.at);
}

#endif

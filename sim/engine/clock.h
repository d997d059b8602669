/* Clock domains: turn cycles into ticks (1 ps) and back.
 *
 * Every clock has an edge at tick 0. The period is a whole number of ticks, rounded to nearest: 3
 * GHz becomes 333 ps, that is 3.003 GHz, an error below 0.05 % up to 1 GHz and below 0.2 % at 4
 * GHz. All clocks of a run are rounded the same way, and a result counts cycles, so that only
 * ratios between a core and units timed in ns (DRAM) see the error. */
#ifndef SIM_ENGINE_CLOCK_H
#define SIM_ENGINE_CLOCK_H

#include <stdint.h>

#define TICKS_PER_SECOND UINT64_C(1000000000000)
/* Above this a period would be rounded by more than 5 %. */
#define CLOCK_MAX_HZ UINT64_C(100000000000)

struct clock {
    uint64_t period_ticks;
};

/* 1 <= hz <= CLOCK_MAX_HZ. */
static inline struct clock clock_from_hz(uint64_t hz)
{
    return (struct clock){(TICKS_PER_SECOND + hz / 2) / hz};
}

static inline uint64_t clock_ticks(struct clock c, uint64_t cycles)
{
    return cycles * c.period_ticks;
}

/* Whole cycles that fit into `ticks`; for a tick on an edge, the number of that edge. */
static inline uint64_t clock_cycles(struct clock c, uint64_t ticks)
{
    return ticks / c.period_ticks;
}

/* The first edge at or after `tick`. */
static inline uint64_t clock_edge(struct clock c, uint64_t tick)
{
    uint64_t past = tick % c.period_ticks;
    return past ? tick - past + c.period_ticks : tick;
}

#endif

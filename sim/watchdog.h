/* Looks every core.hang_cycles cycles whether anything has retired since the last look. A core that
 * waits for something that never comes would otherwise run, or stand, for ever. Only looks: no
 * cycle of any machine moves. */
#ifndef SIM_WATCHDOG_H
#define SIM_WATCHDOG_H

#include "sim/engine/event.h"

struct machine;

struct watchdog {
    struct event look;
    struct machine *machine;
    uint64_t retired; /* at the last look */
    bool barked;
};

/* From the current tick on; nothing with hang_cycles = 0. */
void watchdog_start(struct watchdog *w, struct machine *m);

#endif

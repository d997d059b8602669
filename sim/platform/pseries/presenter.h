/* The interrupt presenter of one processor and its sources (PAPR's external interrupt option,
 * "XICS"). Priorities: 0 is the highest, 0xff none. */
#ifndef SIM_PLATFORM_PSERIES_PRESENTER_H
#define SIM_PLATFORM_PSERIES_PRESENTER_H

#include <stdbool.h>
#include <stdint.h>

#define PRESENTER_NONE 0xff
#define PRESENTER_IPI  2u /* the source number of an interrupt that a processor sends itself */

/* A source that is told once of each change (edge-triggered). */
struct presenter_source {
    uint32_t number;
    uint32_t server;
    uint8_t priority;       /* PRESENTER_NONE: off */
    uint8_t kept_priority;  /* while it is off */
    bool pending;
};

struct presenter {
    uint8_t cppr; /* only what has a higher priority gets through */
    uint8_t mfrr; /* of the waiting interprocessor interrupt */
    struct presenter_source source; /* the console, the only device */
};

void presenter_init(struct presenter *x, uint32_t source);
/* Whether the processor's external interrupt is raised. */
bool presenter_line(const struct presenter *x);
/* XIRR without taking it: old CPPR and the source's number, 0 for none. */
uint32_t presenter_look(const struct presenter *x);
/* Takes the interrupt: its source is not pending any more, its priority becomes CPPR. */
uint32_t presenter_accept(struct presenter *x);
void presenter_end(struct presenter *x, uint32_t xirr);

/* NULL: no such source. */
struct presenter_source *presenter_find(struct presenter *x, uint32_t number);
void presenter_switch(struct presenter_source *s, bool on);

#endif

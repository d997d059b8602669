#include "sim/platform/pseries/presenter.h"

#include <stddef.h>

#define XISR_BITS UINT32_C(0xffffff)

void presenter_init(struct presenter *x, uint32_t source)
{
    *x = (struct presenter){.cppr = 0,
                            .mfrr = PRESENTER_NONE,
                            .source = {.number = source,
                                       .priority = PRESENTER_NONE,
                                       .kept_priority = PRESENTER_NONE}};
}

static bool source_waits(const struct presenter *x)
{
    return x->source.pending && x->source.priority < x->cppr;
}

static bool ipi_waits(const struct presenter *x) { return x->mfrr < x->cppr; }

/* Among equals the processor's own comes first. */
static bool is_ipi(const struct presenter *x)
{
    return ipi_waits(x) && !(source_waits(x) && x->source.priority < x->mfrr);
}

bool presenter_line(const struct presenter *x) { return source_waits(x) || ipi_waits(x); }

uint32_t presenter_look(const struct presenter *x)
{
    uint32_t number = is_ipi(x) ? PRESENTER_IPI : source_waits(x) ? x->source.number : 0;
    return (uint32_t)x->cppr << 24 | number;
}

uint32_t presenter_accept(struct presenter *x)
{
    uint32_t xirr = presenter_look(x), number = xirr & XISR_BITS;
    if (number == PRESENTER_IPI) {
        x->cppr = x->mfrr;
    } else if (number) {
        x->source.pending = false;
        x->cppr = x->source.priority;
    }
    return xirr;
}

void presenter_end(struct presenter *x, uint32_t xirr) { x->cppr = (uint8_t)(xirr >> 24); }

struct presenter_source *presenter_find(struct presenter *x, uint32_t number)
{
    return number == x->source.number ? &x->source : NULL;
}

void presenter_switch(struct presenter_source *s, bool on)
{
    if (on && s->priority == PRESENTER_NONE) {
        s->priority = s->kept_priority;
    } else if (!on && s->priority != PRESENTER_NONE) {
        s->kept_priority = s->priority;
        s->priority = PRESENTER_NONE;
    }
}

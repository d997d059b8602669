#include "sim/watchdog.h"

#include "sim/machine.h"

static void schedule(struct watchdog *w)
{
    struct machine *m = w->machine;
    engine_schedule(m->engine, &w->look,
                    engine_now(m->engine) +
                        m->cores->keys.hang_cycles * m->cores->clock.period_ticks,
                    PHASE_STATS);
}

static void look(struct event *ev, uint64_t now)
{
    struct watchdog *w = ev->owner;
    struct machine *m = w->machine;
    uint64_t retired = cores_retired(m);
    (void)now;
    if (cores_end(m) != CORE_RUNNING)
        return;
    if (retired == w->retired) {
        w->barked = true;
        engine_stop(m->engine);
        return;
    }
    w->retired = retired;
    schedule(w);
}

void watchdog_start(struct watchdog *w, struct machine *m)
{
    *w = (struct watchdog){.look = {.fn = look, .owner = w}, .machine = m, .retired = UINT64_MAX};
    if (m->cores->keys.hang_cycles)
        schedule(w);
}

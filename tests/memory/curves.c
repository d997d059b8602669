/* Measures DRAM under load: reads come at random moments, at a mean rate that rises from row to
 * row, whether or not earlier ones are answered. Prints a table for analysis/plot_memory.py:
 * pattern, standard, page policy, scheduler, bytes per second offered and moved, mean nanoseconds
 * from a read's moment to its data. */
#include <stdio.h>
#include <stdlib.h>

#include "models/cache/dram/dram.h"
#include "models/cache/dram/standard.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/base/rng.h"
#include "sim/engine/event.h"

#define LINE    64
#define READS   40000u /* of which the first tenth is not counted */
#define BACKLOG 4096u  /* reads that may wait before the controller: more is saturation */
#define STEPS   16u

#define NAME(name, text) text,
static const char *const standards[] = {DRAM_STANDARD_LIST(NAME)};
static const char *const policies[] = {"open", "closed", "timeout"};

struct load;
struct pending {
    struct mem_request request;
    uint64_t came;
    struct load *load;
    struct pending *next;
};

struct load {
    struct mem_port port;
    struct engine *engine;
    struct rng rng;
    uint64_t interval; /* mean ticks between reads */
    bool sequential;
    uint64_t at, come, answered, ticks, first_tick, last_tick;
    struct pending *free, *waiting, **last_waiting;
    struct pending pool[BACKLOG];
    struct port_waiter waiter;
    struct event event;
};

static void offer(struct load *l, uint64_t now)
{
    while (l->waiting && !l->waiter.waiting) {
        struct pending *p = l->waiting;
        if (l->port.access(l->port.node, &p->request, now) == PORT_BUSY) {
            l->port.wait(l->port.node, &l->waiter);
            return;
        }
        l->waiting = p->next;
        if (!l->waiting)
            l->last_waiting = &l->waiting;
    }
}

static void woken(struct port_waiter *w, uint64_t now) { offer(w->owner, now); }

static void answered(struct mem_request *r)
{
    struct pending *p = r->owner;
    struct load *l = p->load;
    l->answered++;
    if (l->answered == READS / 10)
        l->first_tick = r->ready;
    if (l->answered > READS / 10 && l->answered <= READS) {
        l->ticks += r->ready - p->came;
        l->last_tick = r->ready;
    }
    p->next = l->free;
    l->free = p;
}

static void arrival(struct event *ev, uint64_t now)
{
    struct load *l = ev->owner;
    struct pending *p = l->free;
    if (l->answered >= READS)
        return;
    if (p) { /* else saturated: the source is held up */
        l->free = p->next;
        uint64_t line = l->sequential ? l->at++ : rng_below(&l->rng, UINT64_C(1) << 24);
        p->request = (struct mem_request){.pa = line * LINE, .bytes = 8, .block = LINE,
                                          .command = MEM_LOAD, .done = answered, .owner = p};
        p->came = now;
        p->next = NULL;
        *l->last_waiting = p;
        l->last_waiting = &p->next;
        offer(l, now);
    }
    engine_schedule(l->engine, ev, now + 1 + rng_below(&l->rng, 2 * l->interval), PHASE_CORE);
}

static void measure(const struct dram_keys *keys, bool sequential, uint64_t offered)
{
    struct dram_timing t = dram_standard(keys->standard);
    struct engine *engine = engine_create();
    struct dram *d = dram_create(&(struct dram_setup){.keys = keys, .timing = &t,
                                                      .engine = engine});
    struct load *l = xcalloc(1, sizeof *l);
    *l = (struct load){.port = dram_port(d), .engine = engine, .rng = rng_seeded(1),
                       .interval = LINE * UINT64_C(1000000000000) / offered,
                       .sequential = sequential};
    l->last_waiting = &l->waiting;
    l->waiter = (struct port_waiter){.wake = woken, .owner = l};
    l->event = (struct event){.fn = arrival, .owner = l};
    for (uint32_t n = 0; n < BACKLOG; n++) {
        l->pool[n].load = l;
        l->pool[n].next = l->free;
        l->free = &l->pool[n];
    }
    engine_schedule(engine, &l->event, 0, PHASE_CORE);
    engine_run(engine);
    uint64_t counted = READS - READS / 10;
    double seconds = (double)(l->last_tick - l->first_tick) / 1e12;
    printf("%s\t%s\t%s\t%s\t%.4g\t%.4g\t%.4g\n", sequential ? "sequential" : "random",
           standards[keys->standard], policies[keys->page_policy], keys->scheduler,
           (double)offered, (double)(counted * LINE) / seconds,
           (double)l->ticks / (double)counted / 1e3);
    dram_destroy(d);
    engine_destroy(engine);
    free(l);
}

static void curve(struct dram_keys *keys, bool sequential)
{
    struct dram_timing t = dram_standard(keys->standard);
    uint64_t peak = dram_burst_bytes(&t) * UINT64_C(1000000000000) / t.tburst / t.tck;
    for (uint32_t step = 1; step <= STEPS; step++)
        measure(keys, sequential, peak * step / STEPS);
}

int main(void)
{
    struct dram_keys keys = {
        .channels = 1, .ranks = 1, .mapping = "RoRaBaCoBgCh", .bank_hash = true,
        .row_timeout = 200, .scheduler = "frfcfs", .starvation_limit = 2000, .read_queue = 64,
        .write_queue = 64, .write_high = 56, .write_low = 8, .refresh = true,
        .controller_latency = 10000,
    };
    printf("pattern\tstandard\tpolicy\tscheduler\toffered\tmoved\tlatency_ns\n");
    for (keys.standard = 0; keys.standard < ARRAY_LEN(standards); keys.standard++) {
        curve(&keys, true);
        curve(&keys, false);
    }
    keys.standard = 0;
    for (keys.page_policy = 1; keys.page_policy < ARRAY_LEN(policies); keys.page_policy++)
        curve(&keys, false);
    keys.page_policy = 0;
    keys.scheduler = "fcfs_banks";
    curve(&keys, false);
    keys.scheduler = "fcfs";
    curve(&keys, false);
    return 0;
}

/* What is left of the peak bandwidth: at least 90 % of what refresh leaves, for streams with enough
 * requests in flight. */
#include <string.h>

#include "models/cache/hierarchy.h"
#include "sim/base/err.h"
#include "tests/unit/models/cache/dram/dram_rig.h"

#define WARM   UINT64_C(20000000)  /* ticks that are not counted */
#define TIMED  UINT64_C(200000000) /* ticks that are: 200 us, 25 refreshes and more */
#define WIDEST 96                  /* requests in flight */

struct stream;
struct slot {
    struct mem_request request;
    struct port_waiter waiter;
    struct stream *stream;
};

/* Keeps `width` requests in flight: `reads` arrays are read and `writes` ones written, line by line
 * and side by side. */
struct stream {
    struct mem_port port;
    struct engine *engine;
    uint32_t width, reads, writes;
    uint64_t at; /* lines asked for so far */
    uint64_t array_bytes;
    struct slot slot[WIDEST];
    struct event start;
};

static void ask(struct slot *s, uint64_t now);

static void done(struct mem_request *r) { ask(r->owner, r->ready); }

/* The next line of the next array. */
static void next_request(struct slot *s)
{
    struct stream *t = s->stream;
    uint64_t arrays = t->reads + t->writes, array = t->at % arrays, line = t->at / arrays;
    bool is_store = array >= t->reads;
    t->at++;
    s->request = (struct mem_request){
        .pa = array * t->array_bytes + line * RIG_LINE % t->array_bytes,
        .bytes = 8,
        .command = is_store ? MEM_STORE : MEM_LOAD,
        .done = done,
        .owner = s,
    };
}

static void offer(struct slot *s, uint64_t now)
{
    struct stream *t = s->stream;
    switch (t->port.access(t->port.node, &s->request, now)) {
    case PORT_HIT: /* a line on its way, or taken: it is there at `ready` */
        fail_msg("lines are asked for once");
    case PORT_MISS:
        break;
    case PORT_BUSY:
        t->port.wait(t->port.node, &s->waiter);
        break;
    }
}

static void ask(struct slot *s, uint64_t now)
{
    next_request(s);
    offer(s, now);
}

static void again(struct port_waiter *w, uint64_t now) { offer(w->owner, now); }

static void start(struct event *ev, uint64_t now)
{
    struct stream *t = ev->owner;
    for (uint32_t n = 0; n < t->width; n++)
        ask(&t->slot[n], now);
}

static struct stream *stream_new(struct mem_port port, struct engine *engine, uint32_t width)
{
    struct stream *t = calloc(1, sizeof *t);
    *t = (struct stream){.port = port, .engine = engine, .width = width, .reads = 1,
                         .array_bytes = UINT64_C(1) << 30};
    for (uint32_t n = 0; n < width; n++) {
        t->slot[n].stream = t;
        t->slot[n].waiter = (struct port_waiter){.wake = again, .owner = &t->slot[n]};
    }
    t->start = (struct event){.fn = start, .owner = t};
    engine_schedule(engine, &t->start, 1000, PHASE_CORE);
    return t;
}

/* Part of the time without refresh in which data are on the bus, in thousandths. */
static uint64_t efficiency(uint64_t busy, const struct dram_timing *t)
{
    uint64_t cycles = TIMED / t->tck;
    return busy * 1000 / (cycles - cycles * t->trfc / t->trefi);
}

static void reads_one_after_the_other_fill_the_bus(void **state)
{
    (void)state;
    for (uint32_t standard = 0; standard < DRAM_STANDARD_COUNT; standard++) {
        struct rig *g = rig_new(standard);
        g->keys.refresh = true;
        g->keys.bank_hash = true;
        rig_build(g);
        struct stream *t = stream_new(g->port, g->engine, 64);
        engine_run_until(g->engine, WARM);
        uint64_t before = dram_statistics(g->dram)->bus_cycles;
        engine_run_until(g->engine, WARM + TIMED);
        assert_true(efficiency(dram_statistics(g->dram)->bus_cycles - before, &g->t) >= 950);
        rig_free(g);
        free(t);
    }
}

/* A core that copies or adds arrays through three levels of cache: what is written is fetched
 * first, and goes down as a write-back later. */
struct copier {
    struct config *config;
    struct engine *engine;
    struct hierarchy *hierarchy;
    struct stats *stats;
    struct stream *stream;
};

static struct copier copier_new(const char *standard, uint32_t reads)
{
    static const char *const words[] = {
        "l1d.size=32KiB",  "l1d.mshrs=64", "l1d.write_buffer=16", "l2.size=256KiB",
        "l2.mshrs=96",     "l2.write_buffer=64", "l3.size=1MiB", "l3.mshrs=96",
        "l3.write_buffer=64", "dram.model=ddr",
    };
    struct copier c = {.config = config_create(hierarchy_sections), .engine = engine_create()};
    struct err e = {0};
    bool ok = config_set(c.config, "dram", "standard", standard, "test", &e);
    /* Bursts of 32 bytes are half a line, and LPDDR5's take two cycles: more in a batch. */
    if (!strncmp(standard, "lpddr5", 6))
        ok = ok && config_override(c.config, "dram.write_queue=128", &e) &&
             config_override(c.config, "dram.write_high=112", &e);
    for (uint32_t n = 0; n < ARRAY_LEN(words); n++)
        ok = ok && config_override(c.config, words[n], &e);
    if (ok)
        c.hierarchy = hierarchy_create(&(struct hierarchy_setup){
            .config = c.config, .engine = c.engine, .clock = {333}, .cores = 1}, &e);
    if (!c.hierarchy)
        fail_msg("%s", e.text);
    c.stats = stats_create();
    hierarchy_register(c.hierarchy, c.stats);
    c.stream = stream_new(hierarchy_ports(c.hierarchy, 0).data, c.engine, 64);
    c.stream->reads = reads;
    c.stream->writes = 1;
    return c;
}

static void copier_free(struct copier *c)
{
    stats_destroy(c->stats);
    hierarchy_destroy(c->hierarchy);
    config_destroy(c->config);
    engine_destroy(c->engine);
    free(c->stream);
}

static uint64_t bus_cycles(const struct copier *c)
{
    return *stats_get(c->stats, (uint32_t)stats_find(c->stats, "mem.bus_cycles")).value;
}

static void copies_reach_nine_tenths_of_the_peak(void **state)
{
    static const struct {
        const char *standard;
        uint32_t number, reads;
    } rows[] = {
        {"ddr4-2400", DRAM_DDR4_2400, 1}, {"ddr4-2400", DRAM_DDR4_2400, 2},
        {"ddr4-3200", DRAM_DDR4_3200, 1}, {"ddr5-4800", DRAM_DDR5_4800, 1},
        {"lpddr4-3200", DRAM_LPDDR4_3200, 1}, {"lpddr5-6400", DRAM_LPDDR5_6400, 1},
    };
    (void)state;
    for (size_t n = 0; n < ARRAY_LEN(rows); n++) {
        struct copier c = copier_new(rows[n].standard, rows[n].reads);
        struct dram_timing t = dram_standard(rows[n].number);
        engine_run_until(c.engine, 10 * WARM); /* until write-backs flow */
        uint64_t before = bus_cycles(&c);
        engine_run_until(c.engine, 10 * WARM + TIMED);
        uint64_t part = efficiency(bus_cycles(&c) - before, &t);
        if (part < 900)
            fail_msg("%s, %u read: %u.%u %%", rows[n].standard, rows[n].reads,
                     (unsigned)part / 10, (unsigned)part % 10);
        copier_free(&c);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_one_after_the_other_fill_the_bus),
        cmocka_unit_test(copies_reach_nine_tenths_of_the_peak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

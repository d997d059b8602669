#include "models/pipeline/bpred/loop.h"

#include <stdlib.h>

#include "models/pipeline/bpred/history.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"

enum {
    COUNT_MAX      = (1 << LOOP_COUNT_BITS) - 1,
    CONFIDENCE_MAX = (1 << LOOP_CONFIDENCE_BITS) - 1,
    AGE_MAX        = (1 << LOOP_AGE_BITS) - 1,
    AGE_NEW        = 7,
    TRIPS_MIN      = 3, /* shorter ones are easy for anybody */
};

struct loop *loop_create(uint32_t entries)
{
    struct loop *l = xcalloc(1, sizeof *l + entries * sizeof l->table[0]);
    l->entries = entries;
    l->set_mask = entries / LOOP_WAYS - 1;
    l->trust = -1;
    l->seed = 1;
    return l;
}

void loop_destroy(struct loop *l) { free(l); }

static struct loop_entry *set_of(struct loop *l, uint64_t pc)
{
    return &l->table[((uint32_t)(pc >> 2) & l->set_mask) * LOOP_WAYS];
}

/* Stored with one added: 0 marks an empty entry. */
static uint16_t tag_of(const struct loop *l, uint64_t pc)
{
    uint32_t above = (uint32_t)(pc >> 2) / (l->set_mask + 1);
    return (uint16_t)(((above ^ above >> LOOP_TAG_BITS) & ((1 << LOOP_TAG_BITS) - 1)) + 1);
}

static struct loop_entry *entry_of(struct loop *l, uint64_t pc)
{
    if (!l->entries)
        return NULL;
    struct loop_entry *set = set_of(l, pc);
    uint16_t tag = tag_of(l, pc);
    for (uint32_t way = 0; way < LOOP_WAYS; way++)
        if (set[way].tag == tag)
            return &set[way];
    return NULL;
}

struct loop_lookup loop_find(struct loop *l, uint64_t pc)
{
    const struct loop_entry *e = entry_of(l, pc);
    if (!e || !e->trips)
        return (struct loop_lookup){false, false};
    bool last = e->fetched + 1u == e->trips;
    return (struct loop_lookup){
        .confident = e->confidence == CONFIDENCE_MAX || e->confidence * e->trips > 128,
        .taken = e->stays != last};
}

void loop_count(struct loop *l, uint64_t pc, bool taken)
{
    struct loop_entry *e = entry_of(l, pc);
    if (!e)
        return;
    uint32_t n = l->counted++ & (LOOP_LOG - 1);
    l->log[n].slot = (uint32_t)(e - l->table);
    l->log[n].tag = e->tag;
    l->log[n].fetched = e->fetched;
    if (taken != e->stays)
        e->fetched = 0;
    else if (e->fetched < COUNT_MAX)
        e->fetched++;
}

void loop_restore(struct loop *l, uint32_t counted)
{
    while ((int32_t)(l->counted - counted) > 0) {
        uint32_t n = --l->counted & (LOOP_LOG - 1);
        struct loop_entry *e = &l->table[l->log[n].slot];
        if (e->tag == l->log[n].tag) /* otherwise another loop has its place now */
            e->fetched = l->log[n].fetched;
    }
}

static void forget(struct loop_entry *e)
{
    e->trips = 0;
    e->confidence = 0;
}

/* The loop was left after e->retired executions. */
static void end_run(struct loop_entry *e, bool taken)
{
    bool same = e->retired == e->trips, first = !e->trips;
    if (!same)
        forget(e);
    if (same && e->confidence < CONFIDENCE_MAX)
        e->confidence++;
    if (same && e->trips < TRIPS_MIN) {
        forget(e);
        e->stays = taken;
        e->age = 0;
    }
    if (first && e->retired < COUNT_MAX)
        e->trips = e->retired;
    e->retired = 0;
}

static void train_entry(struct loop *l, struct loop_entry *e, struct loop_lookup found, bool other,
                        bool taken)
{
    if (found.confident) {
        if (found.taken != taken) {
            forget(e);
            e->age = 0;
            e->retired = 0;
            return;
        }
        if ((found.taken != other || !(history_random(&l->seed) & 7)) && e->age < AGE_MAX)
            e->age++;
    }
    if (e->retired < COUNT_MAX)
        e->retired++;
    if (e->retired > e->trips)
        forget(e);
    if (taken != e->stays)
        end_run(e, taken);
}

/* One mispredict in four asks for an entry; where all are still wanted they age. */
static void allocate(struct loop *l, uint64_t pc, bool taken)
{
    uint32_t random = history_random(&l->seed);
    struct loop_entry *set = set_of(l, pc);
    if (random & 3)
        return;
    for (uint32_t n = 0; n < LOOP_WAYS; n++) {
        struct loop_entry *e = &set[((random >> 2) + n) % LOOP_WAYS];
        if (!e->age) {
            *e = (struct loop_entry){.tag = tag_of(l, pc), .age = AGE_NEW, .stays = !taken};
            return;
        }
    }
    for (uint32_t n = 0; n < LOOP_WAYS; n++)
        set[n].age--;
}

void loop_train(struct loop *l, uint64_t pc, struct loop_lookup found, bool other, bool wrong,
                bool taken)
{
    struct loop_entry *e = entry_of(l, pc);
    if (found.confident && found.taken != other) {
        int32_t step = found.taken == taken ? 1 : -1;
        if (l->trust + step >= -64 && l->trust + step <= 63)
            l->trust += step;
    }
    if (e)
        train_entry(l, e, found, other, taken);
    else if (wrong && l->entries)
        allocate(l, pc, taken);
}

/* The log is the simulator's; of an empty predictor nothing is left. */
uint64_t loop_storage_bits(const struct loop *l)
{
    uint64_t counts = 3 * LOOP_COUNT_BITS + LOOP_CONFIDENCE_BITS + LOOP_AGE_BITS;
    uint64_t entry = 1 + LOOP_TAG_BITS + counts + 1; /* valid, tag, counts, stays */
    return l->entries ? entry * l->entries + 7 + 32 : 0;
}

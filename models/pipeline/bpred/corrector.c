#include "models/pipeline/bpred/corrector.h"

#include <stdlib.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

enum { COUNTER_MAX = (1 << (CORRECTOR_COUNTER_BITS - 1)) - 1, THRESHOLD_START = 35 << 3 };

/* The prediction itself counts with eight times the centred counter of TAGE that made it: 1, then 3
 * or 5, then 7 (Seznec, "A new case for the TAGE branch predictor", MICRO 2011). */
static const int32_t weight[] = {8, 32, 56};
static const uint8_t global_lengths[CORRECTOR_GLOBALS] = {10, 24, 40};
static const uint8_t local_lengths[] = {3, 6, 11};

struct corrector *corrector_create(uint32_t entries, uint32_t locals)
{
    struct corrector *c = xcalloc(1, sizeof *c);
    c->entries = entries;
    c->index_shift = 64 - ilog2(entries);
    c->locals = locals;
    c->threshold = THRESHOLD_START;
    for (uint32_t n = 0; n < CORRECTOR_GLOBALS; n++)
        c->lengths[n] = history_length(global_lengths[n]);
    c->local_histories = xcalloc(locals, sizeof *c->local_histories);
    c->counters = xcalloc((size_t)CORRECTOR_TABLES * entries, 1);
    return c;
}

void corrector_destroy(struct corrector *c)
{
    free(c->local_histories);
    free(c->counters);
    free(c);
}

/* Which counter of each table. */
struct places {
    uint32_t at[CORRECTOR_TABLES];
};

static uint32_t place(const struct corrector *c, uint32_t table, uint64_t hash)
{
    return table * c->entries + (uint32_t)(hash >> c->index_shift);
}

/* A feature of few bits. */
static uint32_t small_place(const struct corrector *c, uint32_t table, uint64_t pc,
                            uint64_t feature)
{
    return place(c, table, history_address(pc, table) + feature * HISTORY_SYMBOL);
}

static struct places find_places(const struct corrector *c, const struct history *h,
                                 const struct corrector_input *i)
{
    struct places p;
    uint32_t n = 0;
    p.at[0] = small_place(c, 0, i->pc, i->taken);
    p.at[1] = small_place(c, 1, i->pc, (uint64_t)i->confidence << 1 | i->taken);
    for (n = 2; n < 2 + CORRECTOR_GLOBALS; n++)
        p.at[n] = place(c, n, history_hash(h, i->moment, &c->lengths[n - 2]) +
                                  history_address(i->pc, n));
    for (uint32_t k = 0; k < ARRAY_LEN(local_lengths); k++, n++)
        p.at[n] = small_place(c, n, i->pc, i->local & ((1u << local_lengths[k]) - 1));
    p.at[n] = small_place(c, n, i->pc, i->iteration);
    return p;
}

int32_t corrector_sum(const struct corrector *c, const struct history *h,
                      const struct corrector_input *i)
{
    struct places p = find_places(c, h, i);
    int32_t sum = i->taken ? weight[i->confidence] : -weight[i->confidence];
    for (uint32_t n = 0; n < CORRECTOR_TABLES; n++)
        sum += 2 * c->counters[p.at[n]] + 1;
    return sum;
}

/* How strongly the sum must be against it: the parts of the threshold at which a prediction of
 * high or medium confidence is inverted outright, or as experience says. */
bool corrector_decide(const struct corrector *c, const struct corrector_input *i, int32_t sum)
{
    int32_t threshold = c->threshold >> 3, size = abs(sum);
    bool against = sum >= 0;
    if (against == i->taken)
        return i->taken;
    if (i->confidence == 2 && size < threshold / 4)
        return i->taken;
    if (i->confidence == 2 && size < threshold / 2)
        return c->resist_high >= 0 ? i->taken : against;
    if (i->confidence == 1 && size < threshold / 4)
        return c->resist_medium >= 0 ? i->taken : against;
    return against;
}

static void learn(int32_t *counter, bool up, int32_t limit)
{
    if (up ? *counter < limit : *counter > -1 - limit)
        *counter += up ? 1 : -1;
}

void corrector_train(struct corrector *c, const struct history *h, const struct corrector_input *i,
                     int32_t sum, bool taken)
{
    int32_t threshold = c->threshold >> 3, size = abs(sum);
    bool says = sum >= 0;
    if (says != i->taken) {
        if (i->confidence == 2 && size >= threshold / 4 && size < threshold / 2)
            learn(&c->resist_high, i->taken == taken, 63);
        if (i->confidence == 1 && size < threshold / 4)
            learn(&c->resist_medium, i->taken == taken, 63);
    }
    if (says != taken || size < threshold) {
        struct places p = find_places(c, h, i);
        learn(&c->threshold, says != taken, 4095);
        c->threshold = c->threshold < 1 << 5 ? 1 << 5 : c->threshold;
        for (uint32_t n = 0; n < CORRECTOR_TABLES; n++) {
            int32_t counter = c->counters[p.at[n]];
            learn(&counter, taken, COUNTER_MAX);
            c->counters[p.at[n]] = (int8_t)counter;
        }
    }
    uint16_t *local = corrector_local(c, i->pc);
    *local = (uint16_t)((*local << 1 | taken) & ((1 << CORRECTOR_LOCAL_BITS) - 1));
}

/* Tables, local histories, threshold (12 bits), two counters of 7 and the iteration. */
uint64_t corrector_storage_bits(const struct corrector *c)
{
    return (uint64_t)CORRECTOR_TABLES * c->entries * CORRECTOR_COUNTER_BITS +
           (uint64_t)c->locals * CORRECTOR_LOCAL_BITS + 12 + 2 * 7 + 8;
}

#include "models/pipeline/scalar/bus.h"

#include "sim/base/bits.h"

const struct key_row scalar_bus_key_rows[] = {SCALAR_BUS_KEYS(KEY_ROW, scalar_bus_keys) KEY_END};
const struct stat_row scalar_bus_stat_rows[] = {
    SCALAR_BUS_STATS(STAT_ROW, scalar_bus_stats) STAT_END};

static void accept(struct scalar_bus *b, uint64_t cycle, bool write)
{
    uint64_t delay = write ? b->keys.write_cycles : b->keys.read_cycles;
    b->last_ack = max_u64(cycle + delay + b->keys.extra_cycles, b->last_ack + 1);
    b->ack[b->last++ % BUS_PENDING] = b->last_ack;
    if (write)
        b->stats.writes++;
    else
        b->stats.reads++;
}

/* A free bus goes to the first master that wants it in the very cycle in which it does. */
static void arbitrate(struct scalar_bus *b, const struct bus_request *const request[BUS_MASTERS])
{
    if (request[b->selected]->cycle)
        return;
    for (uint32_t n = BUS_MASTERS; n-- > 0;)
        if (request[n]->cycle)
            b->selected = n;
}

const struct bus_request *scalar_bus_cycle(struct scalar_bus *b, uint64_t cycle,
                                           const struct bus_request *const request[BUS_MASTERS],
                                           struct bus_answer answer[BUS_MASTERS])
{
    for (uint32_t n = 0; n < BUS_MASTERS; n++)
        answer[n] = (struct bus_answer){.stall = true};
    b->quiet = !request[BUS_DATA]->cycle && !request[BUS_FETCH]->cycle;
    if (b->quiet)
        return NULL;
    arbitrate(b, request);
    const struct bus_request *r = request[b->selected];
    if (!r->cycle)
        return NULL;
    b->stats.busy++;
    answer[b->selected].stall = false;
    if (scalar_bus_next(b) == cycle) {
        answer[b->selected].ack = true;
        b->first++;
    }
    if (!r->strobe)
        return NULL;
    accept(b, cycle, r->write);
    return r;
}

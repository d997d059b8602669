/* Memory of fixed latency behind the last cache: every access takes the same time to its first
 * data, and one channel of limited bandwidth moves blocks in order of arrival.
 *
 * Not modelled: banks, row buffers, refresh, reordering (for these see dram/dram.h). A queue is not
 * bounded: what waits here is bounded by the MSHRs and write buffers above. */
#ifndef MODELS_CACHE_MEMORY_H
#define MODELS_CACHE_MEMORY_H

#include "models/cache/port.h"
#include "sim/schema/hist.h"

/* Which of the two there is; the other's keys have no meaning then. */
#define MEMORY_MODEL_KEYS(X, o)                                                                    \
    X(o, CHOICE, model, "fixed", "fixed|ddr", "",                                                  \
      "fixed: one latency for every access; ddr: channels, banks and rows")
enum { MEMORY_FIXED, MEMORY_DDR };
struct memory_model_keys {
    MEMORY_MODEL_KEYS(KEY_MEMBER, memory_model_keys)
};
extern const struct key_row memory_model_key_rows[];

#define MEMORY_KEYS(X, o)                                                                          \
    X(o, TIME, latency, "80ns", "1ps", "1ms", "from a request to its first data")                  \
    X(o, SIZE, bandwidth, "0", "0", "", "bytes per second of the channel; 0: no limit")
struct memory_keys {
    MEMORY_KEYS(KEY_MEMBER, memory_keys)
};
extern const struct key_row memory_key_rows[];

#define MEMORY_STATS(X, o)                                                                         \
    X(o, reads, COUNT, "blocks read")                                                              \
    X(o, writes, COUNT, "blocks or parts of them written")                                         \
    X(o, read_bytes, BYTES, "handed up")                                                           \
    X(o, written_bytes, BYTES, "taken from above")                                                 \
    X(o, busy_ticks, TICKS, "time the channel moved data")                                         \
    X(o, queue_ticks, TICKS, "time requests waited for the channel, summed")
struct memory_stats {
    MEMORY_STATS(STAT_MEMBER, memory_stats)
};
extern const struct stat_row memory_stat_rows[];

#define MEMORY_HISTS(X, o) X(o, read_latency, TICKS, COUNT, "from a read to its first data")
struct memory_hists {
    MEMORY_HISTS(HIST_MEMBER, memory_hists)
};

struct memory;
struct stats;

struct memory *memory_create(const struct memory_keys *keys);
void memory_destroy(struct memory *m);
struct mem_port memory_port(struct memory *m);
const struct memory_stats *memory_statistics(const struct memory *m);
void memory_register(const struct memory *m, struct stats *s, const char *name);

#endif

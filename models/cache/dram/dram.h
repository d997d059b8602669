/* Memory of DDR devices behind the last cache: channels, ranks, bank groups, banks and rows under
 * the timing constraints of a JEDEC standard, with a controller in front of each channel.
 *
 * A request is cut into bursts. Reads and writes wait in queues of their own; the scheduler, a
 * one-file plug-in, orders those whose next command may be given. Writes are answered when queued
 * and drained in batches; a read finds the data of a queued write there, a write to the same burst
 * joins it. Shortly before the bus turns around, rows are opened for the other side. The burst with
 * the wanted bytes comes first and is usable when all of it has come.
 * Each rank is refreshed every tREFI, when its due time comes: what is open is then precharged.
 * Nothing happens in time while the queues are empty: what the controller would have done meanwhile
 * (refreshes, rows closed after a time) is made up for, at its own time, with the next request.
 *
 * Not modelled: power-down, refresh of single banks or put off, commands that take two cycles,
 * ECC, training, the devices' ends of on-die termination.
 *
 *   struct dram *d = dram_create(&(struct dram_setup){.keys = &keys, .engine = engine});
 *   struct mem_port port = dram_port(d); */
#ifndef MODELS_CACHE_DRAM_DRAM_H
#define MODELS_CACHE_DRAM_DRAM_H

#include "models/cache/dram/standard.h"
#include "models/cache/port.h"
#include "sim/schema/hist.h"

#define DRAM_CHANNELS  64

#define DRAM_KEYS(X, o)                                                                            \
    X(o, CHOICE, standard, "ddr4-2400", DRAM_STANDARD_CHOICES + 1, "",                             \
      "geometry and timing of a channel, each of which its own key replaces")                      \
    X(o, U32, channels, "1", "1", "64", "independent channels, a power of two")                    \
    X(o, U32, ranks, "1", "1", "8", "ranks of a channel, a power of two")                          \
    X(o, STR, mapping, "RoRaBaCoBgCh", "", "",                                                     \
      "an address from its top to the bursts: Ro(w) Ra(nk) Ba(nk) Bg (group) Co(lumn) Ch(annel)")  \
    X(o, BOOL, bank_hash, "yes", "", "", "the number of bank and group is XORed with the row's")   \
    X(o, CHOICE, page_policy, "open", "open|closed|timeout", "",                                   \
      "a row stays open; is closed with the last burst waiting for it; or after row_timeout")      \
    X(o, U32, row_timeout, "200", "1", "1000000", "DRAM cycles without use that close a row")      \
    X(o, STR, scheduler, "frfcfs", "", "", dram_sched_help)                                        \
    X(o, U32, starvation_limit, "2000", "0", "1000000000",                                         \
      "DRAM cycles that row hits may pass an older burst by")                                      \
    X(o, U32, read_queue, "64", "1", "1024", "bursts to be read that a channel holds")             \
    X(o, U32, write_queue, "64", "1", "1024", "bursts to be written that a channel holds")         \
    X(o, U32, write_high, "56", "1", "1024", "writes are drained from so many bursts on ...")      \
    X(o, U32, write_low, "8", "0", "1023", "... down to so many, or all when nobody reads")        \
    X(o, BOOL, refresh, "yes", "", "", "no: rows never need refreshing")                           \
    X(o, TIME, controller_latency, "10ns", "0ps", "1us",                                           \
      "spent in the controller and on the way, by every read, beside the DRAM's own time")
enum { DRAM_PAGE_OPEN, DRAM_PAGE_CLOSED, DRAM_PAGE_TIMEOUT };
struct dram_keys {
    DRAM_KEYS(KEY_MEMBER, dram_keys)
};
extern const struct key_row dram_key_rows[];
extern const char dram_sched_help[];

#define DRAM_STATS(X, o)                                                                           \
    X(o, reads, COUNT, "reads accepted")                                                           \
    X(o, writes, COUNT, "writes accepted")                                                         \
    X(o, read_bytes, BYTES, "handed up")                                                           \
    X(o, written_bytes, BYTES, "taken from above")                                                 \
    X(o, reads_answered, COUNT, "reads whose data are on their way or have come")                  \
    X(o, reads_waiting, COUNT, "reads not answered now")                                           \
    X(o, read_ticks, TICKS, "from a read to its wanted bytes, summed over answered ones")          \
    X(o, refusals_read, COUNT, "reads refused: queue full")                                        \
    X(o, refusals_write, COUNT, "writes refused: queue full")                                      \
    X(o, bursts, COUNT, "bursts that the requests were cut into")                                  \
    X(o, bursts_forwarded, COUNT, "of these, read from a queued write")                            \
    X(o, bursts_merged, COUNT, "of these, joined to a queued write")                               \
    X(o, bursts_read, COUNT, "of these, read from the DRAM")                                       \
    X(o, bursts_written, COUNT, "of these, written to the DRAM")                                   \
    X(o, bursts_queued, COUNT, "of these, queued now")                                             \
    X(o, row_hits, COUNT, "bursts that found their row open")                                      \
    X(o, row_misses, COUNT, "bursts that found their bank closed")                                 \
    X(o, row_conflicts, COUNT, "bursts that found another row open")                               \
    X(o, activates, COUNT, "rows opened")                                                          \
    X(o, precharges, COUNT, "rows closed, for whatever reason")                                    \
    X(o, rows_open, COUNT, "rows open now")                                                        \
    X(o, refreshes, COUNT, "refreshes of a rank")                                                  \
    X(o, refresh_cycles, CYCLES, "DRAM cycles of them, summed over ranks")                         \
    X(o, write_drains, COUNT, "changes from reading to writing")                                   \
    X(o, queue_cycles, CYCLES, "DRAM cycles from a burst's arrival to its read or write command")  \
    X(o, bus_cycles, CYCLES, "DRAM cycles with data on the bus, summed over channels")             \
    X(o, bus_bytes, BYTES, "moved by the bursts, wanted or not")
struct dram_stats {
    DRAM_STATS(STAT_MEMBER, dram_stats)
};

#define DRAM_HISTS(X, o)                                                                           \
    X(o, read_latency, TICKS, COUNT, "from a read to its wanted bytes")                            \
    X(o, read_queue, COUNT, COUNT, "reads in its channel's queue that a burst to be read found")   \
    X(o, write_queue, COUNT, COUNT, "writes in the queue that a burst to be written found")
struct dram_hists {
    DRAM_HISTS(HIST_MEMBER, dram_hists)
};
extern const struct hist_row dram_hist_rows[];

struct config;
struct dram;
struct dram_command;
struct engine;
struct err;
struct stats;

struct dram_setup {
    const struct dram_keys *keys;     /* checked; copied */
    const struct dram_timing *timing; /* copied */
    struct engine *engine;
    /* Sees every command; NULL: nobody does. See bank.h. */
    void (*observe)(void *ctx, const struct dram_command *c);
    void *ctx;
};

/* Binds [dram] and judges what rows cannot. */
bool dram_bind(struct dram_keys *k, struct dram_timing *t, struct config *c, const char *section,
               struct err *e);

struct dram *dram_create(const struct dram_setup *setup);
void dram_destroy(struct dram *d);
struct mem_port dram_port(struct dram *d);
const struct dram_stats *dram_statistics(const struct dram *d);
const struct dram_hists *dram_histograms(const struct dram *d);
void dram_register(const struct dram *d, struct stats *s, const char *name);

#endif

/* What is said of the DRAM elsewhere: its keys and whether they fit together, its statistics and
 * the laws they obey. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/cache/dram/address.h"
#include "models/cache/dram/dram.h"
#include "models/cache/dram/sched.h"
#include "models/cache/dram/standard.h"
#include "models/cache/named_laws.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/config.h"
#include "sim/schema/stats.h"

const struct key_row dram_key_rows[] = {DRAM_KEYS(KEY_ROW, dram_keys) KEY_END};
static const struct stat_row stat_rows[] = {DRAM_STATS(STAT_ROW, dram_stats) STAT_END};

static const struct law_row laws[] = {
    {"reads are answered or waiting", "@.reads_answered + @.reads_waiting", "@.reads"},
    {"bursts are read, written, joined to others or queued",
     "@.bursts_forwarded + @.bursts_merged + @.bursts_read + @.bursts_written + @.bursts_queued",
     "@.bursts"},
    {"a burst hits, misses or conflicts", "@.row_hits + @.row_misses + @.row_conflicts",
     "@.bursts_read + @.bursts_written"},
    {"a row opened is closed or open", "@.precharges + @.rows_open", "@.activates"},
    {NULL, NULL, NULL},
};

static const struct formula_row formulas[] = {
    {"row_hit_rate", "@.row_hits / (@.bursts_read + @.bursts_written)", "row hits per burst"},
    {"mean_read_ticks", "@.read_ticks / @.reads_answered", "ticks from a read to its data"},
    {"mean_queue_cycles", "@.queue_cycles / (@.bursts_read + @.bursts_written)",
     "DRAM cycles that a burst waited"},
    {NULL, NULL, NULL},
};

static bool check_powers(const struct dram_keys *k, const struct dram_timing *t,
                         const struct config *c, const char *section, struct err *e)
{
    const struct {
        const char *key;
        uint32_t value;
    } rows[] = {
        {"channels", k->channels}, {"ranks", k->ranks}, {"bus", t->bus},
        {"beats", t->beats}, {"groups", t->groups}, {"banks", t->banks},
        {"row_bytes", t->row_bytes},
    };
    for (uint32_t n = 0; n < ARRAY_LEN(rows); n++)
        if (!is_pow2(rows[n].value))
            return config_error(c, section, rows[n].key, e, "must be a power of two");
    return true;
}

static bool check_geometry(const struct dram_keys *k, const struct dram_timing *t,
                           const struct config *c, const char *section, struct err *e)
{
    uint64_t burst = (uint64_t)t->bus * t->beats;
    if (burst > 4096)
        return config_error(c, section, "beats", e, "a burst has at most 4096 bytes, this %" PRIu64,
                            burst);
    if (t->row_bytes < burst)
        return config_error(c, section, "row_bytes", e, "must hold a burst, %" PRIu64 " bytes",
                            burst);
    if (t->row_bits > 30)
        return config_error(c, section, "row_bits", e, "at most 30");
    if ((uint64_t)t->groups * t->banks > 1024)
        return config_error(c, section, "banks", e, "a rank has at most 1024");
    struct dram_mapping m;
    if (!dram_mapping_parse(&m, k->mapping, t, k->channels, k->ranks))
        return config_error(c, section, "mapping", e,
                            "must name each of Ro Ra Ba Bg Co Ch once, as RoRaBaCoBgCh does");
    return true;
}

static bool check_controller(const struct dram_keys *k, const struct dram_timing *t,
                             const struct config *c, const char *section, struct err *e)
{
    char names[128] = "";
    size_t used = 0;
    if (k->write_high > k->write_queue)
        return config_error(c, section, "write_high", e, "the queue has room for %u only",
                            k->write_queue);
    if (k->write_low >= k->write_high)
        return config_error(c, section, "write_low", e, "must be below write_high, %u",
                            k->write_high);
    /* A rank must get something done between two refreshes: open a row and move data. */
    uint64_t busy = (uint64_t)t->trfc + t->trp + t->trc + t->tras + t->trcd + t->trrd_l +
                    t->trrd_s + t->tfaw + t->cl + t->cwl + t->tburst + t->tccd_l + t->tccd_s +
                    t->tccd_l_wr + t->twtr_l + t->twtr_s + t->trtp + t->twr + t->trtw + t->trtrs;
    if (k->refresh && busy >= t->trefi)
        return config_error(c, section, "trefi", e, "leaves no time beside all others, %" PRIu64,
                            busy);
    if (dram_sched_find(k->scheduler))
        return true;
    for (uint32_t n = 0; dram_sched_at(n) && used < sizeof names; n++)
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", n ? ", " : "",
                                 dram_sched_at(n)->name);
    return config_refuse_name(c, section, "scheduler", names, "", e);
}

bool dram_bind(struct dram_keys *k, struct dram_timing *t, struct config *c, const char *section,
               struct err *e)
{
    if (!config_bind(c, section, dram_key_rows, k, e) ||
        !config_bind(c, section, dram_timing_key_rows, t, e))
        return false;
    dram_standard_complete(t, k->standard);
    return check_powers(k, t, c, section, e) && check_geometry(k, t, c, section, e) &&
           check_controller(k, t, c, section, e);
}

const struct hist_row dram_hist_rows[] = {DRAM_HISTS(HIST_ROW, dram_hists) HIST_END};

/* In these equations `@` stands for the name of the memory. */
static const struct law_row hist_laws[] = {
    {"bursts found so many in their queues", "@.read_queue + @.write_queue",
     "@.bursts_read + @.bursts_written + @.bursts_queued"},
    {"every read took its time", "@.read_latency", "@.reads_answered"},
    {NULL, NULL, NULL},
};

void dram_register(const struct dram *d, struct stats *s, const char *name)
{
    stats_add(s, name, stat_rows, dram_statistics(d));
    stats_add_hists(s, name, dram_hist_rows, dram_histograms(d));
    named_formulas(s, name, formulas);
    named_laws(s, name, laws);
    named_hist_laws(s, name, hist_laws);
}

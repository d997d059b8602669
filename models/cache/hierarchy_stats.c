/* What a hierarchy counts, and the laws between its nodes. */
#include <stdlib.h>

#include "models/cache/dram/dram.h"
#include "models/cache/hierarchy_impl.h"
#include "models/cache/memory.h"
#include "models/cache/mmu.h"
#include "sim/base/bits.h"
#include "sim/base/err.h"
#include "sim/schema/stats.h"

/* Adds ` + name.stat` to an equation. */
static char *plus(char *equation, const char *name, const char *stat)
{
    char *longer = xasprintf("%s + %s.%s", equation, name, stat);
    free(equation);
    return longer;
}

/* What a node says it moved, and what the caches and walkers above it say, must be the same. */
static void register_flow(const struct hierarchy *h, struct stats *s, uint32_t below)
{
    static const char *const up_stats[] = {"fetch_bytes", "load_bytes", "store_bytes",
                                           "prefetch_bytes"};
    static const char *const down_stats[] = {"write_bytes", "writeback_bytes", "evict_bytes",
                                             "flush_bytes", "clean_bytes"};
    const struct node *n = &h->nodes[below];
    char *up = xasprintf("0"), *up_above = xasprintf("0");
    char *down = xasprintf("0"), *down_above = xasprintf("0");
    for (uint32_t i = 1; i < h->node_count; i++) {
        if (h->nodes[i].below != below)
            continue;
        up_above = plus(up_above, h->nodes[i].name, "fill_bytes");
        up_above = plus(up_above, h->nodes[i].name, "fill_bytes_in_flight");
        down_above = plus(down_above, h->nodes[i].name, "down_bytes");
    }
    for (uint32_t core = 0; h->mmus && core < h->cores; core++)
        if (hierarchy_level_of(h, core, mmus_walk_level(h->mmus)) == below)
            up_above = plus(up_above, mmus_walker_name(h->mmus, core), "load_bytes");
    if (h->directory && below == h->home) { /* moves some by itself */
        up = plus(up, DIRECTORY_NAME, "supplied_bytes");
        up = plus(up, DIRECTORY_NAME, "pending_bytes");
        down_above = plus(down_above, DIRECTORY_NAME, "written_bytes");
    }
    for (uint32_t i = 0; n->cache && i < ARRAY_LEN(up_stats); i++)
        up = plus(up, n->name, up_stats[i]);
    for (uint32_t i = 0; n->cache && i < ARRAY_LEN(down_stats); i++)
        down = plus(down, n->name, down_stats[i]);
    if (!n->cache) {
        up = plus(up, n->name, "read_bytes");
        down = plus(down, n->name, "written_bytes");
    }
    char *up_name = xasprintf("%s: bytes handed up arrive or are on their way", n->name);
    char *down_name = xasprintf("%s: bytes taken from above are those sent", n->name);
    stats_law(s, up_name, up_above, up);
    stats_law(s, down_name, down_above, down);
    char *const texts[] = {up, up_above, down, down_above, up_name, down_name};
    for (uint32_t i = 0; i < ARRAY_LEN(texts); i++)
        free(texts[i]);
}

void hierarchy_register(const struct hierarchy *h, struct stats *s)
{
    for (uint32_t i = h->node_count; i-- > 1;) /* from the core down, as one reads them */
        cache_register(h->nodes[i].cache, s, h->nodes[i].name);
    if (h->dram)
        dram_register(h->dram, s, MEMORY_NAME);
    else
        memory_register(h->memory, s, MEMORY_NAME);
    if (h->directory)
        directory_register(h->directory, s, DIRECTORY_NAME);
    mmus_register(h->mmus, s);
    for (uint32_t i = 0; i < h->node_count; i++)
        if (!h->nodes[i].serves_core)
            register_flow(h, s, i);
}

struct audit {
    struct directory *directory;
    uint32_t head;
};

static void audit_line(void *ctx, uint64_t pa, bool is_owned)
{
    const struct audit *a = ctx;
    directory_audit_line(a->directory, a->head, pa, is_owned);
}

void hierarchy_audit(const struct hierarchy *h)
{
    if (!h->directory)
        return;
    directory_audit(h->directory);
    for (uint32_t i = 1; i < h->node_count; i++) {
        struct audit a = {h->directory, (uint32_t)h->nodes[i].head};
        if (h->nodes[i].head >= 0)
            cache_each_line(h->nodes[i].cache, audit_line, &a);
    }
}

void hierarchy_update_hists(struct hierarchy *h)
{
    for (uint32_t i = 1; i < h->node_count; i++)
        cache_update_hists(h->nodes[i].cache);
}

void hierarchy_register_time(const struct hierarchy *h, struct stats *s, const char *ticks)
{
    for (uint32_t i = h->node_count; i-- > 1;) {
        char *hist = xasprintf("%s.mshrs", h->nodes[i].name);
        char *name = xasprintf("%s: at all times so many lines are on their way", h->nodes[i].name);
        stats_hist_law(s, name, HIST_COUNT, hist, ticks);
        free(name);
        free(hist);
    }
}

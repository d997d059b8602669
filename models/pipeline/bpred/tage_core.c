#include "models/pipeline/bpred/tage_core.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"

static bool check_keys(const struct tage_keys *k, const struct config *c, const char *section,
                       struct err *e)
{
    if (!is_pow2(k->tage_entries))
        return config_error(c, section, "tage_entries", e, "not a power of two");
    if (!is_pow2(k->tage_base_entries))
        return config_error(c, section, "tage_base_entries", e, "not a power of two");
    if (k->tage_max_history < k->tage_min_history + k->tage_tables - 1)
        return config_error(c, section, "tage_max_history", e,
                            "too short for %u different lengths from %u on", k->tage_tables,
                            k->tage_min_history);
    if (k->tage_max_tag < k->tage_min_tag)
        return config_error(c, section, "tage_max_tag", e, "less than tage_min_tag (%u)",
                            k->tage_min_tag);
    return true;
}

struct tage *tage_create(const struct tage_keys *keys, const struct config *c, const char *section,
                         struct err *e)
{
    if (!check_keys(keys, c, section, e))
        return NULL;
    struct tage *t = xcalloc(1, sizeof *t);
    uint32_t length[TAGE_TABLES], count = keys->tage_tables;
    t->keys = *keys;
    t->index_shift = 64 - ilog2(keys->tage_entries);
    t->counter_max = (1 << (keys->tage_counter_bits - 1)) - 1;
    t->seed = 1;
    history_lengths(length, count, keys->tage_min_history, keys->tage_max_history);
    for (uint32_t n = 0; n < count; n++) {
        uint32_t steps = count > 1 ? count - 1 : 1;
        uint32_t tag = keys->tage_min_tag + (keys->tage_max_tag - keys->tage_min_tag) * n / steps;
        t->tables[n].length = history_length(length[n]);
        t->tables[n].tag_mask = (UINT32_C(1) << tag) - 1;
        t->tables[n].entries = xcalloc(keys->tage_entries, sizeof(struct tage_entry));
    }
    t->base = xmalloc(keys->tage_base_entries);
    memset(t->base, 1, keys->tage_base_entries); /* weakly not taken */
    return t;
}

void tage_destroy(struct tage *t)
{
    for (uint32_t n = 0; n < t->keys.tage_tables; n++)
        free(t->tables[n].entries);
    free(t->base);
    free(t);
}

static inline uint64_t hash_of(const struct tage *t, uint32_t n, uint64_t address, uint64_t moment)
{
    const struct tage_table *table = &t->tables[n];
    return history_hash(&t->history, moment, &table->length) + address;
}

static inline struct tage_entry *entry_of(const struct tage *t, uint32_t n, uint64_t hash)
{
    return &t->tables[n].entries[hash >> t->index_shift];
}

static inline uint32_t tag_of(const struct tage *t, uint32_t n, uint64_t hash)
{
    return (uint32_t)(hash >> 32) & t->tables[n].tag_mask;
}

static inline uint8_t *base_of(const struct tage *t, uint64_t pc)
{
    return &t->base[(uint32_t)(pc >> 2) & (t->keys.tage_base_entries - 1)];
}

static void judge_provider(const struct tage *t, struct tage_lookup *l, int32_t counter)
{
    int32_t strength = counter >= 0 ? counter : -1 - counter;
    l->provider_taken = counter >= 0;
    l->weak = strength == 0;
    l->confidence = strength == t->counter_max ? 2 : strength > 0;
}

struct tage_lookup tage_find(const struct tage *t, uint64_t pc)
{
    struct tage_lookup l = {0};
    uint64_t address = history_address(pc, 0), moment = t->history.moment;
    uint8_t base = *base_of(t, pc);
    l.alternate_taken = base >= 2;
    for (uint32_t n = t->keys.tage_tables; n--;) {
        uint64_t hash = hash_of(t, n, address, moment);
        const struct tage_entry *entry = entry_of(t, n, hash);
        if (entry->tag != tag_of(t, n, hash))
            continue;
        if (l.provider) {
            l.alternate = (uint8_t)(n + 1);
            l.alternate_taken = entry->counter >= 0;
            break;
        }
        l.provider = (uint8_t)(n + 1);
        judge_provider(t, &l, entry->counter);
    }
    if (!l.provider) {
        l.provider_taken = l.alternate_taken;
        l.confidence = base == 0 || base == 3 ? 2 : 0;
    }
    l.taken = l.weak && t->use_alternate >= 0 ? l.alternate_taken : l.provider_taken;
    return l;
}

/* Takes an entry that is not useful in a longer table; a table is twice as likely as the next,
 * as in the paper. When all are useful they become a little less so. */
static void allocate(struct tage *t, uint64_t pc, uint64_t moment, uint32_t first, bool taken)
{
    uint64_t address = history_address(pc, 0);
    uint32_t count = t->keys.tage_tables, from = first, random = history_random(&t->seed);
    while (from + 1 < count && from < first + 2 && random >> (from - first) & 1)
        from++;
    for (uint32_t n = from; n < count; n++) {
        uint64_t hash = hash_of(t, n, address, moment);
        struct tage_entry *entry = entry_of(t, n, hash);
        if (!entry->useful) {
            entry->tag = (uint16_t)tag_of(t, n, hash);
            entry->counter = taken ? 0 : -1;
            return;
        }
    }
    for (uint32_t n = first; n < count; n++) {
        struct tage_entry *entry = entry_of(t, n, hash_of(t, n, address, moment));
        entry->useful = (uint8_t)(entry->useful - (entry->useful > 0));
    }
}

static void age(struct tage *t)
{
    if (++t->updates < t->keys.tage_useful_period)
        return;
    t->updates = 0;
    for (uint32_t n = 0; n < t->keys.tage_tables; n++)
        for (uint32_t k = 0; k < t->keys.tage_entries; k++)
            t->tables[n].entries[k].useful >>= 1;
}

static void train_entry(struct tage *t, uint64_t pc, uint64_t moment, uint8_t table, bool taken)
{
    if (!table) {
        *base_of(t, pc) = counter2_update(*base_of(t, pc), taken);
        return;
    }
    uint32_t n = table - 1u;
    struct tage_entry *entry = entry_of(t, n, hash_of(t, n, history_address(pc, 0), moment));
    if (taken ? entry->counter < t->counter_max : entry->counter > -1 - t->counter_max)
        entry->counter = (int8_t)(entry->counter + (taken ? 1 : -1));
}

static void train_provider(struct tage *t, uint64_t pc, uint64_t moment,
                           const struct tage_lookup *l, bool taken)
{
    uint32_t n = l->provider - 1u, useful_max = (1u << t->keys.tage_useful_bits) - 1;
    struct tage_entry *entry = entry_of(t, n, hash_of(t, n, history_address(pc, 0), moment));
    if (!entry->useful) /* its place may soon be taken: the alternate has to know */
        train_entry(t, pc, moment, l->alternate, taken);
    if (l->provider_taken != l->alternate_taken) {
        if (l->provider_taken == taken)
            entry->useful = (uint8_t)(entry->useful + (entry->useful < useful_max));
        else
            entry->useful = (uint8_t)(entry->useful - (entry->useful > 0));
    }
    train_entry(t, pc, moment, l->provider, taken);
}

void tage_train(struct tage *t, uint64_t pc, uint64_t moment, const struct tage_lookup *l,
                bool taken)
{
    bool wanted = l->taken != taken && l->provider < t->keys.tage_tables;
    if (l->provider && l->weak) {
        if (l->provider_taken == taken) /* only not believed yet */
            wanted = false;
        if (l->provider_taken != l->alternate_taken) {
            int32_t step = l->alternate_taken == taken ? 1 : -1;
            if (t->use_alternate + step >= -8 && t->use_alternate + step <= 7)
                t->use_alternate += step;
        }
    }
    if (wanted)
        allocate(t, pc, moment, l->provider, taken);
    if (l->provider)
        train_provider(t, pc, moment, l, taken);
    else
        train_entry(t, pc, moment, 0, taken);
    age(t);
}

/* Tables, history with its path bits, the counters of use_alternate and of aging, the generator. */
uint64_t tage_storage_bits(const struct tage *t)
{
    const struct tage_keys *k = &t->keys;
    uint64_t bits = 2 * (uint64_t)k->tage_base_entries + 2 * (uint64_t)k->tage_max_history;
    for (uint32_t n = 0; n < k->tage_tables; n++) {
        uint32_t tag = (uint32_t)__builtin_popcount(t->tables[n].tag_mask);
        bits += (uint64_t)(tag + k->tage_counter_bits + k->tage_useful_bits) * k->tage_entries;
    }
    return bits + 4 + ilog2(2 * (uint64_t)k->tage_useful_period - 1) + 32;
}

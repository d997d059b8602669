/* ITTAGE (Seznec, "A 64-Kbytes ITTAGE indirect branch predictor", 2nd JILP championship, 2011):
 * tables of targets with tags, indexed by ever longer global histories; the longest match predicts,
 * or the next longest while that one is new and has not paid; without a match the BTB. History:
 * directions, and six bits of each indirect target. */
#include <stdlib.h>

#include "models/pipeline/bpred/history.h"
#include "models/pipeline/indirect/indirect.h"
#include "sim/base/bits.h"

#define ITTAGE_KEYS(X, o)                                                                          \
    X(o, U32, ittage_entries, "128", "2", "65536", "targets in each table, a power of two")        \
    X(o, U32, ittage_tables, "6", "1", "16", "tables with tags")                                   \
    X(o, U32, ittage_min_history, "4", "1", "3000", "symbols of history of the first table")       \
    X(o, U32, ittage_max_history, "160", "1", "3000",                                              \
      "... and of the last; between them a geometric series")                                      \
    X(o, U32, ittage_tag, "9", "4", "16", "bits of a tag")

#define ITTAGE_TABLES 16
enum {
    CONFIDENCE_MAX  = 3, /* two bits, as in the paper */
    ALTERNATE_MAX   = 7, /* four bits, signed */
    USEFUL_PERIOD   = 256, /* failed allocations less the others, after which usefulness ends */
    TARGET_SYMBOLS  = 3, /* of two bits */
};

struct ittage_keys {
    ITTAGE_KEYS(KEY_MEMBER, ittage_keys)
};
static const struct key_row ittage_key_rows[] = {ITTAGE_KEYS(KEY_ROW, ittage_keys) KEY_END};

struct entry {
    uint64_t target; /* 0: empty */
    uint16_t tag;
    uint8_t confidence;
    bool useful;
};

struct ittage {
    struct ittage_keys keys;
    uint32_t index_shift, tag_mask;
    struct history_length length[ITTAGE_TABLES];
    struct entry *entries; /* table after table */
    struct history history;
    int32_t use_alternate; /* -8..7: >= 0 distrusts new entries */
    uint32_t failures;
    uint32_t seed;
};

static void *ittage_create(const void *keys, const struct config *c, const char *section,
                           struct err *e)
{
    const struct ittage_keys *k = keys;
    if (!is_pow2(k->ittage_entries)) {
        config_error(c, section, "ittage_entries", e, "not a power of two");
        return NULL;
    }
    if (k->ittage_max_history < k->ittage_min_history + k->ittage_tables - 1) {
        config_error(c, section, "ittage_max_history", e,
                     "too short for %u different lengths from %u on", k->ittage_tables,
                     k->ittage_min_history);
        return NULL;
    }
    struct ittage *t = xcalloc(1, sizeof *t);
    uint32_t length[ITTAGE_TABLES];
    t->keys = *k;
    t->index_shift = 64 - ilog2(k->ittage_entries);
    t->tag_mask = (1u << k->ittage_tag) - 1;
    t->seed = 1;
    history_lengths(length, k->ittage_tables, k->ittage_min_history, k->ittage_max_history);
    for (uint32_t n = 0; n < k->ittage_tables; n++)
        t->length[n] = history_length(length[n]);
    t->entries = xcalloc((size_t)k->ittage_tables * k->ittage_entries, sizeof t->entries[0]);
    return t;
}

static void ittage_destroy(void *p)
{
    struct ittage *t = p;
    free(t->entries);
    free(t);
}

static uint64_t ittage_save(const void *p)
{
    const struct ittage *t = p;
    return t->history.moment;
}

static void ittage_restore(void *p, uint64_t history)
{
    struct ittage *t = p;
    history_restore(&t->history, history);
}

static void ittage_push_direction(void *p, uint64_t pc, bool taken)
{
    struct ittage *t = p;
    history_push(&t->history, taken | (uint32_t)(pc >> 2 & 1) << 1);
}

static void ittage_push_target(void *p, uint64_t pc, uint64_t target)
{
    struct ittage *t = p;
    uint32_t bits = (uint32_t)(target >> 2 ^ target >> 8 ^ pc >> 2);
    for (uint32_t n = 0; n < TARGET_SYMBOLS; n++)
        history_push(&t->history, bits >> 2 * n);
}

/* The hash of table n for the branch at pc at that moment of the history. */
static uint64_t hash_of(const struct ittage *t, uint32_t n, uint64_t pc, uint64_t moment)
{
    return history_hash(&t->history, moment, &t->length[n]) + history_address(pc, n);
}

static struct entry *entry_of(const struct ittage *t, uint32_t n, uint64_t hash)
{
    return &t->entries[n * t->keys.ittage_entries + (hash >> t->index_shift)];
}

static uint16_t tag_of(const struct ittage *t, uint64_t hash)
{
    return (uint16_t)(hash >> 32 & t->tag_mask);
}

enum { NOTE_PROVIDER, NOTE_ALTERNATE }; /* table number + 1; 0: none */

/* The longest match, and the longest below it. */
static uint64_t ittage_find(void *p, uint64_t pc, struct indirect_state *state)
{
    const struct ittage *t = p;
    const struct entry *found[2] = {NULL, NULL};
    uint32_t matches = 0;
    state->note[NOTE_PROVIDER] = state->note[NOTE_ALTERNATE] = 0;
    for (uint32_t n = t->keys.ittage_tables; n-- && matches < 2;) {
        uint64_t hash = hash_of(t, n, pc, state->history);
        const struct entry *e = entry_of(t, n, hash);
        if (e->target && e->tag == tag_of(t, hash)) {
            state->note[matches] = (uint8_t)(n + 1);
            found[matches++] = e;
        }
    }
    if (!matches)
        return 0;
    if (matches == 2 && !found[0]->confidence && t->use_alternate >= 0)
        return found[1]->target;
    return found[0]->target;
}

static void train_entry(struct entry *e, uint64_t target)
{
    if (e->target == target) {
        e->confidence = (uint8_t)(e->confidence + (e->confidence < CONFIDENCE_MAX));
    } else if (e->confidence) {
        e->confidence--;
    } else {
        e->target = target;
        e->useful = false;
    }
}

static void age(struct ittage *t)
{
    uint32_t count = t->keys.ittage_tables * t->keys.ittage_entries;
    t->failures = 0;
    for (uint32_t n = 0; n < count; n++)
        t->entries[n].useful = false;
}

/* Takes an entry that is not useful in a longer table, sometimes leaving one out. */
static void allocate(struct ittage *t, uint64_t pc, uint64_t moment, uint32_t first,
                     uint64_t target)
{
    uint32_t skip = first + 1 < t->keys.ittage_tables && !(history_random(&t->seed) & 3);
    for (uint32_t n = first + skip; n < t->keys.ittage_tables; n++) {
        uint64_t hash = hash_of(t, n, pc, moment);
        struct entry *e = entry_of(t, n, hash);
        if (!e->useful) {
            *e = (struct entry){.target = target, .tag = tag_of(t, hash)};
            t->failures -= t->failures > 0;
            return;
        }
    }
    if (++t->failures == USEFUL_PERIOD)
        age(t);
}

static struct entry *noted(const struct ittage *t, uint64_t pc, const struct indirect_state *state,
                           uint32_t which)
{
    uint32_t table = state->note[which];
    return table ? entry_of(t, table - 1, hash_of(t, table - 1, pc, state->history)) : NULL;
}

static void ittage_update(void *p, uint64_t pc, const struct indirect_state *state, uint64_t target)
{
    struct ittage *t = p;
    struct entry *provider = noted(t, pc, state, NOTE_PROVIDER);
    struct entry *alternate = noted(t, pc, state, NOTE_ALTERNATE);
    bool right = provider && provider->target == target;
    if (provider && alternate && alternate->target != provider->target) {
        bool alternate_right = alternate->target == target;
        if (!provider->confidence && right != alternate_right) {
            int32_t step = alternate_right ? 1 : -1;
            if (t->use_alternate + step >= -1 - ALTERNATE_MAX &&
                t->use_alternate + step <= ALTERNATE_MAX)
                t->use_alternate += step;
        }
        if (right && !alternate_right)
            provider->useful = true;
    } else if (right && !alternate) {
        provider->useful = true; /* the BTB alone stands below it */
    }
    if (alternate && !provider->confidence)
        train_entry(alternate, target);
    if (provider)
        train_entry(provider, target);
    if (!right && state->target != target)
        allocate(t, pc, state->history, state->note[NOTE_PROVIDER], target);
}

/* Tables, history, and the counters of use_alternate, of failures and of the generator. */
static uint64_t ittage_storage_bits(const void *p)
{
    const struct ittage *t = p;
    const struct ittage_keys *k = &t->keys;
    uint64_t entry = INDIRECT_TARGET_BITS + k->ittage_tag + 2 + 1;
    return entry * k->ittage_entries * k->ittage_tables + 2 * (uint64_t)k->ittage_max_history + 4 +
           8 + 32;
}

const struct indirect_ops indirect_ittage = {
    .name = "ittage",
    .keys = ittage_key_rows,
    .keys_bytes = sizeof(struct ittage_keys),
    .create = ittage_create,
    .destroy = ittage_destroy,
    .save = ittage_save,
    .restore = ittage_restore,
    .push_direction = ittage_push_direction,
    .push_target = ittage_push_target,
    .find = ittage_find,
    .update = ittage_update,
    .storage_bits = ittage_storage_bits,
};

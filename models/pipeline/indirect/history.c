/* History-indexed count cache (the target cache of Chang, Hao and Patt, "Target prediction for
 * indirect jumps", ISCA 1997): one table of targets, indexed by the address xor a global
 * history. The default is theirs: 512 entries without tags, 9 bits of history. POWER8's global
 * count cache is of the same kind.
 *
 * The history is of directions (their pattern history) or of targets (their path history, of
 * indirect branches), some bits of each. */
#include <stdlib.h>

#include "models/pipeline/indirect/indirect.h"
#include "sim/base/bits.h"

#define HISTORY_KEYS(X, o)                                                                         \
    X(o, U32, count_cache_entries, "512", "1", "1048576",                                          \
      "targets in the history-indexed count cache, a power of two")                                \
    X(o, U32, count_cache_history, "9", "0", "32", "bits of its global history")                   \
    X(o, CHOICE, count_cache_path, "targets", "directions|targets", "",                            \
      "its history: directions of conditional branches, or targets of indirect ones")              \
    X(o, U32, count_cache_path_bits, "3", "1", "16", "bits that each target adds to a history")    \
    X(o, U32, count_cache_tag, "0", "0", "16",                                                     \
      "bits of a tag; 0: none. Where the tag differs the BTB predicts")

enum { PATH_DIRECTIONS, PATH_TARGETS };

struct history_keys {
    HISTORY_KEYS(KEY_MEMBER, history_keys)
};
static const struct key_row history_key_rows[] = {HISTORY_KEYS(KEY_ROW, history_keys) KEY_END};

struct entry {
    uint64_t target; /* 0: empty */
    uint32_t tag;
};

struct count_cache {
    struct history_keys keys;
    uint32_t mask, history_mask, tag_mask;
    uint64_t history;
    struct entry entries[];
};

static void *history_create(const void *keys, const struct config *c, const char *section,
                            struct err *e)
{
    const struct history_keys *k = keys;
    if (!is_pow2(k->count_cache_entries)) {
        config_error(c, section, "count_cache_entries", e, "not a power of two");
        return NULL;
    }
    struct count_cache *t =
        xcalloc(1, sizeof *t + (size_t)k->count_cache_entries * sizeof t->entries[0]);
    t->keys = *k;
    t->mask = k->count_cache_entries - 1;
    t->history_mask = (uint32_t)((UINT64_C(1) << k->count_cache_history) - 1);
    t->tag_mask = (UINT32_C(1) << k->count_cache_tag) - 1;
    return t;
}

static uint64_t history_save(const void *p)
{
    const struct count_cache *t = p;
    return t->history;
}

static void history_restore(void *p, uint64_t history)
{
    struct count_cache *t = p;
    t->history = history;
}

static void history_push_direction(void *p, uint64_t pc, bool taken)
{
    struct count_cache *t = p;
    (void)pc;
    if (t->keys.count_cache_path == PATH_DIRECTIONS)
        t->history = t->history << 1 | taken;
}

static void history_push_target(void *p, uint64_t pc, uint64_t target)
{
    struct count_cache *t = p;
    uint32_t bits = t->keys.count_cache_path_bits;
    (void)pc;
    if (t->keys.count_cache_path == PATH_TARGETS)
        t->history = t->history << bits | (target >> 2 & ((1u << bits) - 1));
}

/* The tag is of the address above the index. */
static uint32_t tag_of(const struct count_cache *t, uint64_t pc)
{
    return (uint32_t)((pc >> 2) / (t->mask + UINT64_C(1))) & t->tag_mask;
}

static uint64_t history_find(void *p, uint64_t pc, struct indirect_state *state)
{
    const struct count_cache *t = p;
    state->index = ((uint32_t)(pc >> 2) ^ ((uint32_t)t->history & t->history_mask)) & t->mask;
    const struct entry *e = &t->entries[state->index];
    return e->tag == tag_of(t, pc) ? e->target : 0;
}

static void history_update(void *p, uint64_t pc, const struct indirect_state *state,
                           uint64_t target)
{
    struct count_cache *t = p;
    t->entries[state->index] = (struct entry){.target = target, .tag = tag_of(t, pc)};
}

static uint64_t history_storage_bits(const void *p)
{
    const struct count_cache *t = p;
    return (uint64_t)(t->mask + 1) * (INDIRECT_TARGET_BITS + t->keys.count_cache_tag) +
           t->keys.count_cache_history;
}

const struct indirect_ops indirect_history = {
    .name = "history",
    .keys = history_key_rows,
    .keys_bytes = sizeof(struct history_keys),
    .create = history_create,
    .destroy = free,
    .save = history_save,
    .restore = history_restore,
    .push_direction = history_push_direction,
    .push_target = history_push_target,
    .find = history_find,
    .update = history_update,
    .storage_bits = history_storage_bits,
};

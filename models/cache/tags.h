/* The tag array of a cache: which lines it holds. No time and no statistics here.
 *
 * A set is `ways` consecutive words; a word is the address of the line with flags in the low bits
 * that a line address leaves free. Empty ways hold TAG_EMPTY, which no address matches. `access` is
 * what the policy is told of who hits or fills. */
#ifndef MODELS_CACHE_TAGS_H
#define MODELS_CACHE_TAGS_H

#include <stdbool.h>
#include <stdint.h>

#include "models/cache/repl/repl.h"
#include "sim/base/rng.h"

enum line_flag {
    LINE_DIRTY = 1,
    LINE_PREFETCHED = 2, /* brought by a prefetch and not used since */
    LINE_FLAGS = 15,
};
#define TAG_EMPTY     UINT64_MAX
#define TAGS_MIN_LINE 16 /* bytes: room for the flags */
#define TAGS_ABSENT   (-1)

struct tags {
    uint32_t sets, ways, line_bytes;
    unsigned line_shift;
    const struct repl_ops *policy;

    uint64_t *word;  /* [set * ways + way] */
    uint8_t *recent; /* [set]: the way touched last, tried first */
    struct repl *repl;
    struct rng rng;
};

/* sets and line_bytes are powers of two, line_bytes >= TAGS_MIN_LINE, ways <= REPL_MAX_WAYS;
 * repl_keys are the policy's own. */
void tags_init(struct tags *t, uint32_t sets, uint32_t ways, uint32_t line_bytes,
               const struct repl_ops *policy, const void *repl_keys, uint64_t seed);
void tags_free(struct tags *t);

static inline uint64_t tags_line(const struct tags *t, uint64_t pa)
{
    return pa & ~(uint64_t)(t->line_bytes - 1);
}

static inline uint32_t tags_set(const struct tags *t, uint64_t pa)
{
    return (uint32_t)(pa >> t->line_shift) & (t->sets - 1);
}

static inline uint64_t *tags_word(const struct tags *t, uint32_t set, uint32_t way)
{
    return t->word + (uint64_t)set * t->ways + way;
}

/* The way of `set` that holds pa, or TAGS_ABSENT. */
static inline int32_t tags_find(const struct tags *t, uint32_t set, uint64_t pa)
{
    const uint64_t *word = tags_word(t, set, 0);
    uint32_t recent = t->recent[set];
    /* Flags and offset are both below line_bytes, so one comparison ignores them. */
    if ((word[recent] ^ pa) < t->line_bytes)
        return (int32_t)recent;
    /* Without a branch per way: which one matches is not predictable, and at most one does. */
    int32_t found = TAGS_ABSENT;
    for (uint32_t way = 0; way < t->ways; way++)
        found = (word[way] ^ pa) < t->line_bytes ? (int32_t)way : found;
    return found;
}

/* Tells the policy of a hit. */
static inline void tags_touch(struct tags *t, uint32_t set, uint32_t way,
                              const struct mem_request *access)
{
    if (way == t->recent[set] && t->policy->repeat_is_noop)
        return;
    t->recent[set] = (uint8_t)way;
    t->policy->touch(t->repl, set, way, REPL_HIT, access);
}

/* The way to be filled next: the first empty one, else the policy's victim. */
uint32_t tags_victim(struct tags *t, uint32_t set, const struct mem_request *access);

/* Puts the line of pa into a way, in place of whatever is there. */
void tags_install(struct tags *t, uint32_t set, uint32_t way, uint64_t pa, uint32_t flags,
                  const struct mem_request *access);

#endif

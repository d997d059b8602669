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
    LINE_OWNED = 4,      /* coherent: no other core has it (E, with LINE_DIRTY: M; without: S) */
    LINE_FLAGS = 15,
};
#define TAG_EMPTY     UINT64_MAX
#define TAGS_MIN_LINE 16 /* bytes: room for the flags */
#define TAGS_ABSENT   (-1)

struct tags {
    uint32_t sets, ways, line_bytes;
    unsigned line_shift;
    uint32_t set_mask, hash_words; /* hash_words: per set */
    unsigned hash_shift;
    bool repeat_is_noop; /* of the policy */
    const struct repl_ops *policy;

    uint64_t *word;  /* [set * ways + way], and some empty ones behind the last */
    uint64_t *hash;  /* [set * hash_words]: a byte of its address per way, to find it fast */
    uint8_t *recent; /* [set]: the way touched last, tried first */
    uint8_t *empty;  /* [set]: number of its empty ways */
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
    return (uint32_t)(pa >> t->line_shift) & t->set_mask;
}

static inline uint64_t *tags_word(const struct tags *t, uint32_t set, uint32_t way)
{
    return t->word + (uint64_t)set * t->ways + way;
}

/* Flags and offset are both below line_bytes, so one comparison ignores them. */
static inline bool tags_match(const struct tags *t, uint64_t word, uint64_t pa)
{
    return (word ^ pa) < t->line_bytes;
}

static inline uint8_t tags_hash(const struct tags *t, uint64_t pa)
{
    uint64_t tag = pa >> t->hash_shift;
    return (uint8_t)(tag ^ tag >> 8);
}

/* The way of `set` that holds pa, or TAGS_ABSENT. Eight ways at a time: a byte that equals the hash
 * becomes zero and is found by the borrow out of it. A way so found is looked at, since the hash of
 * another line, or of one that has left, may be the same. */
static inline int32_t tags_find(const struct tags *t, uint32_t set, uint64_t pa)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t *word = tags_word(t, set, 0);
    const uint64_t *hash = t->hash + (uint64_t)set * t->hash_words;
    uint64_t wanted = tags_hash(t, pa) * ones;
    for (uint32_t n = 0; n < t->hash_words; n++) {
        uint64_t differ = hash[n] ^ wanted, zero = (differ - ones) & ~differ & ones << 7;
        for (; zero; zero &= zero - 1) {
            uint32_t way = 8 * n + (uint32_t)__builtin_ctzll(zero) / 8;
            if (tags_match(t, word[way], pa))
                return (int32_t)way;
        }
    }
    return TAGS_ABSENT;
}

/* Tells the policy of a hit. */
static inline void tags_touch(struct tags *t, uint32_t set, uint32_t way,
                              const struct mem_request *access)
{
    if (way == t->recent[set] && t->repeat_is_noop)
        return;
    t->recent[set] = (uint8_t)way;
    t->policy->touch(t->repl, set, way, REPL_HIT, access);
}

/* The way to be filled next: the first empty one, else the policy's victim. */
uint32_t tags_victim(struct tags *t, uint32_t set, const struct mem_request *access);

/* Puts the line of pa, which the set does not hold, into a way, in place of whatever is there. */
void tags_install(struct tags *t, uint32_t set, uint32_t way, uint64_t pa, uint32_t flags,
                  const struct mem_request *access);

/* Empties a way that holds a line. */
static inline void tags_remove(struct tags *t, uint64_t *word)
{
    t->empty[tags_set(t, *word)]++;
    *word = TAG_EMPTY;
}

#endif

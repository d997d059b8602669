#include "models/cache/tags.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bits.h"
#include "sim/base/err.h"

void tags_init(struct tags *t, uint32_t sets, uint32_t ways, uint32_t line_bytes,
               const struct repl_ops *policy, const void *repl_keys, uint64_t seed)
{
    uint32_t hash_words = (ways + 7) / 8; /* a match beyond the last way must find no line */
    uint64_t bytes = ((uint64_t)sets * ways + 8) * sizeof *t->word;
    assert(is_pow2(sets) && is_pow2(line_bytes) && line_bytes >= TAGS_MIN_LINE);
    assert(ways >= 1 && ways <= REPL_MAX_WAYS);
    *t = (struct tags){
        .sets = sets,
        .ways = ways,
        .line_bytes = line_bytes,
        .line_shift = ilog2(line_bytes),
        .set_mask = sets - 1,
        .hash_words = hash_words,
        .hash_shift = ilog2(line_bytes) + ilog2(sets),
        .repeat_is_noop = policy->repeat_is_noop,
        .policy = policy,
        .word = xcalloc_lines(bytes), /* a set of eight ways is then one line of the host */
        .hash = xcalloc((uint64_t)sets * hash_words, sizeof *t->hash),
        .recent = xcalloc(sets, 1),
        .empty = xmalloc(sets),
        .rng = rng_seeded(seed),
    };
    memset(t->word, 0xff, bytes);
    memset(t->empty, (int)ways, sets);
    static_assert(TAG_EMPTY == UINT64_MAX, "memset above writes TAG_EMPTY");
    t->repl = policy->create(
        &(struct repl_setup){.sets = sets, .ways = ways, .keys = repl_keys, .rng = &t->rng});
}

void tags_free(struct tags *t)
{
    t->policy->destroy(t->repl);
    free(t->word);
    free(t->hash);
    free(t->recent);
    free(t->empty);
}

uint32_t tags_victim(struct tags *t, uint32_t set, const struct mem_request *access)
{
    uint32_t way = 0;
    if (!t->empty[set]) {
        way = t->policy->victim(t->repl, set, access);
        if (way >= t->ways) /* a plug-in's defect: it would overwrite what is not the cache's */
            panic("replacement policy %s: victim is way %u of a set of %u", t->policy->name, way,
                  t->ways);
        return way;
    }
    while (*tags_word(t, set, way) != TAG_EMPTY)
        way++;
    return way;
}

void tags_install(struct tags *t, uint32_t set, uint32_t way, uint64_t pa, uint32_t flags,
                  const struct mem_request *access)
{
    uint64_t *word = tags_word(t, set, way);
    assert(tags_line(t, pa) != tags_line(t, TAG_EMPTY));
    if (*word == TAG_EMPTY)
        t->empty[set]--;
    *word = tags_line(t, pa) | flags;
    uint64_t *hash = &t->hash[(uint64_t)set * t->hash_words + way / 8];
    unsigned shift = way % 8 * 8;
    *hash = (*hash & ~(UINT64_C(0xff) << shift)) | (uint64_t)tags_hash(t, pa) << shift;
    t->recent[set] = (uint8_t)way;
    t->policy->touch(t->repl, set, way, REPL_FILL, access);
}

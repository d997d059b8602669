/* Prefetchers: which lines a cache will want soon. A prefetcher is one file that exports one struct
 * prefetch_ops, and one row in prefetch.def.
 *
 * It sees every demand access that its cache has accepted, in order, and names lines; the cache
 * forgets those that are there or on their way, keeps the others in a queue, and asks for them when
 * it has an MSHR to spare (cache_prefetch.c). Addresses are physical. Nothing here knows time; a
 * prefetcher may name too much, the cache cuts it short. */
#ifndef MODELS_CACHE_PREFETCH_PREFETCH_H
#define MODELS_CACHE_PREFETCH_PREFETCH_H

#include <stdbool.h>
#include <stdint.h>

struct key_row;

/* Pages that neighbours in virtual memory do not share with neighbours in physical memory. */
#define PREFETCH_PAGE_BYTES 4096

struct prefetch_setup {
    uint32_t line_bytes;
    const void *keys; /* the prefetcher's own, bound; its to read during create only */
};

struct prefetch_access {
    uint64_t pa, pc;   /* pc 0: none */
    uint8_t command;   /* MEM_FETCH, MEM_LOAD or MEM_STORE */
    bool is_miss;      /* the line was neither there nor on its way */
    bool is_first_use; /* the line is there, or on its way, because of a prefetch */
};

/* The lines wanted, most urgent first. */
#define PREFETCH_LIST_MAX 16
struct prefetch_list {
    uint64_t pa[PREFETCH_LIST_MAX];
    uint32_t count, limit; /* limit <= PREFETCH_LIST_MAX: no more are taken */
    uint32_t refused;      /* named beyond the limit */
};

/* Names the line of pa; false when no more are taken. */
static inline bool prefetch_want(struct prefetch_list *l, uint64_t pa)
{
    if (l->count == l->limit) {
        l->refused++;
        return false;
    }
    l->pa[l->count++] = pa;
    return true;
}

struct prefetch_ops {
    const char *name; /* as written in the .ini */
    /* Keys private to this prefetcher, bound in the section of the cache; NULL when it has none.
     * `keys_bytes` sizes their struct. */
    const struct key_row *keys;
    uint64_t keys_bytes;
    void *(*create)(const struct prefetch_setup *setup);
    void (*destroy)(void *p);
    void (*observe)(void *p, const struct prefetch_access *a, struct prefetch_list *wanted);
    /* Both may be NULL. A line has arrived, asked for by this prefetcher or not; a line has left.
     */
    void (*filled)(void *p, uint64_t pa, bool is_prefetch);
    void (*evicted)(void *p, uint64_t pa);
};

#define PREFETCH(name) extern const struct prefetch_ops prefetch_##name;
#include "models/cache/prefetch/prefetch.def"
#undef PREFETCH

/* For the help of a key that takes a prefetcher's name. */
extern const char prefetch_help[];

/* The prefetchers of prefetch.def in order; NULL when index is past the last. */
const struct prefetch_ops *prefetch_at(uint32_t index);
/* By name; NULL when there is none. */
const struct prefetch_ops *prefetch_find(const char *name);

#endif

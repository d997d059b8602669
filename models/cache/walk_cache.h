/* The page-walk cache: upper table entries by what they stand for. Fully associative, exact LRU. */
#ifndef MODELS_CACHE_WALK_CACHE_H
#define MODELS_CACHE_WALK_CACHE_H

#include <stddef.h>
#include <stdint.h>

struct walk_cache_entry {
    uint64_t prefix; /* ea >> shift */
    uint64_t stamp;  /* of the last use; 0: empty */
    uint32_t space;
    uint32_t shift;
};

struct walk_cache {
    uint32_t count;
    uint64_t stamps;
    struct walk_cache_entry *entry;
};

static inline struct walk_cache_entry *walk_cache_find(struct walk_cache *c, uint32_t space,
                                                       uint64_t ea, unsigned shift)
{
    for (struct walk_cache_entry *e = c->entry; e < c->entry + c->count; e++)
        if (e->stamp && e->shift == shift && e->prefix == ea >> shift && e->space == space)
            return e;
    return NULL;
}

static inline void walk_cache_touch(struct walk_cache *c, struct walk_cache_entry *e)
{
    e->stamp = ++c->stamps;
}

/* Puts an entry in, in place of the one not used for longest; touches it when it is there. */
static inline void walk_cache_put(struct walk_cache *c, uint32_t space, uint64_t ea, unsigned shift)
{
    struct walk_cache_entry *e = walk_cache_find(c, space, ea, shift);
    if (!c->count)
        return;
    if (!e) {
        e = c->entry;
        for (struct walk_cache_entry *other = e; other < c->entry + c->count; other++)
            if (other->stamp < e->stamp)
                e = other;
        *e = (struct walk_cache_entry){.prefix = ea >> shift, .space = space, .shift = shift};
    }
    walk_cache_touch(c, e);
}

#endif

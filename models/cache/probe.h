/* A probe stands before a node of the memory system and tells of every request that the node
 * accepts and of its answer. It changes neither time nor counts; a node without one costs nothing.
 *
 * The requester's `done` and `owner` are put aside while the node works on a request, so that the
 * answer passes here. Functional warming passes unseen, as it is not counted either. */
#ifndef MODELS_CACHE_PROBE_H
#define MODELS_CACHE_PROBE_H

#include "models/cache/cache.h"
#include "models/cache/port.h"

struct probe_watch {
    /* The node with that number has accepted r. With is_answered, ready and level of r are set;
     * otherwise `answered` will follow, with what this gives back. `outcome` is CACHE_OUTCOMES for
     * the memory, which has no lines. */
    uint64_t (*accepted)(void *owner, uint32_t node, const struct mem_request *r,
                         enum cache_outcome outcome, bool is_answered, uint64_t now);
    void (*answered)(void *owner, uint64_t ticket, const struct mem_request *r);
    void *owner;
};

struct probe;

/* cache NULL: the node is the memory. */
struct probe *probe_create(uint32_t node, const struct cache *cache, struct mem_port below);
void probe_destroy(struct probe *p);
struct mem_port probe_port(struct probe *p);
/* Who is told; nobody so far. */
void probe_set_watch(struct probe *p, struct probe_watch watch);

#endif

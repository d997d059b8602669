/* Inside of the hierarchy; for models/cache/hierarchy*.c only. hierarchy.c builds it,
 * hierarchy_coherent.c decides on its directory, hierarchy_stats.c says what it counts and which
 * laws hold between its nodes. */
#ifndef MODELS_CACHE_HIERARCHY_IMPL_H
#define MODELS_CACHE_HIERARCHY_IMPL_H

#include "models/cache/cache.h"
#include "models/cache/directory.h"
#include "models/cache/hierarchy.h"

#define MEMORY_NAME    "mem"
#define DIRECTORY_NAME "directory"
#define LEVELS         4 /* of HIERARCHY_LEVELS */

/* Of [l2] and [l3]. */
#define LEVEL_KEYS(X, o)                                                                           \
    X(o, BOOL, shared, "yes", "", "", "by all cores; no: each core has one of its own")
struct level_keys {
    LEVEL_KEYS(KEY_MEMBER, level_keys)
};

/* What a section says. */
struct level {
    const char *section;
    enum hierarchy_side serves;
    bool present, is_shared;
    struct cache_keys keys;
    struct cache_plugins plugins;
};

struct node {
    struct cache *cache; /* NULL: the memory, which is node 0 */
    const char *section;
    char name[32];
    uint32_t below; /* index of its node; 0 for the memory itself */
    uint32_t line;
    int32_t head;        /* of the directory, that it is or stands above; -1: none */
    struct probe *probe; /* NULL: it cannot be watched */
    bool serves_core; /* directly, so that not all it moves goes to a cache */
};

struct hierarchy {
    struct memory *memory; /* or ... */
    struct dram *dram;     /* ... the one that is modelled; the other is NULL */
    uint32_t cores, node_count;
    struct node *nodes;
    struct level levels[LEVELS]; /* as configured, from the memory upwards */
    struct directory_keys directory_keys;
    struct directory *directory; /* NULL: nothing to keep coherent */
    uint32_t home, heads;        /* the node below it; how many above it exist */
    uint32_t *top; /* [core * HIERARCHY_SIDES + side]: index of the node asked first */
    struct radix *radix;
    struct mmus *mmus; /* NULL: no TLB */
};

/* hierarchy_coherent.c: makes the directory when several cores have data caches of their own, in
 * front of the level above which they stand; before the first of these. */
bool hierarchy_add_directory(struct hierarchy *h, const struct hierarchy_setup *setup,
                             struct err *e);

/* hierarchy.c */
struct mem_port hierarchy_node_port(const struct hierarchy *h, const struct node *n);
/* The node of a core's data path with that section, or the next below it that exists. */
uint32_t hierarchy_level_of(const struct hierarchy *h, uint32_t core, const char *section);

#endif
